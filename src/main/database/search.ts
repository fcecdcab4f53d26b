// The two searches recall is made of: by words (BM25) and by meaning (nearest vectors). Both give memories best first.
//
// Filters apply after ranking: inside it, they would make the planner score row by row (words) or lose neighbours
// (an approximate vector index). So each search takes more than it needs, filters, and takes more again when too
// little is left; the answer is exactly that of filtering first.
import { type SQL, sql } from 'drizzle-orm'
import type { MemoryId } from '../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../shared/memory.ts'
import type { ReadHandle } from './database.ts'
import { nearestVectors } from './nearest.ts'
import { isVisible, spacesOf, type Viewer } from './visible.ts'

/** What a hit must be. An empty list matches nothing; a missing one matches everything. */
export interface MemoryFilter {
  viewer: Viewer
  statuses?: readonly MemoryStatus[]
  stores?: readonly StoreId[]
}

export interface WordHit {
  id: MemoryId
  /** BM25, above 0; comparable within one search only. */
  score: number
}

export interface VectorHit {
  id: MemoryId
  /** Cosine similarity, -1 to 1; of the closest part where a memory has several. */
  similarity: number
}

/** Words beyond this many characters of a query add time and no aim. */
const LONGEST_QUERY = 4000
const FIRST_TAKE = 4
const GROWTH = 8

/**
 * Memories that share words with a query, best first. No stop words: every hit shares at least one word, however
 * frequent, so callers that want relevance compare scores. The score is that of "BM25" as pg_textsearch computes it
 * (k1 1.2, b 0.75) over all memories of the database.
 */
export async function searchMemoriesByWords(
  db: ReadHandle,
  search: MemoryFilter & { query: string; limit: number },
): Promise<WordHit[]> {
  const words = bm25Words(search.query)
  if (words === null) return []
  // The score in the select list is the index's own only when it reads exactly like the one ordered by.
  const score = sql`memory.text <@> to_bm25query(${words}, 'memory_words')`
  return takeUntilEnough(search.limit, async (take) => {
    const { rows } = await db.execute<{ id: MemoryId; score: number; matches: boolean }>(sql`
      select ranked.id, ranked.score, ${matches(search, sql`ranked`)} as matches from (
        select memory.id, memory.owner, memory.status, memory.store, memory.namespace, memory.local_only,
          memory.project_id, memory.conversation_id, ${score} as score
        from memory order by ${score} limit ${take}
      ) ranked
      where ranked.score < 0 order by ranked.score`)
    return {
      hits: rows.filter((row) => row.matches).map((row) => ({ id: row.id, score: -row.score })),
      isAll: rows.length < take,
    }
  })
}

/**
 * Memories whose embedding is nearest to a vector, best first. Exact while there are few; with very many a rare one may
 * be missed (sketches.ts).
 * @param search.model the embedding model's id, as written in `embedding.model`; the vector must be of its length
 */
export async function searchMemoriesByVector(
  db: ReadHandle,
  search: MemoryFilter & { model: string; vector: Float32Array; limit: number },
): Promise<VectorHit[]> {
  const { viewer, model, vector } = search
  const spaces = spacesOf(viewer)
  return takeUntilEnough(search.limit, async (take) => {
    const found = await Promise.all(
      spaces.map((owner) => nearestVectors<MemoryId>(db, { owner, model, targetKind: 'memory', vector, take })),
    )
    const near = found.flatMap((space) => space.near).sort((a, b) => a.distance - b.distance)
    const isAll = found.every((space) => space.isAll)
    const ids = [...new Set(near.map(({ id }) => id))]
    const { rows } = await db.execute<{ id: MemoryId }>(sql`
      select id from memory where id = any(${sql.param(ids)}::uuid[]) and ${matches(search, sql`memory`)}`)
    const matching = new Set(rows.map(({ id }) => id))
    const closest = new Map<MemoryId, number>()
    for (const { id, distance } of near) {
      if (matching.has(id) && !closest.has(id)) closest.set(id, 1 - distance)
    }
    return { hits: Array.from(closest, ([id, similarity]) => ({ id, similarity })), isAll }
  })
}

/** @returns what of a query the word index may be asked for; null when it holds no word */
export function bm25Words(query: string): string | null {
  const words = query.replaceAll('\0', ' ').slice(0, LONGEST_QUERY)
  return /[\p{L}\p{N}]/u.test(words) ? words : null
}

/**
 * Takes more until enough hits are left after filtering, or nothing more is there.
 * @param first how many times the limit to begin with: by what part of all the filter usually lets through
 */
export async function takeUntilEnough<Hit>(
  limit: number,
  search: (take: number) => Promise<{ hits: Hit[]; isAll: boolean }>,
  first = FIRST_TAKE,
): Promise<Hit[]> {
  if (limit <= 0) return []
  for (let take = Math.ceil(limit * first); ; take *= GROWTH) {
    const { hits, isAll } = await search(take)
    if (hits.length >= limit || isAll) return hits.slice(0, limit)
  }
}

function matches(filter: MemoryFilter, row: SQL): SQL {
  const conditions = [isVisible(filter.viewer, row)]
  if (filter.statuses) conditions.push(sql`${row}.status = any(${sql.param(filter.statuses)}::text[])`)
  if (filter.stores) conditions.push(sql`${row}.store = any(${sql.param(filter.stores)}::text[])`)
  return sql`(${sql.join(conditions, sql` and `)})`
}
