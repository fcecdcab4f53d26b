// What a Postgres server does in the background and PGlite does not: checkpoints, statistics, clearing dead rows.
import type { Log } from '../app/log.ts'
import { walBytes } from './folder.ts'

const WAL_LIMIT_BYTES = 64 * 1024 * 1024
const WAL_CHECK_MS = 1000
const CHECKPOINT_MS = 5 * 60_000
/** Statistics are brought up to date when this many rows changed and nothing happened for a moment. */
const ROWS_BEFORE_ANALYZE = 500
const ROWS_BEFORE_VACUUM = 5000
const IDLE_MS = 2000

export interface Chores {
  /** Runs one maintenance statement when nothing else runs. */
  run(statement: 'checkpoint' | 'analyze' | 'vacuum (analyze)'): Promise<void>
  /** Whether nothing is waiting or running. */
  idle(): boolean
}

export class Housekeeping {
  readonly #data: string | null
  readonly #chores: Chores
  readonly #log: Log
  readonly #interval: NodeJS.Timeout
  #idleTimer: NodeJS.Timeout | undefined
  #checkedWalAt = 0
  #dirty = false
  #busy = false
  #stopped = false
  #rowsSinceAnalyze = 0
  #rowsSinceVacuum = 0

  /** @param data folder of the cluster; null when it is in memory */
  constructor(data: string | null, chores: Chores, log: Log) {
    this.#data = data
    this.#chores = chores
    this.#log = log
    this.#interval = setInterval(() => void this.#checkpointIfDirty(), CHECKPOINT_MS)
    this.#interval.unref()
  }

  /** To be told of every committed transaction. */
  committed(rows: number): void {
    this.#dirty = true
    this.#rowsSinceAnalyze += rows
    this.#rowsSinceVacuum += rows
    const now = performance.now()
    if (now - this.#checkedWalAt > WAL_CHECK_MS) {
      this.#checkedWalAt = now
      void this.#checkpointIfWalIsLong()
    }
    if (this.#rowsSinceAnalyze >= ROWS_BEFORE_ANALYZE) this.#waitForIdle()
  }

  stop(): void {
    this.#stopped = true
    clearInterval(this.#interval)
    clearTimeout(this.#idleTimer)
  }

  #waitForIdle(): void {
    if (this.#stopped) return
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => void this.#tidy(), IDLE_MS)
    this.#idleTimer.unref()
  }

  async #tidy(): Promise<void> {
    if (!this.#chores.idle()) return this.#waitForIdle()
    const vacuum = this.#rowsSinceVacuum >= ROWS_BEFORE_VACUUM
    await this.#run(vacuum ? 'vacuum (analyze)' : 'analyze')
    this.#rowsSinceAnalyze = 0
    if (vacuum) this.#rowsSinceVacuum = 0
  }

  async #checkpointIfDirty(): Promise<void> {
    if (!this.#dirty) return
    this.#dirty = false
    await this.#run('checkpoint')
  }

  async #checkpointIfWalIsLong(): Promise<void> {
    // In memory the log is bounded by its settings alone.
    if (this.#data === null) return
    const bytes = await walBytes(this.#data).catch(() => 0)
    if (bytes > WAL_LIMIT_BYTES) await this.#run('checkpoint')
  }

  async #run(statement: Parameters<Chores['run']>[0]): Promise<void> {
    if (this.#busy || this.#stopped) return
    this.#busy = true
    try {
      await this.#chores.run(statement)
    } catch (error) {
      // The next round tries again; a database that stopped tells so itself.
      this.#log.warn({ chore: statement, code: (error as { code?: string }).code }, 'database chore failed')
    } finally {
      this.#busy = false
    }
  }
}
