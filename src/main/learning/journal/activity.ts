// The log a person reads: acts of the journal, an act a line, and answers with what they used, newest first. Each of the two
// is walked along its index from the newest on, so that a page costs the same however long the log has become.
import { and, count, desc, eq, gt, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm'
import type { ActivityActor, ActivityEntry, ActivityKind, UndoState } from '../../../shared/contract/activity.ts'
import type { Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type MemoryId, type MessageId, messageId } from '../../../shared/ids.ts'
import type { ChangeAction, StoreId } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { conversation, journal, memory, message, usage } from '../../database/schema.ts'
import { readBody, readMemories } from '../rows.ts'
import type { JournalRow } from './journal.ts'
import { forgottenAmong } from './restore.ts'

export interface ActivityQuery {
  kind?: ActivityKind | null
  store?: StoreId | null
  actor?: ActivityActor | null
  from?: Date | null
  to?: Date | null
  cursor?: string | null
  limit?: number
}

/** Items of an act that are named; the others are counted. */
const NAMED = 5

/** What each kind is made of. An act is of the first kind one of its changes is of. */
const ACTIONS: Record<Exclude<ActivityKind, 'used'>, readonly ChangeAction[]> = {
  forgotten: ['trash', 'purge'],
  undone: ['undo', 'restore'],
  learned: ['add', 'supersede', 'confirm', 'link'],
  changed: ['update', 'retire', 'archive', 'merge', 'pin'],
}
const KINDS = ['forgotten', 'undone', 'learned', 'changed'] as const

const ACTORS: Record<Exclude<ActivityActor, 'other'>, SQL> = {
  person: sql`actor = 'person'`,
  learning: sql`actor like 'job:learn%'`,
  assistant: sql`actor = 'tool'`,
  tidying: sql`actor like 'job:curate%'`,
}

/** One page of the log. */
export async function readActivity(
  db: ReadHandle,
  owner: string,
  query: ActivityQuery,
): Promise<Outputs['activity']['list']> {
  const { limit = 40 } = query
  const start = readCursor(query.cursor ?? null)
  const [acts, uses] = await Promise.all([
    query.kind === 'used' ? [] : walkJournal(db, owner, query, start.seq, limit),
    hasUses(query) ? walkUses(db, owner, query, start.answer, limit) : [],
  ])
  const both = [
    ...acts.map((act) => ({ at: act.at, act, use: null })),
    ...uses.map((use) => ({ at: use.at, act: null, use })),
  ].sort((a, b) => b.at.getTime() - a.at.getTime())
  const page = both.slice(0, limit)
  const lastAct = page.findLast(({ act }) => act)?.act
  const lastUse = page.findLast(({ use }) => use)?.use
  const isEnd = both.length <= limit && acts.length < limit && uses.length < limit
  const [changes, used] = await Promise.all([
    describeActs(
      db,
      owner,
      page.flatMap(({ act }) => act ?? []),
    ),
    describeUses(
      db,
      owner,
      page.flatMap(({ use }) => use ?? []),
      query.store ?? null,
    ),
  ])
  return {
    entries: page.flatMap(({ act, use }): ActivityEntry[] => {
      const entry = act ? changes.get(act.batchId) : used.get(use.answerId)
      return entry ? [entry] : []
    }),
    nextCursor: isEnd ? null : `${lastAct?.first ?? start.seq ?? ''}_${lastUse?.answerId ?? start.answer ?? ''}`,
  }
}

function hasUses({ kind = null, actor = null }: ActivityQuery): boolean {
  return (kind === null || kind === 'used') && (actor === null || actor === 'assistant')
}

function readCursor(cursor: string | null): { seq: number | null; answer: MessageId | null } {
  if (cursor === null) return { seq: null, answer: null }
  const [, seq, answer] = /^(\d{0,16})_([0-9a-f-]*)$/.exec(cursor) ?? []
  const id = messageId.safeParse(answer)
  if (seq === undefined || (answer !== '' && !id.success)) {
    throw new AppError('INVALID_INPUT', 'The list changed. Open it again.', { field: 'cursor' })
  }
  return { seq: seq === '' ? null : Number(seq), answer: id.success ? id.data : null }
}

interface Act {
  batchId: BatchId
  at: Date
  /** The first of its changes: what is older has a smaller number. */
  first: number
}

/** The newest batches with a change that was asked for. Those of one batch stand together: one transaction wrote them. */
async function walkJournal(
  db: ReadHandle,
  owner: string,
  { kind = null, store = null, actor = null, from = null, to = null }: ActivityQuery,
  before: number | null,
  limit: number,
): Promise<Act[]> {
  const wanted = [sql`owner = ${owner}`]
  if (kind !== null && kind !== 'used') wanted.push(sql`action = any(${sql.param([...ACTIONS[kind]])}::text[])`)
  if (store !== null) wanted.push(sql`store = ${store}`)
  if (actor !== null)
    wanted.push(actor === 'other' ? sql`not (${sql.join(Object.values(ACTORS), sql` or `)})` : ACTORS[actor])
  if (from !== null) wanted.push(sql`at >= ${from.toISOString()}::timestamptz`)
  if (to !== null) wanted.push(sql`at < ${to.toISOString()}::timestamptz`)
  // Steps of a tidying nobody is told of are no news.
  wanted.push(sql`reason is distinct from 'thread'`)
  const where = sql.join(wanted, sql` and `)
  const next = (limited: SQL) =>
    sql`select batch_id, at from journal where ${where} and ${limited} order by seq desc limit 1`
  const firstOf = (batch: SQL) => sql`(select min(seq) from journal inside where inside.batch_id = ${batch})`
  const { rows } = await db.execute<{ batch: BatchId; at: string; first: number }>(sql`
    with recursive walk as (
      select newest.batch_id, newest.at, ${firstOf(sql`newest.batch_id`)} as first, 1 as step
      from (${next(before === null ? sql`true` : sql`seq < ${before}`)}) newest
      union all
      select older.batch_id, older.at, ${firstOf(sql`older.batch_id`)}, walk.step + 1
      from walk, lateral (${next(sql`seq < walk.first`)}) older where walk.step < ${limit}
    )
    select batch_id as batch, at, first::float8 as first from walk`)
  return rows.map(({ batch, at, first }) => ({ batchId: batch, at: new Date(at), first }))
}

interface Use {
  answerId: MessageId
  at: Date
}

/** Answers that used a memory; their ids are in the order they were made. */
async function walkUses(
  db: ReadHandle,
  owner: string,
  { store = null, from = null, to = null }: ActivityQuery,
  before: MessageId | null,
  limit: number,
): Promise<Use[]> {
  const wanted = [sql`owner = ${owner} and memory_id is not null`]
  if (store !== null) wanted.push(sql`store = ${store}`)
  const where = sql.join(wanted, sql` and `)
  const next = (limited: SQL) =>
    sql`select message_id from usage where ${where} and ${limited} order by message_id desc limit 1`
  const { rows } = await db.execute<{ id: MessageId; at: string }>(sql`
    with recursive walk as (
      select newest.message_id, 1 as step
      from (${next(before === null ? sql`true` : sql`message_id < ${before}::uuid`)}) newest
      union all
      select older.message_id, walk.step + 1
      from walk, lateral (${next(sql`message_id < walk.message_id`)}) older where walk.step < ${limit}
    )
    select message.id, message.created_at as at from walk join message on message.id = walk.message_id
    join conversation on conversation.id = message.conversation_id and conversation.trashed_at is null`)
  return rows
    .map(({ id, at }) => ({ answerId: id, at: new Date(at) }))
    .filter(({ at }) => (from === null || at >= from) && (to === null || at < to))
}

type Change = Extract<ActivityEntry, { type: 'change' }>

async function describeActs(db: ReadHandle, owner: string, acts: readonly Act[]): Promise<Map<BatchId, Change>> {
  if (acts.length === 0) return new Map()
  const ids = acts.map(({ batchId }) => batchId)
  const own = and(eq(journal.owner, owner), isAnyOf(journal.batchId, ids))
  const numbered = db
    .select({
      seq: journal.seq,
      place: sql<number>`row_number() over (partition by ${journal.batchId}
        order by ${journal.target} = 'memory' desc, ${journal.seq})`.as('place'),
    })
    .from(journal)
    .where(own)
    .as('numbered')
  const [rows, totals] = await Promise.all([
    db
      .select({ row: journal, title: conversation.title })
      .from(journal)
      .innerJoin(numbered, and(eq(numbered.seq, journal.seq), sql`${numbered.place} <= ${NAMED}`))
      .leftJoin(conversation, eq(conversation.id, journal.conversationId))
      .orderBy(journal.seq),
    db
      .select({
        batchId: journal.batchId,
        n: count(),
        memories: sql<number>`count(*) filter (where ${journal.target} = 'memory')`.mapWith(Number),
        open: sql<number>`count(*) filter (where ${journal.purgedAt} is null)`.mapWith(Number),
        last: sql<number>`max(${journal.seq})`.mapWith(Number),
        undone: sql<boolean>`bool_or(${journal.undoneBy} is not null)`,
        actions: sql<ChangeAction[]>`array_agg(distinct ${journal.action})`,
      })
      .from(journal)
      .where(own)
      .groupBy(journal.batchId),
  ])
  const memories = rows.flatMap(({ row }) => (row.target === 'memory' ? row.memoryId : []))
  const [now, forgotten] = await Promise.all([readMemories(db, owner, memories), forgottenAmong(db, owner, memories)])
  const entries = new Map<BatchId, Change>()
  for (const { batchId, at } of acts) {
    const total = totals.find((one) => one.batchId === batchId)
    const its = rows.filter(({ row }) => row.batchId === batchId)
    const [head] = its
    if (!total || !head) continue
    entries.set(batchId, {
      type: 'change',
      batchId,
      kind: KINDS.find((kind) => ACTIONS[kind].some((action) => total.actions.includes(action))) ?? 'changed',
      actor: actorOf(head.row.actor),
      at,
      items: its.flatMap(({ row }) => (row.target === 'memory' ? [itemOf(row, now.get(row.memoryId), forgotten)] : [])),
      // Whom it names is a part of what was said of them; an act on people alone counts them.
      count: total.memories || total.n,
      undo: await undoStateOf(db, owner, batchId, total, head.row),
      conversationId: head.title === null ? null : head.row.conversationId,
      conversationTitle: head.title,
      messageId: head.row.messageId,
    })
  }
  return entries
}

function actorOf(actor: string): ActivityActor {
  if (actor === 'person') return 'person'
  if (actor === 'tool') return 'assistant'
  if (actor.startsWith('job:curate')) return 'tidying'
  return actor.startsWith('job:learn') ? 'learning' : 'other'
}

function itemOf(
  row: JournalRow,
  now: { status: string } | undefined,
  forgotten: ReadonlySet<MemoryId>,
): Change['items'][number] {
  const isGone = now === undefined || forgotten.has(row.memoryId)
  const text = (body: unknown) => (isGone ? null : (readBody(body)?.memory.text ?? null))
  return {
    seq: row.seq,
    memoryId: row.memoryId,
    store: row.store,
    action: row.action,
    before: text(row.before),
    after: text(row.after),
    reason: row.reason,
    isThere: !isGone && now.status !== 'trashed',
  }
}

/** Whether `undo` would take it back. */
async function undoStateOf(
  db: ReadHandle,
  owner: string,
  batchId: BatchId,
  { open, last, undone, actions }: { open: number; last: number; undone: boolean; actions: readonly ChangeAction[] },
  head: JournalRow,
): Promise<UndoState> {
  if (undone) return 'undone'
  if (open === 0 || actions.includes('purge')) return 'final'
  const isUndo = actions.includes('undo')
  // What brought a change back is taken back by undoing that change, and a forget by forgetting again.
  if (isUndo && (head.reason === 'undo' || head.reason === 'trash')) return 'never'
  const inside = db.select({ id: journal.memoryId }).from(journal).where(eq(journal.batchId, batchId))
  const [newer] = await db
    .select({ seq: journal.seq })
    .from(journal)
    .where(
      and(
        eq(journal.owner, owner),
        inArray(journal.memoryId, inside),
        gt(journal.seq, last),
        isNull(journal.undoneBy),
        isUndo ? undefined : ne(journal.action, 'undo'),
      ),
    )
    .limit(1)
  return newer ? 'newer' : 'possible'
}

type UseEntry = Extract<ActivityEntry, { type: 'use' }>

async function describeUses(
  db: ReadHandle,
  owner: string,
  uses: readonly Use[],
  store: StoreId | null,
): Promise<Map<MessageId, UseEntry>> {
  if (uses.length === 0) return new Map()
  const ids = uses.map(({ answerId }) => answerId)
  const rows = await db
    .select({
      answerId: usage.messageId,
      memoryId: usage.memoryId,
      store: usage.store,
      text: memory.text,
      status: memory.status,
      conversationId: message.conversationId,
      conversationTitle: conversation.title,
    })
    .from(usage)
    .innerJoin(message, eq(message.id, usage.messageId))
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .leftJoin(memory, eq(memory.id, usage.memoryId))
    .where(
      and(
        eq(usage.owner, owner),
        isAnyOf(usage.messageId, ids),
        sql`${usage.memoryId} is not null`,
        store === null ? undefined : eq(usage.store, store),
      ),
    )
    .orderBy(desc(usage.messageId), usage.rank)
  const entries = new Map<MessageId, UseEntry>()
  for (const { answerId, at } of uses) {
    const its = rows.filter((row) => row.answerId === answerId)
    const [head] = its
    if (!head) continue
    entries.set(answerId, {
      type: 'use',
      messageId: answerId,
      at,
      items: its.slice(0, NAMED).flatMap(({ memoryId, store: of, text, status }) => {
        if (!memoryId || !of) return []
        const isThere = status !== null && status !== 'trashed'
        return [{ memoryId, store: of, after: isThere ? text : null, isThere }]
      }),
      count: its.length,
      conversationId: head.conversationId,
      conversationTitle: head.conversationTitle,
    })
  }
  return entries
}
