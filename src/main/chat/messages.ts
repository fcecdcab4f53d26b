// Reads of the message tree, and the rows of a branch as the window sees them.
import { and, asc, desc, eq, inArray, isNotNull, or, type SQL, sql } from 'drizzle-orm'
import type { CallView, MessageView } from '../../shared/chat.ts'
import type { BatchId, ConversationId, MessageId } from '../../shared/ids.ts'
import type { UsedItem } from '../../shared/memory.ts'
import { filesOfMessages } from '../attachments/sending.ts'
import type { ReadHandle } from '../database/database.ts'
import { journal, memory, message, usage } from '../database/schema.ts'
import { isVisible } from '../database/visible.ts'
import type { Learning } from '../learning/learning.ts'
import { namesOf, readViewer } from '../learning/teams/teams.ts'

export type MessageRow = typeof message.$inferSelect

/** Where in a branch, counted from its first message, which is 1. */
export interface Stretch {
  from: number
  to: number
}

/**
 * A stretch of the branch that ends with `head`, oldest first, without the hidden root. Walks up from the head, so that
 * the end of a long conversation costs no more than that of a short one.
 */
export async function readBranch(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId,
  head: MessageId | null,
  { from, to }: Stretch = { from: 1, to: 2_147_483_647 },
): Promise<MessageRow[]> {
  if (head === null) return []
  const ids = sql`with recursive up as (
      select start.id, start.parent_id, start.depth from message start
      where start.id = ${head}::uuid and start.owner = ${owner} and start.conversation_id = ${conversationId}::uuid
      union all
      select before.id, before.parent_id, before.depth from message before join up on before.id = up.parent_id
      where up.depth > ${from}
    ) select up.id from up where up.depth between ${Math.max(1, from)} and ${to}`
  return db.select().from(message).where(sql`${message.id} in (${ids})`).orderBy(asc(message.depth))
}

/**
 * The last messages of the branch that ends with `head`, oldest first: as many as fit, and the head in any case.
 * @param bytes most UTF-8 bytes of their texts together
 */
export async function readRecent(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId,
  head: MessageId,
  bytes: number,
): Promise<MessageRow[]> {
  const ids = sql`with recursive up as (
      select start.id, start.parent_id, 0 as bytes from message start
      where start.id = ${head}::uuid and start.owner = ${owner} and start.conversation_id = ${conversationId}::uuid
      union all
      select before.id, before.parent_id, up.bytes + octet_length(before.text)
      from message before join up on before.id = up.parent_id
      where up.bytes + octet_length(before.text) <= ${bytes} and before.depth > 0
    ) select up.id from up`
  return db.select().from(message).where(sql`${message.id} in (${ids})`).orderBy(asc(message.depth))
}

/** In the order of the conversation; those that are gone are not among them. */
export async function readMessages(db: ReadHandle, owner: string, ids: readonly MessageId[]): Promise<MessageRow[]> {
  return readWhere(db, owner, inArray(message.id, [...ids]))
}

/** As `readMessages`, with every answer to those of the person. */
export async function readMessagesAndAnswers(
  db: ReadHandle,
  owner: string,
  ids: readonly MessageId[],
): Promise<MessageRow[]> {
  return readWhere(db, owner, or(inArray(message.id, [...ids]), inArray(message.parentId, [...ids])))
}

async function readWhere(db: ReadHandle, owner: string, wanted: SQL | undefined): Promise<MessageRow[]> {
  return db
    .select()
    .from(message)
    .where(and(eq(message.owner, owner), wanted))
    .orderBy(asc(message.depth), asc(message.createdAt))
}

/** How many messages the branch that ends with `head` has; 0 when there is no such message. */
export async function branchLength(db: ReadHandle, owner: string, head: MessageId | null): Promise<number> {
  if (head === null) return 0
  const [row] = await db
    .select({ depth: message.depth })
    .from(message)
    .where(and(eq(message.id, head), eq(message.owner, owner)))
  return row?.depth ?? 0
}

/** The end of the branch a message stands in that was written last. */
export async function lastLeafBelow(db: ReadHandle, owner: string, id: MessageId): Promise<MessageId | null> {
  const rows = await db
    .select({ id: message.id })
    .from(message)
    .where(
      sql`${message.id} in (with recursive down as (
          select start.id from message start where start.id = ${id}::uuid and start.owner = ${owner}
          union all select after.id from message after join down on after.parent_id = down.id
        ) select down.id from down)
        and not exists (select 1 from message child where child.parent_id = message.id)`,
    )
    .orderBy(desc(message.createdAt), desc(message.id))
    .limit(1)
  return rows[0]?.id ?? null
}

/** Every message in the place of each of these, oldest first, by parent. */
async function readSiblings(
  db: ReadHandle,
  owner: string,
  rows: readonly MessageRow[],
): Promise<Map<MessageId, MessageId[]>> {
  const parents = rows.flatMap(({ parentId }) => parentId ?? [])
  const all = await db
    .select({ id: message.id, parentId: message.parentId })
    .from(message)
    .where(and(eq(message.owner, owner), inArray(message.parentId, parents)))
    .orderBy(asc(message.createdAt), asc(message.id))
  const siblings = new Map<MessageId, MessageId[]>()
  for (const { id, parentId } of all) {
    if (parentId) siblings.set(parentId, [...(siblings.get(parentId) ?? []), id])
  }
  return siblings
}

/** What of learning stands beside messages. */
export type ViewedLearning = Pick<Learning, 'turnsOf' | 'passagesOf'> & {
  proposals: Pick<Learning['proposals'], 'askedIn'>
}

/** Rows with what was used and what was learned; `rows` keep their order. */
export async function viewMessages(
  db: ReadHandle,
  learning: ViewedLearning,
  owner: string,
  rows: MessageRow[],
): Promise<MessageView[]> {
  if (rows.length === 0) return []
  const answers = rows.filter((row) => row.role === 'assistant').map((row) => row.id)
  const questions = rows.filter((row) => row.role === 'user').map((row) => row.id)
  const [used, turns, undone, asks, siblings, files] = await Promise.all([
    readUsed(db, learning, owner, answers),
    learning.turnsOf(owner, questions),
    readUndone(db, owner, rows),
    learning.proposals.askedIn(owner, questions),
    readSiblings(db, owner, rows),
    filesOfMessages(db, owner, questions),
  ])
  return rows.flatMap((row) => {
    if (row.role === 'root' || row.parentId === null) return []
    const turn = turns.get(row.id)
    return {
      id: row.id,
      parentId: row.parentId,
      role: row.role,
      text: row.text,
      imported: row.imported,
      thoughts: row.thoughts,
      siblings: siblings.get(row.parentId) ?? [row.id],
      attachments: files.get(row.id) ?? [],
      status: row.status,
      error: row.error,
      model: row.model,
      createdAt: row.createdAt,
      stats: row.stats,
      used: used.get(row.id) ?? [],
      calls: (row.calls ?? []).map(
        (call): CallView => ({ ...call, undone: call.batchId !== null && undone.has(call.batchId) }),
      ),
      learning: turn?.status ?? null,
      learned: turn?.changes ?? [],
      asks: asks.get(row.id) ?? [],
    }
  })
}

/** Batches of calls that were taken back. */
async function readUndone(db: ReadHandle, owner: string, rows: readonly MessageRow[]): Promise<ReadonlySet<BatchId>> {
  const batches = rows.flatMap(({ calls }) => (calls ?? []).flatMap(({ batchId }) => batchId ?? []))
  if (batches.length === 0) return new Set()
  const taken = await db
    .selectDistinct({ id: journal.batchId })
    .from(journal)
    .where(and(eq(journal.owner, owner), inArray(journal.batchId, batches), isNotNull(journal.undoneBy)))
  return new Set(taken.map(({ id }) => id))
}

async function readUsed(
  db: ReadHandle,
  learning: Pick<Learning, 'passagesOf'>,
  owner: string,
  answers: MessageId[],
): Promise<Map<MessageId, UsedItem[]>> {
  const result = new Map<MessageId, UsedItem[]>()
  if (answers.length === 0) return result
  const { place: _, ...viewer } = await readViewer(db, owner, { conversationId: null })
  const rows = await db
    .select({
      messageId: usage.messageId,
      memoryId: usage.memoryId,
      passageId: usage.passageId,
      store: usage.store,
      section: usage.section,
      rank: usage.rank,
      reason: usage.reason,
      tokens: usage.tokens,
      text: memory.text,
      status: memory.status,
      createdAt: memory.createdAt,
      owner: memory.owner,
    })
    .from(usage)
    .leftJoin(memory, and(eq(memory.id, usage.memoryId), isVisible(viewer, sql`memory`)))
    .where(and(eq(usage.owner, owner), inArray(usage.messageId, answers)))
    .orderBy(asc(usage.rank))
  const passages = await learning.passagesOf(owner, [...new Set(rows.flatMap(({ passageId }) => passageId ?? []))])
  const names = await namesOf(
    db,
    rows.flatMap((row) => (row.owner === null || row.owner === owner ? [] : row.owner)),
  )
  for (const row of rows) {
    const { section, rank, reason, tokens, store } = row
    const list = result.get(row.messageId) ?? []
    result.set(row.messageId, list)
    if (store === null) {
      const found = row.passageId && passages.get(row.passageId)
      const shown = found && !found.binned ? found : null
      list.push({
        kind: 'passage',
        passageId: shown && row.passageId,
        text: shown?.text ?? null,
        source: shown?.source ?? null,
        barred: shown?.barred ?? false,
        ...{ section, rank, reason, tokens },
      })
      continue
    }
    // Forgotten since: the old answer says that it used an item, and shows no text of it.
    const gone = row.status === null || row.status === 'trashed'
    list.push({
      kind: 'memory',
      memoryId: gone ? null : row.memoryId,
      store,
      text: gone ? null : row.text,
      learnedAt: gone ? null : row.createdAt,
      sharedBy: gone || row.owner === owner ? null : (names.get(row.owner ?? '') ?? null),
      ...{ section, rank, reason, tokens },
    })
  }
  return result
}
