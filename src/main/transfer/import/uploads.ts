// Files of an import on their way from the window: written to disk as they come, because they may be large.
import { existsSync } from 'node:fs'
import { appendFile, mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { ImportId } from '../../../shared/ids.ts'
import { checkPath } from '../sources/names.ts'

interface Coming {
  /** Bytes each was said to have, by name. */
  files: Map<string, number>
}

export class ImportUploads {
  readonly #folder: string
  readonly #coming = new Map<ImportId, Coming>()

  /** @param folder a folder of the app's own, cleared at start */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** Where what belongs to an import lies. */
  folderOf(id: ImportId): string {
    return join(this.#folder, id)
  }

  /** @throws AppError INVALID_INPUT field `name` when the path leads elsewhere */
  async begin(id: ImportId, name: string, bytes: number): Promise<void> {
    const wrong = checkPath(name)
    if (wrong !== null) throw new AppError('INVALID_INPUT', `“${name.slice(0, 200)}”: ${wrong}`, { field: 'name' })
    const file = this.#fileOf(id, name)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(file, '', { mode: 0o600 })
    const coming = this.#coming.get(id) ?? { files: new Map() }
    coming.files.set(name, bytes)
    this.#coming.set(id, coming)
  }

  /** @throws AppError NOT_FOUND; CONFLICT when a piece is missing; INVALID_INPUT when more comes than was said; DISK_FULL */
  async piece(id: ImportId, name: string, at: number, data: Buffer): Promise<void> {
    const bytes = this.#coming.get(id)?.files.get(name)
    if (bytes === undefined) {
      throw new AppError('NOT_FOUND', 'This file is no longer on its way. Nothing was kept. Choose it again.')
    }
    const file = this.#fileOf(id, name)
    const { size } = await stat(file)
    // The same piece a second time after a broken connection.
    if (at + data.length === size) return
    if (at !== size)
      throw new AppError('CONFLICT', 'A part of the file got lost on its way. Nothing was kept. Choose it again.')
    if (at + data.length > bytes) {
      throw new AppError('INVALID_INPUT', 'The file grew while it was read. Nothing was kept. Choose it again.', {
        field: 'data',
      })
    }
    try {
      await appendFile(file, data)
    } catch (error) {
      await truncate(file, size).catch(() => {})
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      throw new AppError(
        'DISK_FULL',
        'There is not enough space for the file. Nothing was kept. Make room and choose it again.',
      )
    }
  }

  /** What was uploaded, once all of it is there: one file, or the folder of several. @throws AppError NOT_FOUND, CONFLICT */
  async take(id: ImportId): Promise<{ path: string; name: string }> {
    const coming = this.#coming.get(id)
    const [first, ...others] = coming?.files.keys() ?? []
    if (coming === undefined || first === undefined) {
      throw new AppError('NOT_FOUND', 'No file was uploaded for this import. Choose it again.')
    }
    for (const [name, bytes] of coming.files) {
      if ((await stat(this.#fileOf(id, name))).size !== bytes) {
        throw new AppError('CONFLICT', 'The file became shorter while it was read. Nothing was kept. Choose it again.')
      }
    }
    if (others.length === 0 && !first.includes('/')) return { path: this.#fileOf(id, first), name: first }
    return { path: join(this.folderOf(id), 'files'), name: first.split('/')[0] ?? first }
  }

  /** Whether something was uploaded for it that is still there. */
  has(id: ImportId): boolean {
    return this.#coming.has(id) && existsSync(this.folderOf(id))
  }

  async drop(id: ImportId): Promise<void> {
    this.#coming.delete(id)
    await rm(this.folderOf(id), { recursive: true, force: true })
  }

  async dropAll(): Promise<void> {
    this.#coming.clear()
    await rm(this.#folder, { recursive: true, force: true })
  }

  #fileOf(id: ImportId, name: string): string {
    return join(this.folderOf(id), 'files', ...name.split('/'))
  }
}
