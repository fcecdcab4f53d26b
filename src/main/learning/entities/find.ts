// Which known entity a name means. The owner is part of every question: what somebody else calls by the same name is
// another entity.
import { desc, sql } from 'drizzle-orm'
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { entity } from '../../database/schema.ts'
import type { Viewer } from '../../database/visible.ts'
import { foldName } from './names.ts'
import { type EntityRow, rootsOf } from './rows.ts'

/** By which of its names an entity was found, surest first. */
export type FoundBy = 'name' | 'alias' | 'short'

export interface NamedEntity {
  entity: EntityRow
  by: FoundBy
  folded: string
}

/** Entities one name may stand for; more are a word, not a name. */
const MOST_PER_NAME = 50

/**
 * @param names as written or folded
 * @returns every entity that goes by one of the names, merged ones as what they are now, archived ones too, the
 *   latest mentioned first
 */
export async function entitiesNamed(
  db: ReadHandle,
  owner: string,
  names: readonly string[],
  namespace = 'user',
): Promise<NamedEntity[]> {
  return ownNamed(db, owner, namespace, await hitsOf(db, { owner, shared: [] }, names))
}

/** Entities by name that a viewer may see: their own, and those that their teams or everyone share. */
export async function entitiesSeen(db: ReadHandle, viewer: Viewer, names: readonly string[]): Promise<NamedEntity[]> {
  const hits = await hitsOf(db, viewer, names)
  const own = await ownNamed(db, viewer.owner, 'user', hits)
  const ids = hits.flatMap(({ id, by }) => (by === 'shared' ? id : []))
  if (ids.length === 0) return own
  const shared = (await db
    .select()
    .from(entity)
    .where(isAnyOf(entity.id, ids))
    .orderBy(desc(entity.mentionedAt), desc(entity.id))) as EntityRow[]
  return [...own, ...shared.map((row): NamedEntity => ({ entity: row, by: 'name', folded: row.folded }))]
}

interface NameHit extends Record<string, unknown> {
  id: EntityId
  folded: string
  by: FoundBy | 'shared'
}

/** Who goes by these names, in one statement: a turn asks this of every message. */
async function hitsOf(
  db: ReadHandle,
  { owner, shared }: Pick<Viewer, 'owner' | 'shared'>,
  names: readonly string[],
): Promise<NameHit[]> {
  const folded = [...new Set(names.map(foldName))].filter((name) => name !== '')
  if (folded.length === 0) return []
  const wanted = sql`folded = any(${sql.param(folded)}::text[])`
  const limit = MOST_PER_NAME * folded.length
  const latest = sql`order by mentioned_at desc, id desc limit ${limit}`
  const { rows } = await db.execute<NameHit>(sql`
    (select id, folded, 'name' as by from entity where owner = ${owner} and ${wanted} and status <> 'trashed' ${latest})
    union all
    (select entity_id, folded, case when derived then 'short' else 'alias' end from entity_alias
      where owner = ${owner} and ${wanted} limit ${limit})
    union all
    (select id, folded, 'shared' from entity
      where namespace = any(${sql.param([...shared])}::text[]) and ${wanted} and status = 'active' ${latest})`)
  return rows
}

async function ownNamed(
  db: ReadHandle,
  owner: string,
  namespace: string,
  hits: readonly NameHit[],
): Promise<NamedEntity[]> {
  const own = hits.flatMap(({ id, folded, by }) => (by === 'shared' ? [] : { id, folded, by }))
  const roots = await rootsOf(
    db,
    owner,
    own.map(({ id }) => id),
  )
  const found = new Map<string, NamedEntity>()
  // An entity found by its name is not found by an alias as well.
  for (const wanted of ['name', 'alias', 'short'] as const) {
    for (const { id, folded, by } of own) {
      const root = by === wanted ? roots.get(id) : undefined
      const key = `${folded}\n${root?.id}`
      if (root && root.namespace === namespace && !found.has(key)) found.set(key, { entity: root, by, folded })
    }
  }
  return [...found.values()].sort((a, b) => b.entity.mentionedAt.getTime() - a.entity.mentionedAt.getTime())
}

/** What a name stands for: one entity, none, or several that a person would have to choose from. */
export interface Resolved {
  entity: EntityRow | null
  candidates: EntityRow[]
}

/**
 * Names and aliases come before short forms. Two kinds of one name are two entities; a guessed kind gives way to the one
 * that is known.
 * @param named of this one name
 */
export function chooseEntity(named: readonly NamedEntity[], type: EntityType, certain: boolean): Resolved {
  const full = named.filter(({ by }) => by !== 'short').map((hit) => hit.entity)
  const same = full.filter((row) => row.type === type)
  if (same[0]) return { entity: same[0], candidates: same }
  if (!certain && full.length === 1) return { entity: full[0] ?? null, candidates: full }
  // A first name alone means the person of that name while there is only one.
  const short = named.filter(({ by }) => by === 'short').map((hit) => hit.entity)
  if (short.length > 0 && (type === 'person' || !certain)) {
    return { entity: short.length === 1 ? (short[0] ?? null) : null, candidates: short }
  }
  return { entity: null, candidates: full }
}

/** Kinds of the entities known by these names, for the extraction: nobody is asked twice what a name stands for. */
export async function knownTypes(
  db: ReadHandle,
  owner: string,
  names: readonly string[],
): Promise<Map<string, EntityType[]>> {
  const types = new Map<string, EntityType[]>()
  for (const { folded, entity: row } of await entitiesNamed(db, owner, names)) {
    const known = types.get(folded) ?? []
    if (!known.includes(row.type)) types.set(folded, [...known, row.type])
  }
  return types
}
