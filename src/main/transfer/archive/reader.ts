// Reads an archive line by line. Nothing of it is believed: sizes are counted, checksums compared, every line checked
// against the shape of its kind.
import { createHash } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'
import { AppError } from '../../../shared/errors.ts'
import type { InputFile } from '../sources/input.ts'
import type { SourceEvent } from '../sources/source.ts'
import { FILES, FORMAT_VERSION, KINDS, type Kind, lines, type Manifest, manifest as manifestShape } from './format.ts'

/** Longest line, in characters: a document of two million of them, with room for what JSON escapes. */
const LINE_MAX = 16_000_000
const SMALL_FILE_MAX = 64_000_000

/** What an archive says of itself, and the words its mark was made of. */
export interface ReadManifest {
  manifest: Manifest
  signed: string
  mark: string | null
}

/** @throws AppError INVALID_INPUT when it is none, damaged, or of a newer version */
export async function readManifest(files: readonly InputFile[]): Promise<ReadManifest> {
  const signed = await readSmall(files, 'manifest.json')
  const parsed = manifestShape.safeParse(parseJson(signed))
  if (!parsed.success) {
    const { version } = (parseJson(signed) ?? {}) as { version?: unknown }
    if (typeof version === 'number' && version > FORMAT_VERSION) throw newer(version)
    throw refused('Its manifest is not that of an Understudy archive. Nothing was taken over.')
  }
  if (parsed.data.version > FORMAT_VERSION) throw newer(parsed.data.version)
  const mark = has(files, 'mark.json')
    ? ((parseJson(await readSmall(files, 'mark.json')) ?? {}) as { mark?: unknown }).mark
    : null
  return {
    manifest: parsed.data,
    signed,
    mark: typeof mark === 'string' && /^[0-9a-f]{64}$/.test(mark) ? mark : null,
  }
}

/** The lines of an archive, kind by kind; what is wrong is told with file and line. */
export async function* readArchive(
  files: readonly InputFile[],
  manifest: Manifest,
  kinds: readonly Kind[] = KINDS,
): AsyncGenerator<SourceEvent> {
  for (const kind of kinds) {
    const file = FILES[kind]
    const declared = manifest.files.find(({ path }) => path === file)
    if (!declared) continue
    if (!has(files, file)) {
      yield refusal(kind, file, null, 'The archive says it has this file, and it is not there.')
      continue
    }
    yield* readKind(files, kind, file, declared.sha256)
  }
}

async function* readKind(
  files: readonly InputFile[],
  kind: Kind,
  file: string,
  sha256: string,
): AsyncGenerator<SourceEvent> {
  const shape = lines[kind]
  const hash = createHash('sha256')
  let number = 0
  try {
    for await (const line of splitLines(readFile(files, file), hash)) {
      number += 1
      if (line === null) {
        yield refusal(kind, file, number, `The line is longer than ${LINE_MAX.toLocaleString('en')} characters.`)
        continue
      }
      if (line.trim() === '') continue
      const value = parseJson(line)
      const parsed = value === undefined ? null : shape.safeParse(value)
      if (!parsed?.success) {
        const issue = parsed?.error.issues[0]
        const why = issue
          ? `"${issue.path.join('.') || 'the line'}" is not as it should be: ${issue.message}.`
          : 'The line is no JSON, or nested too deeply.'
        yield refusal(kind, file, number, why)
        continue
      }
      yield { type: 'row', kind, row: parsed.data, place: { file, line: number } } as SourceEvent
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    yield refusal(kind, file, number + 1, error.message)
    return
  }
  if (hash.digest('hex') !== sha256) {
    const reason = 'The file was changed after the archive was made: its checksum is another one.'
    yield { type: 'refused', kind, place: { file, line: null }, reason, changed: true }
  }
}

/** Lines of UTF-8; null for one that is too long. */
async function* splitLines(
  bytes: AsyncIterable<Uint8Array>,
  hash: { update(bytes: Uint8Array): unknown },
): AsyncGenerator<string | null> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let tooLong = false
  for await (const piece of bytes) {
    hash.update(piece)
    const text = decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = rest + text.slice(from, end)
      yield tooLong || line.length > LINE_MAX ? null : line
      rest = ''
      tooLong = false
      from = end + 1
    }
    if (!tooLong) rest += text.slice(from)
    if (rest.length > LINE_MAX) {
      rest = ''
      tooLong = true
    }
  }
  rest += decoder.end()
  if (tooLong) yield null
  else if (rest !== '') yield rest
}

function has(files: readonly InputFile[], name: string): boolean {
  return files.some(({ path }) => path === name)
}

function readFile(files: readonly InputFile[], name: string): AsyncIterable<Uint8Array> {
  const file = files.find(({ path }) => path === name)
  if (!file) throw refused(`Its ${name} is missing. Nothing was taken over.`)
  return file.read()
}

async function readSmall(files: readonly InputFile[], name: string): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of readFile(files, name)) {
    size += piece.length
    if (size > SMALL_FILE_MAX) throw refused(`Its ${name} is far too large. Nothing was taken over.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** How deep a value may be nested: Postgres would give up on what is far deeper. */
const DEPTH_MAX = 64
/** What a line may hold that no text of Postgres does, and keys that reach into prototypes. */
const ODD = /\\u0000|\\u[dD][89a-fA-F]|__proto__/u

/** @returns undefined when it is no JSON, or nested too deeply */
function parseJson(text: string): unknown {
  try {
    const value = ODD.test(text) ? JSON.parse(text, withoutOdd) : (JSON.parse(text) as unknown)
    return isShallow(value, DEPTH_MAX) ? value : undefined
  } catch {
    return undefined
  }
}

function withoutOdd(key: string, value: unknown): unknown {
  if (key === '__proto__') return undefined
  return typeof value === 'string' ? value.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\ufffd') : value
}

function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return left > 0 && Object.values(value).every((inner) => isShallow(inner, left - 1))
}

function refusal(kind: Kind, file: string, line: number | null, reason: string): SourceEvent {
  return { type: 'refused', kind, place: { file, line }, reason }
}

function refused(message: string): AppError {
  return new AppError('INVALID_INPUT', message, { field: 'file' })
}

function newer(version: number): AppError {
  return refused(
    `This archive has format version ${version}, which a newer Understudy made; this one reads up to ${FORMAT_VERSION}. Nothing was taken over. Update Understudy and try again.`,
  )
}
