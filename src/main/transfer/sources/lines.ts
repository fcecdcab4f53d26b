// JSON Lines, a line at a time: no line is held that is longer than allowed, and a bad one does not end the rest.
import { isPlainObject } from './json-stream.ts'
import { asUtf8, decodeUtf8, NOT_UTF8 } from './text.ts'

export type LineRead = { line: number } & ({ value: Record<string, unknown> } | { reason: string })

const NEWLINE = 0x0a

/**
 * @param most bytes of one line
 * @returns each line that is not empty with its number, from 1, and its object or why it is refused
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, most: number): AsyncIterable<LineRead> {
  let line = 1
  let held: Uint8Array[] = []
  let length = 0
  const take = (): LineRead | null => {
    const bytes = held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
    const read = length > most ? { line, reason: tooLong(most) } : readLine(bytes, line)
    held = []
    length = 0
    line += 1
    return read
  }
  for await (const chunk of asUtf8(chunks)) {
    let start = 0
    while (start < chunk.length) {
      const found = chunk.indexOf(NEWLINE, start)
      const end = found === -1 ? chunk.length : found
      length += end - start
      if (length > most) held = []
      else if (end > start) held.push(chunk.subarray(start, end))
      if (found === -1) break
      const read = take()
      if (read !== null) yield read
      start = found + 1
    }
  }
  if (length > 0) {
    const read = take()
    if (read !== null) yield read
  }
}

function tooLong(most: number): string {
  return `The line is longer than ${Math.round(most / 2 ** 20)} MB.`
}

function readLine(bytes: Uint8Array, line: number): LineRead | null {
  const text = decodeUtf8(bytes)
  if (text === null) return { line, reason: NOT_UTF8 }
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return isPlainObject(value) ? { line, value } : { line, reason: 'The line is no object of JSON.' }
  } catch {
    return { line, reason: 'The line is no well-formed JSON.' }
  }
}
