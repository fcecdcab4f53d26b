// What the rest of the core asks of the chats, those that are kept and those in memory alike.
import type { BranchPage, ChatEvent, ConversationMode, ConversationView } from '../../shared/chat.ts'
import type { Outputs } from '../../shared/contract/index.ts'
import type { ConversationId, MessageId, ProposalId } from '../../shared/ids.ts'
import type { CallToDecide } from './approvals.ts'
import type { ConversationChange, ConversationQuery } from './conversations.ts'
import type { NextPage } from './pages.ts'
import type { Projects } from './projects.ts'
import type { Sent } from './tree.ts'

export interface Chat {
  list(owner: string, query: ConversationQuery): Promise<Outputs['chat']['list']>
  /** @param around a message of the shown branch to begin with; without it the end of the branch */
  watch(
    owner: string,
    id: ConversationId,
    signal: AbortSignal | undefined,
    around?: MessageId | null,
  ): AsyncGenerator<ChatEvent>
  /** The messages of the shown branch right before or after one of them. */
  page(owner: string, query: { conversationId: ConversationId } & NextPage): Promise<BranchPage>
  /**
   * @returns the id of the answer being written; the message is on disk by then
   * @throws AppError BUSY while an answer is written in this conversation
   */
  send(owner: string, input: Sent): Promise<MessageId>
  /**
   * As `send`; a message that comes while an answer is written, or while older ones still wait, waits behind them, and null
   * is returned: it is on disk as well. Where nothing is written the first that waits is sent, and the others follow.
   */
  sendOrQueue(owner: string, input: Sent): Promise<MessageId | null>
  changeQueued(owner: string, id: MessageId, text: string): Promise<void>
  removeQueued(owner: string, id: MessageId): Promise<void>
  /** Sends the first that waits; the others follow its answer. Does nothing while an answer is written. */
  sendQueued(owner: string, id: ConversationId): Promise<void>
  /** Ends the answer being written, by the person's wish: whatever learns from reactions is told. */
  stop(owner: string, conversationId: ConversationId): void
  /** Another answer beside the one there is. */
  retry(
    owner: string,
    input: { conversationId: ConversationId; messageId: MessageId; withoutMemories?: boolean | undefined },
  ): Promise<MessageId>
  /** Goes on with an answer that was cut, stopped or interrupted. */
  goOn(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<void>
  showBranch(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<void>
  /** A new conversation with everything up to a message. */
  fork(owner: string, input: { conversationId: ConversationId; messageId: MessageId }): Promise<ConversationView>
  /**
   * Takes a message out of recall and learning; null: all of the conversation.
   * @returns the messages that were in until now
   */
  bar(owner: string, conversationId: ConversationId, messageId: MessageId | null): Promise<MessageId[]>
  allow(owner: string, messages: MessageId[]): Promise<void>
  setMode(owner: string, id: ConversationId, mode: ConversationMode): Promise<ConversationView>
  rename(owner: string, id: ConversationId, title: string): Promise<ConversationView>
  /** Pins, archives, moves to a project. */
  change(owner: string, change: ConversationChange): Promise<ConversationView>
  trash(owner: string, id: ConversationId): Promise<void>
  restore(owner: string, id: ConversationId): Promise<ConversationView>
  /** The person decided on these suggestions: answers that waited for them go on. */
  decided(owner: string, proposals: readonly ProposalId[]): Promise<void>
  /**
   * A decision about a call of a tool that waits for it; its answer goes on.
   * @throws AppError CONFLICT when it was decided before, BUSY while an answer is written here
   */
  decideCall(owner: string, input: CallToDecide): Promise<void>
  /** Calls of the tool are asked about again in this conversation. */
  removeToolRule(owner: string, input: { conversationId: ConversationId; tool: string }): Promise<ConversationView>
  /** Learning finished or changed something for this message: whoever watches sees it. */
  refresh(owner: string, conversationId: ConversationId, messageId: MessageId): Promise<void>
  /** Marks answers a killed process left behind, keeps their text, and queues their turns for learning. */
  recover(owner: string): Promise<void>
  /** Ends answers that are being written in these conversations, and waits until what was written is stored. */
  settle(conversations: readonly ConversationId[]): Promise<void>
  /** Conversations in which an answer is being written. */
  answering(owner: string): Promise<{ id: ConversationId; title: string }[]>
  /** As `settle`, of these answers. */
  settleAnswers(answers: readonly MessageId[]): Promise<void>
  /** Texts of these conversations changed: whoever looks at them gets them anew. */
  changed(owner: string, conversations: readonly ConversationId[]): Promise<void>
  /** Resolves when no answer is being written. */
  idle(): Promise<void>
  readonly projects: Projects
  close(): Promise<void>
}
