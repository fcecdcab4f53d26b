// The ends of a suggestion that comes to nothing, and the way back: a "no", a rule that closes it, an undo.
import { and, eq, inArray, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import { journal, memory, proposal } from '../../database/schema.ts'
import type { JobQueue } from '../../jobs/queue.ts'
import type { Batch } from '../change/batch.ts'
import { note, updateRow } from '../change/write-items.ts'
import { PURGE } from '../forgetting/forget.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { bodyOf, readMemory } from '../rows.ts'
import { type ProposalRow, readSuggested, type Trashed, trashedBy } from './rows.ts'

/** Blanks the words of what was declined or has expired, once that can no longer be undone. */
export const FORGET_DECLINED = 'proposal.blank'

/** Closes a suggestion that comes to nothing; its words go when that can no longer be undone. */
export async function discard(
  tx: WriteHandle,
  jobs: Pick<JobQueue, 'add'>,
  batch: Batch,
  row: ProposalRow,
  decision: { status: 'declined' | 'expired'; decidedBy: string; fingerprint?: string },
): Promise<void> {
  const { owner } = row
  const runAfter = new Date(batch.at.getTime() + UNDO_MS)
  const made = row.action === 'add' && row.memoryId ? await readMemory(tx, owner, row.memoryId) : null
  if (made?.status === 'proposed') {
    const after = await updateRow(tx, batch, made, { status: 'trashed', trashedAt: batch.at })
    await note(tx, batch, 'trash', bodyOf(made), bodyOf(after), after, decision.status)
    const payload = { ids: [made.id], passages: [], writing: [], batchId: batch.id }
    // One for each: an act may decline many, and a key that is there already is no second job.
    await jobs.add(tx, { owner, kind: PURGE, key: `${batch.id} ${made.id}`, payload, runAfter })
  }
  await tx
    .update(proposal)
    .set({
      ...decision,
      decidedAt: batch.at,
      batchId: batch.id,
      // The row of a new item goes; the decision stays.
      ...(row.action === 'add' ? { memoryId: null } : {}),
    })
    .where(eq(proposal.id, row.id))
  await jobs.add(tx, { owner, kind: FORGET_DECLINED, key: batch.id, runAfter })
}

/** Closes suggestions of new items that an undo took away; they are open again when it is taken back. */
export async function withdraw(tx: WriteHandle, undo: Batch, ids: readonly MemoryId[]): Promise<void> {
  await tx
    .update(proposal)
    .set({ status: 'expired', decidedAt: undo.at, decidedBy: 'rule', batchId: undo.id })
    .where(
      and(
        eq(proposal.owner, undo.owner),
        eq(proposal.status, 'open'),
        eq(proposal.action, 'add'),
        isAnyOf(proposal.memoryId, ids),
        sql`exists (select 1 from ${memory} where ${memory.id} = ${proposal.memoryId} and ${memory.status} = 'trashed')`,
      ),
    )
}

/** Opens what a batch decided again. @returns how many */
export async function reopen(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number> {
  const again = await tx.$count(
    proposal,
    and(
      eq(proposal.owner, owner),
      eq(proposal.status, 'open'),
      inArray(
        proposal.batchId,
        tx
          .select({ id: journal.batchId })
          .from(journal)
          .where(and(eq(journal.owner, owner), eq(journal.undoneBy, batchId))),
      ),
    ),
  )
  if (again > 0) {
    throw new AppError('CONFLICT', 'This took a decision back. Decide on the suggestion again instead.')
  }
  const rows = await tx
    .select()
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.batchId, batchId)))
  const trashed = await trashedBy(tx, owner, batchId)
  let opened = 0
  for (const row of rows) {
    if (row.status === 'open') continue
    if (row.after === null && row.before === null) {
      throw new AppError('CONFLICT', 'This decision is final: the words of the suggestion are gone.')
    }
    const memoryId = row.memoryId ?? (row.entityId ? null : takeItemOf(row, trashed))
    await tx
      .update(proposal)
      .set({
        status: 'open',
        decidedAt: null,
        decidedBy: null,
        resultId: null,
        fingerprint: null,
        memoryId,
        after: sql`${proposal.after} - 'edited'`,
        // Back in sight, also when it had been put off before it was decided.
        snoozedUntil: null,
      })
      .where(eq(proposal.id, row.id))
    opened += 1
  }
  return opened
}

/** Of the items an act put into the bin, the one this suggestion is of; it is taken out of the list. */
function takeItemOf(row: ProposalRow, trashed: Trashed[]): MemoryId | null {
  const { change } = readSuggested(row)
  const text = change.action === 'add' ? change.item.text : null
  const same = trashed.findIndex((item) => item.store === row.store && item.text === text)
  const [item] = trashed.splice(Math.max(same, 0), 1)
  return item?.id ?? null
}

/** What was declined or has expired leaves its decision and, of a "no", its fingerprint. */
export async function blankDeclined(tx: WriteHandle, owner: string, batchId: BatchId): Promise<number> {
  const rows = await tx
    .update(proposal)
    .set({ before: null, after: null, reason: '', evidence: [], flags: [] })
    .where(
      and(eq(proposal.owner, owner), eq(proposal.batchId, batchId), inArray(proposal.status, ['declined', 'expired'])),
    )
    .returning({ id: proposal.id })
  return rows.length
}
