// An entity and what is around it, for drawing: a bounded number of nodes, the ties between them, and how many were left out.
import { type SQL, sql } from 'drizzle-orm'
import type { EntityId, MemoryId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { ENTITY_STORE, type EntityRow, idsOfEntities, rootsOf } from './rows.ts'

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
  type: EntityType
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
  const wanted = ({ type }: Tie) => types === null || types.includes(type)
  const first = (await tiesFrom(db, owner, [root.id])).filter(wanted)
  const near = first.map(({ far }) => far)
  const drawn = new Map<EntityId, 0 | 1 | 2>([[root.id, 0]])
  for (const id of near.slice(0, MOST_NEAR)) drawn.set(id, 1)
  const second = (await tiesFrom(db, owner, near.slice(0, MOST_NEAR))).filter(wanted)
  const brought = new Map<EntityId, number>()
  for (const { near: by, far } of second) {
    if (drawn.size >= MOST_NODES) break
    const count = brought.get(by) ?? 0
    if (drawn.has(far) || count >= MOST_OF_ONE) continue
    brought.set(by, count + 1)
    drawn.set(far, 2)
  }
  const outer = [...drawn].flatMap(([id, steps]) => (steps === 2 ? [id] : []))
  const beyond = [...first, ...second, ...(await tiesFrom(db, owner, outer)).filter(wanted)]
  const rows = await rootsOf(db, owner, [...drawn.keys()])
  const nodes = [...drawn].flatMap(([id, steps]): GraphNode[] => {
    const entity = rows.get(id)
    if (!entity) return []
    return [{ entity, steps, hidden: beyond.filter((tie) => tie.near === id && !drawn.has(tie.far)).length }]
  })
  return {
    nodes,
    edges: await edgesBetween(db, owner, [...drawn.keys()]),
    total: await countWithin(db, owner, root.id, near, types),
  }
}

/** One row for each pair of neighbours, the newest tie first. */
async function tiesFrom(db: ReadHandle, owner: string, roots: readonly EntityId[]): Promise<Tie[]> {
  if (roots.length === 0) return []
  const { rows } = await db.execute<{ near: EntityId; far: EntityId; type: EntityType }>(sql`
    ${await withNeighbours(db, owner, roots)}
    select tie.near, tie.far, far.type
    from tie join entity far on far.id = tie.far and far.status = 'active' and far.owner = ${owner}
    group by tie.near, tie.far, far.type
    order by max(tie.at) desc, tie.far desc`)
  return rows
}

/** How many there are within two steps, behind neighbours that are not drawn too. */
async function countWithin(
  db: ReadHandle,
  owner: string,
  root: EntityId,
  near: readonly EntityId[],
  types: readonly EntityType[] | null,
): Promise<number> {
  if (near.length === 0) return 0
  const { rows } = await db.execute<{ count: number }>(sql`
    ${await withNeighbours(db, owner, near)}
    select count(*)::int as count from (
      select tie.far as id from tie union select unnest(${sql.param([...near])}::uuid[])
    ) found
    join entity far on far.id = found.id and far.status = 'active' and far.owner = ${owner}
    where far.id <> ${root}
    ${types === null ? sql`` : sql`and far.type = any(${sql.param([...types])}::text[])`}`)
  return rows[0]?.count ?? 0
}

/**
 * The table `tie` of neighbours of these entities. Grouped for each end alone: an index read each, which no plan can turn into
 * a join of everything with everything while the database knows nothing of its own sizes.
 */
async function withNeighbours(db: ReadHandle, owner: string, roots: readonly EntityId[]): Promise<SQL> {
  const all = [...(await idsOfEntities(db, owner, roots))].flatMap(([root, ids]) => ids.map((id) => ({ root, id })))
  const side = (own: SQL, other: SQL) => sql`
    select ids.root as near, coalesce(e.merged_into, e.id) as far, told.at
    from ids
    cross join lateral (
      select m.${other} as far, max(m.updated_at) as at
      from memory m where m.${own} = ids.id and ${isTie(owner)} group by m.${other}
    ) told
    join entity e on e.id = told.far`
  return sql`
    with ids as (
      select * from unnest(
        ${sql.param(all.map(({ root }) => root))}::uuid[], ${sql.param(all.map(({ id }) => id))}::uuid[]) as one(root, id)
    ), tie as (
      select * from (${side(sql`subject_id`, sql`object_id`)} union all ${side(sql`object_id`, sql`subject_id`)}) both_ways
      where near <> far
    )`
}

/** The ties among these entities, whichever of the merged ones they were told of. */
async function edgesBetween(db: ReadHandle, owner: string, roots: readonly EntityId[]): Promise<GraphEdge[]> {
  const ids = await idsOfEntities(db, owner, roots)
  const rootOf = new Map([...ids].flatMap(([root, merged]) => merged.map((id) => [id, root] as const)))
  const all = sql`any(${sql.param([...rootOf.keys()])}::uuid[])`
  const { rows } = await db.execute<{
    id: MemoryId
    subject: EntityId
    object: EntityId
    relation: string | null
    text: string
  }>(sql`
    select m.id, m.subject_id as subject, m.object_id as object, m.data ->> 'relation' as relation, m.text
    from memory m
    where ${isTie(owner)} and m.subject_id = ${all} and m.object_id = ${all}
    order by m.updated_at desc, m.id desc limit ${MOST_EDGES}`)
  return rows.flatMap(({ id, subject, object, relation, text }) => {
    const [from, to] = [rootOf.get(subject), rootOf.get(object)]
    return from && to && from !== to ? [{ memoryId: id, from, to, relation, text }] : []
  })
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
  const all = [...(await idsOfEntities(db, owner, roots))].flatMap(([root, ids]) => ids.map((id) => ({ root, id })))
  const side = (own: SQL) => sql`
    select ids.root, known.id
    from ids cross join lateral (
      select m.id from memory m where m.${own} = ids.id and m.owner = ${owner} and m.status = 'active' offset 0
    ) known`
  const { rows } = await db.execute<{ root: EntityId; count: number }>(sql`
    with ids as (
      select * from unnest(
        ${sql.param(all.map(({ root }) => root))}::uuid[], ${sql.param(all.map(({ id }) => id))}::uuid[]) as one(root, id)
    )
    select root, count(*)::int as count
    from (${side(sql`subject_id`)} union ${side(sql`object_id`)}) known
    group by root`)
  return new Map(rows.map(({ root, count }) => [root, count]))
}
