// An entity and what is around it, for drawing: a bounded number of nodes, the ties between them, and how many were left out.
import { type SQL, sql } from 'drizzle-orm'
import type { EntityId, MemoryId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { ENTITY_STORE, type EntityRow, rootsOf } from './rows.ts'

/** More than this many nodes are a ball of hair. */
export const MOST_NODES = 60
/** Of them those one step away at most, so that something of their surroundings has a place. */
const MOST_NEAR = 40
/** What one of them brings of its own neighbours at most: a hub does not take the places of all others. */
const MOST_OF_ONE = 6
/** Ties that are read for drawing; the newest count. */
const MOST_EDGES = 400

export interface GraphNode {
  entity: EntityRow
  /** Steps from the one in the middle: 0, 1 or 2. */
  steps: 0 | 1 | 2
  /** Neighbours of it that are not drawn. */
  hidden: number
}

export interface GraphEdge {
  memoryId: MemoryId
  from: EntityId
  to: EntityId
  relation: string | null
  text: string
}

export interface Graph {
  /** The one in the middle first, then the nearest, newest ties first. */
  nodes: GraphNode[]
  edges: GraphEdge[]
  /** All within two steps that match, drawn or not; the one in the middle left out. */
  total: number
}

interface Tie {
  near: EntityId
  far: EntityId
}

/**
 * Who and what is around an entity.
 * @param root an entity that is not merged into another
 * @param types only these kinds of things; null: all
 */
export async function graphAround(
  db: ReadHandle,
  owner: string,
  root: EntityRow,
  types: readonly EntityType[] | null = null,
): Promise<Graph> {
  const near = (await tiesFrom(db, owner, [root.id], types)).map(({ far }) => far)
  const drawn = new Map<EntityId, 0 | 1 | 2>([[root.id, 0]])
  for (const id of near.slice(0, MOST_NEAR)) drawn.set(id, 1)
  const places = MOST_NODES - drawn.size
  const brought = new Map<EntityId, number>()
  // One of them may bring its own few behind all that others bring.
  const second = await tiesFrom(db, owner, near.slice(0, MOST_NEAR), types, {
    without: [...drawn.keys()],
    most: places + MOST_OF_ONE,
  })
  for (const { near: by, far } of second) {
    if (drawn.size >= MOST_NODES) break
    const count = brought.get(by) ?? 0
    if (drawn.has(far) || count >= MOST_OF_ONE) continue
    brought.set(by, count + 1)
    drawn.set(far, 2)
  }
  const ids = [...drawn.keys()]
  const { total, hidden } = await countAround(db, owner, { root: root.id, near, drawn: ids, types })
  const rows = await rootsOf(db, owner, ids)
  return {
    nodes: [...drawn].flatMap(([id, steps]): GraphNode[] => {
      const entity = rows.get(id)
      return entity ? [{ entity, steps, hidden: hidden[id] ?? 0 }] : []
    }),
    edges: await edgesBetween(db, owner, ids),
    total,
  }
}

/**
 * One tie for each pair of neighbours, the newest first.
 * @param within of each of the roots so many at most, and none that leads to one of these
 */
async function tiesFrom(
  db: ReadHandle,
  owner: string,
  roots: readonly EntityId[],
  types: readonly EntityType[] | null,
  within: { without: readonly EntityId[]; most: number } | null = null,
): Promise<Tie[]> {
  if (roots.length === 0) return []
  const place = sql`row_number() over (partition by tie.near order by max(tie.at) desc, tie.far desc)`
  // In one piece: a hub has many.
  const { rows } = await db.execute<{ ties: Tie[] }>(sql`
    ${withNeighbours(owner, roots)}
    select coalesce(json_agg(json_build_object('near', one.near, 'far', one.far) order by one.at desc, one.far desc), '[]') as ties
    from (
      select tie.near, tie.far, max(tie.at) as at, ${place} as place
      from tie join entity far on far.id = tie.far and ${isShown(owner, types)}
      ${within ? sql`where not (tie.far = any(${sql.param([...within.without])}::uuid[]))` : sql``}
      group by tie.near, tie.far
    ) one
    ${within ? sql`where one.place <= ${within.most}` : sql``}`)
  return rows[0]?.ties ?? []
}

interface Around {
  root: EntityId
  near: readonly EntityId[]
  drawn: readonly EntityId[]
  types: readonly EntityType[] | null
}

/**
 * How many there are within two steps, behind neighbours that are not drawn too, and how many neighbours each of the drawn
 * ones has that are not drawn.
 */
async function countAround(
  db: ReadHandle,
  owner: string,
  { root, near, drawn, types }: Around,
): Promise<{ total: number; hidden: Partial<Record<EntityId, number>> }> {
  const isOf = (column: SQL, ids: readonly EntityId[]) => sql`${column} = any(${sql.param([...ids])}::uuid[])`
  const { rows } = await db.execute<{ total: number; hidden: Partial<Record<EntityId, number>> }>(sql`
    ${withNeighbours(owner, [...new Set([...near, ...drawn])])}, pair as materialized (
      select distinct tie.near, tie.far from tie join entity far on far.id = tie.far and ${isShown(owner, types)}
    )
    select
      (select count(*)::int from (
        select far from pair where ${isOf(sql`near`, near)} union select unnest(${sql.param([...near])}::uuid[])
      ) found where far <> ${root}) as total,
      (select coalesce(json_object_agg(near, count), '{}') from (
        select near, count(*)::int as count from pair where ${isOf(sql`near`, drawn)} and not ${isOf(sql`far`, drawn)} group by near
      ) behind) as hidden`)
  return rows[0] ?? { total: 0, hidden: {} }
}

/** The condition on the entity `far`: it may be drawn. */
function isShown(owner: string, types: readonly EntityType[] | null): SQL {
  const wanted = types === null ? sql`` : sql`and far.type = any(${sql.param([...types])}::text[])`
  return sql`far.status = 'active' and far.owner = ${owner} ${wanted}`
}

/**
 * The table `tie` of neighbours of these entities. Grouped for each end alone: an index read each, which no plan can turn into
 * a join of everything with everything while the database knows nothing of its own sizes.
 */
function withNeighbours(owner: string, roots: readonly EntityId[]): SQL {
  const side = (own: SQL, other: SQL) => sql`
    select ids.root as near, coalesce(e.merged_into, e.id) as far, told.at
    from ids
    cross join lateral (
      select m.${other} as far, max(m.updated_at) as at
      from memory m where m.${own} = ids.id and ${isTie(owner)} group by m.${other}
    ) told
    join entity e on e.id = told.far`
  return sql`
    with ${withIds(owner, roots)}, tie as (
      select * from (${side(sql`subject_id`, sql`object_id`)} union all ${side(sql`object_id`, sql`subject_id`)}) both_ways
      where near <> far
    )`
}

/** The ties among these entities, whichever of the merged ones they were told of. */
async function edgesBetween(db: ReadHandle, owner: string, roots: readonly EntityId[]): Promise<GraphEdge[]> {
  const { rows } = await db.execute<{ edges: GraphEdge[] }>(sql`
    with ${withIds(owner, roots)}
    select coalesce(json_agg(json_build_object('memoryId', told.id, 'from', told.near, 'to', told.far,
      'relation', told.relation, 'text', told.text) order by told.updated_at desc, told.id desc), '[]') as edges
    from (
      select m.id, one.root as near, other.root as far, m.data ->> 'relation' as relation, m.text, m.updated_at
      from memory m join ids one on one.id = m.subject_id join ids other on other.id = m.object_id
      where ${isTie(owner)} and m.subject_id = any(array(select id from ids)) and m.object_id = any(array(select id from ids))
        and one.root <> other.root
      order by m.updated_at desc, m.id desc limit ${MOST_EDGES}
    ) told`)
  return rows[0]?.edges ?? []
}

/** The table `ids`: entities with all that were merged into them, each beside what it stands for now. */
function withIds(owner: string, roots: readonly EntityId[]): SQL {
  const wanted = sql`unnest(${sql.param([...roots])}::uuid[]) as wanted (id)`
  return sql`ids as (
    select wanted.id as root, wanted.id from ${wanted}
    union all
    select wanted.id, merged.id from ${wanted} join entity merged on merged.merged_into = wanted.id and merged.owner = ${owner}
  )`
}

/** A relationship that holds; what waits, was replaced or lies in the bin is not drawn. */
function isTie(owner: string): SQL {
  return sql`m.owner = ${owner} and m.status = 'active' and m.store = ${ENTITY_STORE} and m.kind = 'relationship'`
}

/**
 * How many active memories are about each of these entities, whichever end they stand at.
 * @param roots entities that are not merged into others
 */
export async function countKnown(
  db: ReadHandle,
  owner: string,
  roots: readonly EntityId[],
): Promise<Map<EntityId, number>> {
  if (roots.length === 0) return new Map()
  const side = (own: SQL) => sql`
    select ids.root, known.id
    from ids cross join lateral (
      select m.id from memory m where m.${own} = ids.id and m.owner = ${owner} and m.status = 'active' offset 0
    ) known`
  const { rows } = await db.execute<{ root: EntityId; count: number }>(sql`
    with ${withIds(owner, roots)}
    select root, count(*)::int as count
    from (${side(sql`subject_id`)} union ${side(sql`object_id`)}) known
    group by root`)
  return new Map(rows.map(({ root, count }) => [root, count]))
}
