// The passages of messages and documents: written with the turn, made again when a text changes, gone with it. They are
// an index over what was said, nothing of their own: every function works in the caller's transaction.
import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { type DocumentId, type MessageId, newId, type PassageId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { type document, embedding, job, message, passage } from '../../database/schema.ts'
import { LEARN } from '../turns.ts'
import { type Piece, splitMessage, splitText } from './split.ts'

/** Queued work that makes passages of turns that have none: those of a profile from before there were any. */
export const INDEX = 'index'
/** An answer is found once it stands; one that failed or broke off unseen is not. */
const FINISHED = ['complete', 'cut', 'stopped'] as const
const ROWS_AT_ONCE = 500
const TURNS_AT_ONCE = 50

type MessageRow = typeof message.$inferSelect
type DocumentRow = typeof document.$inferSelect
type PassageRow = typeof passage.$inferSelect
type Source = Pick<PassageRow, 'owner' | 'source' | 'messageId' | 'documentId' | 'conversationId' | 'at'>

/**
 * Makes the passages of a message what its text says now. A message that is not to be learned from, an unfinished answer
 * and the root have none.
 * @returns how many have no vector yet
 */
export async function indexMessage(tx: WriteHandle, row: MessageRow): Promise<number> {
  return writePassages(tx, sourceOf(row), eq(passage.messageId, row.id), piecesOf(row))
}

/** As `indexMessage`, of many messages that have no passages yet: those that just came in. */
export async function indexNewMessages(tx: WriteHandle, rows: readonly MessageRow[]): Promise<number> {
  const fresh = rows.flatMap((row) =>
    piecesOf(row).map((piece, part) => ({ id: newId<PassageId>(), ...sourceOf(row), ...piece, part })),
  )
  await insertPassages(tx, fresh)
  return fresh.length
}

function piecesOf(row: MessageRow): Piece[] {
  if (!row.learnable || row.role === 'root' || !FINISHED.some((status) => status === row.status)) return []
  if (row.role === 'assistant') return splitText(row.text, 'assistant')
  const pieces = splitMessage(row.text)
  // What came in with an import was not typed here, whoever it says wrote it.
  return row.imported ? pieces.map((piece) => ({ ...piece, voice: 'quoted' as const })) : pieces
}

function sourceOf(row: MessageRow): Source {
  return {
    owner: row.owner,
    source: 'message',
    messageId: row.id,
    documentId: null,
    conversationId: row.conversationId,
    at: row.createdAt,
  }
}

async function insertPassages(tx: WriteHandle, rows: readonly (typeof passage.$inferInsert)[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx.insert(passage).values(rows.slice(from, from + ROWS_AT_ONCE))
  }
}

/** As `indexMessage`, of a message whose text or mark was just changed; nothing when it is gone. */
export async function reindexMessage(tx: WriteHandle, id: MessageId): Promise<number> {
  const [row] = await tx.select().from(message).where(eq(message.id, id))
  return row ? indexMessage(tx, row) : 0
}

/**
 * Makes the passages of a document; one in the bin keeps them and is not found, and one that lies in a composer has none.
 * @returns how many have no vector yet
 */
export async function indexDocument(tx: WriteHandle, row: DocumentRow): Promise<number> {
  const source: Source = {
    owner: row.owner,
    source: 'document',
    messageId: null,
    documentId: row.id,
    conversationId: row.conversationId,
    at: row.createdAt,
  }
  const pieces = row.stagedFor === null ? splitText(row.text, 'document') : []
  return writePassages(tx, source, eq(passage.documentId, row.id), pieces)
}

/** The question and the answers of a turn. @returns how many passages have no vector yet */
export async function indexTurn(tx: WriteHandle, owner: string, questionId: MessageId): Promise<number> {
  const rows = await tx
    .select()
    .from(message)
    .where(
      and(
        eq(message.owner, owner),
        sql`(${message.id} = ${questionId} or (${message.parentId} = ${questionId} and ${message.role} = 'assistant'))`,
      ),
    )
  let made = 0
  for (const row of rows) made += await indexMessage(tx, row)
  return made
}

/** Removes passages with their vectors: of messages or documents that are about to be deleted. */
export async function deletePassages(
  tx: WriteHandle,
  of: { messages?: readonly MessageId[]; documents?: readonly DocumentId[] },
): Promise<void> {
  const { messages = [], documents = [] } = of
  if (messages.length > 0) await deleteWhere(tx, inArray(passage.messageId, [...messages]))
  if (documents.length > 0) await deleteWhere(tx, inArray(passage.documentId, [...documents]))
}

/** Owners with turns that were learned from and have no passages. */
export async function ownersWithoutPassages(db: ReadHandle): Promise<string[]> {
  const rows = await db
    .selectDistinct({ owner: message.owner })
    .from(message)
    .innerJoin(job, learned())
    .where(unindexed())
  return rows.map(({ owner }) => owner)
}

/**
 * Turns of an owner that were learned from and have no passages, newest first, at most fifty.
 * @param before only older ones: a text that gives no passage must not be met for ever
 */
export async function turnsWithoutPassages(
  db: ReadHandle,
  owner: string,
  before: MessageId | null,
): Promise<MessageId[]> {
  const rows = await db
    .select({ id: message.id })
    .from(message)
    .innerJoin(job, learned())
    .where(and(eq(message.owner, owner), unindexed(), before === null ? undefined : lt(message.id, before)))
    .orderBy(desc(message.id))
    .limit(TURNS_AT_ONCE)
  return rows.map(({ id }) => id)
}

/** What was said with learning off has no job, and is found by nothing later either. */
function learned() {
  return and(eq(job.owner, message.owner), eq(job.kind, LEARN), eq(job.key, sql`${message.id}::text`))
}

function unindexed() {
  return and(
    eq(message.role, 'user'),
    eq(message.learnable, true),
    sql`${message.text} ~ '\\S'`,
    sql`not exists (select 1 from ${passage} where ${passage.messageId} = ${message.id})`,
  )
}

/** A passage that stays as it was keeps its id, and with it its vector and the answers that used it. */
async function writePassages(
  tx: WriteHandle,
  source: Source,
  ofSource: ReturnType<typeof eq>,
  pieces: readonly Piece[],
): Promise<number> {
  const old = await tx.select().from(passage).where(ofSource).orderBy(asc(passage.part))
  const left = new Map<string, PassageRow[]>()
  for (const row of old) left.set(keyOf(row), [...(left.get(keyOf(row)) ?? []), row])
  const fresh: (typeof passage.$inferInsert)[] = []
  for (const [part, piece] of pieces.entries()) {
    const same = left.get(keyOf(piece))?.shift()
    if (!same) fresh.push({ id: newId<PassageId>(), ...source, ...piece, part })
    else if (same.part !== part || same.start !== piece.start) {
      await tx.update(passage).set({ part, start: piece.start, end: piece.end }).where(eq(passage.id, same.id))
    }
  }
  const gone = [...left.values()].flat()
  if (gone.length > 0) {
    await deleteWhere(
      tx,
      inArray(
        passage.id,
        gone.map(({ id }) => id),
      ),
    )
  }
  await insertPassages(tx, fresh)
  return fresh.length
}

function keyOf({ voice, text }: Pick<Piece, 'voice' | 'text'>): string {
  return `${voice} ${text}`
}

async function deleteWhere(tx: WriteHandle, condition: ReturnType<typeof eq>): Promise<void> {
  await tx
    .delete(embedding)
    .where(
      and(
        eq(embedding.targetKind, 'passage'),
        inArray(embedding.targetId, tx.select({ id: passage.id }).from(passage).where(condition)),
      ),
    )
  await tx.delete(passage).where(condition)
}
