// Rows of entities as the rest of learning knows them, and what the journal keeps of a change to one.
import { and, eq, ne, or } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import type { EntityId, MemoryId } from '../../../shared/ids.ts'
import type { ChangeAction, EntityType } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { entity, entityAlias, journal } from '../../database/schema.ts'
import type { Batch } from '../change/batch.ts'

export type EntityRow = Omit<typeof entity.$inferSelect, 'type'> & { type: EntityType }
export type AliasRow = typeof entityAlias.$inferSelect

/** The store whose page and journal entries entities belong to. */
export const ENTITY_STORE = 'entity_memory'

/** One side of a change to an entity: the whole row with all its names. Undoing is exchanging the sides. */
export interface EntityBody {
  entity: EntityRow
  aliases: AliasRow[]
}

const DATES = ['createdAt', 'updatedAt', 'mentionedAt'] as const

/** @returns the body with dates again where JSON has text; null when it was blanked or is none. */
export function readEntityBody(stored: unknown): EntityBody | null {
  if (typeof stored !== 'object' || stored === null || !('entity' in stored)) return null
  const body = stored as EntityBody
  const row = { ...body.entity } as Record<string, unknown>
  for (const key of DATES) if (typeof row[key] === 'string') row[key] = new Date(row[key])
  return { entity: row as EntityRow, aliases: body.aliases ?? [] }
}

export async function bodyOfEntity(db: ReadHandle, row: EntityRow): Promise<EntityBody> {
  const aliases = await db.select().from(entityAlias).where(eq(entityAlias.entityId, row.id))
  return { entity: row, aliases }
}

/** @returns an entity that is not in the bin */
export async function readEntity(db: ReadHandle, owner: string, id: EntityId): Promise<EntityRow | null> {
  const [row] = await db
    .select()
    .from(entity)
    .where(and(eq(entity.id, id), eq(entity.owner, owner), ne(entity.status, 'trashed')))
  return (row as EntityRow | undefined) ?? null
}

/** The entity an id stands for now: itself, or what it was merged into. @throws AppError NOT_FOUND */
export async function needRoot(db: ReadHandle, owner: string, id: EntityId): Promise<EntityRow> {
  const row = await readEntity(db, owner, id)
  const root = row?.mergedInto ? await readEntity(db, owner, row.mergedInto) : row
  if (!root) throw new AppError('NOT_FOUND', 'This person or thing is not known any more.')
  return root
}

/** An entity with all that were merged into it: what memories may point at. */
export async function idsOfEntity(db: ReadHandle, owner: string, root: EntityId): Promise<EntityId[]> {
  const rows = await db
    .select({ id: entity.id })
    .from(entity)
    .where(and(eq(entity.owner, owner), or(eq(entity.id, root), eq(entity.mergedInto, root))))
  return rows.map(({ id }) => id)
}

/** The same for several at once. */
export async function idsOfEntities(
  db: ReadHandle,
  owner: string,
  roots: readonly EntityId[],
): Promise<Map<EntityId, EntityId[]>> {
  const ids = new Map(roots.map((root) => [root, [root]]))
  if (roots.length === 0) return ids
  const merged = await db
    .select({ id: entity.id, into: entity.mergedInto })
    .from(entity)
    .where(and(eq(entity.owner, owner), isAnyOf(entity.mergedInto, roots)))
  for (const { id, into } of merged) if (into) ids.get(into)?.push(id)
  return ids
}

/** What each of these ids stands for now. Ids of other owners and of entities that are gone are left out. */
export async function rootsOf(
  db: ReadHandle,
  owner: string,
  ids: readonly EntityId[],
): Promise<Map<EntityId, EntityRow>> {
  if (ids.length === 0) return new Map()
  const read = async (wanted: readonly EntityId[]) =>
    (await db
      .select()
      .from(entity)
      .where(and(eq(entity.owner, owner), isAnyOf(entity.id, wanted), ne(entity.status, 'trashed')))) as EntityRow[]
  const rows = await read([...new Set(ids)])
  const into = rows.flatMap(({ mergedInto }) => mergedInto ?? [])
  const roots = new Map((into.length > 0 ? await read(into) : []).map((row) => [row.id, row]))
  const found = rows.flatMap((row): [EntityId, EntityRow][] => {
    const root = row.mergedInto ? roots.get(row.mergedInto) : row
    return root ? [[row.id, root]] : []
  })
  return new Map(found)
}

/**
 * Writes the journal entry of one change to an entity.
 * @throws nothing of its own; the caller's transaction carries it
 */
export async function noteEntity(
  tx: WriteHandle,
  batch: Batch,
  action: ChangeAction,
  before: EntityBody | null,
  after: EntityBody | null,
  reason: string | null = null,
): Promise<void> {
  const id = (after ?? before)?.entity.id
  if (!id) return
  await tx.insert(journal).values({
    owner: batch.owner,
    batchId: batch.id,
    at: batch.at,
    actor: batch.actor,
    target: 'entity',
    memoryId: id as string as MemoryId,
    store: ENTITY_STORE,
    action,
    before: before as unknown as Record<string, unknown> | null,
    after: after as unknown as Record<string, unknown> | null,
    reason,
    conversationId: batch.conversationId ?? null,
    messageId: batch.messageId ?? null,
  })
}

/** A changed row under the next version. @throws AppError CONFLICT when somebody else was faster */
export async function updateEntity(
  tx: WriteHandle,
  at: Date,
  before: EntityRow,
  set: Partial<EntityRow>,
): Promise<EntityRow> {
  const [after] = await tx
    .update(entity)
    .set({ ...set, version: before.version + 1, updatedAt: at })
    .where(and(eq(entity.id, before.id), eq(entity.version, before.version)))
    .returning()
  if (!after) {
    throw new AppError('CONFLICT', 'This person or thing was changed meanwhile. Nothing was overwritten.')
  }
  return after as EntityRow
}
