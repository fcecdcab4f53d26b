import type { MessageId } from '../../../shared/ids.ts'

/** Id of a message's element, for links that lead to it. */
export function messageElementId(id: MessageId): string {
  return `message-${id}`
}
