// Models as the window shows them: the catalogue and the person's own files joined with this machine and this disk.
import { dirname, join } from 'node:path'
import { defaultModelSettings, type ModelSettings, type ModelSpeed, type ModelView } from '../../../shared/models.ts'
import { type CatalogueModel, leastMemoryBytes, sourceText } from './catalogue.ts'
import type { Downloads } from './downloads.ts'
import { estimatedSpeed, fitOf, type Machine, type Measured, recommend } from './fit.ts'
import type { OwnFile, ShelfState } from './shelf.ts'

export interface ViewSources {
  catalogue: readonly CatalogueModel[]
  state: ShelfState
  machine: Machine
  downloads: Pick<Downloads, 'unavailable' | 'offered'>
  /** The chat model in use, and the embedding model. */
  chosen: { chat: { id: string | null; path: string | null }; embedder: string | null }
  /** What was set for single models, by id. */
  settings: Readonly<Record<string, ModelSettings>>
  /** Files the person added. */
  added: readonly string[]
  resourcesFolder: string
  /** Downloads lie here. */
  modelsFolder: string
}

/** Chat models by rank, own files, embedders. */
export function viewsOf(of: ViewSources): ModelView[] {
  const { catalogue, state, machine, downloads, chosen } = of
  const recommended = downloads.offered() ?? recommend([...catalogue], machine, downloads.unavailable())
  const views = catalogue.map((model): ModelView => {
    const bundled = model.kind === 'embedding' && model.bundled === true
    const partial = state.partial.get(model.id)
    const path = bundled ? bundledPath(of.resourcesFolder, model) : (state.found.get(model.id) ?? null)
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
      path,
      bundled,
      active: model.kind === 'chat' ? chosen.chat.id === model.id : chosen.embedder === model.id,
      recommended: model.id === recommended,
      starter: model.kind === 'chat' && model.starter === true,
      address: sourceText(model),
      verified: state.found.has(model.id),
      ...(partial === undefined ? {} : { partialBytes: partial }),
      details: (path === null ? null : state.facts.get(path)?.details) ?? null,
      ...(model.kind === 'chat' ? chatFacts(of, model, path) : {}),
      removal: bundled ? null : removalOf(of, path, partial ?? 0),
    }
  })
  for (const file of state.own) views.push(ownView(file, of))
  return [...views.filter((view) => view.kind === 'chat'), ...views.filter((view) => view.kind === 'embedding')]
}

/** Where an embedding model lies that comes with the app. */
export function bundledPath(resourcesFolder: string, model: Pick<CatalogueModel, 'file'>): string {
  return join(resourcesFolder, 'models', model.file)
}

/** Least memory of a file the catalogue does not know, in bytes. */
export function leastMemoryOf(file: Pick<OwnFile, 'kind' | 'bytes'>): number {
  // The cache's size depends on the model; a tenth of the file is more than small models need.
  const kvCacheBytes = Math.round(file.bytes / 10)
  return leastMemoryBytes({ kind: file.kind, bytes: file.bytes, kvCacheBytes }) ?? file.bytes
}

/** Files of this machine that were measured. */
export function measuredFiles(state: ShelfState, catalogue: readonly CatalogueModel[]): Measured[] {
  const ids = new Map([...state.found].map(([id, path]) => [path, id]))
  return [...state.speeds].flatMap(([path, speed]) => {
    const model = catalogue.find((one) => one.id === ids.get(path))
    const own = state.own.find((file) => file.path === path)
    const parameters = model?.parameters ?? own?.details.parameters
    const bytes = model?.bytes ?? own?.bytes
    return parameters && bytes ? [{ parameters, bytes, speed }] : []
  })
}

function chatFacts(
  of: ViewSources,
  model: { id: string; parameters: number; bytes: number | null },
  path: string | null,
): { settings: ModelSettings; speed: ModelSpeed } {
  const measured = path === null ? undefined : of.state.speeds.get(path)
  const files = measuredFiles(of.state, of.catalogue)
  return {
    settings: of.settings[model.id] ?? defaultModelSettings,
    speed: measured
      ? { ...measured, measured: true }
      : { ...estimatedSpeed(model, of.machine, files), measured: false },
  }
}

function removalOf(of: ViewSources, path: string | null, partialBytes: number): ModelView['removal'] {
  if (path === null) return partialBytes > 0 ? 'delete' : null
  if (dirname(path) === of.modelsFolder) return 'delete'
  return of.added.includes(path) ? 'forget' : null
}

function ownView(file: OwnFile, of: ViewSources): ModelView {
  const { chat, embedder } = of.chosen
  const least = leastMemoryOf(file)
  const { parameters } = file.details
  return {
    id: file.id,
    name: file.name,
    kind: file.kind,
    quant: file.quant ?? '',
    licence: file.licence ?? '',
    bytes: file.bytes,
    leastMemoryBytes: least,
    role: null,
    fit: fitOf({ parameters, leastMemoryBytes: least }, of.machine),
    path: file.path,
    bundled: false,
    active: file.kind === 'chat' ? chat.path === file.path : embedder === file.id,
    recommended: false,
    starter: false,
    address: null,
    verified: false,
    details: file.details,
    ...(file.kind === 'chat' ? chatFacts(of, { id: file.id, parameters, bytes: file.bytes }, file.path) : {}),
    // What lies in the model folder and is no download of ours stays where it is.
    removal: of.added.includes(file.path) ? 'forget' : null,
  }
}
