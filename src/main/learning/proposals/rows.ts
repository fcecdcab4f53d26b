// Rows of the inbox as its code and the window know them.
import { and, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { BatchId, ConversationId, DocumentId, MemoryId, MessageId } from '../../../shared/ids.ts'
import { namespace } from '../../../shared/memory.ts'
import { type ProposalEvidence, type ProposalView, trialCase } from '../../../shared/proposals.ts'
import type { ReadHandle } from '../../database/database.ts'
import { journal, type proposal } from '../../database/schema.ts'
import type { Suggested } from '../change/batch.ts'
import type { MergeQuestion } from '../entities/resolve.ts'
import type { Change, Evidence, ItemContent, StoredItem } from '../protocol.ts'
import { type MemoryRow, readBody } from '../rows.ts'

export type ProposalRow = typeof proposal.$inferSelect

/** The change and its claim, with dates again where JSON has text. @throws AppError when its words are gone */
export function readSuggested(row: ProposalRow): Suggested {
  const stored = row.after as Partial<Suggested> | null
  if (!stored?.change || typeof stored.claim !== 'string') {
    throw new AppError('CONFLICT', 'The words of this suggestion are gone. There is nothing to decide any more.')
  }
  const change = withDates(stored.change)
  return { change: { ...change, evidence: readEvidence(row) } as Change, claim: stored.claim }
}

/** What a person decides on. @throws AppError when its words are gone */
export function claimIn(row: ProposalRow): string {
  return row.entityId ? readQuestion(row).claim : readSuggested(row).claim
}

/** Of a question whether two entities are one. @throws AppError when its words are gone */
export function readQuestion(row: ProposalRow): MergeQuestion {
  const stored = row.after as Partial<MergeQuestion> | null
  if (stored?.entities && typeof stored.claim === 'string') return { claim: stored.claim, entities: stored.entities }
  throw new AppError('CONFLICT', 'The words of this suggestion are gone. There is nothing to decide any more.')
}

/**
 * Whether what it would change is no longer what it was made for: other words, another state, or gone. How often an
 * item was confirmed or used is no part of that.
 */
export function isStale(row: ProposalRow, now: MemoryRow | null): boolean {
  // Whether two entities are one is asked until it is answered; it goes with them.
  if (row.entityId) return false
  if (!now) return true
  if (row.action === 'add') return now.status !== 'proposed'
  const before = readBody(row.before)?.memory
  return !before || before.text !== now.text || before.status !== now.status || now.status === 'trashed'
}

/** Memories that a view of a suggestion shows: the one it would change, those it would make one, what came of it. */
export function memoriesIn(row: ProposalRow): MemoryId[] {
  return [row.memoryId, row.resultId, ...mergedIn(row)].filter((id): id is MemoryId => id !== null)
}

/** @param memories at least those of `memoriesIn`, as they are now */
export function viewProposal(row: ProposalRow, memories: ReadonlyMap<MemoryId, MemoryRow>): ProposalView {
  const now = (row.memoryId && memories.get(row.memoryId)) || null
  const result = (row.resultId && memories.get(row.resultId)) || null
  const stored = row.after as Partial<Suggested> | null
  const ends = row.action === 'retire' || row.action === 'archive'
  const open = row.status === 'open'
  const stale = open && isStale(row, now)
  const stands = now !== null && now.status !== 'trashed' && now.status !== 'superseded'
  // What it would change is shown as it is: a difference with old words would be no difference.
  const before = row.action === 'add' ? null : stale ? (stands ? now : null) : (readBody(row.before)?.memory ?? null)
  const item = itemOf(stored?.change)
  return {
    id: row.id,
    store: row.store,
    action: row.action,
    status: row.status,
    memoryId: row.action === 'add' ? row.resultId : row.memoryId,
    namespace: namespace.catch('user').parse((now ?? result)?.namespace),
    before: before?.text ?? null,
    after: ends ? null : (stored?.edited ?? stored?.claim ?? null),
    data: { before: before?.data ?? null, after: ends ? null : (item?.content ?? null) },
    merges: viewMerges(row, memories),
    reason: row.reason,
    evidence: readEvidence(row).map(
      (item): ProposalEvidence => ({
        origin: item.origin,
        quote: item.quote,
        conversationId: item.conversationId ?? null,
        messageId: item.messageId ?? null,
        documentId: item.documentId ?? null,
        at: item.at,
      }),
    ),
    flags: row.flags,
    trial: z
      .array(trialCase)
      .catch([])
      .parse((row.after as { trial?: unknown } | null)?.trial),
    stale,
    gone: stale && (row.action === 'add' || !stands),
    version: row.action === 'add' || !stands ? null : now.version,
    createdAt: row.createdAt,
    snoozedUntil: row.snoozedUntil,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedBy,
    // Once its words are gone the decision is final.
    batchId: open || (row.before === null && row.after === null) ? null : row.batchId,
  }
}

function viewMerges(row: ProposalRow, memories: ReadonlyMap<MemoryId, MemoryRow>): ProposalView['merges'] {
  if (row.entityId) {
    const { names } = (row.before ?? {}) as { names?: unknown }
    return z
      .array(z.string())
      .catch([])
      .parse(names)
      .map((text) => ({ memoryId: null, text }))
  }
  return mergedIn(row).flatMap((id) => {
    const text = memories.get(id)?.text
    return text === undefined ? [] : [{ memoryId: id, text }]
  })
}

function mergedIn(row: ProposalRow): readonly MemoryId[] {
  const change = (row.after as Partial<Suggested> | null)?.change
  return change?.action === 'merge' ? change.ids : []
}

function itemOf(change: Change | undefined): ItemContent<Record<string, unknown>> | null {
  switch (change?.action) {
    case 'add':
    case 'update':
      return change.item
    case 'supersede':
      return change.by
    case 'merge':
      return change.into
    default:
      return null
  }
}

/** What a store's `fromHand` starts from when the person rewords a suggestion. */
export function asStored(row: ProposalRow, item: ItemContent<Record<string, unknown>>): StoredItem {
  return {
    id: row.memoryId as MemoryId,
    version: row.baseVersion ?? 1,
    kind: item.kind,
    text: item.text,
    content: item.content,
    subjectId: item.subjectId ?? null,
    objectId: item.objectId ?? null,
    pinned: false,
    confidence: item.confidence ?? 1,
    validFrom: item.validFrom ?? null,
    updatedAt: row.createdAt,
  }
}

export interface Trashed {
  id: MemoryId
  store: string
  text: string
}

/** The rows of new memories that an act put into the bin, with their words as they were suggested. */
export async function trashedBy(db: ReadHandle, owner: string, batchId: BatchId): Promise<Trashed[]> {
  const text = sql<string>`coalesce(${journal.before} -> 'memory' ->> 'text', '')`
  return db
    .select({ id: journal.memoryId, store: journal.store, text })
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.batchId, batchId), eq(journal.action, 'trash')))
    .orderBy(journal.seq)
}

function readEvidence(row: ProposalRow): Evidence[] {
  return row.evidence.map((item) => {
    const { at, conversationId, messageId, documentId, ...rest } = item as Omit<Evidence, 'at'> & { at: string | Date }
    return {
      ...rest,
      ...(conversationId ? { conversationId: conversationId as ConversationId } : {}),
      ...(messageId ? { messageId: messageId as MessageId } : {}),
      ...(documentId ? { documentId: documentId as DocumentId } : {}),
      at: new Date(at),
    }
  })
}

const DATES = new Set(['validFrom', 'validTo'])

/** Changes hold dates in their item alone. */
function withDates(change: Change): Change {
  const revive = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        DATES.has(key) && typeof part === 'string' ? new Date(part) : part,
      ]),
    )
  }
  const parts = Object.entries(change).map(([key, value]) => [
    key,
    key === 'item' || key === 'by' || key === 'into' ? revive(value) : value,
  ])
  return Object.fromEntries(parts) as Change
}
