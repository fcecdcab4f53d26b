// What a person may do to entities: merge, split, rename, add a name, put away. Each is one batch in the journal, like a
// change to a memory, and is undone the same way.
import { and, eq, inArray, or, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { EntityId, MemoryId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { WriteHandle } from '../../database/database.ts'
import { entity, entityAlias, memory, proposal } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { hold, note, updateRow } from '../change/write-items.ts'
import { bodyOf } from '../rows.ts'
import { foldName } from './names.ts'
import { createEntity, writeShortForms } from './resolve.ts'
import { bodyOfEntity, type EntityRow, idsOfEntity, needRoot, noteEntity, updateEntity } from './rows.ts'

/**
 * Two entities are one. Memories keep the entity they were learned of: which one that is now, is one row.
 * @returns the entity that both are now
 * @throws AppError NOT_FOUND, INVALID_INPUT when they are one already or belong to different namespaces
 */
export async function mergeEntities(tx: WriteHandle, batch: Batch, from: EntityId, into: EntityId): Promise<EntityRow> {
  const gone = await needRoot(tx, batch.owner, from)
  const stays = await needRoot(tx, batch.owner, into)
  if (gone.id === stays.id) throw new AppError('INVALID_INPUT', 'These two are one already.', { field: 'into' })
  if (gone.namespace !== stays.namespace) {
    throw new AppError('INVALID_INPUT', 'These two are not kept in the same place. Nothing was changed.', {
      field: 'into',
    })
  }
  // What was merged into the one follows it: an entity is never two steps away from what it is.
  const followers = (await tx
    .select()
    .from(entity)
    .where(and(eq(entity.owner, batch.owner), eq(entity.mergedInto, gone.id)))) as EntityRow[]
  for (const row of [...followers, gone]) {
    const before = await bodyOfEntity(tx, row)
    const after = await updateEntity(tx, batch.at, row, { status: 'superseded', mergedInto: stays.id })
    await noteEntity(tx, batch, 'merge', before, await bodyOfEntity(tx, after), 'merged')
  }
  const mentionedAt = new Date(Math.max(gone.mentionedAt.getTime(), stays.mentionedAt.getTime()))
  await tx.update(entity).set({ mentionedAt }).where(eq(entity.id, stays.id))
  await settleQuestions(tx, batch, gone.id, stays.id)
  return { ...stays, mentionedAt }
}

/** The person answered it: the same question that waits in the inbox is answered as well. */
async function settleQuestions(tx: WriteHandle, batch: Batch, one: EntityId, two: EntityId): Promise<void> {
  const pair = (from: EntityId, into: EntityId) =>
    and(
      sql`${proposal.after} -> 'entities' ->> 'from' = ${from}`,
      sql`${proposal.after} -> 'entities' ->> 'into' = ${into}`,
    )
  await tx
    .update(proposal)
    .set({ status: 'accepted', decidedAt: batch.at, decidedBy: 'person', batchId: batch.id })
    .where(
      and(
        eq(proposal.owner, batch.owner),
        eq(proposal.status, 'open'),
        eq(proposal.action, 'merge'),
        inArray(proposal.entityId, [one, two]),
        or(pair(one, two), pair(two, one)),
      ),
    )
}

/** Takes a merged entity out again, as it was. @throws AppError NOT_FOUND, INVALID_INPUT when it is not merged */
export async function unmergeEntity(tx: WriteHandle, batch: Batch, id: EntityId): Promise<EntityRow> {
  const [row] = (await tx
    .select()
    .from(entity)
    .where(and(eq(entity.id, id), eq(entity.owner, batch.owner)))) as EntityRow[]
  if (!row || row.status === 'trashed') {
    throw new AppError('NOT_FOUND', 'This person or thing is not known any more.')
  }
  if (!row.mergedInto) throw new AppError('INVALID_INPUT', 'This one stands for itself. There is nothing to part.')
  const before = await bodyOfEntity(tx, row)
  const after = await updateEntity(tx, batch.at, row, { status: 'active', mergedInto: null })
  await noteEntity(tx, batch, 'restore', before, await bodyOfEntity(tx, after), 'parted')
  return after
}

/**
 * One entity was two: the memories named go to a new one.
 * @throws AppError NOT_FOUND, INVALID_INPUT when a memory is not about this entity
 */
export async function splitEntity(
  tx: WriteHandle,
  batch: Batch,
  id: EntityId,
  to: { name: string; type: EntityType; memoryIds: readonly MemoryId[] },
): Promise<EntityRow> {
  const root = await needRoot(tx, batch.owner, id)
  const ids = new Set(await idsOfEntity(tx, batch.owner, root.id))
  const made = await createEntity(tx, batch, { name: to.name, type: to.type }, [], root.namespace)
  for (const memoryId of new Set(to.memoryIds)) {
    const before = await hold(tx, batch.owner, memoryId, null)
    const moved = (end: EntityId | null) => (end && ids.has(end) ? made.id : end)
    const set = { subjectId: moved(before.subjectId), objectId: moved(before.objectId) }
    if (set.subjectId === before.subjectId && set.objectId === before.objectId) {
      throw new AppError('INVALID_INPUT', 'One of these memories is about something else. Nothing was changed.', {
        field: 'memoryIds',
      })
    }
    const after = await updateRow(tx, batch, before, set)
    await note(tx, batch, 'link', bodyOf(before), bodyOf(after), after, 'split')
  }
  return made
}

/** @throws AppError CONFLICT when it was changed since the person saw it */
export async function renameEntity(
  tx: WriteHandle,
  batch: Batch,
  id: EntityId,
  set: { version: number; name?: string; type?: EntityType },
): Promise<EntityRow> {
  const row = await needRoot(tx, batch.owner, id)
  refuseStale(row, set.version)
  const name = set.name?.trim() || row.name
  const type = set.type ?? row.type
  if (name === row.name && type === row.type) return row
  const before = await bodyOfEntity(tx, row)
  const folded = foldName(name)
  const after = await updateEntity(tx, batch.at, row, { name, folded, type })
  // It is still found by the name it had.
  if (folded !== row.folded) await writeAlias(tx, after, row.name)
  await tx.delete(entityAlias).where(and(eq(entityAlias.entityId, id), eq(entityAlias.folded, folded)))
  await writeShortForms(tx, after)
  await noteEntity(tx, batch, 'update', before, await bodyOfEntity(tx, after), 'renamed')
  return after
}

/** Another name by which it goes. */
export async function addAlias(tx: WriteHandle, batch: Batch, id: EntityId, alias: string): Promise<EntityRow> {
  const row = await needRoot(tx, batch.owner, id)
  const before = await bodyOfEntity(tx, row)
  const folded = foldName(alias)
  if (folded === row.folded || before.aliases.some((one) => one.folded === folded && !one.derived)) return row
  const after = await updateEntity(tx, batch.at, row, {})
  await writeAlias(tx, after, alias)
  await noteEntity(tx, batch, 'update', before, await bodyOfEntity(tx, after), 'alias')
  return after
}

/**
 * It does not go by this name any more.
 * @throws AppError NOT_FOUND, INVALID_INPUT when it is its own name, or none that was given
 */
export async function removeAlias(tx: WriteHandle, batch: Batch, id: EntityId, alias: string): Promise<EntityRow> {
  const row = await needRoot(tx, batch.owner, id)
  const before = await bodyOfEntity(tx, row)
  const folded = foldName(alias)
  if (!before.aliases.some((one) => one.folded === folded && !one.derived)) {
    throw new AppError('INVALID_INPUT', 'It does not go by this name. Nothing was changed.', { field: 'name' })
  }
  const after = await updateEntity(tx, batch.at, row, {})
  await tx.delete(entityAlias).where(and(eq(entityAlias.entityId, row.id), eq(entityAlias.folded, folded)))
  await noteEntity(tx, batch, 'update', before, await bodyOfEntity(tx, after), 'alias')
  return after
}

async function writeAlias(tx: WriteHandle, row: EntityRow, alias: string): Promise<void> {
  const name = alias.replace(/\s+/gu, ' ').trim()
  const folded = foldName(name)
  await tx
    .insert(entityAlias)
    .values({ entityId: row.id, owner: row.owner, alias: name, folded })
    .onConflictDoUpdate({ target: [entityAlias.entityId, entityAlias.folded], set: { alias: name, derived: false } })
}

/** Off the list, still found by search; something new that is said of it brings it back. */
export async function archiveEntity(
  tx: WriteHandle,
  batch: Batch,
  id: EntityId,
  archived: boolean,
): Promise<EntityRow> {
  const row = await needRoot(tx, batch.owner, id)
  const status = archived ? ('archived' as const) : ('active' as const)
  if (row.status === status) return row
  const before = await bodyOfEntity(tx, row)
  const after = await updateEntity(tx, batch.at, row, { status })
  await noteEntity(tx, batch, archived ? 'retire' : 'restore', before, await bodyOfEntity(tx, after), status)
  return after
}

function refuseStale(row: EntityRow, version: number): void {
  if (row.version === version) return
  throw new AppError(
    'CONFLICT',
    'This person or thing was changed meanwhile. Nothing was overwritten: look at it again.',
    { version: row.version },
  )
}

/** How many memories point at an entity or at what was merged into it, the bin left out. */
export async function countMemoriesOf(tx: WriteHandle, owner: string, ids: readonly EntityId[]): Promise<number> {
  if (ids.length === 0) return 0
  return tx.$count(
    memory,
    and(
      eq(memory.owner, owner),
      sql`${memory.status} <> 'trashed'`,
      or(inArray(memory.subjectId, [...ids]), inArray(memory.objectId, [...ids])),
    ),
  )
}
