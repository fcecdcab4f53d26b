// Changing the embedder: everything known gets vectors of the new model in the background, the old ones serve until that
// is complete, and stay for a while after, so that going back costs nothing.
import { type BatchId, newId } from '../../shared/ids.ts'
import type { EmbedderChangeView } from '../../shared/models.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Database } from '../database/database.ts'
import type { Embedder } from '../engine/engine.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { countVectors, embedMissing, otherModels, ownersWithoutVectors, removeVectors } from './vectors.ts'

/** Queued work: vectors of the new embedder; and taking away those of one that is no longer used. */
const CHANGE = 'embedder.change'
const CLEAN = 'embedder.clean'
/** The work is this machine's, for everybody who has something in the profile. */
const NOBODY = ''
/** So long the vectors of the embedder before stay. */
const KEPT_DAYS = 7

/** An embedding model the person chose. */
export interface ChosenEmbedder {
  id: string
  path: string
}

export interface EmbedderChangePorts {
  db: Database
  jobs: JobQueue
  clock: Clock
  log: Log
  /** The embedder in use; stands for the new one after `switchTo`. */
  embedder: Embedder
  open(file: string): Embedder
  switchTo(file: string): void
  release(file: string): Promise<void>
  /** What was chosen, durable: the embedder in use, and the one being changed to. */
  read(): { now: ChosenEmbedder; next: (ChosenEmbedder & { paused: boolean }) | null }
  write(chosen: { now: ChosenEmbedder; next: (ChosenEmbedder & { paused: boolean }) | null }): Promise<void>
  /** The change moved; null when there is none. */
  onChange(view: EmbedderChangeView | null): void
  /** Another embedder is in use from now on. */
  onUsed(): Promise<void>
}

/** One a profile. Registers its jobs when it is made, before the queue starts. */
export class EmbedderChange {
  readonly #ports: EmbedderChangePorts
  /** The embedder being changed to, opened once. */
  #next: { path: string; embedder: Embedder } | null = null
  #progress: { total: number; done: number } = { total: 0, done: 0 }
  #problem: string | null = null

  constructor(ports: EmbedderChangePorts) {
    this.#ports = ports
    const { jobs, db } = ports
    jobs.handle(CHANGE, async (_, finish, signal) => {
      const { next } = ports.read()
      const embedder = this.#opened()
      let embedded = 0
      if (embedder !== null && next !== null && !next.paused) {
        try {
          for (const owner of await ownersWithoutVectors(db.read, embedder.model)) {
            embedded += await embedMissing({ db, embedder }, owner, signal, (step) => this.#moved(step))
          }
        } catch (error) {
          if (!signal.aborted) this.#failed(error)
          throw error
        }
      }
      await finish('embedder.changed', async () => ({ embedded }))
      if (embedder !== null) await this.#switchWhenComplete(embedder)
    })
    jobs.handle(CLEAN, async (job, finish, signal) => {
      const model = String(job.payload['model'] ?? '')
      const used = [ports.embedder.model, this.#opened()?.model]
      const removed = used.includes(model) ? 0 : await removeVectors(db, model, signal)
      await finish('embedder.cleaned', async () => ({ removed }))
    })
  }

  /** Goes on with a change that was begun, and has what older versions left behind taken away. */
  async start(): Promise<void> {
    const embedder = this.#opened()
    await this.#cleanLater([this.#ports.embedder.model, ...(embedder ? [embedder.model] : [])])
    if (embedder === null || this.#ports.read().next?.paused !== false) return
    // What a process that was killed left behind is in line already.
    const { queued, running } = await this.#ports.jobs.counts(NOBODY, CHANGE)
    if (queued + running === 0) await this.#queue(embedder)
  }

  /** @returns how far the change is; null when none is under way */
  async state(): Promise<EmbedderChangeView | null> {
    const embedder = this.#opened()
    if (embedder !== null) this.#progress = await countVectors(this.#ports.db.read, embedder.model)
    return this.#view()
  }

  /**
   * Changes to another embedder; to one that everything has vectors of already at once. To the one in use: ends a change
   * that was begun. What was made for it stays for a week.
   * @throws AppError MODEL_FILE_*, MODEL_NOT_SUPPORTED, OUT_OF_MEMORY when the model cannot embed; nothing changed then
   */
  async begin(chosen: ChosenEmbedder): Promise<void> {
    const { read, write, open, db } = this.#ports
    const { now, next } = read()
    await this.#ports.jobs.cancel(NOBODY, CHANGE)
    if (chosen.path === now.path) {
      await write({ now, next: null })
      await this.#forgetNext()
      return this.#tell()
    }
    const embedder = open(chosen.path)
    // One text, so that a file that is no good is told at once.
    await embedder.embed(['Where does it stand today?'], 'query').catch(async (error: unknown) => {
      if (next && !next.paused) await this.start()
      throw error
    })
    if (next?.path !== chosen.path) await this.#forgetNext()
    this.#problem = null
    await write({ now, next: { id: chosen.id, path: chosen.path, paused: false } })
    this.#next = { path: chosen.path, embedder }
    this.#progress = await countVectors(db.read, embedder.model)
    this.#tell()
    await this.#queue(embedder)
  }

  async pause(): Promise<void> {
    const { now, next } = this.#ports.read()
    if (next === null) return
    await this.#ports.write({ now, next: { ...next, paused: true } })
    await this.#ports.jobs.cancel(NOBODY, CHANGE)
    this.#tell()
  }

  /** Goes on after a pause, or after it failed. */
  async resume(): Promise<void> {
    const { now, next } = this.#ports.read()
    const embedder = this.#opened()
    if (next === null || embedder === null) return
    this.#problem = null
    await this.#ports.write({ now, next: { ...next, paused: false } })
    await this.#ports.jobs.cancel(NOBODY, CHANGE)
    this.#tell()
    await this.#queue(embedder)
  }

  #opened(): Embedder | null {
    const { next } = this.#ports.read()
    if (next === null) return null
    if (this.#next?.path !== next.path) this.#next = { path: next.path, embedder: this.#ports.open(next.path) }
    return this.#next.embedder
  }

  async #queue(embedder: Embedder): Promise<void> {
    const { db, jobs } = this.#ports
    if (await this.#switchWhenComplete(embedder)) return
    await db.write('embedder.queue', (tx) => jobs.add(tx, { owner: NOBODY, kind: CHANGE, key: newId<BatchId>() }))
  }

  /** @returns true when it is in use now */
  async #switchWhenComplete(embedder: Embedder): Promise<boolean> {
    const { db, read, write, switchTo, release, onUsed, embedder: inUse } = this.#ports
    const { now, next } = read()
    if (next === null || next.paused || embedder !== this.#next?.embedder) return false
    if ((await ownersWithoutVectors(db.read, embedder.model)).length > 0) return false
    const before = inUse.model
    await write({ now: { id: next.id, path: next.path }, next: null })
    switchTo(next.path)
    this.#next = null
    this.#tell()
    await release(now.path)
    await this.#cleanLater([embedder.model], [before])
    await onUsed()
    return true
  }

  /** @param models of which vectors stay; @param also models to be cleaned beside those that are there */
  async #cleanLater(models: readonly string[], also: readonly string[] = []): Promise<void> {
    const { db, jobs, clock } = this.#ports
    const others = new Set([...(await otherModels(db.read, models)), ...also])
    const now = clock.now()
    const runAfter = new Date(now.getTime() + KEPT_DAYS * 24 * 3600 * 1000)
    for (const model of others) {
      await db.write('embedder.clean', (tx) =>
        jobs.add(tx, {
          owner: NOBODY,
          kind: CLEAN,
          // Once a week at most: a week after the last change it is looked at again.
          key: `${model} ${now.toISOString().slice(0, 10)}`,
          payload: { model },
          runAfter,
        }),
      )
    }
  }

  async #forgetNext(): Promise<void> {
    const next = this.#next
    this.#next = null
    this.#problem = null
    if (next === null) return
    await this.#ports.release(next.path)
    await this.#cleanLater([this.#ports.embedder.model])
  }

  #moved(step: number): void {
    this.#progress = { total: this.#progress.total, done: Math.min(this.#progress.total, this.#progress.done + step) }
    this.#tell()
  }

  #failed(error: unknown): void {
    this.#ports.log.warn({ err: (error as Error).name }, 'the new embedder could not embed')
    this.#problem = error instanceof Error ? error.message : 'The new model could not read the memories.'
    this.#tell()
  }

  #tell(): void {
    this.#ports.onChange(this.#view())
  }

  #view(): EmbedderChangeView | null {
    const { next } = this.#ports.read()
    if (next === null) return null
    return { modelId: next.id, paused: next.paused, ...this.#progress, problem: this.#problem }
  }
}
