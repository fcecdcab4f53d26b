// The durable queue of background work: learn from a turn, embed, purge. A job survives a crash and is finished once.

import type { JobId } from '../../shared/ids.ts'
import type { WriteHandle } from '../database/database.ts'

export interface JobRow {
  id: JobId
  owner: string
  kind: string
  key: string
  payload: Record<string, unknown>
  attempts: number
}

/**
 * Work of one kind. Everything it writes goes through `finish`, in the transaction that marks the job done:
 * killed before, it runs again from the start; killed after, never again.
 */
export type JobHandler = (
  job: JobRow,
  finish: (name: string, work: (tx: WriteHandle) => Promise<Record<string, unknown> | undefined>) => Promise<void>,
  signal: AbortSignal,
) => Promise<void>

export interface JobQueue {
  /** Registers the work of a kind; once, before `start`. `background` jobs wait while a person waits for an answer. */
  handle(kind: string, handler: JobHandler, options?: { maxAttempts?: number }): void
  /** Adds a job in the caller's transaction; the same owner, kind and key again is no second job. */
  add(
    tx: WriteHandle,
    job: { owner: string; kind: string; key: string; payload?: Record<string, unknown>; runAfter?: Date },
  ): Promise<void>
  counts(owner: string, kind: string): Promise<{ queued: number; running: number; failed: number }>
  /** Puts failed jobs of a kind back in line. */
  retryFailed(owner: string, kind: string): Promise<number>
  /** Takes waiting jobs of a kind out of line, and stops a running one: the switch was turned off. */
  cancel(owner: string, kind: string): Promise<void>
  onChange(listener: (kind: string) => void): () => void
  start(): void
  /** Resolves when nothing due is waiting or running. */
  idle(): Promise<void>
  stop(): Promise<void>
}
