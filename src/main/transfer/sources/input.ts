// What a source reads: a zip, a folder, one file or a pasted text, as files that can be opened one after another.
import { createReadStream } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { PASTED } from '../../../shared/imports.ts'
import { checkPath } from './names.ts'
import type { Refusal } from './source.ts'
import { FOREIGN_LIMITS, openZip, type ZipLimits } from './zip.ts'

export interface InputFile {
  /** Within the zip or folder, with slashes; of a file alone its name. */
  path: string
  /** As the zip or folder says, which may be wrong; null where nobody says. */
  bytes: number | null
  modifiedAt: Date | null
  /** @throws AppError INVALID_INPUT when a limit is passed, or the bytes are damaged */
  read(): AsyncIterable<Uint8Array>
}

export interface Input {
  /** For a person: the name of the file or folder. */
  name: string
  kind: 'zip' | 'folder' | 'file' | 'text'
  files: InputFile[]
  /** Files that are not looked at. */
  refused: Refusal[]
  close(): void
}

const ZIP = Buffer.from('PK')

/**
 * @param limits of a zip; of a folder or file the bytes count
 * @throws AppError NOT_FOUND, INVALID_INPUT
 */
export async function openInput(path: string, limits: ZipLimits = FOREIGN_LIMITS): Promise<Input> {
  const stat = await lstat(path).catch((cause: unknown) => {
    throw new AppError('NOT_FOUND', 'This file cannot be opened. Nothing was changed; choose it again.', { cause })
  })
  const name = basename(path)
  if (stat.isDirectory()) return openFolder(path, name, limits)
  if (!stat.isFile()) throw new AppError('INVALID_INPUT', `“${name}” is neither a file nor a folder.`)
  if (stat.size > limits.fileBytes) throw tooLarge(name, limits.fileBytes)
  const head = await firstBytes(readDisk(path, limits.fileBytes), 4)
  if (head.subarray(0, 2).equals(ZIP) && (head[2] === 3 || head[2] === 5 || head[2] === 7)) {
    const zip = await openZip(path, limits)
    return { ...zip, name, kind: 'zip' }
  }
  const file = {
    path: name,
    bytes: stat.size,
    modifiedAt: stat.mtime,
    read: () => readDisk(path, limits.fileBytes),
  }
  return { name, kind: 'file', files: [file], refused: [], close: () => undefined }
}

/** A text as it was pasted. */
export function textInput(text: string, name = PASTED): Input {
  const bytes = Buffer.from(text)
  const file = {
    path: name,
    bytes: bytes.length,
    modifiedAt: null,
    async *read() {
      yield bytes
    },
  }
  return { name, kind: 'text', files: [file], refused: [], close: () => undefined }
}

async function openFolder(path: string, name: string, limits: ZipLimits): Promise<Input> {
  const files: InputFile[] = []
  const refused: Refusal[] = []
  let bytes = 0
  let seen = 0
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for await (const entry of await opendir(join(path, folder))) {
      const inside = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (++seen > limits.entries) {
        throw new AppError('INVALID_INPUT', `“${name}” holds more than ${limits.entries} files. Choose a part of it.`)
      }
      const wrong = checkPath(inside)
      if (wrong !== null || entry.isSymbolicLink()) {
        refused.push({
          type: 'refused',
          kind: null,
          place: { file: inside.slice(0, 300), line: null },
          reason: wrong ?? 'It is a link to another place. Only files of the folder itself are read.',
        })
      } else if (entry.isDirectory()) {
        // Folders whose name begins with a dot belong to programs.
        if (!entry.name.startsWith('.')) waiting.push(inside)
      } else if (entry.isFile()) {
        const { size, mtime } = await lstat(join(path, inside))
        bytes += size
        if (bytes > limits.expandedBytes) throw tooLarge(name, limits.expandedBytes)
        const read = () => readDisk(join(path, inside), size)
        files.push({ path: inside, bytes: size, modifiedAt: mtime, read })
      }
    }
  }
  files.sort((one, other) => (one.path < other.path ? -1 : 1))
  return { name, kind: 'folder', files, refused, close: () => undefined }
}

/** A file may grow while it is read. */
async function* readDisk(path: string, most: number): AsyncIterable<Uint8Array> {
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    bytes += (chunk as Buffer).length
    if (bytes > most) throw tooLarge(basename(path), most)
    yield chunk as Buffer
  }
}

/** The first `count` bytes, fewer where there are no more. */
export async function firstBytes(chunks: AsyncIterable<Uint8Array>, count: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    parts.push(chunk)
    length += chunk.length
    if (length >= count) break
  }
  return Buffer.concat(parts).subarray(0, count)
}

function tooLarge(name: string, most: number): AppError {
  const gigabytes = Math.round(most / 2 ** 30)
  const limit = gigabytes > 0 ? `${gigabytes} GB` : `${Math.round(most / 2 ** 20)} MB`
  return new AppError(
    'INVALID_INPUT',
    `“${name}” is larger than the ${limit} that can be read at once. Nothing was changed.`,
  )
}
