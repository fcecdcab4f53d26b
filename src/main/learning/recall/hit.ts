// What recall finds: memories, and passages of past conversations and documents, in one ranked list.
import type { RecallReason } from '../../../shared/memory.ts'
import type { passage } from '../../database/schema.ts'
import type { MemoryRow } from '../rows.ts'

export type PassageRow = typeof passage.$inferSelect

interface Ranked {
  /** Comparable within one list only; higher is better. */
  score: number
  reason: RecallReason
}

export interface MemoryHit extends Ranked {
  kind: 'memory'
  row: MemoryRow
}

export interface PassageHit extends Ranked {
  kind: 'passage'
  passage: PassageRow
}

export type RecallHit = MemoryHit | PassageHit

export interface Recalled {
  /** Best first. */
  hits: RecallHit[]
  /** How many of them, from the top, are relevant enough for a prompt: a normal answer is none. */
  relevant: number
}
