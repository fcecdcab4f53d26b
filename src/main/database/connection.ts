// One life of the database worker: requests with a deadline, and an end that can be forced.
import { Worker } from 'node:worker_threads'
import { AppError } from '../../shared/errors.ts'
import { entry } from '../app/entries.ts'
import {
  type Failure,
  QueryError,
  type QueryResult,
  type Reply,
  type Request,
  type RowShape,
  type WorkerOptions,
} from './messages.ts'

/** Stack of the worker; below 32 MB deeply nested input traps the engine instead of giving an error. */
const STACK_MEGABYTES = 64

type Body = Request extends infer Each ? (Each extends Request ? Omit<Each, 'id'> : never) : never

interface Pending {
  resolve(reply: Exclude<Reply, { id: 'open' }>): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

export class Connection {
  readonly #worker: Worker
  readonly #pending = new Map<number, Pending>()
  readonly #onEnd: (reason: string) => void
  #nextId = 1
  #end: string | null = null

  private constructor(worker: Worker, onEnd: (reason: string) => void) {
    this.#worker = worker
    this.#onEnd = onEnd
  }

  /**
   * Starts a worker on a cluster folder.
   * @param onEnd called once, when the worker ends without having been asked to
   * @param options.memory works on a copy of the cluster in memory
   * @param options.trial for tests of durability: what stands between Postgres and the disk
   * @throws AppError DATABASE_STOPPED when Postgres does not come up; `details.lines` are its last words
   */
  static async open(
    data: string,
    deadlineMs: number,
    onEnd: (reason: string) => void,
    options: Omit<WorkerOptions, 'data'> = {},
  ): Promise<Connection> {
    const { file, execArgv } = entry('database-worker')
    const worker = new Worker(file, {
      workerData: { data, ...options } satisfies WorkerOptions,
      execArgv,
      resourceLimits: { stackSizeMb: STACK_MEGABYTES },
      // Postgres talks on its own; what matters of it comes back with an error.
      stdout: true,
      stderr: true,
    })
    worker.stdout.resume()
    worker.stderr.resume()
    const connection = new Connection(worker, onEnd)
    let isOpen = false
    const opened = new Promise<void>((resolve, reject) => {
      const fail = (message: string, lines: string[] = []) => {
        clearTimeout(timer)
        connection.#end ??= message
        reject(new AppError('DATABASE_STOPPED', 'The database did not start.', { cause: message, lines }))
      }
      const timer = setTimeout(() => fail(`no answer within ${deadlineMs} ms`), deadlineMs)
      worker.on('message', (reply: Reply) => {
        if (reply.id !== 'open') return connection.#settle(reply)
        if (reply.error) return fail(reply.error.message, reply.fatalLines)
        clearTimeout(timer)
        isOpen = true
        resolve()
      })
      const end = (reason: string) => (isOpen ? connection.#stop(reason) : fail(reason))
      worker.on('error', (error) => end(error.message))
      worker.on('exit', (code) => end(`the worker ended with code ${code}`))
    })
    try {
      await opened
    } catch (error) {
      await worker.terminate()
      throw error
    }
    return connection
  }

  get ended(): boolean {
    return this.#end !== null
  }

  /** @throws QueryError what Postgres said; AppError DATABASE_STOPPED when the worker ended or had to be ended. */
  async query(sql: string, params: unknown[], rows: RowShape, deadlineMs: number): Promise<QueryResult> {
    const { result } = await this.#ask({ kind: 'query', sql, params, rows }, deadlineMs)
    if (!result) throw new AppError('INTERNAL', 'The database worker answered a query without a result.')
    return result
  }

  /** Runs several statements without parameters. */
  async script(sql: string, deadlineMs: number): Promise<void> {
    await this.#ask({ kind: 'script', sql }, deadlineMs)
  }

  /** Looks up the types that extensions brought, after a migration. */
  async learnTypes(deadlineMs: number): Promise<void> {
    await this.#ask({ kind: 'learn-types' }, deadlineMs)
  }

  /** @returns number of fsync calls since the worker started. */
  async countFsyncs(deadlineMs: number): Promise<number> {
    const { fsyncs } = await this.#ask({ kind: 'count-fsyncs' }, deadlineMs)
    return fsyncs ?? 0
  }

  /** Orderly stop of Postgres, then of the thread. */
  async close(deadlineMs: number): Promise<void> {
    try {
      if (!this.ended) await this.#ask({ kind: 'close' }, deadlineMs)
    } finally {
      this.#end ??= 'closed'
      await this.#worker.terminate()
    }
  }

  /** Ends the thread at once; what was under way fails with DATABASE_STOPPED. Committed work is on disk. */
  async kill(reason: string): Promise<void> {
    this.#stop(reason)
    await this.#worker.terminate()
  }

  #ask(body: Body, deadlineMs: number): Promise<Exclude<Reply, { id: 'open' }>> {
    if (this.#end !== null) return Promise.reject(stopped(this.#end))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        void this.kill(`no answer within ${deadlineMs / 1000} s`)
      }, deadlineMs)
      this.#pending.set(id, { resolve, reject, timer })
      try {
        this.#worker.postMessage({ id, ...body } satisfies Request)
      } catch (error) {
        // A parameter that cannot be copied to the worker, such as a function.
        this.#pending.delete(id)
        clearTimeout(timer)
        reject(error)
      }
    })
  }

  #settle(reply: Exclude<Reply, { id: 'open' }>): void {
    const pending = this.#pending.get(reply.id)
    if (!pending) return
    this.#pending.delete(reply.id)
    clearTimeout(pending.timer)
    if (!reply.error) {
      pending.resolve(reply)
      return
    }
    if (!reply.error.fatal) {
      pending.reject(new QueryError(reply.error))
      return
    }
    const reason = fatalReason(reply.error)
    pending.reject(stopped(reason))
    void this.kill(reason)
  }

  #stop(reason: string): void {
    if (this.#end !== null) return
    this.#end = reason
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer)
      reject(stopped(reason))
    }
    this.#pending.clear()
    this.#onEnd(reason)
  }
}

function fatalReason(failure: Failure): string {
  return `the engine failed (${failure.code ?? failure.message})`
}

function stopped(reason: string): AppError {
  return new AppError(
    'DATABASE_STOPPED',
    'The database had to be restarted. Everything saved before is kept; please try again.',
    { reason },
  )
}
