// Taking back a change to an entity: the sides of its journal entry are exchanged, names included.
import { and, eq, ne } from 'drizzle-orm'
import type { EntityId } from '../../../shared/ids.ts'
import type { ChangeAction } from '../../../shared/memory.ts'
import type { WriteHandle } from '../../database/database.ts'
import { entity, entityAlias, type journal } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'
import { countMemoriesOf } from './change.ts'
import { bodyOfEntity, type EntityRow, noteEntity, readEntityBody } from './rows.ts'

/**
 * @param action what the journal calls it: an undo, or a restore
 * @param row an entry whose target is an entity; the memories of its batch were taken back before
 */
export async function takeBackEntity(
  tx: WriteHandle,
  undo: Batch,
  row: Pick<typeof journal.$inferSelect, 'memoryId' | 'before' | 'after' | 'action'>,
  action: ChangeAction = 'undo',
): Promise<void> {
  const id = row.memoryId as string as EntityId
  const [current] = (await tx
    .select()
    .from(entity)
    .where(and(eq(entity.id, id), eq(entity.owner, undo.owner)))) as EntityRow[]
  if (!current) return
  const now = await bodyOfEntity(tx, current)
  const before = readEntityBody(row.before)
  if (!before) {
    // It was new then. What was learned of it since keeps it.
    if ((await countMemoriesOf(tx, undo.owner, [id])) > 0) return
    await put(tx, { ...current, status: 'trashed', mergedInto: null }, current)
    await noteEntity(tx, undo, action, now, await read(tx, id), row.action)
    return
  }
  await put(tx, await withoutTwin(tx, before.entity), current)
  await tx.delete(entityAlias).where(eq(entityAlias.entityId, id))
  if (before.aliases.length > 0) await tx.insert(entityAlias).values(before.aliases)
  await noteEntity(tx, undo, action, now, await read(tx, id), row.action)
}

/** An entity that comes back where the same one was made anew meanwhile is that one. */
async function withoutTwin(tx: WriteHandle, back: EntityRow): Promise<EntityRow> {
  if (back.status === 'trashed') return back
  const [twin] = await tx
    .select({ id: entity.id })
    .from(entity)
    .where(
      and(
        eq(entity.owner, back.owner),
        eq(entity.namespace, back.namespace),
        eq(entity.folded, back.folded),
        eq(entity.type, back.type),
        eq(entity.status, 'active'),
        ne(entity.id, back.id),
      ),
    )
    .limit(1)
  if (!twin || back.status !== 'active') return back
  return { ...back, status: 'superseded', mergedInto: twin.id }
}

/** The state before, under a new version; when it was last spoken of is no part of a change. */
async function put(tx: WriteHandle, state: EntityRow, current: EntityRow): Promise<void> {
  await tx
    .update(entity)
    .set({ ...state, id: current.id, version: current.version + 1, mentionedAt: current.mentionedAt })
    .where(eq(entity.id, current.id))
}

async function read(tx: WriteHandle, id: EntityId) {
  const [row] = (await tx.select().from(entity).where(eq(entity.id, id))) as EntityRow[]
  return row ? bodyOfEntity(tx, row) : null
}
