// Rows of the inbox as its code and the window know them.
import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { BatchId, ConversationId, DocumentId, MemoryId, MessageId } from '../../../shared/ids.ts'
import { type ProposalEvidence, type ProposalView, trialCase } from '../../../shared/proposals.ts'
import type { ReadHandle } from '../../database/database.ts'
import { journal, type proposal } from '../../database/schema.ts'
import type { Suggested } from '../change/write.ts'
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

export function viewProposal(row: ProposalRow, now: MemoryRow | null): ProposalView {
  const stored = row.after as Partial<Suggested> | null
  const ends = row.action === 'retire' || row.action === 'archive'
  return {
    id: row.id,
    store: row.store,
    action: row.action,
    status: row.status,
    memoryId: row.action === 'add' ? row.resultId : row.memoryId,
    before: readBody(row.before)?.memory.text ?? null,
    after: ends ? null : (stored?.claim ?? null),
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
    stale: row.status === 'open' && isStale(row, now),
    createdAt: row.createdAt,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedBy,
    batchId: row.status === 'open' ? null : row.batchId,
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

/** The row of a new memory that a decline put into the bin. */
export async function trashedBy(db: ReadHandle, owner: string, batchId: BatchId): Promise<MemoryId | null> {
  const [row] = await db
    .select({ id: journal.memoryId })
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.batchId, batchId), eq(journal.action, 'trash')))
  return row?.id ?? null
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
