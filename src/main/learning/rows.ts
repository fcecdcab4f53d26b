// Rows of the database as the rest of learning knows them, and back from the journal's JSON.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { AppError } from '../../shared/errors.ts'
import type { MemoryId } from '../../shared/ids.ts'
import { type MemoryView, memoryView } from '../../shared/memory.ts'
import { isAnyOf } from '../database/any-of.ts'
import type { ReadHandle } from '../database/database.ts'
import { type evidence, memory } from '../database/schema.ts'
import { isVisible, onlyOwn, type Viewer } from '../database/visible.ts'
import { readWholeRows } from '../database/whole-rows.ts'
import type { StoredItem } from './protocol.ts'

export type MemoryRow = typeof memory.$inferSelect
export type EvidenceRow = typeof evidence.$inferSelect

/**
 * What the journal keeps of one side of a change: the whole row, and the evidence that this side has and the other has
 * not. Undoing a change is exchanging its sides.
 */
export interface JournalBody {
  memory: MemoryRow
  evidence: EvidenceRow[]
}

const MEMORY_DATES = ['validFrom', 'validTo', 'createdAt', 'updatedAt', 'lastUsedAt', 'trashedAt'] as const

/** @returns the body with dates again where JSON has text; null when it was blanked or is none. */
export function readBody(stored: unknown): JournalBody | null {
  if (typeof stored !== 'object' || stored === null || !('memory' in stored)) return null
  const body = stored as JournalBody
  const row = { ...body.memory } as Record<string, unknown>
  for (const key of MEMORY_DATES) if (typeof row[key] === 'string') row[key] = new Date(row[key])
  return {
    memory: row as MemoryRow,
    evidence: (body.evidence ?? []).map((item) => ({ ...item, at: new Date(item.at) })),
  }
}

export function bodyOf(row: MemoryRow, items: EvidenceRow[] = []): Record<string, unknown> {
  return { memory: row, evidence: items } satisfies JournalBody as unknown as Record<string, unknown>
}

export async function readMemory(db: ReadHandle, owner: string, id: MemoryId): Promise<MemoryRow | null> {
  const [row] = await db
    .select()
    .from(memory)
    .where(and(eq(memory.id, id), eq(memory.owner, owner)))
  return row ?? null
}

/** @throws AppError NOT_FOUND */
export async function needMemory(db: ReadHandle, owner: string, id: MemoryId): Promise<MemoryRow> {
  const row = await readMemory(db, owner, id)
  if (!row) throw new AppError('NOT_FOUND', 'This memory does not exist any more.')
  return row
}

/** Memories of one owner, wherever they are narrowed to: what a person may look at and change. */
export function readMemories(
  db: ReadHandle,
  owner: string,
  ids: readonly MemoryId[],
  also?: SQL,
): Promise<Map<MemoryId, MemoryRow>> {
  return readVisible(db, onlyOwn(owner), ids, also)
}

/** Memories that a viewer may see from where they are: what may stand in a prompt. */
export async function readVisible(
  db: ReadHandle,
  viewer: Viewer,
  ids: readonly MemoryId[],
  also?: SQL,
): Promise<Map<MemoryId, MemoryRow>> {
  if (ids.length === 0) return new Map()
  const rows = await readWholeRows(db, memory, and(isVisible(viewer, sql`memory`), isAnyOf(memory.id, ids), also))
  return new Map(rows.sort((a, b) => (a.id < b.id ? -1 : 1)).map((row) => [row.id, row]))
}

export function storedItem(row: MemoryRow): StoredItem {
  return {
    id: row.id,
    version: row.version,
    kind: row.kind,
    text: row.text,
    content: row.data,
    pinned: row.pinned,
    confidence: row.confidence,
    validFrom: row.validFrom,
    updatedAt: row.updatedAt,
    subjectId: row.subjectId,
    objectId: row.objectId,
  }
}

const VIEW_KEYS = Object.keys(memoryView.shape) as (keyof MemoryView)[]

export function viewMemory(row: MemoryRow): MemoryView {
  return Object.fromEntries(VIEW_KEYS.map((key) => [key, row[key as keyof MemoryRow]])) as unknown as MemoryView
}
