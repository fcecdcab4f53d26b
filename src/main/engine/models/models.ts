// The models service: what is there, what fits, fetch it, use it, measure it, set it, remove it.
import { basename, dirname, join } from 'node:path'
import type { ModelFileView, ModelsState } from '../../../shared/contract/models.ts'
import { AppError } from '../../../shared/errors.ts'
import {
  type DownloadState,
  defaultModelSettings,
  type ModelSettings,
  type ModelSpeed,
} from '../../../shared/models.ts'
import type { Log } from '../../app/log.ts'
import type { Engine } from '../engine.ts'
import { readCatalogue } from './catalogue.ts'
import { createDownloads } from './downloads.ts'
import { type FetchSurroundings, freeBytes } from './fetch-model.ts'
import { estimatedSpeed, fitOf, type Machine, thisMachine } from './fit.ts'
import { checkOwnFile, locate, lookAtFile } from './locate.ts'
import { modelFolders } from './paths.ts'
import type { EmbedderPort, ModelChoice, ModelPreferences } from './ports.ts'
import { removeModel } from './remove.ts'
import { createShelf, type ShelfState } from './shelf.ts'
import { smallerModel } from './smaller.ts'
import { leastMemoryOf, measuredFiles, viewsOf } from './views.ts'

export interface ModelsOptions {
  /** Downloads go here; shared by all profiles. */
  modelsFolder: string
  /** Searched first; by default what `UNDERSTUDY_MODELS` names. */
  ownFolder?: string | null
  resourcesFolder: string
  engine: Pick<Engine, 'load' | 'unload' | 'restart' | 'state' | 'measure' | 'setAnswerOptions'>
  choice: ModelChoice
  preferences: ModelPreferences
  embedders: EmbedderPort
  events: { download(state: DownloadState): void }
  log: Log
  machine?: Machine
  surroundings?: Partial<FetchSurroundings>
}

export interface Models {
  list(): Promise<ModelsState>
  /** Downloads of this run, newest last; for the state a window gets at its start. */
  downloads(): DownloadState[]
  /**
   * Starts or resumes a download and returns at once; progress comes as events. With `use` the model is loaded when it
   * is there. A model that is on disk already is done at once.
   * @throws AppError NOT_FOUND, INVALID_INPUT (comes with the app)
   */
  download(id: string, options: { use: boolean }): Promise<DownloadState>
  /** Goes on with downloads that ran when the app ended. Returns when each is under way. */
  resumeDownloads(): Promise<void>
  /** Stops a download; what arrived is kept, and it goes on only when it is asked for again. No error when none runs. */
  cancel(id: string): Promise<void>
  /**
   * Loads a chat model that is on disk and remembers the choice. When it cannot be loaded the one before comes back.
   * @throws AppError NOT_FOUND, MODEL_FILE_*, MODEL_NOT_SUPPORTED, OUT_OF_MEMORY
   */
  use(id: string): Promise<void>
  /** Loads a file of the person's own and remembers the choice. @throws AppError INVALID_INPUT, MODEL_FILE_* */
  useFile(path: string): Promise<void>
  /** What a file says of itself, and whether it fits. @throws AppError INVALID_INPUT, MODEL_FILE_* */
  inspect(path: string): Promise<ModelFileView>
  /** Puts a file on the list. @returns its id; @throws AppError as `inspect` */
  addFile(path: string): Promise<string>
  /** Deletes a download, or takes a file off the list. @throws AppError NOT_FOUND, CONFLICT (in use), NOT_ALLOWED */
  remove(id: string, options: { evenActive: boolean }): Promise<void>
  /** Measures a chat model that is on disk. @throws AppError BUSY (an answer is being written), as `use` */
  measure(id: string): Promise<ModelSpeed>
  /** Sets how a model runs; the loaded one is loaded anew where that is needed. @throws AppError as `use` */
  configure(id: string, settings: ModelSettings): Promise<void>
  /** Changes the embedding model in the background. @throws AppError NOT_FOUND, INVALID_INPUT, MODEL_FILE_* */
  useEmbedder(id: string): Promise<void>
  pauseEmbedder(): Promise<void>
  resumeEmbedder(): Promise<void>
  /**
   * Loads the model chosen earlier. Fetches nothing.
   * @returns 'none' when none was chosen, 'missing' when its file is gone, 'failed' when it could not be loaded (the
   *   engine's state says why)
   */
  startActive(): Promise<'loaded' | 'none' | 'missing' | 'failed'>
  /** Starts the engine again after it failed, with the chosen model. */
  restart(): Promise<void>
  /** Stops all downloads and waits for their processes to end. */
  close(): Promise<void>
}

/** @throws ZodError when resources/models.json is not a catalogue */
export function createModels(options: ModelsOptions): Models {
  const { engine, choice, preferences, embedders, log, resourcesFolder } = options
  const catalogue = readCatalogue(resourcesFolder)
  const machine = options.machine ?? thisMachine()
  const own = options.ownFolder === undefined ? modelFolders().own : options.ownFolder
  const folder = options.modelsFolder
  const added = () => {
    const { path } = choice.read()
    const { modelFiles } = preferences.read()
    // The chosen file is listed wherever it lies, as long as it is there.
    return path === null || modelFiles.includes(path) ? modelFiles : [...modelFiles, path]
  }
  const shelf = createShelf(catalogue, { folder, own }, added)
  const downloads = createDownloads({
    catalogue,
    folder,
    shelf,
    publish: options.events.download,
    use,
    wanted: {
      read: () => preferences.read().wantedDownloads,
      write: (wantedDownloads) => preferences.write({ wantedDownloads }),
    },
    log,
    surroundings: options.surroundings ?? {},
  })
  // Loading twice at once would show the person the model they chose first.
  let loading: Promise<unknown> = Promise.resolve()

  function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const next = loading.then(work, work)
    loading = next.catch(() => undefined)
    return next
  }

  async function loadFile(id: string, path: string): Promise<void> {
    const model = catalogue.find((item) => item.id === id)
    const facts = model ? null : await shelf.describe(path)
    const bytes = model?.bytes ?? facts?.bytes ?? null
    const set = preferences.read().modelSettings[id] ?? defaultModelSettings
    const { contextSize, threads, gpuLayers, temperature, answerTokens } = set
    await engine.load({
      path,
      name: model?.name ?? facts?.name ?? basename(path),
      sha256: model?.sha256 ?? null,
      bytes: model?.bytes ?? null,
      options: { contextSize, threads, gpuLayers },
      advice: smallerModel(catalogue, await shelf.scan(), { id, bytes }),
    })
    engine.setAnswerOptions({ temperature, answerTokens })
  }

  /** Loads a model; when that fails, the one before comes back, so that a wrong choice costs nothing. */
  async function load(id: string, path: string, remember: boolean): Promise<void> {
    const before = choice.read()
    try {
      await loadFile(id, path)
    } catch (error) {
      const { id: oldId, path: oldPath } = before
      // A file that was refused has left the other one in memory.
      if (oldId !== null && oldPath !== null && oldPath !== path && engine.state.state === 'failed') {
        await loadFile(oldId, oldPath).catch(() => undefined)
      }
      throw error
    }
    if (remember) await choice.write({ id, path })
  }

  const wanted = (id: string) => locate(id, { catalogue, shelf, kind: 'chat', chosen: choice.read() })

  async function use(id: string): Promise<void> {
    const { id: modelId, path } = await wanted(id)
    await oneAtATime(() => load(modelId, path, true))
  }

  async function speedOf(state: ShelfState, file: { parameters: number; bytes: number }): Promise<ModelSpeed> {
    return { ...estimatedSpeed(file, machine, measuredFiles(state, catalogue)), measured: false }
  }

  return {
    async list() {
      const { modelFiles, modelSettings } = preferences.read()
      return {
        machine: { ...machine, modelFolder: folder, freeDiskBytes: await freeBytes(folder) },
        models: viewsOf({
          catalogue,
          state: await shelf.scan(),
          machine,
          downloads,
          chosen: { chat: choice.read(), embedder: embedders.current() },
          settings: modelSettings,
          added: modelFiles,
          resourcesFolder,
          modelsFolder: folder,
        }),
        downloads: downloads.states(),
        engine: engine.state,
        embedderChange: await embedders.change(),
      }
    },
    downloads: () => downloads.states(),
    download: (id, { use: andUse }) => downloads.start(id, andUse),
    resumeDownloads: () => downloads.resume(),
    cancel: (id) => downloads.cancel(id),
    use,
    async useFile(path) {
      const file = await checkOwnFile(path, shelf)
      await oneAtATime(() => load(file.id, file.path, true))
      await keepFile(path)
    },
    async inspect(path) {
      const { id, ...file } = await lookAtFile(path, shelf)
      const { parameters } = file.details
      const leastMemoryBytes = leastMemoryOf(file)
      return {
        ...file,
        leastMemoryBytes,
        fit: fitOf({ parameters, leastMemoryBytes }, machine),
        speed: await speedOf(await shelf.scan(), { parameters, bytes: file.bytes }),
        catalogueName: catalogue.find((model) => model.id === id)?.name ?? null,
      }
    },
    async addFile(path) {
      await lookAtFile(path, shelf)
      await keepFile(path)
      return (await lookAtFile(path, shelf)).id
    },
    async remove(id, { evenActive }) {
      // Before the line, in which a download that has just come to its end may wait to be loaded.
      await downloads.cancel(id)
      await oneAtATime(async () =>
        removeModel(id, {
          ...{ catalogue, folder, evenActive, choice, preferences, engine },
          state: await shelf.scan(),
          inUse: embedders.files(),
        }),
      )
    },
    async measure(id) {
      const { path } = await wanted(id)
      return oneAtATime(async () => {
        if (engine.state.state === 'answering') {
          throw new AppError('BUSY', 'An answer is being written. Measure when it is done.')
        }
        const { id: active, path: activePath } = choice.read()
        const other = active !== id
        if (other) await load(id, path, false)
        try {
          const speed = await engine.measure()
          await shelf.keepSpeed(path, speed)
          return { ...speed, measured: true }
        } finally {
          if (other && active !== null && activePath !== null) await loadFile(active, activePath)
          else if (other) await engine.unload()
        }
      })
    },
    async configure(id, settings) {
      const { id: modelId, path } = await wanted(id)
      await oneAtATime(async () => {
        const { modelSettings } = preferences.read()
        const before = modelSettings[modelId] ?? defaultModelSettings
        const { [modelId]: _, ...others } = modelSettings
        const plain = Object.values(settings).every((value) => value === null)
        await preferences.write({ modelSettings: plain ? others : { ...others, [modelId]: settings } })
        if (choice.read().id !== modelId || engine.state.state === 'none') return
        const anew = (['contextSize', 'threads', 'gpuLayers'] as const).some((key) => before[key] !== settings[key])
        if (anew) await loadFile(modelId, path)
        else engine.setAnswerOptions(settings)
      })
    },
    async useEmbedder(id) {
      const chosen = { id: null, path: null }
      await embedders.begin(await locate(id, { catalogue, shelf, kind: 'embedding', chosen, resourcesFolder }))
    },
    pauseEmbedder: () => embedders.pause(),
    resumeEmbedder: () => embedders.resume(),
    async startActive() {
      const { id, path: chosen } = choice.read()
      if (id === null || chosen === null) return 'none'
      try {
        const { id: modelId, path } = await wanted(id)
        await oneAtATime(() => load(modelId, path, modelId !== id || path !== chosen))
        return 'loaded'
      } catch (error) {
        const code = error instanceof AppError ? error.code : 'INTERNAL'
        log.warn({ code, model: id }, 'chosen model not loaded')
        return code === 'MODEL_FILE_MISSING' || code === 'NOT_FOUND' ? 'missing' : 'failed'
      }
    },
    restart: () => engine.restart(),
    close: () => downloads.close(),
  }

  /** Stays on the list when another model is chosen; what is found by itself needs no entry. */
  async function keepFile(path: string): Promise<void> {
    const { modelFiles } = preferences.read()
    const state = await shelf.scan()
    const lies = dirname(path) === folder || (own !== null && (path === own || path.startsWith(join(own, '/'))))
    const listed = state.facts.has(path) || state.own.some((file) => file.path === path)
    if (modelFiles.includes(path) || (lies && listed)) return
    await preferences.write({ modelFiles: [...modelFiles, path] })
  }
}
