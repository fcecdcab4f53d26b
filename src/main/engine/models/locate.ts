// Finds a model's file by its id or by the path the person gives, and checks that it can do what is asked of it.
import { isAbsolute } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { CatalogueModel } from './catalogue.ts'
import type { OwnFile, Shelf } from './shelf.ts'
import { bundledPath } from './views.ts'

/**
 * The file of a model by its id: wherever the model lies on this disk, else the chosen path while it is there.
 * @param of.kind what it is wanted for
 * @throws AppError NOT_FOUND (no such model), INVALID_INPUT (of the other kind), MODEL_FILE_MISSING (not on this disk)
 */
export async function locate(
  id: string,
  of: {
    catalogue: readonly CatalogueModel[]
    shelf: Shelf
    kind: CatalogueModel['kind']
    chosen: { id: string | null; path: string | null }
    resourcesFolder?: string
  },
): Promise<{ id: string; path: string }> {
  const { catalogue, shelf, chosen } = of
  const model = catalogue.find((item) => item.id === id)
  const state = await shelf.scan()
  const own = state.own.find((file) => file.id === id)
  const kind = model?.kind ?? own?.kind
  if (kind !== undefined && kind !== of.kind) throw wrongKind(model?.name ?? own?.name ?? id, of.kind, 'id')
  if (model?.kind === 'embedding' && model.bundled === true && of.resourcesFolder !== undefined) {
    return { id, path: bundledPath(of.resourcesFolder, model) }
  }
  const path = state.found.get(id) ?? own?.path
  if (path !== undefined) return { id, path }
  if (chosen.id === id && chosen.path !== null && id.startsWith('file:')) {
    return checkOwnFile(chosen.path, shelf)
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
 * @returns what it is, and its id: that of the catalogue when it is one of its models
 * @throws AppError INVALID_INPUT with field `path`, or as `readModelFile`
 */
export async function lookAtFile(path: string, shelf: Shelf): Promise<OwnFile> {
  checkPath(path)
  const file = await shelf.describe(path).catch((error: unknown) => {
    if (error instanceof AppError) throw error
    throw new AppError('MODEL_FILE_MISSING', 'There is no such file, or it cannot be read.', {
      field: 'path',
      cause: error,
    })
  })
  const { own } = await shelf.scan()
  return { ...file, id: own.find((one) => one.path === path)?.id ?? file.id }
}

/**
 * Checks a file the person wants to chat with.
 * @throws AppError as `lookAtFile`, and INVALID_INPUT for one that cannot chat
 */
export async function checkOwnFile(path: string, shelf: Shelf): Promise<{ id: string; path: string }> {
  checkPath(path)
  const known = [...(await shelf.scan()).found].find(([, found]) => found === path)?.[0]
  if (known !== undefined) return { id: known, path }
  const file = await lookAtFile(path, shelf)
  if (file.kind === 'embedding') throw wrongKind('This model', 'chat', 'path')
  return { id: file.id, path }
}

function checkPath(path: string): void {
  const refuse = (message: string) => new AppError('INVALID_INPUT', message, { field: 'path' })
  if (path.includes('\0') || !isAbsolute(path)) {
    throw refuse('Give the whole path of the file, from the root of the disk.')
  }
  if (!/\.gguf$/i.test(path)) throw refuse('Only GGUF model files can be used; their names end in .gguf.')
}

function wrongKind(name: string, wanted: CatalogueModel['kind'], field: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    wanted === 'chat'
      ? `${name} makes vectors of text; it cannot chat. Choose a chat model.`
      : `${name} chats; it cannot search memories. Choose an embedding model.`,
    { field },
  )
}
