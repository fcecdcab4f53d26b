// The vectors nearest to one, by cosine: all compared, or with very many those that a first pass in memory found worth it.
import { type SQL, sql } from 'drizzle-orm'
import type { ReadHandle } from './database.ts'
import type { VectorSpace } from './sketches.ts'

export interface NearVector<Id> {
  /** What the vector is of; a target in several parts comes once a part. */
  id: Id
  /** Cosine distance, 0 to 2. */
  distance: number
  /** Whether the target passed the filter of the search. */
  shown: boolean
}

/** Which targets may be shown: a condition on tables that are joined to `near.id`. */
export interface TargetFilter {
  joins: SQL
  isShown: SQL
}

/** One answer: how many were compared, and the nearest as [id, distance, shown]. */
interface Found<Id> extends Record<string, unknown> {
  compared: number
  near: [Id, number, boolean][]
}

/**
 * @param search.take most vectors to give, those among them that the filter does not show
 * @returns nearest first; `isAll` when there are no more than these
 */
export async function nearestVectors<Id>(
  db: ReadHandle,
  search: VectorSpace & { vector: Float32Array; take: number; filter: TargetFilter },
): Promise<{ near: NearVector<Id>[]; isAll: boolean }> {
  const { vector, take, filter } = search
  const { of: sketches, settled } = db.sketches
  if (settled) await sketches.catchUp(db, search)
  if (settled && sketches.isEmpty(search)) return { near: [], isAll: true }
  const first = await sketches.firstPass(search, vector, take)
  const row = sql`select target_id as id, vector <=> ${vector}::vector as distance from embedding`
  const inSpace = sql`owner = ${search.owner} and model = ${search.model} and target_kind = ${search.targetKind}`
  const worth = sql.param(first?.worth)
  const compared = first
    ? sql`${row} where seq = any(${worth}::bigint[]) union all ${row} where seq > ${first.known} and ${inSpace}`
    : sql`${row} where ${inSpace}`
  // One row of JSON: reading out the cells of hundreds of rows takes longer than finding them.
  const { rows } = await db.execute<Found<Id>>(sql`
    with compared as (${compared}), near as (select id, distance from compared order by distance limit ${take})
    select ${first ? sql`(select count(*)::int from compared)` : sql`0`} as compared,
      coalesce(json_agg(json_build_array(near.id, near.distance, coalesce(${filter.isShown}, false))
        order by near.distance), '[]') as near
    from near ${filter.joins}`)
  const [found] = rows
  if (first && settled && (found?.compared ?? 0) < first.worth.length) {
    const there = await db.execute<{ seq: number }>(
      sql`select seq::float8 as seq from embedding where seq = any(${worth}::bigint[])`,
    )
    const known = new Set(there.rows.map(({ seq }) => seq))
    sketches.gone(
      search,
      first.worth.filter((seq) => !known.has(seq)),
    )
  }
  const near = (found?.near ?? []).map(([id, distance, shown]) => ({ id, distance, shown }))
  return { near, isAll: first === null && near.length < take }
}
