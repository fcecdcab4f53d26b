// The act of forgetting: at once gone for every prompt, list and search, and undone in one step while its time lasts.
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { ForgetMode, ForgetSelection } from '../../../shared/contract/memory.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ConversationId, DocumentId, EntityId, MemoryId, MessageId, PassageId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { message, passage } from '../../database/schema.ts'
import type { JobQueue } from '../../jobs/queue.ts'
import type { Batch } from '../change/batch.ts'
import { noteAll, updateRows } from '../change/write-items.ts'
import { bodyOfEntity, type EntityRow, noteEntity, updateEntity } from '../entities/rows.ts'
import { bodyOf, type MemoryRow } from '../rows.ts'
import { EMBED } from '../vectors.ts'
import { Blanking } from './blank.ts'
import type { Span } from './places.ts'
import { type ForgetPlan, planStill } from './plan.ts'
import { UNDO_MS } from './undo-time.ts'

/** Queued with a forget, for when its undo time is over. */
export const PURGE = 'purge'
/** Queued after a purge: leaves no byte of the erased rows in the files of the database. */
export const SCRUB = 'scrub'

export interface ForgetRequest extends ForgetSelection {
  mode?: ForgetMode | undefined
  /** Sentences of the preview that stay although they were selected, and such that go although they were not. */
  keep?: readonly string[] | undefined
  also?: readonly string[] | undefined
}

/** What the purge needs to know; ids only, so that the queue holds no words. */
export interface PurgePayload {
  ids: MemoryId[]
  /** Those of them that the person chose: what they say is looked for. */
  chosen: MemoryId[]
  entities: EntityId[]
  /** Passages that held the sentences: lines of stored prompts quote them. */
  passages: PassageId[]
  /** Answers that were being written from the items: what they say of them is not known yet. */
  writing: MessageId[]
}

export interface Forgotten {
  count: number
  sentences: number
  finalAt: Date
  /** Conversations whose shown texts changed. */
  conversations: ConversationId[]
  memories: MemoryId[]
}

/** Answers that are being written from what is to be forgotten: they end first, so that what they said is seen. */
export async function answersUnderWay(
  db: ReadHandle,
  owner: string,
  { spans, conversationId }: ForgetPlan,
): Promise<ConversationId[]> {
  const touched = new Set([conversationId, ...spans.map((span) => span.conversationId)])
  const rows = await db
    .select({ conversationId: message.conversationId })
    .from(message)
    .where(and(eq(message.owner, owner), eq(message.status, 'pending')))
  return [...new Set(rows.map((row) => row.conversationId))].filter((id) => touched.has(id))
}

/**
 * Forgets, in the caller's transaction, and queues the end.
 * @param made a plan made before the transaction; used while it still holds
 * @throws AppError NOT_FOUND when there is nothing to forget
 */
export async function forget(
  tx: WriteHandle,
  jobs: Pick<JobQueue, 'add'>,
  batch: Batch,
  request: ForgetRequest,
  made: ForgetPlan | null = null,
): Promise<Forgotten> {
  const plan = await planStill(tx, batch.owner, request, made)
  const rows = [...plan.going.items.values()].map(({ row }) => row)
  if (rows.length === 0 && plan.conversationId === null && plan.entities.length === 0) {
    throw new AppError('NOT_FOUND', 'There is nothing to forget: it was forgotten before, or never known.')
  }
  const spans = chosenSpans(plan.spans, request)
  const passages = await passagesOf(tx, spans)
  const blanking = new Blanking(tx, batch)
  await trashAll(tx, batch, rows)
  for (const row of plan.proposals) await blanking.proposal(row)
  const everywhere = (request.mode ?? 'everywhere') === 'everywhere'
  const told = plan.going.evidence.flatMap(({ origin, messageId }) => (origin === 'tool' && messageId ? messageId : []))
  const called = await blanking.calls(
    [...rows.map(({ id }) => id), ...(byTarget(spans, 'memory').keys() as Iterable<MemoryId>)],
    rows.map(({ text }) => text),
    everywhere ? [...told, ...(byTarget(spans, 'message').keys() as Iterable<MessageId>)] : [],
  )
  for (const row of plan.entities) await trashEntity(tx, batch, row)
  if (everywhere && plan.conversationId) await blanking.conversation(plan.conversationId)
  let embed = await blankItems(blanking, spans)
  if (everywhere) embed = (await blankTexts(blanking, spans)) || embed
  const barred = everywhere ? [] : await bar(tx, blanking, plan, spans)
  if (embed) await jobs.add(tx, { owner: batch.owner, kind: EMBED, key: batch.id })
  const finalAt = new Date(batch.at.getTime() + UNDO_MS)
  const payload: PurgePayload = {
    ids: rows.map(({ id }) => id),
    chosen: [...plan.going.items.values()].flatMap(({ row, why }) => (why === 'chosen' ? row.id : [])),
    entities: plan.entities.map(({ id }) => id),
    passages: everywhere ? passages : [],
    writing: await pendingAnswers(tx, batch.owner),
  }
  await jobs.add(tx, { owner: batch.owner, kind: PURGE, key: batch.id, payload: { ...payload }, runAfter: finalAt })
  return {
    count: rows.length,
    sentences: everywhere ? spans.length : barred.length,
    finalAt,
    conversations: [
      ...new Set([
        ...spans.flatMap((span) => span.conversationId ?? []),
        ...called,
        ...(plan.conversationId ? [plan.conversationId] : []),
      ]),
    ],
    memories: payload.ids,
  }
}

function chosenSpans(spans: readonly Span[], { keep = [], also = [] }: ForgetRequest): Span[] {
  const kept = new Set(keep)
  const added = new Set(also)
  return spans.filter(({ ref, selected }) => (selected ? !kept.has(ref) : added.has(ref)))
}

async function trashAll(tx: WriteHandle, batch: Batch, rows: readonly MemoryRow[]): Promise<void> {
  const changes = await updateRows(tx, batch, rows, { status: 'trashed', trashedAt: batch.at, supersededBy: null })
  await noteAll(
    tx,
    batch,
    changes.map(({ before, after }) => ({
      ...{ action: 'trash', reason: null, row: after },
      ...{ before: bodyOf(before), after: bodyOf(after) },
    })),
  )
}

async function trashEntity(tx: WriteHandle, batch: Batch, row: EntityRow): Promise<void> {
  const before = await bodyOfEntity(tx, row)
  const after = await updateEntity(tx, batch.at, row, { status: 'trashed', mergedInto: null })
  await noteEntity(tx, batch, 'trash', before, await bodyOfEntity(tx, after))
}

/** Sentences of items that stay: learned text, so they go in both modes. */
async function blankItems(blanking: Blanking, spans: readonly Span[]): Promise<boolean> {
  const items = byTarget(spans, 'memory')
  for (const [id, of] of items) await blanking.memory(id as MemoryId, of)
  return items.size > 0
}

async function blankTexts(blanking: Blanking, spans: readonly Span[]): Promise<boolean> {
  let embed = false
  for (const [id, of] of byTarget(spans, 'message')) embed = (await blanking.message(id as MessageId, of)) || embed
  for (const [id, of] of byTarget(spans, 'document')) embed = (await blanking.document(id as DocumentId, of)) || embed
  for (const id of byTarget(spans, 'title').keys()) await blanking.title(id as ConversationId)
  for (const id of byTarget(spans, 'name').keys()) await blanking.name(id as DocumentId)
  return embed
}

function byTarget(spans: readonly Span[], place: Span['place']): Map<string, Span[]> {
  const targets = new Map<string, Span[]>()
  for (const span of spans) {
    if (span.place === place) targets.set(span.targetId, [...(targets.get(span.targetId) ?? []), span])
  }
  return targets
}

/** The messages that say it, and all of a conversation that was named. */
async function bar(
  tx: WriteHandle,
  blanking: Blanking,
  { conversationId }: ForgetPlan,
  spans: readonly Span[],
): Promise<MessageId[]> {
  const ids = new Set(spans.flatMap(({ messageId }) => messageId ?? []))
  if (conversationId) {
    const rows = await tx
      .select({ id: message.id })
      .from(message)
      .where(and(eq(message.conversationId, conversationId), ne(message.role, 'root')))
    for (const { id } of rows) ids.add(id)
  }
  for (const id of ids) await blanking.bar(id)
  return [...ids]
}

async function passagesOf(tx: ReadHandle, spans: readonly Span[]): Promise<PassageId[]> {
  const messages = [...new Set(spans.flatMap(({ messageId }) => messageId ?? []))]
  const documents = [...new Set(spans.flatMap(({ documentId }) => documentId ?? []))]
  const rows = [
    ...(messages.length > 0
      ? await tx.select({ id: passage.id }).from(passage).where(inArray(passage.messageId, messages))
      : []),
    ...(documents.length > 0
      ? await tx.select({ id: passage.id }).from(passage).where(inArray(passage.documentId, documents))
      : []),
  ]
  return rows.map(({ id }) => id)
}

async function pendingAnswers(tx: ReadHandle, owner: string): Promise<MessageId[]> {
  const rows = await tx
    .select({ id: message.id })
    .from(message)
    .where(and(eq(message.owner, owner), eq(message.status, 'pending')))
  return rows.map(({ id }) => id)
}
