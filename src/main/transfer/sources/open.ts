// Opens what came in for an import: decrypts it, finds out what it is, and gives its lines in batches.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../shared/errors.ts'
import type { CsvColumn, CsvMapping, ImportFormat } from '../../../shared/imports.ts'
import { decrypt, isEncrypted } from '../archive/encryption.ts'
import { BUT_VECTORS, type Kind, type Line, REST } from '../archive/format.ts'
import { type ReadManifest, readArchive, readManifest } from '../archive/reader.ts'
import { readCsvHead } from './csv.ts'
import { detectFormat } from './detect.ts'
import { readForeign } from './foreign.ts'
import { type Input, openInput } from './input.ts'
import type { Source, SourceEvent, SourceFormat } from './source.ts'
import { inColumns, type StagedRow, type StagedRows, stagedRow, WITH_ID } from './staged.ts'
import { type VectorBatch, vectorBatch } from './vector-batch.ts'
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
  /**
   * Of an archive: `lines` are all but those of `REST`, which are read and checked with them; `rest` are these, and `vectors`
   * the vectors alone. Of anything else there are only lines.
   */
  part: 'lines' | 'rest' | 'vectors'
}

export interface Opened {
  format: ImportFormat
  archive: ReadManifest | null
  /** Of CSV without a mapping: its columns; nothing else is read then. */
  columns: CsvColumn[] | null
  /** Rows to come; null when that is not known. */
  rows: number | null
}

export interface Reading {
  readonly opened: Opened
  next(): Promise<Batch>
  close(): Promise<void>
}

export interface Batch {
  rows: StagedRows
  count: number
  /** Where these were asked for. */
  vectors: VectorBatch | null
  /** No more rows come that are kept: what is left is only checked. */
  complete: boolean
  /** So far each row had a greater id than the one of its kind before. */
  sorted: boolean
  /** A file is not what it was when the archive was made. */
  changed: boolean
  end: boolean
}

/** Lines of a batch: at most so many, and fewer when they are long. */
const BATCH = 4000
/** Lines that are only checked before somebody hears of it. */
const LOOKED_AT = 20_000
const BATCH_CHARACTERS = 4_000_000

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
    const state: ReadState = {
      n: request.part === 'rest' ? REST_FROM : 0,
      keeps: keptOf(format, request.part),
      last: new Map(),
      sorted: true,
    }
    return {
      opened,
      next: () => nextBatch(events, state),
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
    const kinds = KINDS_OF[part]
    const rows = kinds.filter(keptOf(format, part)).reduce((sum, kind) => sum + (archive.manifest.counts[kind] ?? 0), 0)
    return {
      opened: { format, archive, columns: null, rows },
      source: readArchive(input.files, archive.manifest, kinds),
    }
  }
  // Of a table one wants to know its columns first.
  const [table] = input.files
  if (format === 'csv' && mapping === null && table) {
    return {
      opened: { format, archive: null, columns: (await readCsvHead(table))?.columns ?? [], rows: 0 },
      source: nothing(),
    }
  }
  return {
    opened: { format, archive: null, columns: null, rows: null },
    source: readForeign(format, input, new Date(), mapping),
  }
}

async function* nothing(): AsyncGenerator<SourceEvent> {}

/** Kinds that are read for each part. */
const KINDS_OF: Record<ReadRequest['part'], readonly Kind[]> = {
  lines: BUT_VECTORS,
  rest: REST,
  vectors: ['vector'],
}
/** Rows of the rest are numbered from here, behind all that was staged before. */
const REST_FROM = 10_000_000_000

/** Which of the kinds that are read are kept. */
function keptOf(format: SourceFormat, part: ReadRequest['part']): (kind: Kind) => boolean {
  return format === 'understudy' && part === 'lines' ? (kind) => !REST.includes(kind) : () => true
}

interface ReadState {
  /** Number of the next row that is kept. */
  n: number
  keeps(kind: Kind): boolean
  /** Greatest id of each kind. */
  last: Map<string, string>
  sorted: boolean
}

async function nextBatch(events: AsyncIterator<SourceEvent>, state: ReadState): Promise<Batch> {
  const from = state.n
  const rows: StagedRow[] = []
  const lines: Line<'vector'>[] = []
  let characters = 0
  let complete = false
  let changed = false
  let looked = 0
  const batch = (end: boolean): Batch => ({
    ...{ rows: inColumns(rows, from), count: rows.length + lines.length },
    ...{ vectors: lines.length > 0 ? vectorBatch(lines) : null, complete: complete || end, changed, end },
    sorted: state.sorted,
  })
  while (rows.length + lines.length < BATCH && looked < LOOKED_AT && characters < BATCH_CHARACTERS) {
    const { value, done } = await events.next()
    if (done) return batch(true)
    looked += 1
    if (value.type === 'refused') changed ||= value.changed === true
    else if (value.kind === 'vector') {
      lines.push(value.row)
      continue
    } else if (!state.keeps(value.kind)) {
      complete = true
      // So that what was read so far is looked at meanwhile.
      if (rows.length > 0) return batch(false)
      continue
    }
    const row = stagedRow(value)
    if (row.id !== null && WITH_ID.includes(row.kind)) {
      const id = row.id.toLowerCase()
      state.sorted &&= id > (state.last.get(row.kind) ?? '')
      state.last.set(row.kind, id)
    }
    state.n += 1
    characters += row.body?.length ?? 0
    rows.push(row)
  }
  return batch(false)
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
