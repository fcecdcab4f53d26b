// Turns as learning reads them, and what the chat shows of what came of them.
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
import type { StoredCall } from '../../shared/chat.ts'
import { withoutMarks } from '../../shared/forgotten.ts'
import type { ConversationId, MemoryId, MessageId } from '../../shared/ids.ts'
import type { LearnedChange } from '../../shared/memory.ts'
import type { ReadHandle } from '../database/database.ts'
import { conversation, job, journal, memory, message } from '../database/schema.ts'
import { NO_NEWS } from './change/batch.ts'
import type { LearnedTurn } from './learning.ts'
import type { FinishedTurn, TurnCall } from './protocol.ts'
import { readBody } from './rows.ts'

export const LEARN = 'learn'

/** Messages before the turn: what a pronoun points at is in the last ones, the start of a play further back. */
const BEFORE = 8

/** @returns null when there is nothing to learn from any more: deleted, or not to be learned from. */
export async function readTurn(
  db: ReadHandle,
  owner: string,
  messageId: MessageId,
  timeZone: string,
): Promise<FinishedTurn | null> {
  const [row] = await db
    .select({ message, trashedAt: conversation.trashedAt })
    .from(message)
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .where(and(eq(message.id, messageId), eq(message.owner, owner), eq(message.role, 'user')))
  if (!row?.message.learnable || row.trashedAt) return null
  const [answer] = await db
    .select({ text: message.text, calls: message.calls })
    .from(message)
    .where(and(eq(message.parentId, messageId), eq(message.role, 'assistant')))
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(1)
  const { imported } = row.message
  const { rows: before } = await db.execute<FinishedTurn['before'][number] & Record<string, unknown>>(sql`
    with recursive line as (
      select id, parent_id, role, text, learnable, imported, 1 as step from message where id = ${row.message.parentId}
      union all
      select message.id, message.parent_id, message.role, message.text, message.learnable, message.imported, line.step + 1
      from message join line on message.id = line.parent_id where line.step < ${BEFORE}
    )
    select id, case when role = 'user' and imported <> ${imported} then 'quoted' else role end as role, text
    from line where role <> 'root' and learnable order by step desc`)
  return {
    owner,
    conversationId: row.message.conversationId,
    messageId,
    userText: row.message.text,
    ...(imported ? { imported } : {}),
    answerText: withoutMarks(answer?.text ?? ''),
    before: before.map(({ id, role, text }) => ({ ...(id ? { id } : {}), role, text: withoutMarks(text) })),
    calls: (answer?.calls ?? []).map(inShort),
    at: row.message.createdAt,
    timeZone,
  }
}

/** Results of tools are read for what worked, not for what they found. In characters. */
const LONGEST_RESULT = 400

function inShort({ tool, arguments: args, result, status }: StoredCall): TurnCall {
  return { tool, arguments: args, result: withoutMarks(result).slice(0, LONGEST_RESULT), status }
}

/** Learning status and chips of messages. */
export async function turnsOf(
  db: ReadHandle,
  owner: string,
  messages: readonly MessageId[],
): Promise<Map<MessageId, LearnedTurn>> {
  const turns = new Map<MessageId, LearnedTurn>()
  if (messages.length === 0) return turns
  const ids = [...messages]
  const jobs = await db
    .select({ key: job.key, status: job.status, result: job.result })
    .from(job)
    .where(and(eq(job.owner, owner), eq(job.kind, LEARN), inArray(job.key, ids)))
  const rows = await db
    .select({
      memoryId: journal.memoryId,
      messageId: journal.messageId,
      batchId: journal.batchId,
      store: journal.store,
      action: journal.action,
      before: journal.before,
      after: journal.after,
      reason: journal.reason,
      undoneBy: journal.undoneBy,
      status: memory.status,
      actor: journal.actor,
    })
    .from(journal)
    .leftJoin(memory, eq(memory.id, journal.memoryId))
    .where(and(eq(journal.owner, owner), eq(journal.target, 'memory'), inArray(journal.messageId, ids)))
    .orderBy(asc(journal.seq))
  for (const { key, status, result } of jobs) {
    const refused = typeof result?.refused === 'number' ? result.refused : 0
    turns.set(key as MessageId, { status, changes: [], refused })
  }
  // What a new item replaced, by the id of the new one: the closing entry comes right before it.
  const replaced = new Map<MemoryId, string>()
  for (const row of rows) {
    const after = readBody(row.after)?.memory
    if (row.action === 'retire' && after?.supersededBy) replaced.set(after.supersededBy, after.text)
  }
  for (const row of rows) {
    // What a tool did is told by its call.
    if (!row.messageId || row.actor === 'tool' || !isShown(row.action, row.reason, replaced, row)) continue
    const turn = turns.get(row.messageId) ?? { status: null, changes: [], refused: 0 }
    turns.set(row.messageId, turn)
    const undone = row.undoneBy !== null
    const gone = row.status === null || (row.status === 'trashed' && !undone)
    const text = (readBody(row.after) ?? readBody(row.before))?.memory.text ?? null
    const change: LearnedChange = {
      memoryId: row.memoryId,
      batchId: row.batchId,
      store: row.store,
      action: row.action,
      text: gone ? null : text,
      replaced: gone ? null : (replaced.get(row.memoryId) ?? null),
      undone,
    }
    turn.changes.push(change)
  }
  return turns
}

/** Confirmed items are no news, proposals wait in the inbox, and what was replaced is told with what replaced it. */
function isShown(
  action: string,
  reason: string | null,
  replaced: Map<MemoryId, string>,
  row: { after: unknown },
): boolean {
  if (action === 'confirm' || action === 'undo' || reason === 'proposed') return false
  // What stays true of an item that went, and what was over before it was learned, are no news either.
  if (reason === 'kept' || reason === 'outdated' || reason === NO_NEWS) return false
  const by = readBody(row.after)?.memory.supersededBy
  return !(action === 'retire' && by && replaced.has(by))
}

/** The turns a memory was learned in, for telling the chat that a chip changed. */
export async function turnsOfMemories(
  db: ReadHandle,
  owner: string,
  ids: readonly MemoryId[],
): Promise<{ conversationId: ConversationId; messageId: MessageId }[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectDistinct({ conversationId: journal.conversationId, messageId: journal.messageId })
    .from(journal)
    .where(and(eq(journal.owner, owner), inArray(journal.memoryId, [...ids])))
  return rows.flatMap(({ conversationId, messageId }) =>
    conversationId && messageId ? [{ conversationId, messageId }] : [],
  )
}
