// Which turn of which conversation, and how it is to be answered.
import type { ConversationId, MessageId } from '../../shared/ids.ts'

export interface TurnIds {
  owner: string
  conversationId: ConversationId
  questionId: MessageId
  answerId: MessageId
  /** With nothing that was learned, as the person wished. */
  withoutMemories?: boolean
  /** The answer has a beginning already, and is gone on with: in the same prompt, so nothing is recalled anew. */
  goesOn?: boolean
}
