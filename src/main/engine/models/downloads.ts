// Downloads: at most one a model, each a state that is told as it changes. One that was not paused goes on when the
// network is back and at the next start of the app. When none of a model's sources can be reached at the first try, the
// starter is offered instead for the rest of the run.
import { AppError } from '../../../shared/errors.ts'
import type { DownloadState, WantedDownload } from '../../../shared/models.ts'
import type { Log } from '../../app/log.ts'
import { type CatalogueModel, sourceText } from './catalogue.ts'
import { type FetchSurroundings, fetchModel, mayPass, realSurroundings } from './fetch-model.ts'
import type { Shelf } from './shelf.ts'

export interface Downloads {
  /** One that waits for the network tries at once. @throws AppError NOT_FOUND, INVALID_INPUT (comes with the app) */
  start(id: string, use: boolean): Promise<DownloadState>
  /** Goes on with those that were not at their end when the app ended. */
  resume(): Promise<void>
  cancel(id: string): Promise<void>
  states(): DownloadState[]
  /** Models that could not be had in this run. */
  unavailable(): ReadonlySet<string>
  /** The model offered because another could not be had; null while all is well. */
  offered(): string | null
  close(): Promise<void>
}

export interface DownloadsOptions {
  catalogue: readonly CatalogueModel[]
  folder: string
  shelf: Shelf
  publish: (state: DownloadState) => void
  /** Loads a model that has just arrived. */
  use: (id: string) => Promise<void>
  /** What goes on after a restart, kept on disk. */
  wanted: { read(): readonly WantedDownload[]; write(wanted: WantedDownload[]): Promise<void> }
  log: Log
  surroundings: Partial<FetchSurroundings>
}

/** More often nobody can read it. */
const LEAST_MS_BETWEEN_EVENTS = 200
/** Waits before the network is tried again; the last one repeats. */
const WAITS_MS = [5_000, 15_000, 30_000, 60_000, 120_000, 300_000]

interface Running {
  model: CatalogueModel
  controller: AbortController
  finished: Promise<void>
  /** Load it when it is there; a second call may ask for that while it runs. */
  use: boolean
  /** Goes on from an earlier run: the person was told that it will. */
  resumed: boolean
  /** Ends a wait for the network. */
  wake: (() => void) | null
}

export function createDownloads(options: DownloadsOptions): Downloads {
  const { catalogue, folder, shelf, publish, log } = options
  const surroundings = { ...realSurroundings, ...options.surroundings }
  const states = new Map<string, DownloadState>()
  const running = new Map<string, Running>()
  const unavailable = new Set<string>()
  let offered: string | null = null
  let closing = false
  let wanted: readonly WantedDownload[] = options.wanted.read()

  function tell(state: DownloadState): void {
    // Deleted first, so that the newest stands last.
    states.delete(state.modelId)
    states.set(state.modelId, state)
    publish(state)
  }

  /** @param use null: it is not wanted any more */
  async function want(id: string, use: boolean | null): Promise<void> {
    const known = wanted.find((one) => one.id === id)
    if (use === null ? !known : known?.use === use) return
    wanted = [...wanted.filter((one) => one.id !== id), ...(use === null ? [] : [{ id, use }])]
    await options.wanted.write([...wanted]).catch((error: unknown) => {
      // It can be fetched all the same; only a restart does not know of it.
      log.warn({ model: id, code: codeOf(error) }, 'a download could not be noted')
    })
  }

  function begun(model: CatalogueModel, receivedBytes = 0): DownloadState {
    return {
      modelId: model.id,
      state: 'running',
      source: sourceText(model) ?? '',
      receivedBytes,
      totalBytes: model.bytes,
      bytesPerSecond: null,
      error: null,
    }
  }

  async function run(job: Running): Promise<void> {
    const { model, controller } = job
    let last = states.get(model.id) ?? begun(model)
    let waits = 0
    try {
      // Another program may have fetched it while this one waited.
      while (!(await isHere(model.id))) {
        const before = last.receivedBytes
        try {
          last = await fetchOnce(job, last)
          break
        } catch (error) {
          controller.signal.throwIfAborted()
          last = states.get(model.id) ?? last
          // What never began may be had elsewhere, and the person should hear of it.
          if (!mayPass(error) || !(job.resumed || last.receivedBytes > 0)) throw error
          waits = last.receivedBytes > before ? 0 : waits
          log.info({ model: model.id, code: codeOf(error) }, 'a download waits')
          last = { ...last, state: 'waiting', bytesPerSecond: null, error: wordsOf(model, error) }
          tell(last)
          await rest(job, WAITS_MS[Math.min(waits++, WAITS_MS.length - 1)] ?? 0)
          last = { ...last, state: 'running', error: null }
        }
      }
      tell({ ...last, state: 'done', bytesPerSecond: null, error: null })
    } catch (error) {
      if (controller.signal.aborted) {
        tell({ ...last, state: 'cancelled', bytesPerSecond: null, error: null })
        return
      }
      tell({ ...last, state: 'failed', bytesPerSecond: null, ...failure(model, error) })
      await want(model.id, null)
      return
    } finally {
      running.delete(model.id)
    }
    if (job.use) await takeIntoUse(model.id)
    await want(model.id, null)
  }

  async function isHere(id: string): Promise<boolean> {
    return (await shelf.scan()).found.has(id)
  }

  /** @returns its last state; what it comes to on the way is told */
  async function fetchOnce({ model, controller }: Running, before: DownloadState): Promise<DownloadState> {
    const speed = speedometer()
    let last = before
    let toldAt = 0
    let told = before
    const path = await fetchModel(
      model,
      folder,
      controller.signal,
      (progress) => {
        const now = performance.now()
        const bytesPerSecond = progress.state === 'running' ? speed.at(progress.receivedBytes, now) : null
        last = { ...last, ...progress, bytesPerSecond, error: null }
        states.set(model.id, last)
        const turned = last.state !== told.state || last.source !== told.source
        if (!turned && now - toldAt < LEAST_MS_BETWEEN_EVENTS) return
        toldAt = now
        told = last
        tell(last)
      },
      surroundings,
    )
    await shelf.remember(path, model.sha256)
    unavailable.delete(model.id)
    if (offered === model.id || unavailable.size === 0) offered = null
    return last
  }

  /** Waits before the next try; ended early by `start`. @throws the signal's reason when aborted */
  async function rest(job: Running, ms: number): Promise<void> {
    const woken = new AbortController()
    job.wake = () => woken.abort()
    await surroundings.pause(ms, AbortSignal.any([job.controller.signal, woken.signal])).catch(() => undefined)
    job.wake = null
    job.controller.signal.throwIfAborted()
  }

  async function takeIntoUse(id: string): Promise<void> {
    // The engine's state tells the person; the download itself went well.
    await options.use(id).catch((error: unknown) => {
      log.warn({ model: id, code: codeOf(error) }, 'downloaded model not loaded')
    })
  }

  function failure(model: CatalogueModel, error: unknown): { error: string; offer: string | null } {
    log.warn({ model: model.id, code: codeOf(error) }, 'download failed')
    const unreachable = error instanceof AppError && error.code === 'DOWNLOAD_FAILED'
    if (unreachable) unavailable.add(model.id)
    const starter = catalogue.find((item) => item.kind === 'chat' && item.starter === true)
    const offer = unreachable && model.kind === 'chat' && starter && !unavailable.has(starter.id) ? starter.id : null
    // Another model from the same address would fail too: what can be had from package registries is offered.
    if (offer !== null || offered === model.id) offered = offer
    return { error: wordsOf(model, error), offer }
  }

  /** Begins one that is not under way. Answers once it will go on even after a power cut. */
  async function begin(model: CatalogueModel, use: boolean, resumed: boolean): Promise<DownloadState> {
    const { id } = model
    const { found, partial } = running.has(id) ? { found: new Map(), partial: new Map() } : await shelf.scan()
    const current = running.get(id)
    if (current) {
      current.use ||= use
      current.wake?.()
      await want(id, current.use)
      return states.get(id) ?? begun(model)
    }
    const place = found.get(id)
    if (place !== undefined) {
      const bytes = model.bytes ?? 0
      tell({ ...begun(model, bytes), state: 'done', source: place, totalBytes: bytes })
      if (use && resumed) await takeIntoUse(id)
      else if (use) await options.use(id)
      await want(id, null)
      return states.get(id) ?? begun(model)
    }
    const controller = new AbortController()
    const job: Running = { model, controller, use, resumed, finished: Promise.resolve(), wake: null }
    running.set(id, job)
    tell(begun(model, partial.get(id) ?? 0))
    const noted = want(id, use)
    job.finished = noted.then(() => run(job))
    await noted
    return states.get(id) ?? begun(model)
  }

  return {
    async start(id, use) {
      const model = catalogue.find((item) => item.id === id)
      if (!model) throw new AppError('NOT_FOUND', 'There is no such model. Choose one of the list.', { field: 'id' })
      if (model.kind === 'embedding' && model.bundled) {
        throw new AppError('INVALID_INPUT', `${model.name} comes with Understudy; it need not be downloaded.`, {
          field: 'id',
        })
      }
      return begin(model, use && model.kind === 'chat', false)
    },
    async resume() {
      for (const { id, use } of wanted) {
        const model = catalogue.find((item) => item.id === id)
        if (closing) return
        // A later version may not know it any more.
        if (!model) await want(id, null)
        else await begin(model, use, true)
      }
    },
    async cancel(id) {
      const job = running.get(id)
      job?.controller.abort(new DOMException('cancelled', 'AbortError'))
      await job?.finished
      await want(id, null)
    },
    states: () => [...states.values()],
    unavailable: () => unavailable,
    offered: () => offered,
    async close() {
      closing = true
      const jobs = [...running.values()]
      for (const job of jobs) job.controller.abort(new DOMException('closing', 'AbortError'))
      await Promise.allSettled(jobs.map((job) => job.finished))
    },
  }
}

function wordsOf(model: CatalogueModel, error: unknown): string {
  return error instanceof AppError
    ? error.message
    : `${model.name} could not be downloaded. What arrived is kept; try again.`
}

/** Bytes a second over about the last three seconds; null until a second has passed. */
export function speedometer(): { at(bytes: number, now: number): number | null } {
  const points: { bytes: number; now: number }[] = []
  return {
    at(bytes, now) {
      points.push({ bytes, now })
      while (points.length > 2 && now - (points[1]?.now ?? now) > 3_000) points.shift()
      const first = points[0]
      if (!first || now - first.now < 1_000) return null
      return Math.max(0, Math.round(((bytes - first.bytes) * 1000) / (now - first.now)))
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown'
}
