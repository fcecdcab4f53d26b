// Opens what came in for an import: decrypts it, finds out what it is, and gives its lines in batches.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../shared/errors.ts'
import type { CsvMapping } from '../../../shared/imports.ts'
import { decrypt, isEncrypted } from '../archive/encryption.ts'
import { KINDS } from '../archive/format.ts'
import { readArchive, readManifest } from '../archive/reader.ts'
import type { Opened } from '../thread/messages.ts'
import { readCsvHead } from './csv.ts'
import { detectFormat } from './detect.ts'
import { readForeign } from './foreign.ts'
import { type Input, type InputFile, openInput } from './input.ts'
import type { Source, SourceEvent, SourceFormat } from './source.ts'
import { ARCHIVE_LIMITS } from './zip.ts'

export interface ReadRequest {
  /** A file or a folder. */
  path: string
  /** The name the person knows it by. */
  name: string
  passphrase: string | null
  /** A folder for what is decrypted; what lies in it is nobody's. */
  drafts: string
  mapping: CsvMapping | null
  /** `vectors`: those of an archive alone, which its other lines come without. */
  part: 'lines' | 'vectors'
}

export interface Reading {
  readonly opened: Opened
  /** The next lines; `end` with the last. */
  next(): Promise<{ events: SourceEvent[]; end: boolean }>
  close(): Promise<void>
}

/** Lines of a batch: at most so many, and fewer when they are long. */
const BATCH = 1000
const BATCH_CHARACTERS = 2_000_000

/**
 * Opens an import.
 * @throws AppError INVALID_INPUT field `passphrase` when it is encrypted and the passphrase is missing or wrong; field `file`
 * when it is nothing that can be read, or passes a limit
 */
export async function openReading(request: ReadRequest): Promise<Reading> {
  const plain = await decrypted(request)
  let input = await openInput(plain.path, ARCHIVE_LIMITS)
  try {
    const format = await detectFormat(input)
    if (format !== 'understudy') {
      // What is not ours has to get by with less; what it was told by counts anew.
      input.close()
      input = await openInput(plain.path)
    }
    const { opened, source } = await begin(format, input, request)
    const events = source[Symbol.asyncIterator]()
    return {
      opened,
      next: () => nextBatch(events),
      async close() {
        await events.return?.(undefined)
        input.close()
        await plain.remove()
      },
    }
  } catch (error) {
    input.close()
    await plain.remove()
    throw error
  }
}

async function begin(
  format: SourceFormat,
  input: Input,
  { mapping, part }: ReadRequest,
): Promise<{ opened: Opened; source: Source }> {
  if (format === 'understudy') {
    const archive = await readManifest(input.files)
    const kinds = part === 'vectors' ? (['vector'] as const) : KINDS.filter((kind) => kind !== 'vector')
    const rows = kinds.reduce((sum, kind) => sum + (archive.manifest.counts[kind] ?? 0), 0)
    return {
      opened: { format, archive, columns: null, rows },
      source: readArchive(input.files, archive.manifest, kinds),
    }
  }
  // Of a table one wants to know its columns first.
  const [table] = input.files
  if (format === 'csv' && mapping === null && table) {
    return { opened: { format, archive: null, columns: await columnsOf(table), rows: 0 }, source: nothing() }
  }
  const columns = format === 'csv' && table ? await columnsOf(table) : null
  return {
    opened: { format, archive: null, columns, rows: null },
    source: readForeign(format, input, new Date(), mapping),
  }
}

async function columnsOf(table: InputFile): Promise<string[]> {
  return (await readCsvHead(table))?.columns ?? []
}

async function* nothing(): AsyncGenerator<SourceEvent> {}

async function nextBatch(events: AsyncIterator<SourceEvent>): Promise<{ events: SourceEvent[]; end: boolean }> {
  const batch: SourceEvent[] = []
  let characters = 0
  while (batch.length < BATCH && characters < BATCH_CHARACTERS) {
    const { value, done } = await events.next()
    if (done) return { events: batch, end: true }
    batch.push(value)
    characters += value.type === 'row' && 'text' in value.row ? value.row.text.length : 200
  }
  return { events: batch, end: false }
}

/** An encrypted file as a plain one beside it, for as long as it is read: a zip is read from its end. */
async function decrypted({
  path,
  passphrase,
  drafts,
}: ReadRequest): Promise<{ path: string; remove(): Promise<void> }> {
  const start = await firstBytesOf(path)
  if (start === null || !isEncrypted(start)) return { path, remove: async () => {} }
  await mkdir(drafts, { recursive: true, mode: 0o700 })
  const target = join(drafts, 'decrypted')
  const remove = () => rm(target, { force: true })
  const bytes = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>
  const plain = await decrypt(bytes, passphrase)
  try {
    await pipeline(Readable.fromWeb(plain as never), createWriteStream(target, { mode: 0o600 }))
  } catch (error) {
    await remove()
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new AppError(
        'DISK_FULL',
        'There is not enough space to decrypt the file. Nothing was kept. Make room and try again.',
      )
    }
    throw new AppError(
      'INVALID_INPUT',
      'The file is damaged or was cut short: it cannot be decrypted to its end. Nothing was taken over.',
      {
        field: 'file',
        cause: error,
      },
    )
  }
  return { path: target, remove }
}

/** @returns null of a folder, and of what is not there: who opens it says so */
async function firstBytesOf(path: string): Promise<Uint8Array | null> {
  const file = await open(path, 'r').catch(() => null)
  if (file === null) return null
  try {
    const start = Buffer.alloc(64)
    const { bytesRead } = await file.read(start, 0, start.length, 0)
    return start.subarray(0, bytesRead)
  } catch {
    return null
  } finally {
    await file.close()
  }
}
