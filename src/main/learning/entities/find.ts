// Which known entity a name means. The owner is part of every question: what somebody else calls by the same name is
// another entity.
import { and, desc, eq, inArray, ne } from 'drizzle-orm'
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { entity, entityAlias } from '../../database/schema.ts'
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
  const folded = [...new Set(names.map(foldName))].filter((name) => name !== '')
  if (folded.length === 0) return []
  const limit = MOST_PER_NAME * folded.length
  const byName = await db
    .select({ id: entity.id, folded: entity.folded })
    .from(entity)
    .where(and(eq(entity.owner, owner), inArray(entity.folded, folded), ne(entity.status, 'trashed')))
    .orderBy(desc(entity.mentionedAt), desc(entity.id))
    .limit(limit)
  const byAlias = await db
    .select({ id: entityAlias.entityId, folded: entityAlias.folded, derived: entityAlias.derived })
    .from(entityAlias)
    .where(and(eq(entityAlias.owner, owner), inArray(entityAlias.folded, folded)))
    .limit(limit)
  const hits: { id: EntityId; folded: string; by: FoundBy }[] = [
    ...byName.map((hit) => ({ ...hit, by: 'name' as const })),
    ...byAlias.map(({ id, folded: alias, derived }) => ({
      id,
      folded: alias,
      by: derived ? ('short' as const) : ('alias' as const),
    })),
  ]
  const roots = await rootsOf(
    db,
    owner,
    hits.map(({ id }) => id),
  )
  const found = new Map<string, NamedEntity>()
  for (const hit of hits) {
    const root = roots.get(hit.id)
    const key = `${hit.folded}\n${root?.id}`
    if (root && root.namespace === namespace && !found.has(key)) {
      found.set(key, { entity: root, by: hit.by, folded: hit.folded })
    }
  }
  return [...found.values()].sort((a, b) => b.entity.mentionedAt.getTime() - a.entity.mentionedAt.getTime())
}

/** Entities by name that a viewer may see: their own, and those that their teams or everyone share. */
export async function entitiesSeen(db: ReadHandle, viewer: Viewer, names: readonly string[]): Promise<NamedEntity[]> {
  const own = await entitiesNamed(db, viewer.owner, names)
  const folded = [...new Set(names.map(foldName))].filter((name) => name !== '')
  if (viewer.shared.length === 0 || folded.length === 0) return own
  const shared = (await db
    .select()
    .from(entity)
    .where(
      and(inArray(entity.namespace, [...viewer.shared]), inArray(entity.folded, folded), eq(entity.status, 'active')),
    )
    .orderBy(desc(entity.mentionedAt), desc(entity.id))
    .limit(MOST_PER_NAME * folded.length)) as EntityRow[]
  return [...own, ...shared.map((row): NamedEntity => ({ entity: row, by: 'name', folded: row.folded }))]
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
