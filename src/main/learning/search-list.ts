// Searching within the person's list: by words, by beginnings of words while they are typed, and by meaning.
import { and, desc, type SQL, sql } from 'drizzle-orm'
import { parseFind } from '../../shared/find-query.ts'
import type { MemoryId } from '../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../shared/memory.ts'
import { isAnyOf } from '../database/any-of.ts'
import type { ReadHandle } from '../database/database.ts'
import { rankedIds } from '../database/ranked.ts'
import { memory } from '../database/schema.ts'
import { onlyOwn } from '../database/visible.ts'
import { fixedEmbedder } from '../engine/engine.ts'
import { indexWords, matchText, wantedOf } from './match.ts'
import { type RecallPorts, recall } from './recall/recall.ts'

/** Most hits of a search; a person who wants more types another word. */
const MOST_HITS = 200
/** Cosine under which a hit without a shared word is no find for a person who searches. */
const SEARCH_NEAR = 0.3
/** Candidates of the index of words and beginnings. */
const CANDIDATES = 480
/** Up to this many that pass a filter are each compared with the words; of more, those a search over all finds. */
const EACH = 5000

interface SearchQuery {
  words: string
  stores: readonly StoreId[]
  statuses: readonly MemoryStatus[]
  isListed: SQL | undefined
  /** The filter asks for more than store and state, so that few of what a search over all finds may pass it. */
  narrowed: boolean
}

/** @returns the best first; `onlyBest`: there may be more */
export async function searchIds(
  ports: RecallPorts,
  owner: string,
  query: SearchQuery,
): Promise<{ ids: MemoryId[]; onlyBest: boolean }> {
  const few = query.narrowed ? await passing(ports.read, query.isListed) : null
  const ids = few ? await compareEach(ports, query.words, few) : await searchAmongAll(ports, owner, query)
  return { ids: ids.slice(0, MOST_HITS), onlyBest: ids.length >= MOST_HITS }
}

interface Text {
  id: MemoryId
  text: string
}

/** Those that pass a filter; null when they are too many to be looked at one by one. */
async function passing(db: ReadHandle, filter: SQL | undefined): Promise<Text[] | null> {
  const rows = await db
    .select({ id: memory.id, text: memory.text })
    .from(memory)
    .where(filter)
    .limit(EACH + 1)
  return rows.length > EACH ? null : rows
}

async function compareEach(ports: RecallPorts, words: string, texts: readonly Text[]): Promise<MemoryId[]> {
  const wanted = wantedOf(parseFind(words, new Date()))
  const near = await similarities(
    ports,
    words,
    texts.map(({ id }) => id),
  )
  return texts
    .flatMap(({ id, text }) => {
      const said = wanted ? (matchText(wanted, text)?.score ?? 0) : 0
      const similarity = near.get(id) ?? 0
      return said > 0 || similarity >= SEARCH_NEAR ? [{ id, score: said + similarity }] : []
    })
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id)
}

/** Cosine similarity of these memories with some words; empty while there is no embedder. */
async function similarities(
  { read, embedder: now, log }: RecallPorts,
  words: string,
  ids: readonly MemoryId[],
): Promise<ReadonlyMap<MemoryId, number>> {
  if (ids.length === 0) return new Map()
  const embedder = fixedEmbedder(now)
  const [vector] = await embedder.embed([words], 'query').catch((error: unknown) => {
    log.warn({ err: (error as Error).name }, 'the words of a search could not be embedded')
    return []
  })
  if (!vector) return new Map()
  const { rows } = await read.execute<{ id: MemoryId; similarity: number }>(sql`
    select target_id as id, 1 - min(vector <=> ${vector}::vector) as similarity from embedding
    where target_id = any(${sql.param([...ids])}::uuid[]) and model = ${embedder.model} group by target_id`)
  return new Map(rows.map(({ id, similarity }) => [id, similarity]))
}

async function searchAmongAll(ports: RecallPorts, owner: string, query: SearchQuery): Promise<MemoryId[]> {
  const { words, stores, statuses, isListed } = query
  const { hits } = await recall(ports, {
    viewer: onlyOwn(owner),
    text: words,
    recent: [],
    stores,
    statuses,
    limit: MOST_HITS,
    floor: false,
    passages: false,
  })
  const found = new Set(
    hits.flatMap((hit) => {
      const { words: shared, similarity } = hit.reason
      const isFind = shared.length > 0 || (similarity ?? 0) >= SEARCH_NEAR
      return hit.kind === 'memory' && isFind ? [hit.row.id] : []
    }),
  )
  for (const id of await beginning(ports.read, query)) found.add(id)
  // Inside of a word only where nothing else was found: it reads every text.
  if (found.size === 0 && !/\s/u.test(words)) for (const id of await within(ports.read, query)) found.add(id)
  if (!query.narrowed || found.size === 0) return [...found]
  const rows = await ports.read
    .select({ id: memory.id })
    .from(memory)
    .where(and(isAnyOf(memory.id, [...found]), isListed))
  const listed = new Set(rows.map(({ id }) => id))
  return [...found].filter((id) => listed.has(id))
}

/** What has the words, or begins with them while they are typed. */
async function beginning(db: ReadHandle, { words, isListed }: SearchQuery): Promise<MemoryId[]> {
  const find = parseFind(words, new Date())
  const wanted = wantedOf(find)
  if (!wanted) return []
  const ids = await rankedIds<MemoryId>(db, 'memory', indexWords(find), CANDIDATES)
  if (ids.length === 0) return []
  const rows = await db
    .select({ id: memory.id, text: memory.text })
    .from(memory)
    .where(and(isAnyOf(memory.id, ids), isListed))
  return rows
    .flatMap(({ id, text }) => {
      const match = matchText(wanted, text)
      return match ? [{ id, score: match.score }] : []
    })
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id)
}

/** Letters that ASCII has. By its rules alone the database compares large and small ones in half the time. */
const PLAIN = /^[\x00-\x7f]*$/

async function within(db: ReadHandle, { words, isListed }: SearchQuery): Promise<MemoryId[]> {
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const text = PLAIN.test(words) ? sql`${memory.text} collate "C"` : memory.text
  const rows = await db
    .select({ id: memory.id })
    .from(memory)
    .where(and(isListed, sql`${text} ilike ${pattern}`))
    .orderBy(desc(memory.updatedAt), desc(memory.id))
    .limit(MOST_HITS)
  return rows.map(({ id }) => id)
}
