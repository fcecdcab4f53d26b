// Combinations of keys as text, `Mod+Shift+O`, which is how they are declared, stored and compared. `Mod` is Command on a
// Mac and Ctrl elsewhere.

/** Modifiers in the order they are written. */
const MODIFIERS = ['Mod', 'Ctrl', 'Alt', 'Shift'] as const
type Modifier = (typeof MODIFIERS)[number]

export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

const ONLY_MODIFIERS = new Set([
  'Control',
  'Shift',
  'Alt',
  'Meta',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
])

export function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform)
}

/** @returns what was pressed, as text; null while only modifiers are down */
export function combinationOf(event: Pressed, mac: boolean): string | null {
  const key = keyOf(event)
  if (key === null) return null
  const held: Record<Modifier, boolean> = {
    Mod: mac ? event.metaKey : event.ctrlKey,
    Ctrl: mac && event.ctrlKey,
    Alt: event.altKey,
    // The sign says already that it took Shift to write it.
    Shift: event.shiftKey && (key.length > 1 || /[A-Z0-9]/.test(key)),
  }
  // The Windows key belongs to the system.
  if (!mac && event.metaKey) return null
  return [...MODIFIERS.filter((modifier) => held[modifier]), key].join('+')
}

function keyOf({ key, code, altKey }: Pressed): string | null {
  // With Alt a Mac writes other letters; the place of the key says which was meant.
  if (altKey) {
    const letter = /^(?:Key|Digit)(?<name>[A-Z0-9])$/.exec(code)?.groups?.['name']
    if (letter) return letter
  }
  if (ONLY_MODIFIERS.has(key)) return null
  if (key === ' ') return 'Space'
  if (key === '+') return 'Plus'
  return key.length === 1 ? key.toUpperCase() : key
}

/** Whether a combination is a letter or sign alone, which in a text field is text. */
export function isPlain(combination: string): boolean {
  return !/^(?:Mod|Ctrl|Alt)\+/.test(combination) && !/^(?:Shift\+)?F\d{1,2}$/.test(combination)
}

/** Combinations that browsers keep for themselves, whatever a page says. */
const BROWSERS_OWN = new Set([
  'Mod+N',
  'Mod+T',
  'Mod+W',
  'Mod+Shift+N',
  'Mod+Shift+T',
  'Mod+Shift+W',
  'Mod+Tab',
  'Mod+Shift+Tab',
  'Alt+F4',
])
/** What every text field understands. */
const EDITING = new Set([
  'Mod+A',
  'Mod+C',
  'Mod+V',
  'Mod+X',
  'Mod+Z',
  'Mod+Shift+Z',
  'Mod+Y',
  'Enter',
  'Shift+Enter',
  'Tab',
  'Shift+Tab',
  'Space',
  'Backspace',
  'Delete',
])

export function isBrowsersOwn(combination: string): boolean {
  return BROWSERS_OWN.has(combination)
}

/** Why keys cannot be given to a command; null when they can. */
export function refusalOf(combination: string, desktop: boolean): 'editing' | 'browser' | 'plain' | null {
  if (EDITING.has(combination)) return 'editing'
  if (!desktop && isBrowsersOwn(combination)) return 'browser'
  return /^(?:Shift\+)?[^+]$/u.test(combination) ? 'plain' : null
}

const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
const SIGNS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Plus: '+',
}

/** As it is printed on the keys: `⇧⌘O` on a Mac, `Ctrl+Shift+O` elsewhere. */
export function showCombination(combination: string, mac: boolean): string {
  const parts = combination.split('+')
  const key = parts.at(-1) ?? ''
  const held = parts.slice(0, -1)
  const shown = SIGNS[key] ?? key
  if (mac) {
    const order = ['Ctrl', 'Alt', 'Shift', 'Mod']
    return order.flatMap((modifier) => (held.includes(modifier) ? (MAC_SIGNS[modifier] ?? '') : [])).join('') + shown
  }
  return [...held.map((modifier) => (modifier === 'Mod' ? 'Ctrl' : modifier)), shown].join('+')
}
