// What is known of people and things, in bounded pieces: the directory of names, one entity with the newest that is known
// of it, and its neighbours in the graph. However much is known of one entity, a read takes an index and a limit.
import { and, asc, desc, eq, ilike, inArray, lt, ne, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { EntityId, MemoryId } from '../../../shared/ids.ts'
import type { EntityType, MemoryStatus, Namespace, StoreId } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { entity, entityAlias, memory } from '../../database/schema.ts'
import { isVisible, onlyOwn, type Viewer } from '../../database/visible.ts'
import { type MemoryRow, readVisible } from '../rows.ts'
import { foldName } from './names.ts'
import { ENTITY_STORE, type EntityRow, idsOfEntities, idsOfEntity, rootsOf } from './rows.ts'

export interface DirectoryEntry {
  id: EntityId
  name: string
  type: EntityType
  /** Other names, those made by rule left out. */
  aliases: string[]
  mentionedAt: Date
}

export interface Directory {
  /** The latest mentioned first. */
  entries: DirectoryEntry[]
  /** All that are on the list; what is beyond `entries` was left out. */
  total: number
}

/** Names an answer can hold on to: what was talked about at all. */
export async function directoryOf(
  db: ReadHandle,
  owner: string,
  { limit = 50, namespaces = ['user'] }: { limit?: number; namespaces?: readonly Namespace[] } = {},
): Promise<Directory> {
  const listed = and(eq(entity.owner, owner), eq(entity.status, 'active'), inArray(entity.namespace, [...namespaces]))
  const rows = (await db
    .select()
    .from(entity)
    .where(listed)
    .orderBy(desc(entity.mentionedAt), desc(entity.id))
    .limit(limit)) as EntityRow[]
  const total = rows.length < limit ? rows.length : await db.$count(entity, listed)
  return { entries: await withAliases(db, owner, rows), total }
}

export interface EntityQuery {
  /** Part of a name, or a name as written; empty lists all. */
  query?: string
  type?: EntityType | null
  status?: 'active' | 'archived' | null
  before?: { at: Date; id: EntityId } | null
  limit: number
}

/** Entities by name, the latest mentioned first; searched ones with the archived among them. */
export async function listEntities(
  db: ReadHandle,
  owner: string,
  { query = '', type = null, status = 'active', before = null, limit }: EntityQuery,
): Promise<{ rows: EntityRow[]; total: number }> {
  const words = foldName(query)
  const all = and(
    eq(entity.owner, owner),
    status === null ? inArray(entity.status, ['active', 'archived']) : eq(entity.status, status),
    type === null ? undefined : eq(entity.type, type),
    words === '' ? undefined : isCalled(words),
  )
  const rows = (await db
    .select()
    .from(entity)
    .where(
      and(
        all,
        before === null
          ? undefined
          : or(lt(entity.mentionedAt, before.at), and(eq(entity.mentionedAt, before.at), lt(entity.id, before.id))),
      ),
    )
    .orderBy(desc(entity.mentionedAt), desc(entity.id))
    .limit(limit)) as EntityRow[]
  return { rows, total: await db.$count(entity, all) }
}

/** How many of each type there are, those that were put away or the others. */
export async function countTypes(
  db: ReadHandle,
  owner: string,
  status: 'active' | 'archived',
): Promise<Partial<Record<EntityType, number>>> {
  const rows = await db
    .select({ type: entity.type, count: sql<number>`count(*)::int` })
    .from(entity)
    .where(and(eq(entity.owner, owner), eq(entity.status, status)))
    .groupBy(entity.type)
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

function isCalled(words: string): SQL | undefined {
  const like = `%${words.replace(/[\\%_]/gu, '\\$&')}%`
  return or(
    ilike(entity.folded, like),
    sql`exists (select 1 from ${entityAlias} where ${entityAlias.entityId} = ${entity.id} and ${entityAlias.folded} like ${like})`,
    // By a name of one that was merged into it.
    sql`exists (select 1 from entity merged where merged.merged_into = ${entity.id} and merged.folded like ${like})`,
  )
}

/** Other names of entities: given ones, and those of what was merged into them. */
export async function withAliases(
  db: ReadHandle,
  owner: string,
  rows: readonly EntityRow[],
): Promise<DirectoryEntry[]> {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return []
  const aliases = await db
    .select({ id: entityAlias.entityId, alias: entityAlias.alias })
    .from(entityAlias)
    .where(and(isAnyOf(entityAlias.entityId, ids), eq(entityAlias.derived, false)))
    .orderBy(asc(entityAlias.alias))
  const merged = await db
    .select({ id: entity.mergedInto, alias: entity.name })
    .from(entity)
    .where(and(eq(entity.owner, owner), isAnyOf(entity.mergedInto, ids)))
    .orderBy(asc(entity.name))
  return rows.map(({ id, name, type, mentionedAt }) => ({
    id,
    name,
    type,
    aliases: [
      ...new Set(
        [...aliases, ...merged].filter((one) => one.id === id && one.alias !== name).map(({ alias }) => alias),
      ),
    ],
    mentionedAt,
  }))
}

const ENDS = [memory.subjectId, memory.objectId] as const

/**
 * The newest memories that have one of these entities at an end. One ordered index read for each entity, end and status,
 * so that the number of items behind an entity costs nothing.
 * @param ids entities with what was merged into them
 * @param also what else must hold of a memory
 * @returns at most `limit`, newest first
 */
export async function newestWith(
  db: ReadHandle,
  viewer: Viewer,
  ids: readonly EntityId[],
  { statuses, limit, also }: { statuses: readonly MemoryStatus[]; limit: number; also?: SQL | undefined },
): Promise<MemoryRow[]> {
  const reads = ids.flatMap((id) =>
    statuses.flatMap((status) =>
      ENDS.map(
        (end) =>
          sql`(${db
            .select({ id: memory.id, updatedAt: memory.updatedAt })
            .from(memory)
            .where(and(isVisible(viewer, sql`memory`), eq(end, id), eq(memory.status, status), also))
            .orderBy(desc(memory.updatedAt), desc(memory.id))
            .limit(limit)})`,
      ),
    ),
  )
  if (reads.length === 0) return []
  const { rows } = await db.execute<{ id: MemoryId }>(
    sql`select id from (${sql.join(reads, sql` union `)}) newest order by updated_at desc, id desc limit ${limit}`,
  )
  const found = await readVisible(
    db,
    viewer,
    rows.map(({ id }) => id),
  )
  return rows.flatMap(({ id }) => found.get(id) ?? [])
}

export interface KnownOf {
  /** Newest first. */
  items: MemoryRow[]
  /** There are more. */
  more: boolean
}

/**
 * What is known of an entity, newest first. Two index reads, one for each end, whatever the number of items.
 * @param kinds `relationship`, `fact`, `event` and those of other stores; all when left out, but for `except`
 */
export async function knownOf(
  db: ReadHandle,
  owner: string,
  id: EntityId,
  {
    limit,
    kinds,
    except,
    statuses = ['active'],
  }: { limit: number; kinds?: readonly string[]; except?: readonly string[]; statuses?: readonly MemoryStatus[] },
): Promise<KnownOf> {
  const ids = await idsOfEntity(db, owner, id)
  if (ids.length === 0) return { items: [], more: false }
  const also = and(
    kinds ? inArray(memory.kind, [...kinds]) : undefined,
    except ? notInArray(memory.kind, [...except]) : undefined,
  )
  const newest = await newestWith(db, onlyOwn(owner), ids, { statuses, limit: limit + 1, also })
  return { items: newest.slice(0, limit), more: newest.length > limit }
}

/** The newest active items of one store that have one of these entities at an end; ties first. */
export async function newestOf(
  db: ReadHandle,
  owner: string,
  entities: readonly EntityId[],
  { store, limit }: { store: StoreId; limit: number },
): Promise<MemoryRow[]> {
  if (entities.length === 0) return []
  const ids = (await Promise.all([...new Set(entities)].map((id) => idsOfEntity(db, owner, id)))).flat()
  const of = (kind: SQL) =>
    newestWith(db, onlyOwn(owner), ids, { statuses: ['active'], limit, also: and(eq(memory.store, store), kind) })
  const rows = [...(await of(eq(memory.kind, 'relationship'))), ...(await of(ne(memory.kind, 'relationship')))]
  return [...new Map(rows.map((row) => [row.id, row])).values()]
}

export interface Neighbour {
  entity: EntityRow
  /** Steps from the one asked about: 1 or 2. */
  depth: 1 | 2
  /** The relationship that leads there. */
  through: { memoryId: MemoryId; text: string; relation: string | null; from: EntityId; to: EntityId }
}

/**
 * Who and what an entity is tied to, nearest and newest first.
 * @param limit most neighbours; of one entity with very many ties the newest count
 */
export async function neighbours(
  db: ReadHandle,
  owner: string,
  id: EntityId,
  { depth = 2, limit = 30 }: { depth?: 1 | 2; limit?: number } = {},
): Promise<Neighbour[]> {
  const found = new Map<EntityId, Neighbour>()
  let edge: EntityId[] = [id]
  const seen = new Set<EntityId>([id])
  for (const step of [1, 2] as const) {
    if (step > depth || found.size >= limit || edge.length === 0) break
    const next: EntityId[] = []
    const ties = await tiesOf(db, owner, edge, limit)
    const roots = await rootsOf(
      db,
      owner,
      ties.flatMap(({ subjectId, objectId }) => [subjectId, objectId].filter((end) => end !== null)),
    )
    for (const tie of ties) {
      const [one, two] = [roots.get(tie.subjectId as EntityId), roots.get(tie.objectId as EntityId)]
      if (!one || !two || one.id === two.id) continue
      for (const [from, to] of [
        [one, two],
        [two, one],
      ] as const) {
        if (!edge.includes(from.id) || seen.has(to.id) || found.size >= limit) continue
        seen.add(to.id)
        next.push(to.id)
        const relation = typeof tie.data['relation'] === 'string' ? tie.data['relation'] : null
        const through = { memoryId: tie.id, text: tie.text, relation, from: one.id, to: two.id }
        found.set(to.id, { entity: to, depth: step, through })
      }
    }
    edge = next
  }
  return [...found.values()]
}

async function tiesOf(db: ReadHandle, owner: string, roots: readonly EntityId[], limit: number): Promise<MemoryRow[]> {
  const ids = [...(await idsOfEntities(db, owner, roots)).values()].flat()
  return newestWith(db, onlyOwn(owner), ids, {
    statuses: ['active'],
    limit: limit * 2,
    also: and(eq(memory.store, ENTITY_STORE), eq(memory.kind, 'relationship'), ne(memory.subjectId, memory.objectId)),
  })
}
