// The vectors nearest to one, by cosine: all compared, or with very many those that a first pass in memory found worth it.
import { sql } from 'drizzle-orm'
import type { ReadHandle } from './database.ts'
import type { VectorSpace } from './sketches.ts'

export interface NearVector<Id> {
  /** What the vector is of; a target in several parts comes once a part. */
  id: Id
  /** Cosine distance, 0 to 2. */
  distance: number
}

/**
 * @param search.take most vectors to give
 * @returns nearest first; `isAll` when there are no more than these
 */
export async function nearestVectors<Id>(
  db: ReadHandle,
  search: VectorSpace & { vector: Float32Array; take: number },
): Promise<{ near: NearVector<Id>[]; isAll: boolean }> {
  const { vector, take } = search
  const { of: sketches, settled } = db.sketches
  if (settled) await sketches.catchUp(db, search)
  const first = await sketches.firstPass(search, vector, take)
  const row = sql`select target_id as id, vector <=> ${vector}::vector as distance from embedding`
  const inSpace = sql`owner = ${search.owner} and model = ${search.model} and target_kind = ${search.targetKind}`
  const worth = sql.param(first?.worth)
  const { rows } = await db.execute<{ id: Id; distance: number; compared?: number }>(
    first
      ? sql`
        select id, distance, count(*) over () as compared from (
          ${row} where seq = any(${worth}::bigint[]) union all ${row} where seq > ${first.known} and ${inSpace}
        ) compared order by distance limit ${take}`
      : sql`${row} where ${inSpace} order by distance limit ${take}`,
  )
  if (first && settled && (rows[0]?.compared ?? 0) < first.worth.length) {
    const there = await db.execute<{ seq: number }>(
      sql`select seq::float8 as seq from embedding where seq = any(${worth}::bigint[])`,
    )
    const found = new Set(there.rows.map(({ seq }) => seq))
    sketches.gone(
      search,
      first.worth.filter((seq) => !found.has(seq)),
    )
  }
  return { near: rows, isAll: first === null && rows.length < take }
}
