// The person's list of what was learned: one query for every filter, in pages that cost the same wherever they begin.
import { and, asc, count, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Outputs } from '../../shared/contract/index.ts'
import type { MemoryListQuery, MemorySort } from '../../shared/contract/memory.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, EntityId, MemoryId, MessageId } from '../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../shared/memory.ts'
import { isAnyOf } from '../database/any-of.ts'
import type { ReadHandle } from '../database/database.ts'
import { conversation, entity, evidence, memory, project } from '../database/schema.ts'
import { isLearnedFrom } from './forgetting/select.ts'
import type { RecallPorts } from './recall/recall.ts'
import { readMemories, viewMemory } from './rows.ts'
import { searchIds } from './search-list.ts'

type List = Outputs['memory']['list']

/** States a person finds in the list without asking for one: what waits stands in the inbox, what was forgotten nowhere. */
export const SEEN: readonly MemoryStatus[] = ['active', 'paused', 'archived', 'superseded']
/** Most ids of one step of an act on all that match. */
export const STEP = 1000

/** One page of the list, with what stands around it when it is the first. */
export async function listMemories(
  ports: RecallPorts,
  stores: readonly StoreId[],
  owner: string,
  query: MemoryListQuery,
): Promise<List> {
  const { read } = ports
  const first = (query.cursor ?? null) === null
  const page = await readPage(ports, stores, owner, { ...query, limit: query.limit ?? 50 })
  const [rows, sources, about] = await Promise.all([
    readMemories(read, owner, page.ids),
    readSources(read, page.ids),
    first ? readNames(read, owner, query) : NO_NAMES,
  ])
  return {
    items: page.ids.flatMap((id) => {
      const row = rows.get(id)
      const { quote, origin, conversationTitle } = sources.get(id) ?? NO_SOURCE
      return row ? [{ ...viewMemory(row), quote, origin, conversationTitle }] : []
    }),
    total: page.total,
    onlyBest: page.onlyBest,
    about,
    nextCursor: page.nextCursor,
  }
}

/** The ids of what a filter lists, a step at a time. */
export async function matchingMemories(
  ports: RecallPorts,
  stores: readonly StoreId[],
  owner: string,
  query: MemoryListQuery,
): Promise<Outputs['memory']['matching']> {
  const { ids, total, nextCursor } = await readPage(ports, stores, owner, { ...query, limit: STEP })
  return { ids, total, nextCursor }
}

interface Page {
  ids: MemoryId[]
  total: number
  onlyBest: boolean
  nextCursor: string | null
}

async function readPage(
  ports: RecallPorts,
  stores: readonly StoreId[],
  owner: string,
  query: MemoryListQuery & { limit: number },
): Promise<Page> {
  const words = query.query?.trim() ?? ''
  const wanted = query.store ? [query.store] : stores
  const filter = await isListed(ports.read, owner, wanted, query)
  if (words === '') return readOrdered(ports.read, query, filter)
  const { ids, onlyBest } = await searchIds(ports, owner, {
    words,
    stores: wanted,
    statuses: statusesOf(query),
    isListed: filter,
    narrowed: narrows(query),
  })
  const start = query.cursor ? Number(query.cursor) : 0
  if (!Number.isSafeInteger(start) || start < 0) throw changedList()
  const end = start + query.limit
  return {
    ids: ids.slice(start, end),
    total: ids.length,
    onlyBest,
    nextCursor: end < ids.length ? String(end) : null,
  }
}

function statusesOf({ status = 'active' }: MemoryListQuery): readonly MemoryStatus[] {
  return status === null ? SEEN : [status]
}

/** Whether more is asked than which store and which state. */
function narrows(query: MemoryListQuery): boolean {
  const { conversationId, entityId, projectId, learnedFrom, learnedTo, pinned, origin } = query
  return Boolean(conversationId ?? entityId ?? projectId ?? learnedFrom ?? learnedTo ?? origin) || pinned === true
}

/** The condition on a row of `memory`: it belongs in this list. */
async function isListed(
  db: ReadHandle,
  owner: string,
  stores: readonly StoreId[],
  query: MemoryListQuery,
): Promise<SQL | undefined> {
  const { conversationId, entityId, projectId, learnedFrom, learnedTo, pinned, origin } = query
  const statuses = statusesOf(query)
  const ends = entityId ? await mergedWith(db, owner, entityId) : []
  return and(
    eq(memory.owner, owner),
    // One state is a place in the index that the list is read in.
    statuses.length === 1 ? eq(memory.status, statuses[0] ?? 'active') : inArray(memory.status, [...statuses]),
    sql`${memory.store} = any(${sql.param([...stores])}::text[])`,
    conversationId ? isLearnedFrom(db, owner, conversationId) : undefined,
    entityId ? or(isAnyOf(memory.subjectId, ends), isAnyOf(memory.objectId, ends)) : undefined,
    projectId ? isOfProject(owner, projectId) : undefined,
    learnedFrom ? gte(memory.createdAt, learnedFrom) : undefined,
    learnedTo ? lt(memory.createdAt, learnedTo) : undefined,
    pinned ? eq(memory.pinned, true) : undefined,
    origin
      ? sql`exists (select 1 from ${evidence} where ${evidence.memoryId} = ${memory.id} and ${evidence.origin} = ${origin})`
      : undefined,
  )
}

/** An entity and what turned out to be the same. */
async function mergedWith(db: ReadHandle, owner: string, id: EntityId): Promise<EntityId[]> {
  const rows = await db
    .select({ id: entity.id })
    .from(entity)
    .where(and(eq(entity.owner, owner), eq(entity.mergedInto, id)))
  return [id, ...rows.map((row) => row.id)]
}

function isOfProject(owner: string, id: string): SQL {
  const chats = sql`select inside.id from conversation inside where inside.owner = ${owner} and inside.project_id = ${id}::uuid`
  return sql`(${memory.projectId} = ${id}::uuid or ${memory.conversationId} in (${chats})
    or ${memory.id} in (select said.memory_id from evidence said
      where said.owner = ${owner} and said.conversation_id in (${chats})))`
}

const never = sql`'epoch'::timestamptz`
const milliseconds = (at: SQL) => sql`(extract(epoch from ${at}) * 1000)::bigint`

/** What each order goes by, as it is compared and as a number in the cursor, and whether the greatest comes first. */
const ORDERS: Record<MemorySort, { by: SQL; key: SQL; value: (key: number) => SQL; falling: boolean }> = {
  changed: inTime(sql`${memory.updatedAt}`, true),
  learned: inTime(sql`${memory.createdAt}`, true),
  oldest: inTime(sql`${memory.createdAt}`, false),
  used: inTime(sql`coalesce(${memory.lastUsedAt}, ${never})`, true),
  often: {
    by: sql`${memory.useCount}`,
    key: sql`${memory.useCount}::bigint`,
    value: (key) => sql`${key}::integer`,
    falling: true,
  },
}

function inTime(by: SQL, falling: boolean) {
  const value = (key: number) => sql`${new Date(key).toISOString()}::timestamptz`
  return { by, key: milliseconds(by), value, falling }
}

interface OrderedPage extends Record<string, unknown> {
  page: [MemoryId, number][]
}

async function readOrdered(
  db: ReadHandle,
  { sort = 'changed', cursor, limit }: MemoryListQuery & { limit: number },
  filter: SQL | undefined,
): Promise<Page> {
  const { by, key, value, falling } = ORDERS[sort]
  const last = cursor ? readCursor(cursor) : null
  const after = last
    ? sql`(${by}, ${memory.id}) ${falling ? sql`<` : sql`>`} (${value(last.key)}, ${last.id}::uuid)`
    : undefined
  // As the indexes say it: without "nulls last" none of them is in this order.
  const direction = falling ? sql`desc nulls last` : sql`asc`
  const { rows } = await db.execute<OrderedPage>(sql`
    select coalesce(json_agg(json_build_array(found.id, found.key) order by found.place), '[]') as page from (
      select row_number() over () as place, ordered.* from (
        select ${memory.id} as id, ${key} as key from ${memory} where ${and(filter, after)}
        order by ${by} ${direction}, ${memory.id} ${direction} limit ${limit + 1}
      ) ordered
    ) found`)
  const found = rows[0]?.page ?? []
  const total = last?.total ?? (await db.$count(memory, filter))
  const end = found[limit - 1]
  return {
    ids: found.slice(0, limit).map(([id]) => id),
    total,
    onlyBest: false,
    // The total goes along: counting again would cost more than the page.
    nextCursor: found.length > limit && end ? `${total}_${end[1]}_${end[0]}` : null,
  }
}

function readCursor(cursor: string): { total: number; key: number; id: string } {
  const [, total, key, id] = /^(\d{1,12})_(\d{1,16})_([0-9a-f-]{36})$/.exec(cursor) ?? []
  if (!total || !key || !id) throw changedList()
  return { total: Number(total), key: Number(key), id }
}

function changedList(): AppError {
  return new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
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

type Source = Pick<List['items'][number], 'quote' | 'origin' | 'conversationTitle'> & {
  conversationId: ConversationId | null
  messageId: MessageId | null
}
export const NO_SOURCE: Source = {
  quote: null,
  origin: null,
  conversationId: null,
  messageId: null,
  conversationTitle: null,
}

/** The first quote of each item, and where it was said. */
export async function readSources(db: ReadHandle, ids: readonly MemoryId[]): Promise<Map<MemoryId, Source>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectDistinctOn([evidence.memoryId], {
      memoryId: evidence.memoryId,
      quote: evidence.quote,
      origin: evidence.origin,
      conversationId: evidence.conversationId,
      messageId: evidence.messageId,
      conversationTitle: conversation.title,
    })
    .from(evidence)
    .leftJoin(conversation, eq(conversation.id, evidence.conversationId))
    .where(isAnyOf(evidence.memoryId, ids))
    .orderBy(asc(evidence.memoryId), asc(evidence.at), asc(evidence.id))
  return new Map(rows.map(({ memoryId, ...source }) => [memoryId, source]))
}

const NO_NAMES: List['about'] = { conversation: null, entity: null, project: null }

/** What the ids of a filter are called. */
async function readNames(db: ReadHandle, owner: string, query: MemoryListQuery): Promise<List['about']> {
  const { conversationId, entityId, projectId } = query
  const [chat] = conversationId
    ? await db
        .select({ title: conversation.title })
        .from(conversation)
        .where(and(eq(conversation.owner, owner), eq(conversation.id, conversationId)))
    : []
  const [named] = entityId
    ? await db
        .select({ name: entity.name })
        .from(entity)
        .where(and(eq(entity.owner, owner), eq(entity.id, entityId)))
    : []
  const [of] = projectId
    ? await db
        .select({ name: project.name })
        .from(project)
        .where(and(eq(project.owner, owner), eq(project.id, projectId)))
    : []
  return { conversation: chat?.title ?? null, entity: named?.name ?? null, project: of?.name ?? null }
}
