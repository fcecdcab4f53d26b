// Which key sends, and which starts a new line.
import type { Settings } from '../../../shared/settings.ts'

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>

/** @returns whether this key press sends the message; Enter that does not send starts a new line */
export function sends(event: Pressed, sendWith: Settings['sendWith']): boolean {
  if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false
  const modified = event.ctrlKey || event.metaKey
  return sendWith === 'enter' || modified
}
