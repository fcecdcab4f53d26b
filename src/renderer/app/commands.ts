// Everything one can do by a key or from the palette, once: the keys, the palette, the hints and the page of shortcuts read
// this list. What a command does is said where it can be done (`use-command.ts`); its words are `commands.item.<id>`.
import { combinationOf, isBrowsersOwn, isPlain, type Pressed } from './key-combination.ts'

export const COMMAND_GROUPS = ['general', 'chat', 'go'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

interface Declared {
  id: string
  group: CommandGroup
  /** The first that works in this shell is the one that is shown. */
  keys: readonly string[]
  /** Works while a dialog is open, too. */
  inDialogs?: true
  /** Is told of keys by the field it belongs to, not by the window. */
  inField?: true
}

export const COMMANDS = [
  { id: 'palette', group: 'general', keys: ['Mod+K'] },
  { id: 'newChat', group: 'general', keys: ['Alt+N', 'Mod+Shift+O', 'Mod+N'] },
  { id: 'incognito', group: 'general', keys: ['Alt+I'] },
  { id: 'sidebar', group: 'general', keys: ['Mod+B'] },
  { id: 'learning', group: 'general', keys: ['Alt+L'] },
  { id: 'shortcuts', group: 'general', keys: ['Mod+/', '?'] },
  { id: 'findInChat', group: 'chat', keys: ['Mod+F'] },
  { id: 'stop', group: 'chat', keys: ['Escape'] },
  { id: 'editLast', group: 'chat', keys: ['ArrowUp'], inField: true },
  { id: 'copyAnswer', group: 'chat', keys: ['Mod+Shift+C'] },
  { id: 'writeMessage', group: 'chat', keys: ['Shift+Escape'] },
  { id: 'session', group: 'chat', keys: ['Alt+J'] },
  { id: 'nextChat', group: 'chat', keys: ['Alt+ArrowDown'] },
  { id: 'previousChat', group: 'chat', keys: ['Alt+ArrowUp'] },
  { id: 'memory', group: 'go', keys: ['Alt+M'] },
  { id: 'inbox', group: 'go', keys: ['Alt+B'] },
  { id: 'people', group: 'go', keys: ['Alt+P'] },
  { id: 'activity', group: 'go', keys: ['Alt+H'] },
  { id: 'searchMemory', group: 'go', keys: ['/'] },
  { id: 'stores', group: 'go', keys: ['Alt+S'] },
  { id: 'models', group: 'go', keys: ['Alt+O'] },
  { id: 'data', group: 'go', keys: ['Alt+U'] },
  { id: 'settings', group: 'go', keys: ['Mod+,'] },
] as const satisfies readonly Declared[]

export type CommandId = (typeof COMMANDS)[number]['id']
export type Command = Declared & { id: CommandId }

/** Keys the person chose, by command; an empty text: none. */
export type ChosenKeys = Readonly<Record<string, string>>

const list: readonly Command[] = COMMANDS

/** The keys of a command: those chosen, else those it comes with. */
export function keysOf(command: Command, chosen: ChosenKeys): readonly string[] {
  const own = chosen[command.id]
  if (own !== undefined) return own === '' ? [] : [own]
  // What the person gave to another command is that one's.
  const taken = new Set(Object.values(chosen))
  return command.keys.filter((keys) => !taken.has(keys))
}

/** The one that is shown beside a command. */
export function shownKeys(id: CommandId, chosen: ChosenKeys, desktop: boolean): string | null {
  const command = list.find((each) => each.id === id)
  if (!command) return null
  return keysOf(command, chosen).find((keys) => desktop || !isBrowsersOwn(keys)) ?? null
}

/** The other command that has these keys. */
export function holderOf(keys: string, chosen: ChosenKeys, except: CommandId): CommandId | null {
  return list.find((command) => command.id !== except && keysOf(command, chosen).includes(keys))?.id ?? null
}

/** Whether a key press asks for this command, wherever the focus is. */
export function isFor(id: CommandId, event: Pressed, chosen: ChosenKeys, mac: boolean): boolean {
  const combination = combinationOf(event, mac)
  const command = list.find((each) => each.id === id)
  return combination !== null && command !== undefined && keysOf(command, chosen).includes(combination)
}

/**
 * What was asked for by a key.
 * @param typing the focus is in a text field, where plain keys are letters
 */
export function commandOf(
  event: Pressed,
  chosen: ChosenKeys,
  { typing, mac }: { typing: boolean; mac: boolean },
): CommandId | null {
  const combination = combinationOf(event, mac)
  if (combination === null) return null
  const command = list.find((each) => !each.inField && keysOf(each, chosen).includes(combination))
  if (!command) return null
  return typing && isPlain(combination) && !/Escape$/.test(combination) ? null : command.id
}
