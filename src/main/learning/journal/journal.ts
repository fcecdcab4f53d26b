// What the journal tells: the history of an item, and the way back. Undoing exchanges the sides of each change of a
// batch; it is itself a batch, so that it can be undone again.
import { and, asc, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import type { HistoryEntry } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { evidence, journal, memory } from '../../database/schema.ts'
import { readWholeRows, writeWholeRows } from '../../database/whole-rows.ts'
import type { Batch } from '../change/batch.ts'
import { insertEvidence, noteAll, setVector } from '../change/write-items.ts'
import { takeBackEntity } from '../entities/undo.ts'
import { bodyOf, type JournalBody, type MemoryRow, readBody, readMemory } from '../rows.ts'

export type JournalRow = typeof journal.$inferSelect

/** @returns texts the rows of a batch had before and have no longer, whose vectors an undo needs. */
export async function textsBefore(db: ReadHandle, owner: string, batchId: BatchId): Promise<string[]> {
  const text = sql<string | null>`${journal.before} -> 'memory' ->> 'text'`
  const rows = await db
    .select({ text })
    .from(journal)
    .innerJoin(memory, eq(memory.id, journal.memoryId))
    .where(and(eq(journal.owner, owner), eq(journal.batchId, batchId), sql`${text} <> ${memory.text}`))
  return rows.flatMap((row) => row.text ?? [])
}

/**
 * Takes back every change of a batch, newest first.
 * @param broughtBack the act had effects beside the journal, which were taken back already
 * @returns the items that went back
 * @throws AppError NOT_FOUND for an unknown batch, CONFLICT when it was undone already, is final, or a newer change
 *   stands on it
 */
export async function undoBatch(
  tx: WriteHandle,
  undo: Batch,
  batchId: BatchId,
  broughtBack = false,
): Promise<{ count: number; ids: MemoryId[] }> {
  const rows = await tx
    .select()
    .from(journal)
    .where(and(eq(journal.owner, undo.owner), eq(journal.batchId, batchId)))
    .orderBy(desc(journal.seq))
  const [last] = rows
  if (!last && broughtBack) return { count: 0, ids: [] }
  if (!last) throw new AppError('NOT_FOUND', 'There is nothing to undo here.')
  if (rows.some(({ undoneBy }) => undoneBy !== null)) throw new AppError('CONFLICT', 'This was undone already.')
  const open = rows.filter(({ purgedAt }) => purgedAt === null)
  if (open.length === 0) throw new AppError('CONFLICT', 'This was forgotten for good and cannot be brought back.')
  if (last.action === 'undo' && last.reason === 'undo') {
    throw new AppError('CONFLICT', 'This brought a change back. Undo that change itself.')
  }
  // Forgetting again needs its own end.
  if (last.action === 'undo' && rows.some(({ reason }) => reason === 'trash')) {
    throw new AppError('CONFLICT', 'This was brought back. Forget it again instead.')
  }
  await refuseWhenNewer(tx, undo.owner, open, last)

  // Who an item is about counts what is known of them: items first.
  for (const round of roundsOf(open.filter(({ target }) => target === 'memory'))) await takeBack(tx, undo, round)
  for (const row of open) if (row.target === 'entity') await takeBackEntity(tx, undo, row)
  await tx
    .update(journal)
    .set({ undoneBy: undo.id })
    .where(and(eq(journal.batchId, batchId), isNull(journal.purgedAt)))
  // An undo that is taken back makes its batch count again.
  if (last.action === 'undo') {
    await tx
      .update(journal)
      .set({ undoneBy: null })
      .where(and(eq(journal.owner, undo.owner), eq(journal.undoneBy, batchId)))
  }
  const ids = [...new Set(open.filter(({ target }) => target === 'memory').map(({ memoryId }) => memoryId))]
  // Of an act on people and things alone, these are what went back.
  const count = ids.length > 0 ? ids.length : new Set(open.map(({ memoryId }) => memoryId)).size
  return { count, ids }
}

/** Undone changes do not count; but what an undo took away comes back only while it is the last thing that happened. */
async function refuseWhenNewer(tx: WriteHandle, owner: string, rows: JournalRow[], last: JournalRow): Promise<void> {
  const ids = [...new Set(rows.map(({ memoryId }) => memoryId))]
  const newer = await tx
    .select({ seq: journal.seq })
    .from(journal)
    .where(
      and(
        eq(journal.owner, owner),
        isAnyOf(journal.memoryId, ids),
        gt(journal.seq, last.seq),
        isNull(journal.undoneBy),
        last.action === 'undo' ? undefined : ne(journal.action, 'undo'),
      ),
    )
    .limit(1)
  if (newer.length > 0) {
    throw new AppError('CONFLICT', 'This was changed again later. Undo the newer change first.')
  }
}

/** Entries in their order, cut where an item comes a second time: those of a round touch each item once. */
function roundsOf(rows: readonly JournalRow[]): JournalRow[][] {
  const rounds: JournalRow[][] = []
  const seen = new Set<MemoryId>()
  for (const row of rows) {
    const round = rounds.at(-1)
    if (!round || seen.has(row.memoryId)) {
      seen.clear()
      rounds.push([row])
    } else round.push(row)
    seen.add(row.memoryId)
  }
  return rounds
}

/** Takes back changes of different items, all by the same few statements. */
async function takeBack(tx: WriteHandle, undo: Batch, rows: readonly JournalRow[]): Promise<void> {
  const ids = rows.map(({ memoryId }) => memoryId)
  const now = new Map((await readWholeRows(tx, memory, isAnyOf(memory.id, ids))).map((row) => [row.id, row]))
  const changes = rows.flatMap(({ memoryId, action, ...sides }) => {
    const current = now.get(memoryId)
    if (!current) return []
    const before = readBody(sides.before)
    // An added item goes to the bin with its evidence, so that undoing the undo finds it whole.
    const gone = before ? (readBody(sides.after)?.evidence ?? []) : []
    return [{ action, current, restored: restoredState(undo, current, before), gone, back: before?.evidence ?? [] }]
  })
  await writeWholeRows(
    tx,
    memory,
    changes.map(({ restored }) => restored),
  )
  const gone = changes.flatMap((change) => change.gone.map(({ id }) => id))
  if (gone.length > 0) await tx.delete(evidence).where(isAnyOf(evidence.id, gone))
  await insertEvidence(
    tx,
    changes.flatMap(({ back }) => back),
  )
  for (const { current, restored } of changes) {
    if (restored.text !== current.text) await setVector(tx, undo, restored)
  }
  await noteAll(
    tx,
    undo,
    changes.map(({ action, current, restored, gone, back }) => ({
      ...{ action: 'undo', reason: action, row: restored },
      ...{ before: bodyOf(current, gone), after: bodyOf(restored, back) },
    })),
  )
}

/** The state before, under a new version; how often it was used is no part of a change. */
function restoredState(undo: Batch, current: MemoryRow, before: JournalBody | null): MemoryRow {
  const base = before?.memory ?? { ...current, status: 'trashed' as const, supersededBy: null, trashedAt: undo.at }
  return {
    // What an older version of the app did not know of stays as it is.
    ...current,
    ...base,
    id: current.id,
    version: current.version + 1,
    updatedAt: before ? base.updatedAt : undo.at,
    useCount: current.useCount,
    lastUsedAt: current.lastUsedAt,
  }
}

/** Whether the wording an entry made is kept and is not the one that holds. */
function isEarlier({ after }: JournalRow, now: MemoryRow | null): boolean {
  const then = readBody(after)?.memory
  if (!then || !now || now.status === 'trashed' || now.status === 'proposed') return false
  if (then.status !== 'active') return false
  return now.status !== 'active' || then.text !== now.text
}

/** History of an item, newest first. */
export async function historyOf(db: ReadHandle, owner: string, id: MemoryId): Promise<HistoryEntry[]> {
  const now = await readMemory(db, owner, id)
  const rows = await db
    .select()
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.memoryId, id)))
    .orderBy(asc(journal.seq))
  const newest = rows.findLast((row) => row.undoneBy === null && row.action !== 'undo')
  return rows
    .map(
      (row): HistoryEntry => ({
        seq: row.seq,
        batchId: row.batchId,
        at: row.at,
        actor: row.actor,
        action: row.action,
        before: readBody(row.before)?.memory.text ?? null,
        after: readBody(row.after)?.memory.text ?? null,
        reason: row.reason,
        undone: row.undoneBy !== null,
        undoable: row.purgedAt === null && row.seq === newest?.seq,
        restorable: isEarlier(row, now),
      }),
    )
    .reverse()
}
