// What was forgotten for good, read from the data that is there, and taken out of a restored older state: a restore must not
// bring it back. Items and chats by their ids, texts as they stand now with their gaps, the journal entry by entry.
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { MARK } from '../../shared/forgotten.ts'
import type {
  ConversationId,
  DocumentId,
  EntityId,
  MemoryId,
  MessageId,
  PassageId,
  ProposalId,
} from '../../shared/ids.ts'
import { isAnyOf } from '../database/any-of.ts'
import type { Database, ReadHandle, WriteHandle } from '../database/database.ts'
import {
  blanked,
  conversation,
  document,
  embedding,
  entity,
  evidence,
  job,
  journal,
  memory,
  message,
  passage,
  proposal,
  usage,
} from '../database/schema.ts'
import { PURGE } from '../learning/forgetting/forget.ts'
import { eraseFromPrompts } from '../learning/forgetting/prompts.ts'
import { deletePassages, indexDocument, reindexMessage } from '../learning/passages/passages.ts'

type Entry = Pick<typeof journal.$inferSelect, 'seq' | 'memoryId' | 'before' | 'after' | 'reason' | 'purgedAt'>

export interface Forgotten {
  /** Memories and entities that are gone, or go when the time to undo is over. */
  items: string[]
  conversations: ConversationId[]
  messages: Pick<typeof message.$inferSelect, 'id' | 'text' | 'calls'>[]
  documents: Pick<typeof document.$inferSelect, 'id' | 'text' | 'name'>[]
  titles: Pick<typeof conversation.$inferSelect, 'id' | 'title'>[]
  /** Memories that stay and lost a part of their words. */
  parts: Pick<typeof memory.$inferSelect, 'id' | 'text' | 'data'>[]
  /** Entries that were blanked. */
  entries: Entry[]
  /** All suggestions there are: one that is not among them was taken out. */
  proposals: ProposalId[]
}

const GAP = `%${MARK.repeat(3)}%`
/** Rows of one statement. */
const STEP = 500

/** @returns what must not come back, of every owner */
export async function readForgotten(db: ReadHandle): Promise<Forgotten> {
  const gone = await db
    .selectDistinct({ id: journal.memoryId })
    .from(journal)
    .leftJoin(memory, eq(memory.id, journal.memoryId))
    .leftJoin(entity, sql`${entity.id} = ${journal.memoryId}`)
    .where(and(sql`${journal.purgedAt} is not null`, isNull(memory.id), isNull(entity.id)))
  const jobs = await db
    .select({ payload: job.payload, result: job.result, status: job.status })
    .from(job)
    .where(eq(job.kind, PURGE))
  const waiting = jobs.filter(({ status }) => status !== 'done').map(({ payload }) => payload)
  const pending = await db.select({ id: blanked.targetId }).from(blanked).where(eq(blanked.target, 'conversation'))
  return {
    items: [
      ...gone.map(({ id }) => id as string),
      ...waiting.flatMap((of) => [...ids(of['ids']), ...ids(of['entities'])]),
    ],
    conversations: [
      ...jobs.flatMap(({ result }) => ids(result?.['conversations'])),
      ...pending.map(({ id }) => id),
    ] as ConversationId[],
    messages: await db
      .select({ id: message.id, text: message.text, calls: message.calls })
      .from(message)
      .where(sql`${message.text} like ${GAP} or ${message.calls}::text like ${GAP}`),
    documents: await db
      .select({ id: document.id, text: document.text, name: document.name })
      .from(document)
      .where(sql`${document.text} like ${GAP} or ${document.name} like ${GAP}`),
    titles: await db
      .select({ id: conversation.id, title: conversation.title })
      .from(conversation)
      .where(sql`${conversation.title} like ${GAP}`),
    parts: await db
      .select({ id: memory.id, text: memory.text, data: memory.data })
      .from(memory)
      .where(
        sql`${memory.text} like ${GAP} or exists
          (select 1 from ${journal} where ${journal.memoryId} = ${memory.id} and ${journal.purgedAt} is not null)`,
      ),
    entries: await db
      .select({
        seq: journal.seq,
        memoryId: journal.memoryId,
        before: journal.before,
        after: journal.after,
        reason: journal.reason,
        purgedAt: journal.purgedAt,
      })
      .from(journal)
      .where(sql`${journal.purgedAt} is not null`),
    proposals: (await db.select({ id: proposal.id }).from(proposal)).map(({ id }) => id),
  }
}

/** @returns whether anything was ever forgotten */
export function isNothing(forgotten: Forgotten): boolean {
  const { items, conversations, messages, documents, titles, parts, entries } = forgotten
  return [items, conversations, messages, documents, titles, parts, entries].every(({ length }) => length === 0)
}

/**
 * Forgets it again in an older state, and leaves no byte of it in its files.
 * @returns how many items, chats and texts the older state still had
 */
export async function forgetAgain(db: Database, owner: string, forgotten: Forgotten): Promise<number> {
  if (isNothing(forgotten)) return 0
  const count = await db.write('restore.forget', async (tx) => {
    const erased = new Set<MemoryId | PassageId>(forgotten.items as MemoryId[])
    let done = await eraseConversations(tx, forgotten.conversations)
    const touched = await eraseTexts(tx, forgotten, erased)
    done += touched.size
    for (const { id, text, data } of forgotten.parts) {
      const changed = await tx
        .update(memory)
        .set({ text, data })
        .where(and(eq(memory.id, id), sql`${memory.text} <> ${text}`))
        .returning({ id: memory.id })
      if (changed.length > 0) await tx.delete(embedding).where(eq(embedding.targetId, id))
      done += changed.length
    }
    for (const entry of forgotten.entries) {
      const { before, after, reason, purgedAt } = entry
      await tx
        .update(journal)
        .set({ before, after, reason, purgedAt })
        .where(and(eq(journal.seq, entry.seq), eq(journal.memoryId, entry.memoryId)))
    }
    await eraseFromPrompts(tx, owner, erased, touched)
    done += await eraseItems(tx, forgotten.items)
    await eraseProposals(tx, forgotten.proposals, touched)
    return done
  })
  if (count > 0) await db.scrub()
  return count
}

async function eraseItems(tx: WriteHandle, items: readonly string[]): Promise<number> {
  let done = 0
  for (const some of inSteps(items)) {
    await tx.delete(embedding).where(isAnyOf(embedding.targetId, some))
    await tx
      .update(journal)
      .set({ before: null, after: null, reason: null, purgedAt: sql`coalesce(${journal.purgedAt}, ${journal.at})` })
      .where(isAnyOf(journal.memoryId, some as MemoryId[]))
    const known = isAnyOf(memory.supersededBy, some as MemoryId[])
    await tx.update(memory).set({ supersededBy: null }).where(known)
    const gone = await tx
      .delete(memory)
      .where(isAnyOf(memory.id, some as MemoryId[]))
      .returning({ id: memory.id })
    const entities = await tx
      .delete(entity)
      .where(
        and(
          isAnyOf(entity.id, some as EntityId[]),
          sql`not exists (select 1 from ${memory} where ${memory.subjectId} = ${entity.id})`,
        ),
      )
      .returning({ id: entity.id })
    done += gone.length + entities.length
  }
  return done
}

async function eraseConversations(tx: WriteHandle, ids: readonly ConversationId[]): Promise<number> {
  let done = 0
  for (const id of new Set(ids)) {
    const messages = (await tx.select({ id: message.id }).from(message).where(eq(message.conversationId, id))).map(
      (row) => row.id,
    )
    const documents = (await tx.select({ id: document.id }).from(document).where(eq(document.conversationId, id))).map(
      (row) => row.id,
    )
    await deletePassages(tx, { messages, documents })
    await tx
      .update(evidence)
      .set({ quote: MARK.repeat(3) })
      .where(eq(evidence.conversationId, id))
    done += (await tx.delete(conversation).where(eq(conversation.id, id)).returning({ id: conversation.id })).length
  }
  return done
}

/** @returns messages that lost words */
async function eraseTexts(
  tx: WriteHandle,
  { messages, documents, titles }: Forgotten,
  erased: Set<MemoryId | PassageId>,
): Promise<Set<MessageId>> {
  const touched = new Set<MessageId>()
  for (const { id, text, calls } of messages) {
    const [row] = await tx.select({ text: message.text }).from(message).where(eq(message.id, id))
    if (!row) continue
    await tx.update(message).set({ calls }).where(eq(message.id, id))
    if (row.text === text) continue
    touched.add(id)
    const passages = await tx.select({ id: passage.id }).from(passage).where(eq(passage.messageId, id))
    for (const one of passages) erased.add(one.id)
    await tx.update(message).set({ text }).where(eq(message.id, id))
    await reindexMessage(tx, id)
    await blankQuotes(tx, eq(evidence.messageId, id), text)
  }
  for (const { id, text, name } of documents) {
    const [row] = await tx.update(document).set({ text, name }).where(eq(document.id, id)).returning()
    if (!row) continue
    const passages = await tx
      .select({ id: passage.id })
      .from(passage)
      .where(eq(passage.documentId, id as DocumentId))
    for (const one of passages) erased.add(one.id)
    await indexDocument(tx, row)
    await blankQuotes(tx, eq(evidence.documentId, id as DocumentId), text)
  }
  for (const { id, title } of titles) await tx.update(conversation).set({ title }).where(eq(conversation.id, id))
  if (touched.size > 0) {
    const answers = await tx
      .select({ id: message.id })
      .from(message)
      .where(inArray(message.parentId, [...touched]))
    await tx
      .update(usage)
      .set({ reason: sql`jsonb_set(${usage.reason}, '{words}', '[]', false)` })
      .where(inArray(usage.messageId, [...touched, ...answers.map(({ id }) => id)]))
  }
  return touched
}

/** A quote says no more than the text it was taken from still does. */
async function blankQuotes(tx: WriteHandle, of: ReturnType<typeof eq>, text: string): Promise<void> {
  for (const row of await tx.select().from(evidence).where(of)) {
    if (text.includes(row.quote)) continue
    const now = row.start !== null && row.end !== null ? text.slice(row.start, row.end) : ''
    await tx
      .update(evidence)
      .set({ quote: now.length === row.quote.length ? now : MARK.repeat(row.quote.length) })
      .where(eq(evidence.id, row.id))
  }
}

/** Suggestions are kept for ever, but what was forgotten takes those with its words along. */
async function eraseProposals(
  tx: WriteHandle,
  there: readonly ProposalId[],
  touched: ReadonlySet<MessageId>,
): Promise<void> {
  if (touched.size === 0) return
  const known = new Set<string>(there)
  const of = inArray(proposal.messageId, [...touched])
  const rows = await tx.select({ id: proposal.id }).from(proposal).where(of)
  const gone = rows.map(({ id }) => id).filter((id) => !known.has(id))
  for (const some of inSteps(gone)) await tx.delete(proposal).where(inArray(proposal.id, some))
}

function* inSteps<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += STEP) yield all.slice(from, from + STEP)
}

function ids(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}
