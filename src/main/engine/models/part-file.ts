// A file that is being fetched: `<name>.part`, a note beside it of what it is made of, and its SHA-256 as it grows.
import { createHash } from 'node:crypto'
import { constants, type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const partNote = z.strictObject({
  /** The packages whose files were joined so far, and how many bytes each gave. */
  packages: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0) })),
})
export type PartNote = z.infer<typeof partNote>

export interface PartFile {
  readonly size: number
  readonly note: PartNote | null
  write(chunk: Uint8Array): Promise<void>
  /** Cuts the file back; `truncate(0)` starts from the beginning. */
  truncate(size: number): Promise<void>
  /** Makes what was written durable, then the note that describes it. */
  setNote(note: PartNote): Promise<void>
  /** SHA-256 of the whole file; bytes that were there before this run are read again. */
  digest(signal: AbortSignal): Promise<string>
  /** Makes the file durable and gives it its final name in one step. */
  publish(target: string): Promise<void>
  remove(): Promise<void>
  /** Keeps what arrived for the next time. Twice is once. */
  close(): Promise<void>
}

/** Paths a part file uses. */
export function partPaths(target: string): { data: string; note: string; lock: string } {
  return { data: `${target}.part`, note: `${target}.part.json`, lock: `${target}.part.lock` }
}

/** Opens what an earlier run left behind, or a new empty file. */
export async function openPart(target: string): Promise<PartFile> {
  const paths = partPaths(target)
  const handle = await open(paths.data, constants.O_RDWR | constants.O_CREAT, 0o600)
  let size = (await handle.stat()).size
  let note = await readNote(paths.note)
  let hash = createHash('sha256')
  let hashed = 0
  let closed = false

  async function close() {
    if (closed) return
    closed = true
    await handle.close()
    // Nothing arrived: nothing to go on from.
    if (size === 0) await rm(paths.data, { force: true })
  }

  return {
    get size() {
      return size
    },
    get note() {
      return note
    },
    async write(chunk) {
      await writeAll(handle, chunk, size)
      if (hashed === size) {
        hash.update(chunk)
        hashed += chunk.byteLength
      }
      size += chunk.byteLength
    },
    async truncate(length) {
      if (length >= size) return
      await handle.truncate(length)
      size = length
      hash = createHash('sha256')
      hashed = 0
      if (length === 0) {
        note = null
        await rm(paths.note, { force: true })
      }
    },
    async setNote(next) {
      await handle.datasync()
      await writeFile(`${paths.note}.new`, JSON.stringify(next), { mode: 0o600 })
      await rename(`${paths.note}.new`, paths.note)
      note = next
    },
    async digest(signal) {
      const buffer = Buffer.alloc(1024 * 1024)
      while (hashed < size) {
        signal.throwIfAborted()
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, hashed)
        if (bytesRead === 0) break
        hash.update(buffer.subarray(0, bytesRead))
        hashed += bytesRead
      }
      return hash.copy().digest('hex')
    },
    async publish(final) {
      await handle.sync()
      await close()
      await rename(paths.data, final)
      await rm(paths.note, { force: true })
      await syncFolder(dirname(final))
    },
    async remove() {
      await close()
      await rm(paths.data, { force: true })
      await rm(paths.note, { force: true })
    },
    close,
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done, position + done)
    done += bytesWritten
  }
}

async function readNote(path: string): Promise<PartNote | null> {
  try {
    return partNote.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    // No note, or one cut by a power loss: the next source starts from what it can prove.
    return null
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename is durable by itself.
  const handle = await open(folder, 'r').catch(() => null)
  if (handle === null) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}
