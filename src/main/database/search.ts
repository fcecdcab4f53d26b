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
const FIRST_TAKE = 2
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
    const { rows } = await db.execute<RankedByWords<MemoryId>>(sql`
      select ${rankedByWords(matches(search, sql`ranked`))} from (
        select memory.id, memory.owner, memory.status, memory.store, memory.namespace, memory.local_only,
          memory.project_id, memory.conversation_id, ${score} as score
        from memory order by ${score} limit ${take}
      ) ranked
      where ranked.score < 0`)
    return wordHits(rows, take)
  })
}

/** One answer: how many share a word with the query, and those of them that may be shown as [id, score below 0]. */
export interface RankedByWords<Id> extends Record<string, unknown> {
  found: number
  hits: [Id, number][]
}

/**
 * What to select of rows `ranked` with an `id` and a `score`: one row of JSON, because reading out the cells of hundreds
 * of rows takes longer than finding them.
 */
export function rankedByWords(isShown: SQL): SQL {
  return sql`count(*)::int as found, coalesce(json_agg(json_build_array(ranked.id, ranked.score) order by ranked.score)
    filter (where ${isShown}), '[]') as hits`
}

export function wordHits<Id>(
  [ranked]: readonly RankedByWords<Id>[],
  take: number,
): { hits: { id: Id; score: number }[]; isAll: boolean } {
  const hits = (ranked?.hits ?? []).map(([id, score]) => ({ id, score: -score }))
  return { hits, isAll: (ranked?.found ?? 0) < take }
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
  const filter = { joins: sql`left join memory on memory.id = near.id`, isShown: matches(search, sql`memory`) }
  return takeUntilEnough(search.limit, async (take) => {
    const found = await Promise.all(
      spaces.map((owner) => nearestVectors<MemoryId>(db, { owner, model, targetKind: 'memory', vector, take, filter })),
    )
    const near = found.flatMap((space) => space.near).sort((a, b) => a.distance - b.distance)
    const isAll = found.every((space) => space.isAll)
    const closest = new Map<MemoryId, number>()
    for (const { id, distance, shown } of near) if (shown && !closest.has(id)) closest.set(id, 1 - distance)
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
