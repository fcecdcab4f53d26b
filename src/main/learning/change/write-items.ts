// The rows of one item: itself, its evidence, its vector and its journal entry. Who decides that they are written is not asked
// here.
import { and, eq, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type EvidenceId, type MemoryId, newId } from '../../../shared/ids.ts'
import type { ChangeAction } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import { embedding, evidence, journal, memory, message } from '../../database/schema.ts'
import { spaceOf } from '../../database/visible.ts'
import { fitContent } from '../contained/content.ts'
import { evidenceOf } from '../evidence.ts'
import type { Evidence, ItemContent, LearningStore } from '../protocol.ts'
import { bodyOf, type EvidenceRow, type MemoryRow } from '../rows.ts'
import { type Batch, NO_NEWS } from './batch.ts'

/** Reads the row a change started from. `base` null takes any version. */
export async function hold(tx: WriteHandle, owner: string, id: MemoryId, base: number | null): Promise<MemoryRow> {
  const [row] = await tx
    .select()
    .from(memory)
    .where(and(eq(memory.id, id), eq(memory.owner, owner)))
  if (!row || row.status === 'trashed') throw new AppError('NOT_FOUND', 'This memory does not exist any more.')
  if (base !== null && row.version !== base) {
    throw new AppError('CONFLICT', 'This memory was changed meanwhile. Nothing was overwritten: look at it again.', {
      version: row.version,
    })
  }
  return row
}

export async function updateRow(
  tx: WriteHandle,
  batch: Batch,
  before: MemoryRow,
  set: Partial<MemoryRow>,
): Promise<MemoryRow> {
  const [after] = await tx
    .update(memory)
    .set({ ...set, version: before.version + 1, updatedAt: batch.at })
    .where(and(eq(memory.id, before.id), eq(memory.version, before.version)))
    .returning()
  if (!after) throw new AppError('CONFLICT', 'This memory was changed meanwhile. Nothing was overwritten.')
  return after
}

/**
 * The same change of many items by one statement.
 * @returns each as it was and as it is
 * @throws AppError CONFLICT when one was changed meanwhile
 */
export async function updateRows(
  tx: WriteHandle,
  batch: Pick<Batch, 'at'>,
  rows: readonly MemoryRow[],
  set: Partial<MemoryRow>,
): Promise<{ before: MemoryRow; after: MemoryRow }[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const written = await tx
    .update(memory)
    .set({ ...set, version: sql`${memory.version} + 1`, updatedAt: batch.at })
    .where(isAnyOf(memory.id, ids))
    .returning({ id: memory.id, version: memory.version })
  const versions = new Map(written.map(({ id, version }) => [id, version]))
  return rows.map((before) => {
    const version = before.version + 1
    // The transaction takes back what it wrote over.
    if (versions.get(before.id) !== version) {
      throw new AppError('CONFLICT', 'This memory was changed meanwhile. Nothing was overwritten.')
    }
    return { before, after: { ...before, ...set, version, updatedAt: batch.at } }
  })
}

/** Writes the journal entry of one change. Reasons name what kind of change it was; they never hold a memory's words. */
export async function note(
  tx: WriteHandle,
  batch: Batch,
  action: ChangeAction,
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  row: MemoryRow,
  reason: string | null = null,
): Promise<void> {
  await noteAll(tx, batch, [{ action, before, after, row, reason }])
}

interface Noted {
  action: ChangeAction
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  row: Pick<MemoryRow, 'id' | 'store'>
  reason: string | null
}

/** Rows added by one statement: it has a parameter for each of their values. */
const WRITTEN_AT_ONCE = 500

/** As `note`, for many changes, in their order. */
export async function noteAll(tx: WriteHandle, batch: Batch, changes: readonly Noted[]): Promise<void> {
  const { owner, id: batchId, at, actor, isNoNews, conversationId = null, messageId = null } = batch
  for (let from = 0; from < changes.length; from += WRITTEN_AT_ONCE) {
    await tx.insert(journal).values(
      changes.slice(from, from + WRITTEN_AT_ONCE).map(({ row, reason, ...sides }) => ({
        ...{ owner, batchId, at, actor, conversationId, messageId },
        ...{ ...sides, memoryId: row.id, store: row.store, reason: isNoNews ? NO_NEWS : reason },
      })),
    )
  }
}

/** Puts the row's vector in the place of the old one; without one, the embedding job finds the gap. */
export async function setVector(
  tx: WriteHandle,
  batch: Pick<Batch, 'owner' | 'vectors'>,
  row: MemoryRow,
): Promise<void> {
  await tx.delete(embedding).where(eq(embedding.targetId, row.id))
  const vector = batch.vectors.of(row.text)
  if (!vector) return
  await tx
    .insert(embedding)
    .values({ targetKind: 'memory', targetId: row.id, owner: spaceOf(row), model: batch.vectors.model, vector })
}

export async function insertEvidence(tx: WriteHandle, rows: EvidenceRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += WRITTEN_AT_ONCE) {
    await tx.insert(evidence).values(rows.slice(from, from + WRITTEN_AT_ONCE))
  }
}

export async function insertItem(
  tx: WriteHandle,
  batch: Batch,
  row: MemoryRow,
  found: readonly Evidence[],
  action: ChangeAction,
  reason: string | null,
): Promise<void> {
  const rows = evidenceRows(batch, row.id, found)
  await tx.insert(memory).values(row)
  await insertEvidence(tx, rows)
  await setVector(tx, batch, row)
  await note(tx, batch, action, null, bodyOf(row, rows), row, reason)
}

/** An item that no longer holds: kept as history, with the time it held. It ends where its successor begins. */
export async function close(
  tx: WriteHandle,
  batch: Batch,
  before: MemoryRow,
  by: MemoryRow | null,
  reason: string,
): Promise<void> {
  const { status, validTo, supersededBy } = closed(before, by?.id ?? null, by?.validFrom ?? batch.at)
  const after = await updateRow(tx, batch, before, { status, validTo, supersededBy })
  await note(tx, batch, 'retire', bodyOf(before), bodyOf(after), after, reason)
}

export function closed(row: MemoryRow, supersededBy: MemoryId | null, until: Date): MemoryRow {
  // A clock that went back must not make an item end before it began.
  const validTo = row.validFrom && row.validFrom > until ? row.validFrom : until
  return { ...row, status: 'superseded', validTo, supersededBy }
}

/** What stays true of an item that went is one of its own, resting on the same words. */
export async function keep(
  tx: WriteHandle,
  batch: Batch,
  before: MemoryRow,
  text: string | null | undefined,
): Promise<void> {
  if (!text) return
  const sources = await sourcesOf(tx, before)
  if (sources.length === 0) return
  const row: MemoryRow = {
    ...before,
    id: newId<MemoryId>(),
    version: 1,
    text,
    author: batch.author,
    extractor: batch.extractor,
    createdAt: batch.at,
    updatedAt: batch.at,
    lastUsedAt: null,
    useCount: 0,
  }
  await insertItem(tx, batch, row, sources, 'add', 'kept')
}

/** The sources of an item that can be found in the messages still. */
export async function sourcesOf(tx: WriteHandle, { id, owner }: MemoryRow): Promise<Evidence[]> {
  const rows = await tx
    .select({ source: evidence, text: message.text })
    .from(evidence)
    .leftJoin(message, and(eq(message.id, evidence.messageId), eq(message.owner, evidence.owner)))
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner)))
  return rows
    .filter(({ source, text }) => source.origin !== 'user' || text?.includes(source.quote))
    .map(({ source }) => evidenceOf(source))
}

export function newRow(
  batch: Batch,
  store: LearningStore,
  item: ItemContent<Record<string, unknown>>,
  scope = store.policy.scope,
  replaces: MemoryRow | null = null,
): MemoryRow {
  return {
    id: newId<MemoryId>(),
    owner: batch.owner,
    version: 1,
    store: store.id,
    namespace: replaces?.namespace ?? scope.namespace,
    projectId: replaces?.projectId ?? scope.projectId ?? null,
    conversationId: replaces?.conversationId ?? scope.conversationId ?? null,
    kind: item.kind,
    subjectId: item.subjectId === undefined ? (replaces?.subjectId ?? null) : item.subjectId,
    objectId: item.objectId === undefined ? (replaces?.objectId ?? null) : item.objectId,
    text: item.text,
    data: check(batch, store, item.content),
    status: 'active',
    confidence: item.confidence ?? 0.9,
    pinned: replaces?.pinned ?? false,
    localOnly: replaces?.localOnly ?? false,
    validFrom: item.validFrom === undefined ? batch.at : item.validFrom,
    validTo: item.validTo ?? null,
    supersededBy: null,
    author: item.author ?? batch.author,
    extractor: batch.extractor,
    createdAt: batch.at,
    updatedAt: batch.at,
    lastUsedAt: null,
    useCount: 0,
    trashedAt: null,
  }
}

export function check(batch: Batch, store: LearningStore, content: unknown): Record<string, unknown> {
  const parsed = store.schema.safeParse(content)
  // What the person decides on may have been suggested under an earlier schema.
  const fitted = batch.decided && !parsed.success ? fitContent(store.schema, content) : null
  if (fitted) return fitted
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new AppError('INVALID_INPUT', `"${store.title}" does not take this: ${field || 'content'} is not valid.`, {
      field,
    })
  }
  return parsed.data
}

export function evidenceRows(batch: Batch, memoryId: MemoryId, found: readonly Evidence[]): EvidenceRow[] {
  return found.map((item) => ({
    id: newId<EvidenceId>(),
    owner: batch.owner,
    memoryId,
    origin: item.origin,
    conversationId: item.conversationId ?? null,
    messageId: item.messageId ?? null,
    documentId: item.documentId ?? null,
    quote: item.quote,
    start: item.start ?? null,
    end: item.end ?? null,
    at: item.at,
  }))
}
