import type { ConversationId } from '../../../shared/ids.ts'

/** Id of a chat's link in the list. */
export function rowId(id: ConversationId): string {
  return `chat-${id}`
}
