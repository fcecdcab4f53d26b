// Bytes of a file that came from elsewhere as text: UTF-8 with or without its mark, and UTF-16.
import { isUtf8 } from 'node:buffer'
import { AppError } from '../../../shared/errors.ts'
import { cleanText } from '../../learning/documents/clean.ts'

/**
 * The bytes as UTF-8 without its mark: UTF-16 is told by its mark, or by the empty halves of plain letters at the start.
 * Whether UTF-8 is well-formed is looked at by whoever takes a line or an item of it.
 */
export async function* asUtf8(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | null = null
  let head: Uint8Array | null = new Uint8Array()
  for await (const chunk of chunks) {
    let bytes = chunk
    if (head !== null) {
      bytes = head.length > 0 ? Buffer.concat([head, chunk]) : chunk
      if (bytes.length < 4) {
        head = bytes
        continue
      }
      head = null
      const start = encodingOf(bytes)
      decoder = start.encoding === 'utf-8' ? null : new TextDecoder(start.encoding, { ignoreBOM: true })
      bytes = bytes.subarray(start.mark)
    }
    if (bytes.length > 0) yield decoder === null ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }))
  }
  if (head !== null && head.length > 0) {
    const start = encodingOf(head)
    yield start.encoding === 'utf-8'
      ? head.subarray(start.mark)
      : Buffer.from(new TextDecoder(start.encoding).decode(head))
  } else if (decoder !== null) {
    const rest = decoder.decode()
    if (rest !== '') yield Buffer.from(rest)
  }
}

function encodingOf(bytes: Uint8Array): { encoding: 'utf-8' | 'utf-16le' | 'utf-16be'; mark: number } {
  const [a, b, c, d] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', mark: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', mark: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', mark: 2 }
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return { encoding: 'utf-16le', mark: 0 }
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return { encoding: 'utf-16be', mark: 0 }
  return { encoding: 'utf-8', mark: 0 }
}

export const NOT_UTF8 = 'Its letters are in an encoding that cannot be read. Save the file as UTF-8.'

/** @returns the text of these bytes; null when they are no UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | null {
  return isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : null
}

/**
 * A whole small file, cleaned.
 * @param most bytes of UTF-8
 * @throws TextProblem with the line, when it is too long or no text
 */
export async function readText(chunks: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of asUtf8(chunks)) {
    length += chunk.length
    if (length > most) {
      throw new TextProblem(`It is longer than the ${Math.round(most / 1_000_000)} MB of text that can be taken.`, null)
    }
    parts.push(chunk)
  }
  const bytes = Buffer.concat(parts)
  const text = decodeUtf8(bytes)
  if (text === null) throw new TextProblem(NOT_UTF8, badLine(bytes))
  if (text.slice(0, 4096).includes('\u0000')) throw new TextProblem('It is no text.', null)
  return cleanText(text).text
}

/** Why a file cannot be taken, and the line where it shows. */
export class TextProblem extends Error {
  constructor(
    message: string,
    readonly line: number | null,
  ) {
    super(message)
  }
}

/** @throws AppError INVALID_INPUT of a file that is the whole import */
export async function needText(name: string, chunks: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  try {
    return await readText(chunks, most)
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error
    const where = error.line === null ? '' : ` (line ${error.line})`
    throw new AppError('INVALID_INPUT', `“${name}” cannot be read${where}. ${error.message}`)
  }
}

function badLine(bytes: Uint8Array): number {
  let line = 1
  let start = 0
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue
    if (!isUtf8(bytes.subarray(start, at))) return line
    line += 1
    start = at + 1
  }
  return line
}
