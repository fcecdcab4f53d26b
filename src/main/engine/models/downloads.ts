// The downloads of this run: at most one a model, each a state that is told as it changes. When none of a model's
// sources can be reached, the starter is offered instead for the rest of the run.
import { AppError } from '../../../shared/errors.ts'
import type { DownloadState } from '../../../shared/models.ts'
import type { Log } from '../../app/log.ts'
import { type CatalogueModel, sourceText } from './catalogue.ts'
import { type FetchSurroundings, fetchModel, realSurroundings } from './fetch-model.ts'
import type { Shelf } from './shelf.ts'

export interface Downloads {
  start(id: string, use: boolean): Promise<DownloadState>
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
  log: Log
  surroundings: Partial<FetchSurroundings>
}

/** More often nobody can read it. */
const LEAST_MS_BETWEEN_EVENTS = 200

interface Running {
  controller: AbortController
  finished: Promise<void>
  /** Load it when it is there; a second call may ask for that while it runs. */
  use: boolean
}

export function createDownloads(options: DownloadsOptions): Downloads {
  const { catalogue, folder, shelf, publish, log } = options
  const surroundings = { ...realSurroundings, ...options.surroundings }
  const states = new Map<string, DownloadState>()
  const running = new Map<string, Running>()
  const unavailable = new Set<string>()
  let offered: string | null = null

  function tell(state: DownloadState): void {
    // Deleted first, so that the newest stands last.
    states.delete(state.modelId)
    states.set(state.modelId, state)
    publish(state)
  }

  function begun(model: CatalogueModel): DownloadState {
    return {
      modelId: model.id,
      state: 'running',
      source: sourceText(model) ?? '',
      receivedBytes: 0,
      totalBytes: model.bytes,
      bytesPerSecond: null,
      error: null,
    }
  }

  async function run(model: CatalogueModel, job: Running): Promise<void> {
    const speed = speedometer()
    let last = begun(model)
    let toldAt = 0
    try {
      const path = await fetchModel(
        model,
        folder,
        job.controller.signal,
        (progress) => {
          const now = performance.now()
          const bytesPerSecond = progress.state === 'running' ? speed.at(progress.receivedBytes, now) : null
          const turned = progress.state !== last.state || progress.source !== last.source
          last = { ...last, ...progress, bytesPerSecond }
          if (!turned && now - toldAt < LEAST_MS_BETWEEN_EVENTS) return
          toldAt = now
          tell(last)
        },
        surroundings,
      )
      await shelf.remember(path, model.sha256)
      unavailable.delete(model.id)
      if (offered === model.id || unavailable.size === 0) offered = null
      tell({ ...last, state: 'done', bytesPerSecond: null })
    } catch (error) {
      if (job.controller.signal.aborted) {
        tell({ ...last, state: 'cancelled', bytesPerSecond: null })
        return
      }
      tell({ ...last, state: 'failed', bytesPerSecond: null, ...failure(model, error) })
      return
    } finally {
      running.delete(model.id)
    }
    if (job.use) {
      // The engine's state tells the person; the download itself went well.
      await options.use(model.id).catch((error: unknown) => {
        log.warn({ model: model.id, code: codeOf(error) }, 'downloaded model not loaded')
      })
    }
  }

  function failure(model: CatalogueModel, error: unknown): { error: string; offer: string | null } {
    log.warn({ model: model.id, code: codeOf(error) }, 'download failed')
    const unreachable = error instanceof AppError && error.code === 'DOWNLOAD_FAILED'
    if (unreachable) unavailable.add(model.id)
    const starter = catalogue.find((item) => item.kind === 'chat' && item.starter === true)
    const offer = unreachable && model.kind === 'chat' && starter && !unavailable.has(starter.id) ? starter.id : null
    // Another model from the same address would fail too: what can be had from package registries is offered.
    if (offer !== null || offered === model.id) offered = offer
    const words =
      error instanceof AppError
        ? error.message
        : `${model.name} could not be downloaded. What arrived is kept; try again.`
    return { error: words, offer }
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
      const wanted = use && model.kind === 'chat'
      const found = running.has(id) ? undefined : (await shelf.scan()).found.get(id)
      const current = running.get(id)
      if (current) {
        current.use ||= wanted
        return states.get(id) ?? begun(model)
      }
      if (found !== undefined) {
        const bytes = model.bytes ?? 0
        tell({ ...begun(model), state: 'done', source: found, receivedBytes: bytes, totalBytes: bytes })
        if (wanted) await options.use(id)
        return states.get(id) ?? begun(model)
      }
      const controller = new AbortController()
      const job: Running = { controller, use: wanted, finished: Promise.resolve() }
      running.set(id, job)
      tell(begun(model))
      job.finished = run(model, job)
      return states.get(id) ?? begun(model)
    },
    async cancel(id) {
      const job = running.get(id)
      job?.controller.abort(new DOMException('cancelled', 'AbortError'))
      await job?.finished
    },
    states: () => [...states.values()],
    unavailable: () => unavailable,
    offered: () => offered,
    async close() {
      const jobs = [...running.values()]
      for (const job of jobs) job.controller.abort(new DOMException('closing', 'AbortError'))
      await Promise.allSettled(jobs.map((job) => job.finished))
    },
  }
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
