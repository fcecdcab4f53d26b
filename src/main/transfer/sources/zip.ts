// Opens a zip that came from elsewhere. What it says of itself is believed nowhere: bytes are counted as they come out.
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import { AppError } from '../../../shared/errors.ts'
import type { InputFile } from './input.ts'
import { checkPath } from './names.ts'
import type { Refusal } from './source.ts'

export interface ZipLimits {
  /** Bytes of the file. */
  fileBytes: number
  entries: number
  /** Bytes that come out, all files together. */
  expandedBytes: number
}

const GB = 2 ** 30
export const FOREIGN_LIMITS: ZipLimits = { fileBytes: GB, entries: 200_000, expandedBytes: 4 * GB }
export const ARCHIVE_LIMITS: ZipLimits = { fileBytes: 4 * GB, entries: 200_000, expandedBytes: 16 * GB }

/** How many times its packed size a file may have once more than `RATIO_FROM` bytes came out. */
const RATIO = 100
const RATIO_FROM = 64 * 2 ** 20

const NESTED = /\.(zip|7z|rar|tar|gz|tgz|bz2|xz|zst)$/iu
const LINK = 0o120000
const TYPE = 0o170000

/** @throws AppError INVALID_INPUT when the zip is damaged, encrypted or passes a limit */
export async function openZip(
  path: string,
  limits: ZipLimits,
): Promise<{ files: InputFile[]; refused: Refusal[]; close(): void }> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false }).catch(
    (error: unknown) => {
      throw damaged(error)
    },
  )
  try {
    return await list(zip, limits)
  } catch (error) {
    zip.close()
    throw error instanceof AppError ? error : damaged(error)
  }
}

async function list(zip: ZipFile, limits: ZipLimits) {
  if (zip.entryCount > limits.entries) throw tooMany(limits)
  const files: InputFile[] = []
  const refused: Refusal[] = []
  const names = new Set<string>()
  const count = counter(limits, zip.fileSize)
  let seen = 0
  for await (const entry of zip.eachEntry()) {
    if (++seen > limits.entries) throw tooMany(limits)
    const name = nameOf(entry)
    if (name.endsWith('/') && checkPath(name) === null) continue
    const reason = refusal(entry, name, names)
    if (reason !== null) {
      refused.push({ type: 'refused', kind: null, place: { file: name.slice(0, 300), line: null }, reason })
      continue
    }
    if (entry.isEncrypted()) {
      throw new AppError(
        'INVALID_INPUT',
        'This zip is protected with a password. Unpack it with the program that made it, and import the folder.',
      )
    }
    names.add(key(name))
    files.push({
      path: name,
      bytes: entry.uncompressedSize,
      modifiedAt: dateOf(entry),
      read: () => readEntry(zip, entry, name, count),
    })
  }
  return { files, refused, close: () => zip.close() }
}

function nameOf(entry: Entry): string {
  // Backslashes are kept, so that they can be refused where they lead out.
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
  return name.includes('\\') && !name.includes('/') ? name.replaceAll('\\', '/') : name
}

function key(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

function refusal(entry: Entry, name: string, names: ReadonlySet<string>): string | null {
  const wrong = checkPath(name)
  if (wrong !== null) return wrong
  if (((entry.externalFileAttributes >>> 16) & TYPE) === LINK) {
    return 'It is a link to another place. Only files of the archive itself are read.'
  }
  if (names.has(key(name))) return 'A file of this name stands in the archive before it.'
  if (NESTED.test(name)) return 'It is an archive within the archive. Unpack it, and import what it holds by itself.'
  if (!entry.canDecodeFileData() && !entry.isEncrypted()) return 'It is packed in a way that cannot be read.'
  return null
}

function dateOf(entry: Entry): Date | null {
  const date = entry.getLastModDate({ timezone: 'UTC' })
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1990 ? null : date
}

type Count = (name: string, packed: number, before: number, now: number) => void

/** Counts what came out of the whole zip; a file that is read twice counts once. */
function counter(limits: ZipLimits, fileBytes: number): Count {
  const most = new Map<string, number>()
  let expanded = 0
  let packedRead = 0
  return (name, packed, before, now) => {
    const counted = most.get(name)
    if (counted === undefined) packedRead += packed
    if (counted === undefined || now > counted) {
      expanded += now - Math.max(before, counted ?? 0)
      most.set(name, now)
    }
    if (expanded > limits.expandedBytes) throw bomb(limits)
    // Entries may share bytes, and may say less than they are: the file itself is what is really there.
    if (expanded > RATIO_FROM && expanded > RATIO * Math.min(packedRead, fileBytes)) throw bomb(limits)
    if (now > RATIO_FROM && now > RATIO * packed) throw bomb(limits)
  }
}

async function* readEntry(zip: ZipFile, entry: Entry, name: string, count: Count): AsyncIterable<Uint8Array> {
  let out = 0
  const stream = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw damaged(error, name)
  })
  try {
    for await (const chunk of stream) {
      const before = out
      out += (chunk as Buffer).length
      count(name, entry.compressedSize, before, out)
      yield chunk as Buffer
    }
  } catch (error) {
    throw error instanceof AppError ? error : damaged(error, name)
  } finally {
    stream.destroy()
  }
}

function tooMany(limits: ZipLimits): AppError {
  return new AppError(
    'INVALID_INPUT',
    `This zip holds more than ${limits.entries} files, more than can be read at once. Nothing was changed.`,
  )
}

function bomb(limits: ZipLimits): AppError {
  return new AppError(
    'INVALID_INPUT',
    `This zip grows beyond what it could honestly hold (${RATIO} times its size, or ${limits.expandedBytes / GB} GB). It was not read on, and nothing was changed.`,
  )
}

function damaged(error: unknown, name?: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `${name === undefined ? 'This zip' : `“${name.slice(0, 200)}” in this zip`} is damaged or cut off. Download or make it again; nothing was changed.`,
    { cause: error },
  )
}
