// Chats by their titles and messages by their words, for the person who looks: also what is barred, archived or on another
// branch; nothing from the bin and nothing said in incognito.
import { type SQL, sql } from 'drizzle-orm'
import type { FindResult } from '../../shared/contract/search.ts'
import type { FindQuery } from '../../shared/find-query.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { rankedIds } from '../database/ranked.ts'
import { indexWords, matchText, snippetOf, type Wanted } from '../learning/match.ts'
import { fold } from '../learning/words.ts'

export type ChatResult = Extract<FindResult, { kind: 'chat' }>
export type MessageResult = Extract<FindResult, { kind: 'message' }>

/** How many of the best are looked at; where filters leave too little of them, the next number. */
const LOOKED_AT = [60, 240, 1500]
/** So many finds are enough. */
const ENOUGH = 12
/** Of one chat so many messages are shown, unless only it was searched. */
const OF_ONE_CHAT = 3
/** Characters of a message that are compared; the rest of a very long one is read where these do not do. */
const COMPARED = 20_000
const LONG_ONES = 8
/** Longest piece of a message the index knows. */
const INDEXED = 100_000
/** A day's weight of being new fades to half in so many days. */
const NEW_FOR_DAYS = 45

interface MessageRow {
  id: MessageId
  conversationId: ConversationId
  role: 'user' | 'assistant'
  text: string
  /** Characters of the whole text. */
  length: number
  at: string
  title: string
  archived: boolean
  pinned: boolean
}

const ROW = sql`json_build_object('id', message.id, 'conversationId', message.conversation_id, 'role', message.role,
  'text', left(message.text, ${COMPARED}), 'length', length(message.text), 'at', message.created_at,
  'title', conversation.title, 'archived', conversation.archived_at is not null,
  'pinned', conversation.pinned_at is not null)`

/** What `in:` names, as chats; null where it names none. */
async function chatsNamed(db: ReadHandle, owner: string, name: string): Promise<ConversationId[]> {
  const { rows } = await db.execute<{ id: ConversationId; title: string }>(sql`
    select id, title from conversation where ${isFound(owner)} order by updated_at desc`)
  const words = fold(name).split(/\s+/).filter(Boolean)
  return rows.flatMap(({ id, title }) => (words.every((word) => fold(title).includes(word)) ? id : [])).slice(0, 100)
}

function isFound(owner: string): SQL {
  return sql`conversation.owner = ${owner} and conversation.trashed_at is null and conversation.mode <> 'incognito'`
}

/** @param chats only of these; null: of all */
function matchesFilters(owner: string, query: FindQuery, chats: readonly ConversationId[] | null): SQL {
  const conditions = [isFound(owner)]
  if (chats) conditions.push(sql`conversation.id = any(${sql.param(chats)}::uuid[])`)
  if (query.pinned) conditions.push(sql`conversation.pinned_at is not null`)
  if (query.archived) conditions.push(sql`conversation.archived_at is not null`)
  return sql.join(conditions, sql` and `)
}

function messageFilters(query: FindQuery): SQL {
  const conditions = [sql`message.status <> 'pending' and message.role <> 'root'`]
  if (query.from) conditions.push(sql`message.role = ${query.from === 'me' ? 'user' : 'assistant'}`)
  if (query.before) conditions.push(sql`message.created_at < ${query.before.toISOString()}::timestamptz`)
  if (query.after) conditions.push(sql`message.created_at >= ${query.after.toISOString()}::timestamptz`)
  return sql.join(conditions, sql` and `)
}

/** Whether filters may leave next to nothing of what is found by words. */
function isNarrow(query: FindQuery): boolean {
  return query.before !== null || query.after !== null || query.pinned || query.archived
}

/** Whether filters ask for messages themselves, and not for their chats. */
function wantsMessages(query: FindQuery): boolean {
  return query.from !== null || query.before !== null || query.after !== null || query.in !== null
}

/**
 * @param wanted null: everything the filters let through, newest first
 * @param now what being new is measured from
 */
export async function findMessages(
  db: ReadHandle,
  owner: string,
  query: FindQuery,
  wanted: Wanted | null,
  now: Date,
): Promise<MessageResult[]> {
  if (query.store !== null || (!wanted && !wantsMessages(query))) return []
  const chats = query.in === null ? null : await chatsNamed(db, owner, query.in)
  if (chats?.length === 0) return []
  const where = sql`${matchesFilters(owner, query, chats)} and ${messageFilters(query)}`
  if (!wanted) return (await readNewest(db, where)).map((row) => resultOf(row, [], 'words'))
  const found = chats
    ? judge(wanted, await readInChats(db, where, wanted), now)
    : await rankedUntilEnough(db, where, query, wanted, now)
  const ofChat = new Map<ConversationId, number>()
  return found
    .filter(({ result: { conversationId } }) => {
      const before = ofChat.get(conversationId) ?? 0
      ofChat.set(conversationId, before + 1)
      return chats !== null || before < OF_ONE_CHAT
    })
    .slice(0, chats ? ENOUGH * 4 : ENOUGH)
    .map(({ result }) => result)
}

interface Judged {
  result: MessageResult
  score: number
}

async function rankedUntilEnough(
  db: ReadHandle,
  where: SQL,
  query: FindQuery,
  wanted: Wanted,
  now: Date,
): Promise<Judged[]> {
  const words = indexWords(query)
  if (words === '') return []
  let judged: Judged[] = []
  for (const [round, take] of LOOKED_AT.entries()) {
    const { rows, ranked } = await readRanked(db, where, words, take)
    await readLongOnes(db, wanted, rows)
    judged = judge(wanted, rows, now)
    // The third round is for filters that let few through: words that the best 240 do not share are not found further down.
    const isLast = ranked < take || (round === 1 && !isNarrow(query))
    if (judged.length >= ENOUGH || isLast) break
  }
  return judged
}

async function readRanked(
  db: ReadHandle,
  where: SQL,
  words: string,
  take: number,
): Promise<{ rows: MessageRow[]; ranked: number }> {
  const ids = await rankedIds<MessageId>(db, 'message', words, take)
  return { rows: ids.length === 0 ? [] : await readRows(db, ids, where), ranked: ids.length }
}

async function readRows(db: ReadHandle, ids: readonly MessageId[], where: SQL): Promise<MessageRow[]> {
  const { rows } = await db.execute<{ found: MessageRow[] }>(sql`
    select coalesce(json_agg(${ROW}), '[]') as found
    from message join conversation on conversation.id = message.conversation_id
    where message.id = any(${sql.param(ids)}::uuid[]) and ${where}`)
  return rows[0]?.found ?? []
}

/** Everything that may match in some chats, whichever place an index gives it. */
async function readInChats(db: ReadHandle, where: SQL, wanted: Wanted): Promise<MessageRow[]> {
  const pieces = [...wanted.words.map(({ stem }) => stem.slice(0, 4)), ...wanted.signs].filter((piece) =>
    /^[\x00-\x7f]*$/.test(piece),
  )
  const some = pieces.map((piece) => sql`message.text ilike ${`%${piece}%`}`)
  const { rows } = await db.execute<{ found: MessageRow[] }>(sql`
    select coalesce(json_agg(found.row), '[]') as found from (
      select ${ROW} as row from message join conversation on conversation.id = message.conversation_id
      where ${where} ${some.length > 0 ? sql`and (${sql.join(some, sql` or `)})` : sql``}
      order by message.created_at desc limit 2000
    ) found`)
  return rows[0]?.found ?? []
}

async function readNewest(db: ReadHandle, where: SQL): Promise<MessageRow[]> {
  const { rows } = await db.execute<{ found: MessageRow[] }>(sql`
    select coalesce(json_agg(found.row), '[]') as found from (
      select ${ROW} as row from message join conversation on conversation.id = message.conversation_id
      where ${where} and message.text <> '' order by message.id desc limit ${ENOUGH}
    ) found`)
  return rows[0]?.found ?? []
}

/** Puts the whole text in the place of its beginning, where that does not hold what is looked for. */
async function readLongOnes(db: ReadHandle, wanted: Wanted, rows: MessageRow[]): Promise<void> {
  const long = rows
    .filter(({ text, length }) => length > COMPARED && matchText(wanted, text) === null)
    .slice(0, LONG_ONES)
  if (long.length === 0) return
  const { rows: whole } = await db.execute<{ id: MessageId; text: string }>(
    sql`select id, left(text, ${INDEXED}) as text from message where id = any(${sql.param(long.map(({ id }) => id))}::uuid[])`,
  )
  for (const row of long) row.text = whole.find(({ id }) => id === row.id)?.text ?? row.text
}

function judge(wanted: Wanted, rows: readonly MessageRow[], now: Date): Judged[] {
  return rows
    .flatMap((row): Judged[] => {
      const match = matchText(wanted, row.text)
      if (!match) return []
      const days = Math.max(0, (now.getTime() - Date.parse(row.at)) / 86_400_000)
      return [{ result: resultOf(row, match.marks, 'words'), score: match.score + 0.5 ** (days / NEW_FOR_DAYS) }]
    })
    .sort((a, b) => b.score - a.score || b.result.at.getTime() - a.result.at.getTime())
}

export function resultOf(row: MessageRow, marks: MessageResult['marks'], by: MessageResult['by']): MessageResult {
  const { conversationId, title, archived, pinned, role } = row
  const at = new Date(row.at)
  const place = { conversationId, title, archived, pinned, at, role, by }
  return { kind: 'message', messageId: row.id, ...place, ...snippetOf(row.text, marks), mark: marks[0] ?? null }
}

/** Messages by id, of those a search may show. */
export async function readMessages(
  db: ReadHandle,
  owner: string,
  query: FindQuery,
  ids: readonly MessageId[],
): Promise<MessageRow[]> {
  const chats = query.in === null ? null : await chatsNamed(db, owner, query.in)
  return readRows(db, ids, sql`${matchesFilters(owner, query, chats)} and ${messageFilters(query)}`)
}

/** Newest messages that are looked through for parts of words. */
const LOOKED_THROUGH = 20_000

/** Messages in which what was typed stands inside a word: what no index of words finds. */
export async function findParts(db: ReadHandle, owner: string, query: FindQuery): Promise<MessageResult[]> {
  const [part, ...others] = [...query.words, ...query.phrases]
  if (part === undefined || others.length > 0 || part.length < 3 || query.store !== null) return []
  const chats = query.in === null ? null : await chatsNamed(db, owner, query.in)
  const where = sql`${matchesFilters(owner, query, chats)} and ${messageFilters(query)}`
  const pattern = `%${part.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await db.execute<{ found: MessageRow[] }>(sql`
    select coalesce(json_agg(found.row), '[]') as found from (
      select ${ROW} as row
      from (select * from message order by id desc limit ${LOOKED_THROUGH}) message
      join conversation on conversation.id = message.conversation_id
      where message.text ilike ${pattern} and ${where} order by message.id desc limit ${ENOUGH}
    ) found`)
  const lower = part.toLowerCase()
  return (rows[0]?.found ?? []).flatMap((row) => {
    const start = row.text.toLowerCase().indexOf(lower)
    return start < 0 ? [] : [resultOf(row, [{ start, end: start + part.length }], 'part')]
  })
}

const CHATS = 6
const TITLES_LOOKED_AT = 60

interface ChatRow {
  id: ConversationId
  title: string
  at: string
  archived: boolean
  pinned: boolean
}

/** Chats whose title holds the words; with filters alone those that these let through, newest first. */
export async function findChats(
  db: ReadHandle,
  owner: string,
  query: FindQuery,
  wanted: Wanted | null,
): Promise<ChatResult[]> {
  if (query.store !== null || query.from !== null) return []
  if (!wanted && query.in === null && !query.pinned && !query.archived) return []
  const filters = [isFound(owner)]
  if (query.pinned) filters.push(sql`conversation.pinned_at is not null`)
  if (query.archived) filters.push(sql`conversation.archived_at is not null`)
  if (query.before) filters.push(sql`conversation.updated_at < ${query.before.toISOString()}::timestamptz`)
  if (query.after) filters.push(sql`conversation.updated_at >= ${query.after.toISOString()}::timestamptz`)
  if (query.in !== null) {
    const chats = await chatsNamed(db, owner, query.in)
    filters.push(sql`conversation.id = any(${sql.param(chats)}::uuid[])`)
  }
  const where = sql.join(filters, sql` and `)
  const row = sql`json_build_object('id', conversation.id, 'title', title, 'at', updated_at,
    'archived', archived_at is not null, 'pinned', pinned_at is not null)`
  const only = wanted ? await titledSo(db, query) : sql`true`
  const { rows } = await db.execute<{ found: ChatRow[] }>(sql`
    select coalesce(json_agg(found.row), '[]') as found from (
      select ${row} as row from conversation where ${where} and ${only}
      order by updated_at desc limit ${TITLES_LOOKED_AT}
    ) found`)
  return (rows[0]?.found ?? [])
    .flatMap((chat) => {
      const match = wanted ? matchText(wanted, chat.title) : { marks: [], score: 1 }
      return match ? [{ chat, ...match }] : []
    })
    .sort((a, b) => b.score - a.score || Date.parse(b.chat.at) - Date.parse(a.chat.at))
    .slice(0, CHATS)
    .map(({ chat: { id, at, ...chat }, marks }) => ({
      kind: 'chat',
      conversationId: id,
      ...chat,
      at: new Date(at),
      marks,
    }))
}

/** The condition that a title may hold the words. */
async function titledSo(db: ReadHandle, query: FindQuery): Promise<SQL> {
  const ids = await rankedIds<ConversationId>(db, 'conversation', indexWords(query), TITLES_LOOKED_AT)
  const last = query.typing ? fold(query.words.at(-1) ?? '') : ''
  // Two letters are too few for the index and enough for a title one remembers.
  const begins = /^[a-z0-9]{1,2}$/.test(last) ? sql`or title ~* ${`\\m${last}`}` : sql``
  return sql`(id = any(${sql.param(ids)}::uuid[]) ${begins})`
}
