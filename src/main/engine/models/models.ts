// The models service: what is there, what fits, fetch it, use it. The one place that decides which model is offered.
import { isAbsolute, join } from 'node:path'
import type { ModelsState } from '../../../shared/contract/models.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DownloadState, ModelView } from '../../../shared/models.ts'
import type { Log } from '../../app/log.ts'
import type { Engine } from '../engine.ts'
import { type CatalogueModel, leastMemoryBytes, readCatalogue, sourceText } from './catalogue.ts'
import { createDownloads, type Downloads } from './downloads.ts'
import { type FetchSurroundings, freeBytes } from './fetch-model.ts'
import { fitOf, type Machine, recommend, thisMachine } from './fit.ts'
import { modelFolders } from './paths.ts'
import { createShelf, type OwnFile, type Shelf, type ShelfState } from './shelf.ts'

/** Where the choice of a chat model is kept: the settings of the profile. */
export interface ModelChoice {
  read(): { id: string | null; path: string | null }
  write(model: { id: string; path: string }): Promise<void>
}

export interface ModelsOptions {
  /** Downloads go here; shared by all profiles. */
  modelsFolder: string
  /** Searched first; by default what `UNDERSTUDY_MODELS` names. */
  ownFolder?: string | null
  resourcesFolder: string
  engine: Pick<Engine, 'load' | 'restart' | 'state'>
  choice: ModelChoice
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
  /** Stops a download; what arrived is kept. No error when none runs. */
  cancel(id: string): Promise<void>
  /** Loads a chat model that is on disk and remembers the choice. @throws AppError NOT_FOUND, MODEL_FILE_*, OUT_OF_MEMORY */
  use(id: string): Promise<void>
  /** Loads a file of the person's own and remembers the choice. @throws AppError INVALID_INPUT, MODEL_FILE_* */
  useFile(path: string): Promise<void>
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
  const { engine, choice, log, resourcesFolder } = options
  const catalogue = readCatalogue(resourcesFolder)
  const machine = options.machine ?? thisMachine()
  const own = options.ownFolder === undefined ? modelFolders().own : options.ownFolder
  const folder = options.modelsFolder
  const shelf = createShelf(catalogue, { folder, own })
  const downloads = createDownloads({
    catalogue,
    folder,
    shelf,
    publish: options.events.download,
    use,
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

  async function load(id: string, path: string, remember: boolean): Promise<void> {
    await oneAtATime(async () => {
      const model = catalogue.find((item) => item.id === id)
      await engine.load({
        path,
        name: model?.name ?? (await shelf.describe(path)).name,
        sha256: model?.sha256 ?? null,
        bytes: model?.bytes ?? null,
      })
      if (remember) await choice.write({ id, path })
    })
  }

  async function use(id: string): Promise<void> {
    const { id: modelId, path } = await locate(id, catalogue, shelf, choice)
    await load(modelId, path, true)
  }

  return {
    async list() {
      const state = await withChosenFile(await shelf.scan(), shelf, choice)
      return {
        machine: { ...machine, modelFolder: folder, freeDiskBytes: await freeBytes(folder) },
        models: viewsOf({ catalogue, state, machine, downloads, choice, resourcesFolder }),
        downloads: downloads.states(),
        engine: engine.state,
      }
    },
    downloads: () => downloads.states(),
    download: (id, { use: andUse }) => downloads.start(id, andUse),
    cancel: (id) => downloads.cancel(id),
    use,
    async useFile(path) {
      const file = await checkOwnFile(path, shelf)
      await load(file.id, file.path, true)
    },
    async startActive() {
      const { id, path: chosen } = choice.read()
      if (id === null || chosen === null) return 'none'
      try {
        const { path } = await locate(id, catalogue, shelf, choice)
        await load(id, path, path !== chosen)
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
}

/**
 * The file of a chat model by its id: the chosen path while it is there, else wherever the model lies on this disk.
 * @throws AppError NOT_FOUND (no such model), INVALID_INPUT (cannot chat), MODEL_FILE_MISSING (not on this disk)
 */
export async function locate(
  id: string,
  catalogue: readonly CatalogueModel[],
  shelf: Shelf,
  choice: Pick<ModelChoice, 'read'>,
): Promise<{ id: string; path: string }> {
  const model = catalogue.find((item) => item.id === id)
  const state = await shelf.scan()
  const own = state.own.find((file) => file.id === id)
  if ((model?.kind ?? own?.kind) === 'embedding') {
    throw new AppError('INVALID_INPUT', `${model?.name ?? own?.name} searches memories; it cannot chat.`, {
      field: 'id',
    })
  }
  const path = state.found.get(id) ?? own?.path
  if (path !== undefined) return { id, path }
  const chosen = choice.read()
  if (chosen.id === id && chosen.path !== null && id.startsWith('file:')) {
    const { path: still } = await checkOwnFile(chosen.path, shelf)
    return { id, path: still }
  }
  if (model) {
    throw new AppError(
      'MODEL_FILE_MISSING',
      `${model.name} is not on this machine. Download it, or choose another model.`,
    )
  }
  throw new AppError('NOT_FOUND', 'There is no such model. Choose one of the list.', { field: 'id' })
}

/**
 * Checks a file the person names.
 * @returns its path, and its id: that of the catalogue when it is one of its models
 * @throws AppError INVALID_INPUT with field `path`, or as `readModelFile`
 */
export async function checkOwnFile(path: string, shelf: Shelf): Promise<{ id: string; path: string }> {
  const refuse = (message: string) => new AppError('INVALID_INPUT', message, { field: 'path' })
  if (path.includes('\0') || !isAbsolute(path)) {
    throw refuse('Give the whole path of the file, from the root of the disk.')
  }
  if (!/\.gguf$/i.test(path)) throw refuse('Only GGUF model files can be used; their names end in .gguf.')
  const state = await shelf.scan()
  for (const [id, found] of state.found) if (found === path) return { id, path }
  const file = await shelf.describe(path).catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw new AppError('MODEL_FILE_MISSING', 'There is no such file, or it cannot be read.', {
      field: 'path',
      cause: error,
    })
  })
  if (file.kind === 'embedding') throw refuse('This model makes vectors of text; it cannot chat. Choose a chat model.')
  return { id: state.own.find((own) => own.path === path)?.id ?? file.id, path }
}

/** The chosen file is listed wherever it lies, as long as it is there. */
async function withChosenFile(state: ShelfState, shelf: Shelf, choice: Pick<ModelChoice, 'read'>): Promise<ShelfState> {
  const { id, path } = choice.read()
  if (id === null || path === null || !id.startsWith('file:') || state.own.some((file) => file.path === path)) {
    return state
  }
  const file = await shelf.describe(path).catch(() => null)
  return file ? { ...state, own: [...state.own, { ...file, id }] } : state
}

interface ViewSources {
  catalogue: readonly CatalogueModel[]
  state: ShelfState
  machine: Machine
  downloads: Pick<Downloads, 'unavailable' | 'offered'>
  choice: Pick<ModelChoice, 'read'>
  resourcesFolder: string
}

/** The catalogue and the person's own files as the window shows them: chat models by rank, own files, embedders. */
export function viewsOf({ catalogue, state, machine, downloads, choice, resourcesFolder }: ViewSources): ModelView[] {
  const recommended = downloads.offered() ?? recommend([...catalogue], machine, downloads.unavailable())
  const chosen = choice.read()
  const views = catalogue.map((model): ModelView => {
    const bundled = model.kind === 'embedding' && model.bundled === true
    const partial = state.partial.get(model.id)
    return {
      id: model.id,
      name: model.name,
      kind: model.kind,
      quant: model.quant,
      licence: model.licence,
      bytes: model.bytes,
      leastMemoryBytes: model.leastMemoryBytes,
      role: model.role,
      fit: fitOf(model, machine),
      path: bundled ? join(resourcesFolder, 'models', model.file) : (state.found.get(model.id) ?? null),
      bundled,
      active: bundled || chosen.id === model.id,
      recommended: model.id === recommended,
      starter: model.kind === 'chat' && model.starter === true,
      address: sourceText(model),
      verified: state.found.has(model.id),
      ...(partial === undefined ? {} : { partialBytes: partial }),
    }
  })
  for (const file of state.own) views.push(ownView(file, machine, chosen.path === file.path))
  return [...views.filter((view) => view.kind === 'chat'), ...views.filter((view) => view.kind === 'embedding')]
}

function ownView(file: OwnFile, machine: Machine, active: boolean): ModelView {
  // The cache's size depends on the model; a tenth of the file is more than small models need.
  const kvCacheBytes = Math.round(file.bytes / 10)
  const least = leastMemoryBytes({ kind: file.kind, bytes: file.bytes, kvCacheBytes })
  return {
    id: file.id,
    name: file.name,
    kind: file.kind,
    quant: '',
    licence: '',
    bytes: file.bytes,
    leastMemoryBytes: least,
    role: 'your own file',
    fit: fitOf({ parameters: file.parameters, leastMemoryBytes: least }, machine),
    path: file.path,
    bundled: false,
    active,
    recommended: false,
    starter: false,
    address: null,
    verified: false,
  }
}
