// Which letter means what in the inbox. A letter that is typed into a field, or pressed while a dialog or a menu is open, or
// with a modifier, means nothing here.

export type KeyAct = 'approve' | 'edit' | 'decline' | 'later' | 'next' | 'previous'

const ACTS: Readonly<Record<string, KeyAct>> = {
  a: 'approve',
  e: 'edit',
  d: 'decline',
  l: 'later',
  j: 'next',
  k: 'previous',
  arrowdown: 'next',
  arrowup: 'previous',
}

const ELSEWHERE =
  'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="radiogroup"]'

/** @returns what the person wants; null when the key is none of the inbox */
export function keyAct(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat' | 'defaultPrevented' | 'target'>,
): KeyAct | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null
  if ((event.target as Partial<Element> | null)?.closest?.(ELSEWHERE)) return null
  const act = ACTS[event.key.toLowerCase()] ?? null
  // A key held down moves; it never decides twice.
  const moves = act === 'next' || act === 'previous'
  return event.repeat && !moves ? null : act
}
