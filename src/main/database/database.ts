// What the rest of the core knows of the database: a handle that reads, a handle that writes inside a transaction,
// and the life of the whole. The worker behind it is in client.ts.
import type { PgDatabase } from 'drizzle-orm/pg-core'
import type { PgliteQueryResultHKT } from 'drizzle-orm/pglite'
import type { Backup, BackupReason } from './backup.ts'
import type * as schema from './schema.ts'
import type { VectorSketches } from './sketches.ts'

type Handle = PgDatabase<PgliteQueryResultHKT, typeof schema>

declare const reads: unique symbol
declare const writes: unique symbol

/** Reads only. `execute` takes parameterised SQL for what the builder cannot say (vectors, BM25). */
export type ReadHandle = Pick<Handle, 'select' | 'selectDistinct' | 'selectDistinctOn' | 'execute' | '$count'> & {
  readonly [reads]?: true
  /** For searches by vector (nearest.ts). `settled`: what the handle sees is committed and stays. */
  readonly sketches: { of: VectorSketches; settled: boolean }
}
/** Reads and writes; exists only inside `Database.write`. */
export type WriteHandle = ReadHandle & Pick<Handle, 'insert' | 'update' | 'delete'> & { readonly [writes]: true }

export type DatabaseState =
  | { state: 'ready' }
  | { state: 'restarting' }
  | { state: 'readonly'; reason: string }
  /** A part cannot be read: what can is shown, nothing is written. */
  | { state: 'damaged'; reason: string }
  | { state: 'failed'; reason: string }

export interface Database {
  readonly read: ReadHandle
  /**
   * Runs `work` in one transaction. When the promise resolves, the commit is on disk (fsync).
   * Transactions run one after another; never wait for a model or the network inside.
   * @param name names the call in the slow log and in errors
   * @param options.limitMs most milliseconds it may take, where the usual deadline is too short for what a person waits for
   * @throws AppError DISK_FULL, DATABASE_STOPPED; CONFLICT for a unique violation the caller did not handle
   */
  write<T>(name: string, work: (tx: WriteHandle) => Promise<T>, options?: { limitMs?: number }): Promise<T>
  readonly state: DatabaseState
  onState(listener: (state: DatabaseState) => void): () => void
  /** Whether one work, such as the making of a large index, has kept others waiting for seconds. */
  readonly busy: boolean
  onBusy(listener: (busy: boolean) => void): () => void
  /**
   * Makes a backup while the app goes on: what is written waits for the end of the copy alone. It is opened and read before
   * the call returns.
   * @param target the folder it becomes, whole or absent; null: one named after reason and time among the profile's backups
   * @throws AppError CONFLICT, DISK_FULL, DATABASE_STOPPED when it does not hold what the database holds
   */
  backup(target: string | null, reason?: BackupReason): Promise<Backup>
  /**
   * Reads every page of every table, so that what went bad on the disk is found while there is a good backup.
   * @param between called between two short statements; may wait for a quiet moment, and ends it by throwing
   * @throws AppError DATABASE_STOPPED where something cannot be read; the state is `damaged` then
   */
  readEverything(between: () => Promise<void>): Promise<void>
  /**
   * Leaves no byte of deleted rows on disk: rewrites the tables that hold private text with their indexes, drops old
   * WAL, and puts a fresh copy in the place of the app's own backups, which still hold them. Killed at any step, it has to run
   * again from the start. Blocks other calls meanwhile (about a second at
   * 10,000 memories), so call it once after many deletions, when idle.
   */
  scrub(): Promise<void>
  /** Checkpoint, orderly stop, release of the lock. */
  close(): Promise<void>
}
