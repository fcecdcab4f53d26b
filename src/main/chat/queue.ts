// Messages that wait until the answer before them is written. They are rows, so they outlive the app; whoever stopped an
// answer, or closed the app meanwhile, finds them and sends them on.
import { and, asc, eq } from 'drizzle-orm'
import type { QueuedMessage } from '../../shared/chat.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, DocumentId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../database/database.ts'
import { conversation, queuedMessage } from '../database/schema.ts'

/** In the order they were written. */
export async function readQueue(db: ReadHandle, owner: string, id: ConversationId): Promise<QueuedMessage[]> {
  return db
    .select({ id: queuedMessage.id, text: queuedMessage.text, documents: queuedMessage.documents })
    .from(queuedMessage)
    .where(and(eq(queuedMessage.owner, owner), eq(queuedMessage.conversationId, id)))
    .orderBy(asc(queuedMessage.createdAt), asc(queuedMessage.id))
}

/** The same message twice is one. @throws AppError NOT_FOUND without the conversation */
export async function addToQueue(
  tx: WriteHandle,
  owner: string,
  at: Date,
  input: { conversationId: ConversationId; messageId: MessageId; text: string; documents: DocumentId[] },
): Promise<void> {
  const { conversationId, messageId, text, documents } = input
  const there = await tx.$count(conversation, and(eq(conversation.id, conversationId), eq(conversation.owner, owner)))
  if (there === 0) throw new AppError('NOT_FOUND', 'This conversation does not exist on this computer.')
  await tx
    .insert(queuedMessage)
    .values({ id: messageId, owner, conversationId, text, documents, createdAt: at })
    .onConflictDoNothing()
}

/** @throws AppError NOT_FOUND when it was sent or removed meanwhile */
export async function changeQueued(
  tx: WriteHandle,
  owner: string,
  id: MessageId,
  text: string,
): Promise<ConversationId> {
  const [row] = await tx
    .update(queuedMessage)
    .set({ text })
    .where(and(eq(queuedMessage.id, id), eq(queuedMessage.owner, owner)))
    .returning({ conversationId: queuedMessage.conversationId })
  if (!row) throw new AppError('NOT_FOUND', 'This message was sent already, or removed.')
  return row.conversationId
}

/** @returns its conversation, or null when it is not there any more */
export async function takeFromQueue(tx: WriteHandle, owner: string, id: MessageId): Promise<ConversationId | null> {
  const [row] = await tx
    .delete(queuedMessage)
    .where(and(eq(queuedMessage.id, id), eq(queuedMessage.owner, owner)))
    .returning({ conversationId: queuedMessage.conversationId })
  return row?.conversationId ?? null
}
