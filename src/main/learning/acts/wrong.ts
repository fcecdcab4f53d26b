// "This is wrong": the item never held, and the same claim is not learned or suggested again while the person has it so.
// Of the claim only a salted hash is kept, with the item: brought back, it may be learned again.
import { and, eq, ne } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type MemoryId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { memory, proposal } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { hold, note, updateRow } from '../change/write-items.ts'
import { fingerprintOf, knownFingerprint } from '../proposals/claims.ts'
import { bodyOf } from '../rows.ts'

/** Reason of the change, and of the row that keeps the fingerprint. */
export const WRONG = 'wrong'

/**
 * @param base the version the person saw
 * @throws AppError CONFLICT when it changed since, NOT_ALLOWED for one that holds no longer
 */
export async function markWrong(tx: WriteHandle, batch: Batch, id: MemoryId, base: number): Promise<MemoryId> {
  const before = await hold(tx, batch.owner, id, base)
  if (before.status === 'superseded' || before.status === 'proposed') {
    throw new AppError('NOT_ALLOWED', 'This holds no longer, or not yet. Nothing was changed.')
  }
  // It ends when it began: no question about that time finds it.
  const validTo = before.validFrom ?? before.createdAt
  const after = await updateRow(tx, batch, before, { status: 'superseded', validTo, supersededBy: null })
  await note(tx, batch, 'retire', bodyOf(before), bodyOf(after), after, WRONG)
  const about = { store: before.store, action: 'add' as const, claim: before.text }
  await tx.insert(proposal).values({
    id: newId<ProposalId>(),
    owner: batch.owner,
    store: before.store,
    action: 'add',
    memoryId: id,
    reason: WRONG,
    status: 'declined',
    fingerprint: await fingerprintOf(tx, batch.owner, about, 'claim'),
    createdAt: batch.at,
    decidedAt: batch.at,
    decidedBy: 'person',
  })
  return id
}

/** Whether the person said of this claim that it is wrong, and has not brought it back since. */
export async function wasMarkedWrong(db: ReadHandle, owner: string, store: string, claim: string): Promise<boolean> {
  const fingerprint = await knownFingerprint(db, owner, { store, action: 'add', claim })
  if (fingerprint === null) return false
  const [row] = await db
    .select({ id: proposal.id })
    .from(proposal)
    .innerJoin(memory, eq(memory.id, proposal.memoryId))
    .where(
      and(
        eq(proposal.owner, owner),
        eq(proposal.fingerprint, fingerprint),
        eq(proposal.reason, WRONG),
        ne(memory.status, 'active'),
      ),
    )
    .limit(1)
  return row !== undefined
}
