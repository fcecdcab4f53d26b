// The end of a document: the text, its passages with their vectors, what was suggested from it, and the lines of stored
// prompts that quote it. What the person accepted of it is theirs, and stays with its quote.
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { DocumentId, MemoryId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { document, embedding, journal, memory, message, passage, proposal, usage } from '../../database/schema.ts'
import { changeLines, itemId } from '../context/blocks.ts'
import { deletePassages } from '../passages/passages.ts'

/**
 * @param since when it was put into the bin; one that was brought back since is left alone
 * @returns whether it is gone
 */
export async function purgeDocument(
  tx: WriteHandle,
  owner: string,
  id: DocumentId,
  since: Date,
  at: Date,
): Promise<boolean> {
  const mine = and(eq(document.id, id), eq(document.owner, owner), eq(document.trashedAt, since))
  if ((await tx.$count(document, mine)) === 0) return false
  await eraseLines(tx, owner, id)
  await dropSuggestions(tx, owner, id, at)
  await deletePassages(tx, { documents: [id] })
  await tx.delete(document).where(mine)
  return true
}

async function eraseLines(tx: WriteHandle, owner: string, id: DocumentId): Promise<void> {
  const passages = await tx.select({ id: passage.id }).from(passage).where(eq(passage.documentId, id))
  if (passages.length === 0) return
  const ids = passages.map((row) => row.id)
  const gone = new Set<string>(ids)
  const questions = await tx
    .select({ id: message.id, block: message.recalledBlock })
    .from(message)
    .where(
      and(
        eq(message.owner, owner),
        sql`exists (select 1 from jsonb_array_elements(case when jsonb_typeof(${message.recalledBlock}) = 'object'
          then ${message.recalledBlock} -> 'items' else '[]' end) item where item ->> 'passageId' in ${ids})`,
      ),
    )
  for (const { id: messageId, block } of questions) {
    const recalledBlock = block && changeLines(block, (line) => (gone.has(itemId(line)) ? null : line))
    await tx.update(message).set({ recalledBlock }).where(eq(message.id, messageId))
  }
  // Why it was chosen is told with words that stand in it.
  await tx
    .update(usage)
    .set({ reason: sql`jsonb_set(${usage.reason}, '{words}', '[]', false)` })
    .where(and(eq(usage.owner, owner), inArray(usage.passageId, ids)))
}

async function dropSuggestions(tx: WriteHandle, owner: string, id: DocumentId, at: Date): Promise<void> {
  const holds = JSON.stringify([{ documentId: id }])
  const waiting = await tx
    .select({ id: proposal.id, action: proposal.action, memoryId: proposal.memoryId })
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open'), sql`${proposal.evidence} @> ${holds}::jsonb`))
  if (waiting.length === 0) return
  await tx.delete(proposal).where(
    inArray(
      proposal.id,
      waiting.map((row) => row.id),
    ),
  )
  const made = waiting.flatMap(({ action, memoryId }): MemoryId[] => (action === 'add' && memoryId ? [memoryId] : []))
  if (made.length === 0) return
  await tx.delete(embedding).where(inArray(embedding.targetId, made))
  await tx.delete(memory).where(and(eq(memory.owner, owner), inArray(memory.id, made), eq(memory.status, 'proposed')))
  await tx
    .update(journal)
    .set({ before: null, after: null, reason: null, purgedAt: at })
    .where(and(eq(journal.owner, owner), inArray(journal.memoryId, made)))
}
