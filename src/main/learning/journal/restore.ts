// Back to how it was: one item to an earlier wording, or everything to a point in time. One batch, so that it is undone
// like any other change. What was forgotten stays forgotten, what only was suggested is left alone.
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { journal } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { note, setVector, updateRow } from '../change/write-items.ts'
import { takeBackEntity } from '../entities/undo.ts'
import { bodyOf, type MemoryRow, needMemory, readBody, readMemories } from '../rows.ts'
import { bodiesAt, changedSince, sameState, stateOf } from './state.ts'

export type RestoreRequest = Inputs['memory']['restore']

interface Step {
  now: MemoryRow
  /** Null: it was not there yet and goes to the bin. */
  was: Partial<MemoryRow> | null
}

interface RestorePlan {
  steps: Step[]
  entities: { id: string; body: unknown }[]
}

/** What a restore would change. */
export async function previewRestore(
  db: ReadHandle,
  owner: string,
  request: RestoreRequest,
): Promise<Outputs['memory']['restorePreview']> {
  const { steps, entities } = await planRestore(db, owner, request)
  return {
    changes: steps.slice(0, LISTED).map(({ now, was }) => ({
      memoryId: now.id,
      store: now.store,
      change: kindOf(now, was),
      now: now.status === 'trashed' ? null : now.text,
      was: was?.text ?? null,
    })),
    count: steps.length,
    entities: entities.length,
  }
}

const LISTED = 500

function kindOf(now: MemoryRow, was: Partial<MemoryRow> | null): 'back' | 'changed' | 'removed' {
  if (!was) return 'removed'
  return now.status !== 'active' && was.status === 'active' ? 'back' : 'changed'
}

/** @returns texts whose vectors the restore needs */
export async function textsToRestore(db: ReadHandle, owner: string, request: RestoreRequest): Promise<string[]> {
  const { steps } = await planRestore(db, owner, request)
  return steps.flatMap(({ now, was }) => (was?.text && was.text !== now.text ? [was.text] : []))
}

/**
 * @returns the items that changed
 * @throws AppError NOT_FOUND when nothing would change, or the version is not in the history
 */
export async function restore(tx: WriteHandle, batch: Batch, request: RestoreRequest): Promise<MemoryId[]> {
  const { steps, entities } = await planRestore(tx, batch.owner, request)
  if (steps.length + entities.length === 0) {
    throw new AppError('NOT_FOUND', 'Everything is as it was then. Nothing was changed.')
  }
  // People and things come back before the items that are about them.
  for (const { id, body } of entities) {
    const entry = {
      memoryId: id as MemoryId,
      before: body as Record<string, unknown>,
      after: null,
      action: 'restore' as const,
    }
    await takeBackEntity(tx, batch, entry, 'restore')
  }
  for (const { now, was } of steps) {
    // What an earlier wording takes the place of holds until now.
    const ends = was?.status === 'superseded' && !('validTo' in was) ? { validTo: batch.at } : {}
    const set = was ?? { status: 'trashed' as const, supersededBy: null, trashedAt: batch.at }
    const after = await updateRow(tx, batch, now, was ? { ...set, ...ends, trashedAt: null } : set)
    if (after.text !== now.text) await setVector(tx, batch, after)
    await note(tx, batch, 'restore', bodyOf(now), bodyOf(after), after, 'restored')
  }
  return steps.map(({ now }) => now.id)
}

async function planRestore(db: ReadHandle, owner: string, request: RestoreRequest): Promise<RestorePlan> {
  if (request.version) return { steps: await versionSteps(db, owner, request.version), entities: [] }
  const at = request.at
  if (!at) throw new AppError('INVALID_INPUT', 'Name a time or a version to go back to.')
  const changed = (await changedSince(db, owner, 'memory', { at })) as MemoryId[]
  const ids = request.id ? changed.filter((id) => id === request.id) : changed
  const [rows, bodies, forgotten] = await Promise.all([
    readMemories(db, owner, ids),
    bodiesAt(db, owner, 'memory', { at }, ids),
    forgottenAmong(db, owner, ids),
  ])
  const steps = [...rows.values()].flatMap((now): Step[] => {
    if (forgotten.has(now.id) || now.status === 'proposed') return []
    const stored = bodies.get(now.id)
    const body = readBody(stored)
    // Blanked since: nobody knows any more how it was.
    if (stored === null) return []
    if (!body || body.memory.status === 'trashed' || body.memory.status === 'proposed') {
      return now.status === 'trashed' ? [] : [{ now, was: null }]
    }
    return sameState(body.memory, now) ? [] : [{ now, was: stateOf(body) }]
  })
  return { steps, entities: request.id ? [] : await entitiesToRestore(db, owner, at) }
}

/** An earlier wording holds again, and what took its place meanwhile is its past. */
async function versionSteps(db: ReadHandle, owner: string, version: { id: string; seq: number }): Promise<Step[]> {
  const id = version.id as MemoryId
  const now = await needMemory(db, owner, id)
  const [entry] = await db
    .select({ after: journal.after })
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.memoryId, id), eq(journal.seq, version.seq)))
  const body = readBody(entry?.after)
  if (!body || now.status === 'trashed' || now.status === 'proposed') {
    throw new AppError('NOT_FOUND', 'This version is not kept any more.')
  }
  const was = { ...stateOf(body), status: 'active' as const, validTo: null, supersededBy: null }
  const steps: Step[] = sameState({ ...now, ...was }, now) ? [] : [{ now, was }]
  const by = now.supersededBy ? (await readMemories(db, owner, [now.supersededBy])).get(now.supersededBy) : undefined
  if (by?.status === 'active') {
    steps.unshift({ now: by, was: { status: 'superseded', supersededBy: id } })
  }
  return steps
}

/** Items whose last change was a forget: only its own undo brings them back. */
export async function forgottenAmong(db: ReadHandle, owner: string, ids: readonly MemoryId[]): Promise<Set<MemoryId>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectDistinctOn([journal.memoryId], { id: journal.memoryId, action: journal.action })
    .from(journal)
    .where(and(eq(journal.owner, owner), inArray(journal.memoryId, [...ids])))
    .orderBy(journal.memoryId, desc(journal.seq))
  return new Set(rows.filter(({ action }) => action === 'trash').map(({ id }) => id))
}

async function entitiesToRestore(db: ReadHandle, owner: string, at: Date): Promise<RestorePlan['entities']> {
  const ids = await changedSince(db, owner, 'entity', { at })
  const bodies = await bodiesAt(db, owner, 'entity', { at }, ids)
  return ids.flatMap((id) => {
    const body = bodies.get(id)
    // One that was not there yet stays: what else is known may name it.
    return body ? [{ id, body }] : []
  })
}
