// Takes a model away: a download with its file, a file of the person's own only off the list.
import { lstat, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Engine } from '../engine.ts'
import type { CatalogueModel } from './catalogue.ts'
import { partPaths } from './part-file.ts'
import type { ModelChoice, ModelPreferences } from './ports.ts'
import type { ShelfState } from './shelf.ts'

/**
 * @param of.inUse files of embedding models in use, or being changed to: never removed
 * @param of.evenActive the chat model in use too: it leaves memory first, and none is chosen then
 * @throws AppError NOT_FOUND, CONFLICT (in use), NOT_ALLOWED (not ours to delete, or the folder cannot be written)
 */
export async function removeModel(
  id: string,
  of: {
    catalogue: readonly CatalogueModel[]
    state: ShelfState
    /** Downloads lie here. */
    folder: string
    inUse: readonly string[]
    evenActive: boolean
    choice: ModelChoice
    preferences: ModelPreferences
    engine: Pick<Engine, 'unload'>
  },
): Promise<void> {
  const { choice, preferences } = of
  const model = of.catalogue.find((item) => item.id === id)
  const own = of.state.own.find((file) => file.id === id)
  const path = of.state.found.get(id) ?? own?.path ?? null
  const name = model?.name ?? own?.name ?? id
  if (!model && !own) throw new AppError('NOT_FOUND', 'There is no such model any more.', { field: 'id' })
  if (path !== null && of.inUse.includes(path)) {
    throw new AppError('CONFLICT', `${name} is in use for searching memories. Choose another embedding model first.`)
  }
  const active = path !== null && choice.read().path === path
  if (active && !of.evenActive) {
    throw new AppError('CONFLICT', `${name} is the model in use. Choose another one first, or remove it all the same.`)
  }
  const { modelFiles } = preferences.read()
  const added = path !== null && modelFiles.includes(path)
  // What we did not fetch is never deleted, wherever it lies.
  const ours = model !== undefined && path !== null && path === join(of.folder, model.file)
  const part = model ? partPaths(join(of.folder, model.file)) : null
  const unfinished = part !== null && path === null && (await exists(part.data))
  if (!added && !ours && !unfinished && !active) {
    const where = path === null ? '' : ` It lies in ${dirname(path)}.`
    throw new AppError('NOT_ALLOWED', `Understudy did not download ${name} and does not delete it.${where}`)
  }
  if (active) {
    await of.engine.unload()
    await choice.write(null)
  }
  if (added) await preferences.write({ modelFiles: modelFiles.filter((file) => file !== path) })
  try {
    if (ours && path !== null) await rm(path, { force: true })
    if (part !== null && (ours || unfinished)) {
      await rm(part.data, { force: true })
      await rm(part.note, { force: true })
      await rm(join(of.folder, `${model?.file}.packages`), { recursive: true, force: true })
    }
  } catch (cause) {
    throw new AppError('NOT_ALLOWED', `The file of ${name} could not be deleted from ${of.folder}.`, { cause })
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
