// The open database: reads and writes one after another, a worker that is replaced when it hangs or dies, and a stop
// to writing while the disk is nearly full.
import { AsyncLocalStorage } from 'node:async_hooks'
import { getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import { askThrough, type BackupReason, type HoldStill, holdThrough, makeBackup } from './backup.ts'
import type { Connection } from './connection.ts'
import { tellsDamage } from './damage.ts'
import type { Database, DatabaseState, ReadHandle, WriteHandle } from './database.ts'
import { Housekeeping } from './housekeeping.ts'
import { type Ask, readEverything } from './inspect.ts'
import { Lane } from './lane.ts'
import type { Lock } from './lock.ts'
import { QueryError, type QueryResult, type RowShape } from './messages.ts'
import * as schema from './schema.ts'
import { drizzleOver } from './session.ts'
import { VectorSketches } from './sketches.ts'

export interface Deadlines {
  /** Most time of one statement; then the worker is replaced. */
  statementMs: number
  /** Most time of one transaction; then it is taken back, so that a forgotten one blocks nobody. */
  transactionMs: number
}

export interface LocalDatabaseOptions {
  /** Folder of the cluster; null: it is in memory, and there is nothing to copy or to keep small. */
  data: string | null
  /** The database folder it lies in. */
  folder: string
  clock: Clock
  connection: Connection
  /** Starts a new worker on the same folder. */
  reconnect: (onEnd: (reason: string) => void) => Promise<Connection>
  lock: Lock
  log: Log
  deadlines: Deadlines
  freeBytes: () => Promise<number>
  /** Puts a fresh copy in the place of those the app made by itself. */
  renewBackups: (hold: HoldStill) => Promise<void>
  /** Something cannot be read that was written: notes it for the next start. */
  noteDamage: (code: string) => Promise<void>
  /** After an orderly close. */
  seal: () => Promise<void>
}

/** Below this the database takes no writes: a full disk hangs the engine, and it cannot be opened again until there is room. */
export const LEAST_FREE_BYTES = 500 * 1024 * 1024

const PRIVATE_TABLES = Object.values(schema).flatMap((value) => (is(value, PgTable) ? [getTableName(value)] : []))

const SPACE_CHECK_MS = 2000
const SPACE_RETRY_MS = 2000
const SLOW_WRITE_MS = 200
const CHORE_DEADLINE_MS = 5 * 60_000
const PROBE_DEADLINE_MS = 5000
const CLOSE_DEADLINE_MS = 15_000
const DISK_FULL_STATE = '53100'
/** How Postgres words it when it does not come up for want of space. */
const NO_SPACE = 'No space left on device'
const UNIQUE_VIOLATION = '23505'

interface OpenTransaction {
  name: string
  over: boolean
  rows: number
}

export class LocalDatabase implements Database {
  readonly read: ReadHandle
  readonly #options: LocalDatabaseOptions
  readonly #lane = new Lane((held) => {
    for (const listener of this.#busyListeners) listener(held)
  })
  readonly #sketches = new VectorSketches()
  readonly #listeners = new Set<(state: DatabaseState) => void>()
  readonly #busyListeners = new Set<(busy: boolean) => void>()
  readonly #housekeeping: Housekeeping
  /** The transaction whose work is running in this chain of calls. */
  readonly #inside = new AsyncLocalStorage<OpenTransaction>()
  #connection: Connection
  #restart: Promise<void> | null = null
  #state: DatabaseState = { state: 'ready' }
  #spaceCheckedAt = Number.NEGATIVE_INFINITY
  #spaceTimer: NodeJS.Timeout | undefined
  #closing: Promise<void> | null = null

  constructor(options: LocalDatabaseOptions) {
    this.#options = options
    this.#connection = options.connection
    this.read = Object.assign(
      drizzleOver((sql, params, rows) => this.#readOne(sql, params, rows)),
      { sketches: { of: this.#sketches, settled: true } },
    )
    this.#housekeeping = new Housekeeping(
      options.data,
      {
        run: (statement) => this.#lane.run(async () => this.#chore(await this.#ready(), statement)),
        idle: () => this.#lane.length === 0,
      },
      options.log,
    )
  }

  get state(): DatabaseState {
    return this.#state
  }

  onState(listener: (state: DatabaseState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get busy(): boolean {
    return this.#lane.held
  }

  onBusy(listener: (busy: boolean) => void): () => void {
    this.#busyListeners.add(listener)
    return () => this.#busyListeners.delete(listener)
  }

  async write<T>(
    name: string,
    work: (tx: WriteHandle) => Promise<T>,
    { limitMs }: { limitMs?: number } = {},
  ): Promise<T> {
    this.#refuseInside(`write("${name}")`)
    this.#refuseClosed()
    return this.#lane.run(async () => {
      await this.#refuseWithoutSpace()
      const connection = await this.#ready()
      const started = performance.now()
      try {
        const deadlines =
          limitMs === undefined ? this.#options.deadlines : { statementMs: limitMs, transactionMs: limitMs }
        return await this.#transaction(connection, name, work, deadlines)
      } catch (error) {
        throw await this.#explain(error)
      } finally {
        const ms = Math.round(performance.now() - started)
        if (ms > SLOW_WRITE_MS) this.#options.log.warn({ write: name, ms }, 'slow write')
      }
    })
  }

  async backup(target: string | null, reason: BackupReason = 'by-hand') {
    this.#refuseInside('backup()')
    this.#refuseClosed()
    const { data, folder, clock } = this.#options
    if (data === null) throw new AppError('NOT_ALLOWED', 'What is only in memory is not copied to disk.')
    const hold: HoldStill = (copy) =>
      this.#lane.run(async () => {
        try {
          return await this.#hold(await this.#ready())(copy)
        } catch (error) {
          throw await this.#explain(error)
        }
      })
    return await makeBackup({ folder, reason, now: clock.now(), hold, ...(target === null ? {} : { target }) })
  }

  async readEverything(between: () => Promise<void>): Promise<void> {
    this.#refuseInside('readEverything()')
    const ask: Ask = async (statement) =>
      (await this.#readOne(statement, [], 'object')).rows as Record<string, unknown>[]
    await readEverything(ask, between)
  }

  /** Within the lane: everything in the files, and nothing written while they are copied. */
  #hold(connection: Connection): HoldStill {
    return holdThrough(askThrough(connection, CHORE_DEADLINE_MS), () => this.#chore(connection, 'checkpoint'))
  }

  async scrub(): Promise<void> {
    this.#refuseInside('scrub()')
    this.#refuseClosed()
    await this.#lane.run(async () => {
      await this.#refuseWithoutSpace()
      const connection = await this.#ready()
      // Each step may be killed, and all of them run again.
      const step = (name: string) => this.#options.log.info({ step: name }, 'scrub')
      for (const table of PRIVATE_TABLES) {
        step(`table ${table}`)
        await this.#chore(connection, `vacuum (full, analyze) "${table}"`)
      }
      // The segment written so far becomes an old one, and the checkpoint deletes old ones.
      step('log')
      await this.#chore(connection, 'select pg_switch_wal()')
      step('checkpoint')
      await this.#chore(connection, 'checkpoint')
      step('backups')
      await this.#options.renewBackups(this.#hold(connection))
      step('end')
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Called by the connection when its worker ended by itself or had to be ended. */
  ended(reason: string): void {
    if (this.#closing !== null) return
    this.#options.log.error({ reason }, 'database worker ended; starting it again')
    this.#startAgain()
  }

  async #close(): Promise<void> {
    this.#housekeeping.stop()
    clearTimeout(this.#spaceTimer)
    const overdue = setTimeout(() => void this.#connection.kill('the app is closing'), CLOSE_DEADLINE_MS)
    try {
      await this.#lane.run(async () => {
        await this.#restart
        if (this.#connection.ended) return
        await this.#connection.script('checkpoint', CLOSE_DEADLINE_MS)
        await this.#connection.close(CLOSE_DEADLINE_MS)
        await this.#options.seal()
      })
    } catch (error) {
      // Committed work is on disk; the next start replays it.
      this.#options.log.warn({ code: (error as { code?: string }).code }, 'database did not close in order')
    } finally {
      clearTimeout(overdue)
      this.#options.lock.release()
    }
  }

  async #readOne(sql: string, params: unknown[], rows: RowShape): Promise<QueryResult> {
    this.#refuseInside('read')
    this.#refuseClosed()
    return this.#lane.run(async () => {
      const connection = await this.#ready()
      try {
        return await connection.query(sql, params, rows, this.#options.deadlines.statementMs)
      } catch (error) {
        throw await this.#explain(error)
      }
    })
  }

  async #transaction<T>(
    connection: Connection,
    name: string,
    work: (tx: WriteHandle) => Promise<T>,
    { statementMs, transactionMs }: Deadlines,
  ): Promise<T> {
    const transaction: OpenTransaction = { name, over: false, rows: 0 }
    const run = async (sql: string, params: unknown[], rows: RowShape) => {
      if (transaction.over) {
        throw new AppError('INTERNAL', `A statement came after the end of write("${name}"): is an await missing?`)
      }
      const result = await connection.query(sql, params, rows, statementMs)
      transaction.rows += result.affectedRows
      return result
    }
    await connection.query('begin read write', [], 'array', statementMs)
    let timer: NodeJS.Timeout | undefined
    try {
      const overdue = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          const message = `Saving took longer than ${transactionMs / 1000} s and was taken back. Please try again.`
          reject(new AppError('DATABASE_STOPPED', message, { write: name }))
        }, transactionMs)
      })
      const handle = Object.assign(drizzleOver(run), { sketches: { of: this.#sketches, settled: false } })
      const result = await Promise.race([
        this.#inside.run(transaction, async () => await work(handle as unknown as WriteHandle)),
        overdue,
      ])
      transaction.over = true
      const { command } = await connection.query('commit', [], 'array', statementMs)
      // Postgres answers COMMIT with ROLLBACK when a statement had failed and its error was swallowed.
      if (command !== 'COMMIT') throw new AppError('INTERNAL', `An error inside write("${name}") was swallowed.`)
      this.#housekeeping.committed(transaction.rows)
      return result
    } catch (error) {
      const wasOver = transaction.over
      transaction.over = true
      // A rollback that fails takes the worker with it; what is told is why it was needed.
      if (!wasOver) await connection.query('rollback', [], 'array', statementMs).catch(() => {})
      throw error
    } finally {
      clearTimeout(timer)
      this.#sketches.written()
    }
  }

  /** One maintenance statement; a disk that fills up in it is told of like in a write. */
  async #chore(connection: Connection, statement: string): Promise<void> {
    try {
      await connection.script(statement, CHORE_DEADLINE_MS)
    } catch (error) {
      throw await this.#explain(error)
    }
  }

  /** @returns a connection that works, after the restart that may be under way. */
  async #ready(): Promise<Connection> {
    if (this.#connection.ended && !this.#restart) this.#startAgain()
    await this.#restart
    if (!this.#connection.ended) return this.#connection
    if (this.#state.state === 'readonly') throw noRoomToOpen()
    throw new AppError(
      'DATABASE_STOPPED',
      'The database does not start again. Everything saved before is kept. Please restart Understudy.',
    )
  }

  #startAgain(): void {
    this.#restart ??= this.#reconnect().finally(() => {
      this.#restart = null
    })
  }

  async #reconnect(): Promise<void> {
    const before = this.#state
    this.#setState({ state: 'restarting' })
    try {
      this.#connection = await this.#options.reconnect((reason) => this.ended(reason))
      this.#setState(before.state === 'damaged' ? before : { state: 'ready' })
      await this.#checkSpace()
    } catch (error) {
      this.#options.log.error({ reason: (error as Error).message }, 'database did not start again')
      // A full disk keeps it from opening; there it waits for room. A quota may be full while the disk has room.
      const lines = error instanceof AppError ? String(error.details.lines) : ''
      if (lines.includes(NO_SPACE) || (await this.#free()) < LEAST_FREE_BYTES) return this.#becomeReadonly()
      this.#setState({
        state: 'failed',
        reason: 'The database does not start again. Everything saved before is kept. Please restart Understudy.',
      })
    }
  }

  /** Turns what went wrong into what a person may read, and looks after the engine where it needs it. */
  async #explain(error: unknown): Promise<unknown> {
    if (!(error instanceof QueryError)) return error
    if (tellsDamage(error)) {
      await this.#becomeDamaged(error.code ?? '')
      return damaged(error)
    }
    if (error.code === DISK_FULL_STATE) {
      this.#becomeReadonly()
      // The engine may hang from here on; then its deadline replaces it.
      await this.#connection.query('select 1', [], 'array', PROBE_DEADLINE_MS).catch(() => {})
      return diskFull(error)
    }
    if (error.code === UNIQUE_VIOLATION) {
      const { constraint } = error
      return new AppError('CONFLICT', 'This is there already. Nothing was changed.', { constraint, cause: error })
    }
    return error
  }

  async #refuseWithoutSpace(): Promise<void> {
    if (performance.now() - this.#spaceCheckedAt > SPACE_CHECK_MS) await this.#checkSpace()
    if (this.#state.state === 'readonly') throw diskFull()
    if (this.#state.state === 'damaged') throw damaged()
    if (!this.#options.lock.held()) {
      this.#setState({ state: 'failed', reason: 'Another process took this profile. Please restart Understudy.' })
      throw new AppError('BUSY', 'Another process took this profile. Nothing was saved. Please restart Understudy.')
    }
  }

  async #checkSpace(): Promise<void> {
    const free = await this.#free()
    this.#spaceCheckedAt = performance.now()
    if (this.#state.state === 'damaged') return
    if (free < LEAST_FREE_BYTES) this.#becomeReadonly()
    else if (this.#state.state === 'readonly') {
      if (this.#connection.ended) this.#startAgain()
      else this.#setState({ state: 'ready' })
    }
  }

  async #free(): Promise<number> {
    return await this.#options.freeBytes().catch(() => Number.POSITIVE_INFINITY)
  }

  #becomeReadonly(): void {
    const error = this.#connection.ended ? noRoomToOpen() : diskFull()
    this.#setState({ state: 'readonly', reason: error.message })
    clearTimeout(this.#spaceTimer)
    if (this.#closing !== null) return
    this.#spaceTimer = setTimeout(() => void this.#checkSpace(), SPACE_RETRY_MS)
    this.#spaceTimer.unref()
  }

  async #becomeDamaged(code: string): Promise<void> {
    if (this.#state.state === 'damaged' || this.#options.data === null) return
    this.#setState({ state: 'damaged', reason: damaged().message })
    this.#options.log.error({ code }, 'a part of the database cannot be read')
    await this.#options.noteDamage(code).catch(() => {})
  }

  #setState(state: DatabaseState): void {
    const same = JSON.stringify(state) === JSON.stringify(this.#state)
    this.#state = state
    if (!same) for (const listener of this.#listeners) listener(state)
  }

  /** Inside a transaction everything must go through its handle: the one session is taken, and waiting would never end. */
  #refuseInside(what: string): void {
    const transaction = this.#inside.getStore()
    if (transaction && !transaction.over) {
      throw new AppError('INTERNAL', `${what} was called inside write("${transaction.name}"): use its handle.`)
    }
  }

  #refuseClosed(): void {
    if (this.#closing !== null) throw new AppError('DATABASE_STOPPED', 'Understudy is closing. Nothing was changed.')
  }
}

function damaged(cause?: unknown): AppError {
  return new AppError(
    'DATABASE_STOPPED',
    'A part of the database cannot be read any more, so nothing new is saved. Nothing was deleted. Repair the profile.',
    { cause, state: cause instanceof QueryError ? cause.code : undefined },
  )
}

/** The engine had to be replaced, and does not start on a full disk: not even reading works. */
function noRoomToOpen(): AppError {
  return new AppError(
    'DISK_FULL',
    'The disk is full, so the database cannot be opened. Everything saved before is kept. Free at least 500 MB; it opens by itself.',
  )
}

function diskFull(cause?: unknown): AppError {
  return new AppError(
    'DISK_FULL',
    'The disk is nearly full, so nothing new is saved. Everything saved before is kept. Free at least 500 MB; saving goes on by itself.',
    { cause },
  )
}
