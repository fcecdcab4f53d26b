// Reads of the message tree, and the rows of a branch as the window sees them.
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { CallView, MessageView } from '../../shared/chat.ts'
import type { BatchId, ConversationId, MessageId } from '../../shared/ids.ts'
import type { UsedItem } from '../../shared/memory.ts'
import type { ReadHandle } from '../database/database.ts'
import { journal, memory, message, usage } from '../database/schema.ts'
import { isVisible } from '../database/visible.ts'
import type { Learning } from '../learning/learning.ts'
import { namesOf, readViewer } from '../learning/teams/teams.ts'

export type MessageRow = typeof message.$inferSelect

/** The branch that ends with `head`, oldest first, without the hidden root. */
export async function readBranch(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId,
  head: MessageId | null,
): Promise<MessageRow[]> {
  const rows = await db
    .select()
    .from(message)
    .where(and(eq(message.conversationId, conversationId), eq(message.owner, owner)))
  const byId = new Map(rows.map((row) => [row.id, row]))
  const branch: MessageRow[] = []
  for (let row = head ? byId.get(head) : undefined; row && row.role !== 'root'; ) {
    branch.push(row)
    row = row.parentId ? byId.get(row.parentId) : undefined
  }
  return branch.reverse()
}

/** Rows with what was used and what was learned; `rows` keep their order. */
export async function viewMessages(
  db: ReadHandle,
  learning: Pick<Learning, 'turnsOf' | 'passagesOf'> & { proposals: Pick<Learning['proposals'], 'askedIn'> },
  owner: string,
  rows: MessageRow[],
): Promise<MessageView[]> {
  if (rows.length === 0) return []
  const answers = rows.filter((row) => row.role === 'assistant').map((row) => row.id)
  const questions = rows.filter((row) => row.role === 'user').map((row) => row.id)
  const [used, turns, undone, asks] = await Promise.all([
    readUsed(db, learning, owner, answers),
    learning.turnsOf(owner, questions),
    readUndone(db, owner, rows),
    learning.proposals.askedIn(owner, questions),
  ])
  return rows.flatMap((row) => {
    if (row.role === 'root' || row.parentId === null) return []
    const turn = turns.get(row.id)
    return {
      id: row.id,
      parentId: row.parentId,
      role: row.role,
      text: row.text,
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
