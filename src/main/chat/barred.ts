// Messages the person took out of recall and learning. The chat keeps them.
import { and, eq, inArray, ne } from 'drizzle-orm'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../database/database.ts'
import { message, passage, usage } from '../database/schema.ts'

/**
 * @param messageId null: every message of the conversation
 * @returns the messages that were in until now
 * @throws AppError NOT_FOUND when there is no such message
 */
export async function barMessages(
  tx: WriteHandle,
  owner: string,
  conversationId: ConversationId,
  messageId: MessageId | null,
): Promise<MessageId[]> {
  const wanted = and(
    eq(message.owner, owner),
    eq(message.conversationId, conversationId),
    ne(message.role, 'root'),
    messageId === null ? undefined : eq(message.id, messageId),
  )
  if ((await tx.$count(message, wanted)) === 0) {
    throw new AppError('NOT_FOUND', 'This message does not exist any more.')
  }
  const changed = await tx
    .update(message)
    .set({ learnable: false })
    .where(and(wanted, eq(message.learnable, true)))
    .returning({ id: message.id })
  return changed.map(({ id }) => id)
}

export async function allowMessages(tx: WriteHandle, owner: string, ids: readonly MessageId[]): Promise<void> {
  await tx
    .update(message)
    .set({ learnable: true })
    .where(and(eq(message.owner, owner), inArray(message.id, [...ids])))
}

/** Answers that had words of these messages in their prompts, by conversation. */
export async function answersThatUsed(
  db: ReadHandle,
  owner: string,
  messages: readonly MessageId[],
): Promise<Map<ConversationId, MessageId[]>> {
  const answers = new Map<ConversationId, MessageId[]>()
  if (messages.length === 0) return answers
  const rows = await db
    .selectDistinct({ conversationId: message.conversationId, id: message.id })
    .from(usage)
    .innerJoin(passage, eq(passage.id, usage.passageId))
    .innerJoin(message, eq(message.id, usage.messageId))
    .where(and(eq(usage.owner, owner), inArray(passage.messageId, [...messages])))
  for (const { conversationId, id } of rows) answers.set(conversationId, [...(answers.get(conversationId) ?? []), id])
  return answers
}
