// Forgetting: gone at once for every prompt, list and search; final when the time to undo is over. Then a durable job
// erases the row, its evidence and vectors, the words in the journal, and the lines in stored prompts.
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { conversation, embedding, journal, memory, message } from '../../database/schema.ts'
import type { JobQueue } from '../../jobs/queue.ts'
import { type Batch, note, updateRow } from '../change/write.ts'
import { withoutItems } from '../context/blocks.ts'
import { bodyOf, readMemories } from '../rows.ts'

/** Time in which forgetting can be undone, in milliseconds. */
export const UNDO_MS = 30_000
export const PURGE = 'purge'
/** Queued after a purge: leaves no byte of the erased rows in the files of the database. */
export const SCRUB = 'scrub'

/**
 * Puts memories into the bin and queues their end.
 * @returns how many; those in the bin already are left out
 * @throws AppError NOT_FOUND when none of them is there
 */
export async function trashMemories(
  tx: WriteHandle,
  jobs: Pick<JobQueue, 'add'>,
  batch: Batch,
  ids: readonly MemoryId[],
): Promise<{ count: number; finalAt: Date }> {
  const rows = [...(await readMemories(tx, batch.owner, ids)).values()].filter(({ status }) => status !== 'trashed')
  if (rows.length === 0) throw new AppError('NOT_FOUND', 'This memory does not exist any more.')
  for (const before of rows) {
    const after = await updateRow(tx, batch, before, { status: 'trashed', trashedAt: batch.at, supersededBy: null })
    await note(tx, batch, 'trash', bodyOf(before), bodyOf(after), after)
  }
  const finalAt = new Date(batch.at.getTime() + UNDO_MS)
  await jobs.add(tx, {
    owner: batch.owner,
    kind: PURGE,
    key: batch.id,
    payload: { ids: rows.map(({ id }) => id) },
    runAfter: finalAt,
  })
  return { count: rows.length, finalAt }
}

/**
 * Erases what a forget put into the bin, unless it was brought back since.
 * @returns how many memories are gone
 */
export async function purgeMemories(
  tx: WriteHandle,
  owner: string,
  forgottenBy: BatchId,
  ids: readonly MemoryId[],
  at: Date,
): Promise<number> {
  const gone: MemoryId[] = []
  for (const row of (await readMemories(tx, owner, ids)).values()) {
    if (row.status === 'trashed' && (await lastBatch(tx, owner, row.id)) === forgottenBy) gone.push(row.id)
  }
  if (gone.length === 0) return 0
  const erased = new Set(gone)
  await eraseFromBlocks(tx, owner, erased)
  await tx.delete(embedding).where(inArray(embedding.targetId, gone))
  // Evidence and proposals go with the row; the used line of old answers keeps its place without the item.
  await tx.delete(memory).where(and(eq(memory.owner, owner), inArray(memory.id, gone)))
  await tx
    .update(journal)
    .set({ before: null, after: null, reason: null, purgedAt: at })
    .where(and(eq(journal.owner, owner), inArray(journal.memoryId, gone)))
  return gone.length
}

/** The batch that changed a memory last, not counting what was undone. */
async function lastBatch(tx: WriteHandle, owner: string, id: MemoryId): Promise<BatchId | null> {
  const [last] = await tx
    .select({ batchId: journal.batchId })
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.memoryId, id)))
    .orderBy(sql`${journal.seq} desc`)
    .limit(1)
  return last?.batchId ?? null
}

/** Stored prompts repeat the words of memories, so that the model's cache stays warm. */
async function eraseFromBlocks(tx: WriteHandle, owner: string, ids: ReadonlySet<MemoryId>): Promise<void> {
  for (const id of ids) {
    const holds = JSON.stringify({ items: [{ memoryId: id }] })
    const messages = await tx
      .select({ id: message.id, block: message.recalledBlock })
      .from(message)
      .where(
        and(
          eq(message.owner, owner),
          isNotNull(message.recalledBlock),
          sql`${message.recalledBlock} @> ${holds}::jsonb`,
        ),
      )
    for (const { id: messageId, block } of messages) {
      const recalledBlock = block && withoutItems(block, ids)
      await tx.update(message).set({ recalledBlock }).where(eq(message.id, messageId))
    }
    const conversations = await tx
      .select({ id: conversation.id, block: conversation.coreBlock })
      .from(conversation)
      .where(
        and(
          eq(conversation.owner, owner),
          isNotNull(conversation.coreBlock),
          sql`${conversation.coreBlock} @> ${holds}::jsonb`,
        ),
      )
    for (const { id: conversationId, block } of conversations) {
      const coreBlock = block && withoutItems(block, ids)
      await tx.update(conversation).set({ coreBlock }).where(eq(conversation.id, conversationId))
    }
  }
}
