// The durable queue of background work: learn from a turn, embed, purge. A job survives a crash and is finished once.

import { AsyncResource } from 'node:async_hooks'
import { and, asc, count, eq, inArray, lte, sql } from 'drizzle-orm'
import { type JobId, newId } from '../../shared/ids.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Database, WriteHandle } from '../database/database.ts'
import { job } from '../database/schema.ts'
import { followClock } from './follow-clock.ts'

export interface JobRow {
  id: JobId
  owner: string
  kind: string
  key: string
  payload: Record<string, unknown>
  attempts: number
}

/** Writes something of a job in one transaction with what `work` gives. @throws JobGone, and nothing is written, when it was stopped */
type JobWrite = (name: string, work: (tx: WriteHandle) => Promise<Record<string, unknown> | undefined>) => Promise<void>

/**
 * Work of one kind. Everything it writes goes through `finish`, in the transaction that marks the job done and keeps what is
 * given as its result: killed before, it runs again from the start; killed after, never again. Long work goes through `step`
 * before, which keeps what is given as the payload of the next attempt: a kill costs one step. Attempts count from the last
 * one, because where it got on, the next failure is a first one.
 */
export type JobHandler = (job: JobRow, finish: JobWrite, signal: AbortSignal, step: JobWrite) => Promise<void>

/** What `onChange` says of the job that moved; null when many did. */
export type JobMove = {
  owner: string
  key: string
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
} | null

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
  /** Stops a job that is running; whoever calls has said in the table what becomes of it. */
  interrupt(owner: string, kind: string, key: string): void
  onChange(listener: (kind: string, move: JobMove) => void): () => void
  start(): void
  /** Looks for due work at once; timers and `add` do it by themselves. */
  wake(): void
  /** Resolves when nothing due is waiting or running. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** The error of a `finish` whose job was cancelled or done meanwhile: nothing of it is written. */
export class JobGone extends Error {
  override readonly name = 'JobGone'
}

export interface JobQueueOptions {
  db: Database
  clock: Clock
  log: Log
  /** Wait before attempt 2, 3, … in milliseconds; the last one repeats. */
  backoffMs?: readonly number[]
}

interface Kind {
  handler: JobHandler
  maxAttempts: number
  running: { row: JobRow; abort: AbortController } | null
}

const MAX_ATTEMPTS = 5
/**
 * Of a kind that is tried until it is done, however often the app is killed, however long a disk is full: what was promised to
 * be gone, a long learning that waits for a model, what an import leaves to be done.
 */
export const NEVER_GIVEN_UP = { maxAttempts: 1_000_000_000 }
const BACKOFF_MS = [2_000, 15_000, 60_000, 300_000]
/** Longest wait of one timer; a farther job is looked at again then. */
const LONGEST_TIMER_MS = 3_600_000
/** Wait after the database refused to answer. */
const DATABASE_RETRY_MS = 2_000

/**
 * One job of a kind runs at a time; kinds run side by side. Jobs that a killed process left running go back in line at
 * `start`, and count that attempt, so that a job that kills the process is given up in the end.
 */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  return new DatabaseJobQueue(options)
}

class DatabaseJobQueue implements JobQueue {
  readonly #db: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #backoffMs: readonly number[]
  readonly #kinds = new Map<string, Kind>()
  readonly #listeners = new Set<(kind: string, move: JobMove) => void>()
  /** `add` is called inside a transaction; looking for work must not count as part of it. */
  readonly #outside = new AsyncResource('JobQueue')
  readonly #active = new Set<Promise<void>>()
  #idleWaiters: (() => void)[] = []
  #state: 'new' | 'started' | 'stopped' = 'new'
  #recovered = false
  /** The latest time the clock showed, in milliseconds. */
  #latest = Number.NEGATIVE_INFINITY
  #pump: Promise<void> | null = null
  #again = false
  #timer: NodeJS.Timeout | undefined

  constructor({ db, clock, log, backoffMs = BACKOFF_MS }: JobQueueOptions) {
    this.#db = db
    this.#clock = clock
    this.#log = log
    this.#backoffMs = backoffMs
  }

  handle(kind: string, handler: JobHandler, { maxAttempts = MAX_ATTEMPTS } = {}): void {
    if (this.#kinds.has(kind)) throw new Error(`jobs of kind ${kind} are handled already`)
    this.#kinds.set(kind, { handler, maxAttempts, running: null })
  }

  async add(tx: WriteHandle, wanted: Parameters<JobQueue['add']>[1]): Promise<void> {
    const now = this.#clock.now()
    const { owner, kind, key, payload = {}, runAfter = now } = wanted
    const rows = await tx
      .insert(job)
      .values({ id: newId<JobId>(), owner, kind, key, payload, runAfter, createdAt: now })
      .onConflictDoNothing()
      .returning({ id: job.id })
    if (rows.length === 0) return
    // The look for work is a write of its own, so it comes after this transaction, committed or not.
    this.wake()
    this.#tell(kind, { owner, key, status: 'queued' })
  }

  async counts(owner: string, kind: string): Promise<{ queued: number; running: number; failed: number }> {
    const rows = await this.#db.read
      .select({ status: job.status, n: count() })
      .from(job)
      .where(and(eq(job.owner, owner), eq(job.kind, kind), inArray(job.status, ['queued', 'running', 'failed'])))
      .groupBy(job.status)
    const of = (status: string) => rows.find((row) => row.status === status)?.n ?? 0
    return { queued: of('queued'), running: of('running'), failed: of('failed') }
  }

  async retryFailed(owner: string, kind: string): Promise<number> {
    const rows = await this.#db.write('job.retry', (tx) =>
      tx
        .update(job)
        .set({ status: 'queued', attempts: 0, error: null, runAfter: this.#clock.now(), finishedAt: null })
        .where(and(eq(job.owner, owner), eq(job.kind, kind), eq(job.status, 'failed')))
        .returning({ id: job.id }),
    )
    this.#tell(kind, null)
    this.wake()
    return rows.length
  }

  async cancel(owner: string, kind: string): Promise<void> {
    const running = this.#kinds.get(kind)?.running
    if (running?.row.owner === owner) running.abort.abort(new JobGone('cancelled'))
    await this.#db.write('job.cancel', (tx) =>
      tx
        .delete(job)
        .where(and(eq(job.owner, owner), eq(job.kind, kind), inArray(job.status, ['queued', 'running', 'failed']))),
    )
    this.#tell(kind, null)
  }

  interrupt(owner: string, kind: string, key: string): void {
    const running = this.#kinds.get(kind)?.running
    if (running?.row.owner === owner && running.row.key === key) running.abort.abort(new JobGone('interrupted'))
    this.#tell(kind, null)
  }

  onChange(listener: (kind: string, move: JobMove) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    if (this.#state !== 'new') return
    this.#state = 'started'
    this.wake()
  }

  wake(): void {
    if (this.#state !== 'started') return
    this.#again = true
    this.#pump ??= this.#outside
      .runInAsyncScope(() => this.#look())
      .finally(() => {
        this.#pump = null
        if (this.#again) this.wake()
      })
  }

  async idle(): Promise<void> {
    if (this.#state !== 'started') return
    const settled = new Promise<void>((resolve) => this.#idleWaiters.push(resolve))
    this.wake()
    await settled
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    clearTimeout(this.#timer)
    this.#abortRunning()
    this.#resolveIdle()
    await this.#pump
    // A job that was being claimed at that moment has started since.
    this.#abortRunning()
    await Promise.all(this.#active)
  }

  #abortRunning(): void {
    for (const kind of this.#kinds.values()) kind.running?.abort.abort(new JobGone('stopping'))
  }

  /** Claims what is due until nothing more can start, then sets the timer for the next job. */
  async #look(): Promise<void> {
    try {
      while (this.#again && this.#state === 'started') {
        this.#again = false
        await this.#mindClock()
        if (!this.#recovered) await this.#recover()
        const free = [...this.#kinds].filter(([, kind]) => !kind.running).map(([name]) => name)
        for (const name of free) {
          if (this.#state !== 'started') return
          const row = await this.#claim(name)
          if (row) this.#run(name, row)
        }
      }
      if (this.#state !== 'started') return
      if (this.#active.size === 0 && !this.#again) this.#resolveIdle()
      await this.#setTimer()
    } catch (error) {
      this.#log.warn({ code: (error as { code?: string }).code }, 'the job queue could not reach the database')
      this.#wakeIn(DATABASE_RETRY_MS)
    }
  }

  async #mindClock(): Promise<void> {
    const now = this.#clock.now()
    const goesOn = now.getTime() >= this.#latest
    this.#latest = now.getTime()
    // Before the first look it may have been put back while the app was closed.
    if (goesOn && this.#recovered) return
    const moved = await followClock(this.#db, now, Math.max(...this.#backoffMs))
    if (moved > 0) this.#log.warn({ jobs: moved }, 'the clock was put back; waiting work goes by the new time')
  }

  async #recover(): Promise<void> {
    await this.#db.write('job.recover', async (tx) => {
      for (const [name, { maxAttempts }] of this.#kinds) {
        const left = and(eq(job.kind, name), eq(job.status, 'running'))
        await tx
          .update(job)
          .set({ status: 'failed', error: 'The app stopped each time this ran.', finishedAt: this.#clock.now() })
          .where(and(left, sql`${job.attempts} >= ${maxAttempts}`))
        await tx.update(job).set({ status: 'queued' }).where(left)
      }
    })
    this.#recovered = true
  }

  async #claim(kind: string): Promise<JobRow | null> {
    const due = and(eq(job.kind, kind), eq(job.status, 'queued'), lte(job.runAfter, this.#clock.now()))
    // Looked at first: a write costs a flush to disk, and mostly nothing waits.
    if ((await this.#db.read.select({ id: job.id }).from(job).where(due).limit(1)).length === 0) return null
    return await this.#db.write('job.claim', async (tx) => {
      const [next] = await tx
        .select({ id: job.id })
        .from(job)
        .where(due)
        .orderBy(asc(job.runAfter), asc(job.id))
        .limit(1)
      if (!next) return null
      const [row] = await tx
        .update(job)
        .set({ status: 'running', attempts: sql`${job.attempts} + 1` })
        .where(eq(job.id, next.id))
        .returning()
      return row ?? null
    })
  }

  #run(name: string, row: JobRow): void {
    const kind = this.#kinds.get(name)
    if (!kind) return
    const abort = new AbortController()
    kind.running = { row, abort }
    this.#tell(name, { owner: row.owner, key: row.key, status: 'running' })
    const work = this.#outside
      .runInAsyncScope(() => this.#attempt(kind, row, abort.signal))
      .finally(() => {
        kind.running = null
        this.#active.delete(work)
        this.wake()
      })
    this.#active.add(work)
  }

  async #attempt(kind: Kind, row: JobRow, signal: AbortSignal): Promise<void> {
    let finished = false
    const mine = and(eq(job.id, row.id), eq(job.status, 'running'))
    const needHeld = async (tx: WriteHandle) => {
      const [held] = await tx.select({ id: job.id }).from(job).where(mine)
      if (!held || signal.aborted) throw new JobGone('the job was cancelled')
    }
    const finish: JobWrite = async (name, work) => {
      await this.#db.write(name, async (tx) => {
        await needHeld(tx)
        const result = await work(tx)
        await tx
          .update(job)
          .set({ status: 'done', result: result ?? null, error: null, finishedAt: this.#clock.now() })
          .where(mine)
      })
      finished = true
    }
    const step: JobWrite = async (name, work) => {
      await this.#db.write(name, async (tx) => {
        await needHeld(tx)
        const payload = await work(tx)
        if (payload) await tx.update(job).set({ payload, attempts: 1 }).where(mine)
      })
    }
    try {
      await kind.handler(row, finish, signal, step)
      if (!finished) await finish('job.finish', async () => undefined)
      this.#tell(row.kind, { owner: row.owner, key: row.key, status: 'done' })
    } catch (error) {
      if (finished) {
        this.#log.error({ job: row.kind, err: (error as Error).name }, 'a job failed after it was done')
        this.#tell(row.kind, { owner: row.owner, key: row.key, status: 'done' })
      } else await this.#failed(kind, row, error, signal)
    }
  }

  async #failed(kind: Kind, row: JobRow, error: unknown, signal: AbortSignal): Promise<void> {
    const stopping = this.#state === 'stopped'
    const gone = signal.aborted || error instanceof JobGone
    const name = (error as { code?: string }).code ?? (error as Error).name
    const last = row.attempts >= kind.maxAttempts && !stopping
    if (!gone) this.#log.warn({ job: row.kind, attempt: row.attempts, code: name }, 'a job did not finish')
    const wait = this.#backoffMs[Math.min(row.attempts, this.#backoffMs.length) - 1] ?? 0
    try {
      const [left] = await this.#db.write('job.failed', (tx) =>
        tx
          .update(job)
          .set(
            last
              ? { status: 'failed', error: reasonOf(error), finishedAt: this.#clock.now() }
              : {
                  status: 'queued',
                  error: stopping ? null : reasonOf(error),
                  // Stopped by us is no failed attempt.
                  ...(stopping ? { attempts: sql`${job.attempts} - 1` } : {}),
                  runAfter: new Date(this.#clock.now().getTime() + (stopping ? 0 : wait)),
                },
          )
          .where(and(eq(job.id, row.id), eq(job.status, 'running')))
          .returning({ status: job.status }),
      )
      const status = left ? (left.status === 'failed' ? 'failed' : 'queued') : 'cancelled'
      this.#tell(row.kind, { owner: row.owner, key: row.key, status })
    } catch {
      // The database is gone; the job stays `running` on disk and goes back in line at the next start.
    }
  }

  async #setTimer(): Promise<void> {
    const [next] = await this.#db.read
      .select({ runAfter: job.runAfter, kind: job.kind })
      .from(job)
      .where(and(eq(job.status, 'queued'), inArray(job.kind, this.#idleKinds())))
      .orderBy(asc(job.runAfter))
      .limit(1)
    clearTimeout(this.#timer)
    if (next) this.#wakeIn(next.runAfter.getTime() - this.#clock.now().getTime())
  }

  #idleKinds(): string[] {
    return [...this.#kinds].filter(([, kind]) => !kind.running).map(([name]) => name)
  }

  #wakeIn(ms: number): void {
    if (this.#state !== 'started') return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(ms, 1), LONGEST_TIMER_MS))
    this.#timer.unref()
  }

  #resolveIdle(): void {
    const waiting = this.#idleWaiters
    this.#idleWaiters = []
    for (const resolve of waiting) resolve()
  }

  #tell(kind: string, move: JobMove): void {
    this.#outside.runInAsyncScope(() => {
      for (const listener of this.#listeners) listener(kind, move)
    })
  }
}

/** What the person may read of a failure: a message made for them, else the name of the error. Never chat text. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AppError') return error.message
  return error instanceof Error ? error.name : 'unknown'
}
