// Items of a large JSON file, one at a time. The file is cut at the borders of its items and each is parsed by itself: a
// damaged item costs that item alone, where a parser of the whole stream would have to stop, and no more than one item is
// in memory.
import { asUtf8, decodeUtf8, NOT_UTF8 } from './text.ts'

/** Bytes of one item: the longest chats people report are just below 20 MB. */
export const ITEM_MAX = 32 * 2 ** 20
const DEPTH_MAX = 64

export type JsonItem = {
  /** From 1. */
  n: number
  /** Where it begins, from 1. */
  line: number
} & ({ value: unknown } | { reason: string })

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Longest key that is told apart, in bytes. */
const KEY_MAX = 64
/** The array of items is read; what follows in its object is not looked at. */
const OVER = -1
const COMMA = 0x2c
const COLON = 0x3a
const NEWLINE = 0x0a
const LIST = 0x5b
const OPEN = 1
const CLOSE = 2
const SPACE = 3
/** What a byte outside of strings is; most are nothing of these. */
const KIND = new Uint8Array(256)
for (const byte of [LIST, 0x7b]) KIND[byte] = OPEN
for (const byte of [0x5d, 0x7d]) KIND[byte] = CLOSE
for (const byte of [0x20, 0x09, NEWLINE, 0x0d]) KIND[byte] = SPACE

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The items of an array, or of the array under the first of `within` that an object has (`{"results": [...]}`); an object
 * without one is an item itself, and so is each of several values after another.
 */
export async function* readItems(
  chunks: AsyncIterable<Uint8Array>,
  within: readonly string[] = [],
): AsyncIterable<JsonItem> {
  const cutter = new Cutter(within)
  for await (const chunk of asUtf8(chunks)) {
    cutter.read(chunk)
    yield* cutter.take()
  }
  cutter.end()
  yield* cutter.take()
}

/** Finds where items begin and end, byte by byte; strings are skipped, what stands within an item is not understood. */
class Cutter {
  private depth = 0
  /** Depth at which items stand: 1 within an array, 2 within the array of an object, 0 for values alone; `OVER`: none. */
  private level = 0
  private quoted = false
  private escaped = false
  private line = 1
  private n = 0
  private itemLine = 1
  private parts: Uint8Array[] = []
  private length = 0
  private inItem = false
  private tooDeep = false
  /** The key last read at depth 1 of an object, while it may be one of `within`. */
  private key: number[] | null = null
  private lastKey = ''
  private afterColon = false
  private topObject = false
  private done: JsonItem[] = []

  constructor(private readonly within: readonly string[]) {}

  *take(): Iterable<JsonItem> {
    const items = this.done
    this.done = []
    yield* items
  }

  read(chunk: Uint8Array): void {
    /** Where in this chunk the bytes of the item begin. */
    let from = this.inItem ? 0 : -1
    const cut = (to: number) => {
      this.finish(chunk, from, to)
      from = -1
    }
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.quoted) {
        at = this.readString(chunk, at)
        continue
      }
      const byte = chunk[at] as number
      const kind = KIND[byte]
      if (kind === SPACE) {
        if (byte === NEWLINE) this.line += 1
        continue
      }
      if (!this.inItem && this.startsItem(byte)) {
        from = at
        this.start()
      }
      if (byte === QUOTE) {
        this.quoted = true
        this.key = this.topObject && this.depth === 1 && !this.afterColon ? [] : null
      } else if (kind === OPEN) {
        if (this.opensList(byte)) {
          this.drop()
          from = -1
          this.level = 2
          this.topObject = false
        }
        this.depth += 1
        if (this.depth - this.level > DEPTH_MAX) this.tooDeep = true
      } else if (kind === CLOSE) {
        // The end of the array that holds the items ends the last one, too.
        if (this.inItem && this.depth === this.level) cut(at)
        this.depth = Math.max(0, this.depth - 1)
        if (this.inItem && this.depth === this.level) cut(at + 1)
        if (this.depth === 0) this.level = 0
        else if (this.depth < this.level) this.level = OVER
      } else if (byte === COMMA) {
        if (this.depth === 1) this.afterColon = false
        if (this.inItem && this.depth === this.level) cut(at)
      } else if (byte === COLON && this.depth === 1) this.afterColon = true
    }
    if (this.inItem && from !== -1) this.hold(chunk, from, chunk.length)
  }

  /** @returns the place of the closing quote, or the last of the chunk */
  private readString(chunk: Uint8Array, start: number): number {
    for (let at = start; at < chunk.length; at += 1) {
      const byte = chunk[at]
      if (this.escaped) this.escaped = false
      else if (byte === QUOTE) {
        this.quoted = false
        if (this.key !== null) this.lastKey = Buffer.from(this.key).toString('utf8')
        this.key = null
        return at
      } else if (byte === BACKSLASH) this.escaped = true
      if (this.key !== null && this.key.length < KEY_MAX) this.key.push(byte as number)
    }
    return chunk.length - 1
  }

  /** What is still open when the file ends was cut off. */
  end(): void {
    if (!this.inItem) return
    if (this.depth > this.level || this.quoted) {
      this.done.push({ n: this.n, line: this.itemLine, reason: 'The file ends in the middle of it.' })
      this.drop()
    } else this.finish(new Uint8Array(), 0, 0)
  }

  private startsItem(byte: number): boolean {
    if (this.depth !== this.level || byte === COMMA || KIND[byte] === CLOSE) return false
    // An array at the top holds items; anything else there is one.
    if (this.depth === 0 && byte === LIST) {
      this.level = 1
      return false
    }
    return true
  }

  private start(): void {
    this.inItem = true
    this.n += 1
    this.itemLine = this.line
    this.tooDeep = false
    this.topObject = this.depth === 0
    this.afterColon = false
    this.lastKey = ''
  }

  private opensList(byte: number): boolean {
    return byte === LIST && this.topObject && this.depth === 1 && this.afterColon && this.within.includes(this.lastKey)
  }

  private hold(chunk: Uint8Array, from: number, to: number): void {
    this.length += to - from
    if (this.length > ITEM_MAX) this.parts = []
    // Copied: the stream may use its buffer again.
    else if (to > from) this.parts.push(chunk.slice(from, to))
  }

  private drop(): void {
    if (this.topObject) this.n = 0
    this.inItem = false
    this.parts = []
    this.length = 0
  }

  private finish(chunk: Uint8Array, from: number, to: number): void {
    if (from !== -1) this.hold(chunk, from, to)
    const place = { n: this.n, line: this.itemLine }
    if (this.length > ITEM_MAX) {
      this.done.push({ ...place, reason: `It is longer than ${ITEM_MAX / 2 ** 20} MB.` })
    } else if (this.tooDeep) this.done.push({ ...place, reason: `It is nested deeper than ${DEPTH_MAX} levels.` })
    else this.done.push(parse(Buffer.concat(this.parts), place))
    this.inItem = false
    this.parts = []
    this.length = 0
  }
}

function parse(bytes: Uint8Array, place: { n: number; line: number }): JsonItem {
  const text = decodeUtf8(bytes)
  if (text === null) return { ...place, reason: NOT_UTF8 }
  try {
    return { ...place, value: JSON.parse(text) as unknown }
  } catch {
    return { ...place, reason: 'It is no well-formed JSON.' }
  }
}
