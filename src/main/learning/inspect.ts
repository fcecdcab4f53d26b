// What a person sees of their memories: lists with search, one item with its sources and history.
import { and, asc, count, desc, eq, inArray, isNotNull, lt, or, sql } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import type { MemoryId } from '../../shared/ids.ts'
import type { StoreId } from '../../shared/memory.ts'
import type { ReadHandle } from '../database/database.ts'
import { conversation, evidence, memory, message } from '../database/schema.ts'
import { onlyOwn } from '../database/visible.ts'
import { historyOf } from './journal/journal.ts'
import { explain } from './journal/why.ts'
import { type RecallPorts, recall } from './recall/recall.ts'
import { type MemoryRow, needMemory, readMemories, viewMemory } from './rows.ts'

type ListQuery = Inputs['memory']['list']
type List = Outputs['memory']['list']

/** Most hits of a search; a person who wants more types another word. */
const MOST_HITS = 200
/** Cosine under which a hit without a shared word is no find for a person who searches. */
const SEARCH_NEAR = 0.3

export async function listMemories(
  ports: RecallPorts,
  stores: readonly StoreId[],
  owner: string,
  query: ListQuery,
): Promise<List> {
  const { query: words = '', store = null, status = 'active', cursor = null, limit = 50 } = query
  const counts = await countByStore(ports.read, owner, stores)
  const wanted = store ? [store] : stores
  const page =
    words.trim() === ''
      ? await listNewest(ports.read, owner, { stores: wanted, status, cursor, limit })
      : await searchList(ports, owner, { words: words.trim(), stores: wanted, status, cursor, limit })
  const sources = await readSources(
    ports.read,
    page.rows.map(({ id }) => id),
  )
  return {
    items: page.rows.map((row) => ({
      ...viewMemory(row),
      ...(sources.get(row.id) ?? { quote: null, conversationTitle: null }),
    })),
    total: page.total,
    counts,
    nextCursor: page.nextCursor,
  }
}

interface PageQuery {
  stores: readonly StoreId[]
  status: MemoryRow['status']
  cursor: string | null
  limit: number
}

interface Page {
  rows: MemoryRow[]
  total: number
  nextCursor: string | null
}

async function listNewest(db: ReadHandle, owner: string, { stores, status, cursor, limit }: PageQuery): Promise<Page> {
  const all = and(eq(memory.owner, owner), eq(memory.status, status), inArray(memory.store, [...stores]))
  const after = cursor === null ? undefined : olderThan(cursor)
  const rows = await db
    .select()
    .from(memory)
    .where(and(all, after))
    .orderBy(desc(memory.updatedAt), desc(memory.id))
    .limit(limit + 1)
  const total = await db.$count(memory, all)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page,
    total,
    nextCursor: rows.length > limit && last ? `${last.updatedAt.getTime()}_${last.id}` : null,
  }
}

function olderThan(cursor: string) {
  const [, time, id] = /^(\d{1,16})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!time || !id) throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  const at = new Date(Number(time))
  return or(lt(memory.updatedAt, at), and(eq(memory.updatedAt, at), lt(memory.id, id as MemoryId)))
}

async function searchList(
  ports: RecallPorts,
  owner: string,
  { words, stores, status, cursor, limit }: PageQuery & { words: string },
): Promise<Page> {
  const { hits } = await recall(ports, {
    viewer: onlyOwn(owner),
    text: words,
    recent: [],
    stores,
    statuses: [status],
    limit: MOST_HITS,
    floor: false,
    passages: false,
  })
  const found = new Map(
    hits.flatMap((hit) => {
      const { words, similarity } = hit.reason
      const isFind = words.length > 0 || (similarity ?? 0) >= SEARCH_NEAR
      return hit.kind === 'memory' && isFind ? [[hit.row.id, hit.row]] : []
    }),
  )
  // Parts of words, which neither search by words nor by meaning finds while a person is still typing.
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
  const parts = await ports.read
    .select()
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        eq(memory.status, status),
        inArray(memory.store, [...stores]),
        sql`${memory.text} ilike ${pattern}`,
      ),
    )
    .orderBy(desc(memory.updatedAt), desc(memory.id))
    .limit(MOST_HITS)
  for (const row of parts) if (!found.has(row.id)) found.set(row.id, row)
  const rows = [...found.values()].slice(0, MOST_HITS)
  const start = cursor === null ? 0 : Number(cursor)
  if (!Number.isSafeInteger(start) || start < 0) {
    throw new AppError('INVALID_INPUT', 'The list changed. Search again.', { field: 'cursor' })
  }
  const end = start + limit
  return { rows: rows.slice(start, end), total: rows.length, nextCursor: end < rows.length ? String(end) : null }
}

/** Active items by store; every store has an entry. */
export async function countByStore(
  db: ReadHandle,
  owner: string,
  stores: readonly StoreId[],
): Promise<Record<StoreId, number>> {
  const rows = await db
    .select({ store: memory.store, n: count() })
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.status, 'active')))
    .groupBy(memory.store)
  return Object.fromEntries(stores.map((id) => [id, rows.find(({ store }) => store === id)?.n ?? 0]))
}

/** The first quote of each item, and where it was said. */
async function readSources(
  db: ReadHandle,
  ids: readonly MemoryId[],
): Promise<Map<MemoryId, { quote: string | null; conversationTitle: string | null }>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectDistinctOn([evidence.memoryId], {
      memoryId: evidence.memoryId,
      quote: evidence.quote,
      conversationTitle: conversation.title,
    })
    .from(evidence)
    .leftJoin(conversation, eq(conversation.id, evidence.conversationId))
    .where(inArray(evidence.memoryId, [...ids]))
    .orderBy(asc(evidence.memoryId), asc(evidence.at), asc(evidence.id))
  return new Map(rows.map(({ memoryId, quote, conversationTitle }) => [memoryId, { quote, conversationTitle }]))
}

/** One item with everything a person may ask about it. */
export async function inspectMemory(db: ReadHandle, owner: string, id: MemoryId): Promise<Outputs['memory']['get']> {
  const row = await needMemory(db, owner, id)
  const sources = await db
    .select({ evidence, title: conversation.title, messageThere: message.id, trashedAt: conversation.trashedAt })
    .from(evidence)
    .leftJoin(message, eq(message.id, evidence.messageId))
    .leftJoin(conversation, eq(conversation.id, evidence.conversationId))
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner)))
    .orderBy(asc(evidence.at), asc(evidence.id))
  const [replaced] = await db
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), isNotNull(memory.supersededBy), eq(memory.supersededBy, id)))
    .orderBy(desc(memory.updatedAt))
    .limit(1)
  const by = row.supersededBy ? (await readMemories(db, owner, [row.supersededBy])).get(row.supersededBy) : undefined
  return {
    memory: viewMemory(row),
    evidence: sources.map(({ evidence: item, title, messageThere, trashedAt }) => ({
      id: item.id,
      origin: item.origin,
      quote: item.quote,
      start: item.start,
      end: item.end,
      conversationId: item.conversationId,
      conversationTitle: title,
      messageId: item.messageId,
      sourceGone: item.messageId !== null && (messageThere === null || trashedAt !== null),
      at: item.at,
    })),
    history: await historyOf(db, owner, id),
    why: await explain(db, owner, id),
    replaces: replaced && replaced.status !== 'trashed' ? viewMemory(replaced) : null,
    replacedBy: by && by.status !== 'trashed' ? viewMemory(by) : null,
  }
}
