// Files and the messages they go with: sent, sent again with an edited message, and copied with a conversation.
import { and, asc, eq, inArray, isNull, or } from 'drizzle-orm'
import type { DocumentView } from '../../shared/documents.ts'
import { AppError } from '../../shared/errors.ts'
import { type ConversationId, type DocumentId, type MessageId, newId, type PassageId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../database/database.ts'
import { document, passage, usage } from '../database/schema.ts'
import { VIEWED } from '../learning/documents/documents.ts'
import { indexDocument } from '../learning/passages/passages.ts'

type DocumentRow = typeof document.$inferSelect

/** Files that came with messages, by message, in the order they came; without those that were removed. */
export async function filesOfMessages(
  db: ReadHandle,
  owner: string,
  messages: readonly MessageId[],
): Promise<Map<MessageId, DocumentView[]>> {
  const byMessage = new Map<MessageId, DocumentView[]>()
  if (messages.length === 0) return byMessage
  const rows = await db
    .select({ messageId: document.messageId, ...VIEWED })
    .from(document)
    .where(and(sentWith(owner, messages), isNull(document.trashedAt)))
    .orderBy(asc(document.createdAt), asc(document.id))
  for (const { messageId, ...view } of rows) {
    if (messageId) byMessage.set(messageId, [...(byMessage.get(messageId) ?? []), view])
  }
  return byMessage
}

/**
 * See `Attachments.attachTo`.
 * @returns whether there are passages without a vector now
 */
export async function attachTo(
  tx: WriteHandle,
  owner: string,
  { conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId },
  documents: readonly DocumentId[],
): Promise<boolean> {
  const wanted = [...new Set(documents)]
  if (wanted.length === 0) return false
  const rows = await tx
    .select()
    .from(document)
    .where(
      and(
        eq(document.owner, owner),
        inArray(document.id, wanted),
        isNull(document.trashedAt),
        or(eq(document.stagedFor, conversationId), eq(document.conversationId, conversationId)),
      ),
    )
  if (rows.length < wanted.length) {
    throw new AppError(
      'NOT_FOUND',
      'A file of this message is not here any more. Nothing was sent and your words are kept. Send it again without the file, or attach it anew.',
      { field: 'documents' },
    )
  }
  let made = 0
  for (const row of rows) {
    if (row.messageId === messageId && row.stagedFor === null) continue
    if (row.stagedFor === null) {
      made += (await copyFile(tx, row, { conversationId, messageId })).made
      continue
    }
    const sent = { conversationId, messageId, stagedFor: null }
    await tx.update(document).set(sent).where(eq(document.id, row.id))
    made += await indexDocument(tx, { ...row, ...sent })
  }
  return made > 0
}

/**
 * See `Attachments.copyFiles`.
 * @returns whether there are passages without a vector now
 */
export async function copyFiles(
  tx: WriteHandle,
  owner: string,
  conversationId: ConversationId,
  copies: ReadonlyMap<MessageId, MessageId>,
): Promise<boolean> {
  const rows = await tx
    .select()
    .from(document)
    .where(and(sentWith(owner, [...copies.keys()]), isNull(document.trashedAt)))
  let made = 0
  const passages = new Map<PassageId, PassageId>()
  for (const row of rows) {
    const messageId = row.messageId && copies.get(row.messageId)
    if (!messageId) continue
    const copy = await copyFile(tx, row, { conversationId, messageId })
    made += copy.made
    const [before, after] = [await partsOf(tx, row.id), await partsOf(tx, copy.id)]
    for (const [part, id] of before) passages.set(id, after.get(part) ?? id)
  }
  for (const [before, after] of passages) {
    await tx
      .update(usage)
      .set({ passageId: after })
      .where(and(eq(usage.owner, owner), eq(usage.passageId, before), inArray(usage.messageId, [...copies.values()])))
  }
  return made > 0
}

async function copyFile(
  tx: WriteHandle,
  row: DocumentRow,
  to: { conversationId: ConversationId; messageId: MessageId },
): Promise<{ id: DocumentId; made: number }> {
  const copy = { ...row, ...to, id: newId<DocumentId>() }
  await tx.insert(document).values(copy)
  return { id: copy.id, made: await indexDocument(tx, copy) }
}

async function partsOf(tx: WriteHandle, id: DocumentId): Promise<Map<number, PassageId>> {
  const rows = await tx.select({ id: passage.id, part: passage.part }).from(passage).where(eq(passage.documentId, id))
  return new Map(rows.map((row) => [row.part, row.id]))
}

function sentWith(owner: string, messages: readonly MessageId[]) {
  return and(eq(document.owner, owner), inArray(document.messageId, [...messages]), isNull(document.stagedFor))
}
