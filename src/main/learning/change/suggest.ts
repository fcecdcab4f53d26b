// Changes that wait for a person: what is kept of them until then, and never twice of the same.
import { AppError } from '../../../shared/errors.ts'
import { type MemoryId, newId, type ProposalId } from '../../../shared/ids.ts'
import type { WriteHandle } from '../../database/database.ts'
import { proposal } from '../../database/schema.ts'
import { claimOf, joinWaiting, wasDeclined } from '../proposals/claims.ts'
import { flagsOf } from '../proposals/flags.ts'
import type { Change, Evidence, LearningStore } from '../protocol.ts'
import { bodyOf, type MemoryRow } from '../rows.ts'
import type { Applied, Batch, Suggested } from './batch.ts'
import { hold, insertItem, newRow } from './write-items.ts'

/** Why a change waits: nobody with a say has said it, it is not sure, or the item was written or pinned by the person. */
export const UNCERTAIN = 'uncertain'
/** It was written or pinned by the person. */
export const BY_HAND = 'by-hand'
/** It came in with an import. */
export const IMPORTED = 'imported'

/** What nobody with a say has said waits for a person; until then it is in no prompt and no list of what is known. */
export async function propose(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  change: Change,
  byMode: string | null = null,
): Promise<Applied | null> {
  const found = change.evidence
  const id = targetOf(change)
  const before = id ? await hold(tx, batch.owner, id, 'base' in change ? change.base : null) : null
  const about = { store: store.id, action: change.action, claim: claimOf(change, before) }
  if (await wasDeclined(tx, batch.owner, about)) return null
  const waiting = await joinWaiting(tx, batch.owner, about, found, batch.messageId ?? null)
  if (waiting) return { action: change.action, memoryId: waiting.memoryId, outcome: 'proposed', proposalId: waiting.id }
  const suggested = {
    id: newId<ProposalId>(),
    owner: batch.owner,
    store: store.id,
    action: change.action,
    after: { change, claim: about.claim } satisfies Suggested,
    reason: byMode ?? ('reason' in change ? change.reason : ''),
    evidence: [...found],
    flags: flagsOf(
      change.action,
      about.claim,
      found.map(({ quote }) => quote),
      found.length > 0 && found.every(({ origin }) => origin === 'user' || origin === 'hand'),
    ),
    messageId: batch.messageId ?? null,
    createdAt: batch.at,
  }
  if (change.action === 'add') {
    const row: MemoryRow = { ...newRow(batch, store, change.item, change.scope), status: 'proposed' }
    await insertItem(tx, batch, row, found, 'add', 'proposed')
    await tx.insert(proposal).values({ ...suggested, memoryId: row.id, baseVersion: row.version })
    return { action: 'add', memoryId: row.id, outcome: 'proposed', proposalId: suggested.id }
  }
  if (!id || !before) throw new AppError('INVALID_INPUT', 'A merge needs items.')
  await tx.insert(proposal).values({ ...suggested, memoryId: id, baseVersion: before.version, before: bodyOf(before) })
  return { action: change.action, memoryId: id, outcome: 'proposed', proposalId: suggested.id }
}

/** Suggests a change whatever the store's mode: a clean-up that a person decides on. */
export function suggest(tx: WriteHandle, batch: Batch, store: LearningStore, change: Change): Promise<Applied | null> {
  return propose(tx, batch, store, change)
}

/** The item a change is about; of a merge the first, of something new none. */
export function targetOf(change: Change): MemoryId | null {
  if (change.action === 'add') return null
  if (change.action === 'merge') return change.ids[0] ?? null
  return change.action === 'link' ? change.from : change.id
}

/** Asks whether an item still holds; once, however often the doubt comes up. */
export async function ask(
  tx: WriteHandle,
  batch: Batch,
  store: LearningStore,
  about: MemoryRow,
  found: readonly Evidence[],
  reason: string,
): Promise<Applied | null> {
  const change = { action: 'retire' as const, id: about.id, base: about.version, reason, evidence: [...found] }
  return propose(tx, batch, store, change)
}
