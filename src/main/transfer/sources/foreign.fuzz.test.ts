// Whatever a file holds, reading it ends in lines that fit, in refusals in words, or in an error in words.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import { lines } from '../archive/format.ts'
import { detectFormat } from './detect.ts'
import { makeZip } from './fixtures/zip.ts'
import { type ForeignFormat, readForeign } from './foreign.ts'
import { type Input, openInput } from './input.ts'
import { readItems } from './json-stream.ts'
import { readLines } from './lines.ts'

const NOW = new Date('2026-01-02T03:04:05.000Z')
/** Far more than a case takes on a busy machine, and far less than one that hangs. */
const CASE_MS = 10_000
let folder = ''
let path = ''
const fixtures = new Map<string, Buffer>()
const NAMES = {
  chatgpt: 'chatgpt.json',
  claude: 'claude-conversations.json',
  projects: 'claude-projects.json',
  memories: 'claude-memories.json',
  mem0: 'mem0.json',
  dump: 'dump-claude.txt',
  gemini: 'dump-gemini.txt',
  csv: 'table.csv',
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fuzz-'))
  path = join(folder, 'file')
  for (const name of Object.values(NAMES)) {
    fixtures.set(name, await readFile(join(import.meta.dirname, 'fixtures', name)))
  }
})
afterAll(() => rm(folder, { recursive: true }))

const fixture = fc.constantFrom(...Object.values(NAMES))
const FORMATS: ForeignFormat[] = ['chatgpt', 'claude', 'mem0', 'memory-dump', 'markdown', 'csv']

type Change = (bytes: Buffer) => Buffer

const at = (bytes: Buffer, share: number) => Math.floor(share * bytes.length)
const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const piece = fc.oneof(
  fc.constantFrom('"', '{', '}', '[', ']', ',', '\\', '\n', '\r', '\u0000', '\ud800', '__proto__', 'null', '1e999'),
  fc.constantFrom('[[[[[[[[[[', '{"a":', '"".', '""', '```', '- ', ';', '\t', '\ufeff', '\ue200cite', '\ue201', '-1'),
  fc.integer({ min: 1, max: 3000 }).map((count) => '['.repeat(count)),
  fc.integer({ min: 1, max: 3000 }).map((count) => 'a'.repeat(count * 10)),
  fc.string(),
)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(share, fc.nat(255)).map(
    ([where, byte]): Change =>
      (bytes) => {
        const copy = Buffer.from(bytes)
        if (copy.length > 0) copy[at(copy, where)] = byte
        return copy
      },
  ),
  share.map(
    (where): Change =>
      (bytes) =>
        bytes.subarray(0, at(bytes, where)),
  ),
  share.map(
    (where): Change =>
      (bytes) =>
        bytes.subarray(at(bytes, where)),
  ),
  fc.tuple(share, piece).map(
    ([where, text]): Change =>
      (bytes) => {
        const cut = at(bytes, where)
        return Buffer.concat([bytes.subarray(0, cut), Buffer.from(text), bytes.subarray(cut)])
      },
  ),
  fc.tuple(share, share).map(
    ([one, other]): Change =>
      (bytes) => {
        const from = at(bytes, Math.min(one, other))
        return Buffer.concat([bytes.subarray(0, from), bytes.subarray(at(bytes, Math.max(one, other)))])
      },
  ),
  fc.constantFrom<Change>(
    (bytes) => Buffer.from(bytes.toString('utf8'), 'latin1'),
    (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
    (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le').swap16(),
    (bytes) => Buffer.concat([bytes, bytes]),
  ),
)
const changes = fc.array(change, { minLength: 1, maxLength: 4 })

/** @returns how many events there were; fails when an error is not in words, a line does not fit, or it takes too long */
async function readAll(input: Input, format: ForeignFormat): Promise<number> {
  const started = performance.now()
  let events = 0
  try {
    const mapping = format === 'csv' ? { store: 'todos', columns: { Task: 'text', Due: 'due' } } : null
    for await (const event of readForeign(format, input, NOW, mapping)) {
      events += 1
      if (event.type === 'row') lines[event.kind].parse(event.row)
      else expect(event.reason).toMatch(/^.{10,300}$/su)
    }
  } catch (error) {
    inWords(error)
  } finally {
    input.close()
  }
  expect(performance.now() - started).toBeLessThan(CASE_MS)
  return events
}

function inWords(error: unknown): void {
  if (!(error instanceof AppError)) throw error
  expect(error.message).toMatch(/^[“A-Z].{15,600}[.]$/su)
}

async function open(bytes: Uint8Array): Promise<Input | null> {
  await writeFile(path, bytes)
  try {
    return await openInput(path)
  } catch (error) {
    inWords(error)
    return null
  }
}

async function detect(input: Input): Promise<ForeignFormat | null> {
  try {
    const format = await detectFormat(input)
    return format === 'understudy' ? null : format
  } catch (error) {
    inWords(error)
    return null
  }
}

test('files that were cut, bent or mixed', { timeout: 60_000 }, async () => {
  let read = 0
  await fc.assert(
    fc.asyncProperty(fixture, changes, fc.option(fc.constantFrom(...FORMATS)), async (name, all, asked) => {
      const input = await open(all.reduce((bytes, one) => one(bytes), fixtures.get(name) ?? Buffer.alloc(0)))
      if (input === null) return
      // What it is found to be, and as something it is not: a person may choose the format.
      const format = asked ?? (await detect(input))
      if (format === null) input.close()
      else if ((await readAll(input, format)) > 0) read += 1
    }),
    { numRuns: 900 },
  )
  // Most of them still hold something that is read.
  expect(read).toBeGreaterThan(300)
})

test('zips that were cut, bent, or lie of themselves', { timeout: 60_000 }, async () => {
  const name = fc.oneof(
    fc.constantFrom(
      'conversations.json',
      'projects.json',
      'memories.json',
      'conversations-000.json',
      'a/b.md',
      'x.csv',
    ),
    fc.constantFrom(
      '../a.md',
      '/a.md',
      'C:/a.md',
      'nul.md',
      'a\u0000b.md',
      'inner.zip',
      '',
      '/',
      'a//b.md',
      '.git/x.md',
    ),
    fc.string({ maxLength: 40 }),
  )
  const says = fc.record({ size: fc.nat(2 ** 31), packed: fc.nat(2 ** 20), crc: fc.nat(2 ** 31) }, { requiredKeys: [] })
  const part = fc.record({ name, from: fixture, mode: fc.constantFrom(0o100644, 0o120777), lies: fc.option(says) })
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), fc.option(changes), async (parts, all) => {
      const made = makeZip(
        parts.map(({ name, from, mode, lies }) => ({ name, mode, body: fixtures.get(from) ?? '', says: lies ?? {} })),
      )
      const input = await open((all ?? []).reduce((bytes, one) => one(bytes), made))
      if (input === null) return
      const format = await detect(input)
      if (format !== null) await readAll(input, format)
      else input.close()
    }),
    { numRuns: 500 },
  )
})

test('values of any kind in the place of what a chat has', { timeout: 60_000 }, async () => {
  const scalar = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.double(), fc.string(), fc.constant('text'))
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      scalar,
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom(
          ...['mapping', 'message', 'parent', 'children', 'content', 'parts', 'author', 'role', 'id', 'uuid', 'text'],
          ...['chat_messages', 'sender', 'attachments', 'extracted_content', 'docs', 'memory', 'results', 'metadata'],
          ...['create_time', 'current_node', 'title', 'name', '__proto__', 'constructor', 'content_type', 'thoughts'],
        ),
        tie('json'),
        { maxKeys: 6 },
      ),
    ),
  }))
  const node = fc.record({ parent: fc.constantFrom('a', 'b', 'c', null, 3), message: json, children: json })
  const message = fc.record({ uuid: json, sender: fc.constantFrom('human', 'assistant', 7), text: json, content: json })
  const item = fc.oneof(
    json,
    fc.record({
      id: json,
      title: json,
      create_time: json,
      mapping: fc.dictionary(fc.constantFrom('a', 'b', 'c'), node),
    }),
    fc.record({ uuid: json, name: json, chat_messages: fc.array(message, { maxLength: 4 }) }),
  )
  const formats = fc.constantFrom<ForeignFormat>('chatgpt', 'claude', 'mem0')
  await fc.assert(
    fc.asyncProperty(fc.array(item, { maxLength: 4 }), formats, async (items, format) => {
      const input = await open(Buffer.from(JSON.stringify(items)))
      if (input !== null) await readAll(input, format)
    }),
    { numRuns: 400 },
  )
})

test('items are the same however the bytes arrive in pieces', { timeout: 60_000 }, async () => {
  const list = fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      list,
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom('', 'results'),
      async (values, size, key) => {
        const bytes = Buffer.from(JSON.stringify(key === '' ? values : { count: 1, [key]: values, next: [1] }, null, 1))
        async function* chunks() {
          for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
        }
        const read: unknown[] = []
        for await (const item of readItems(chunks(), ['results'])) read.push('value' in item ? item.value : item.reason)
        expect(read).toEqual(JSON.parse(JSON.stringify(values)))
      },
    ),
    { numRuns: 200 },
  )
})

test('lines are read or refused one by one', { timeout: 60_000 }, async () => {
  const line = fc.oneof(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })).map((value) => JSON.stringify(value)),
    fc.string().map((text) => text.replaceAll('\n', '')),
    fc.constant('x'.repeat(3000)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.integer({ min: 1, max: 500 }), async (all, size) => {
      const bytes = Buffer.from(all.join('\n'))
      async function* chunks() {
        for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
      }
      for await (const read of readLines(chunks(), 2000)) {
        const text = all[read.line - 1] ?? ''
        if ('value' in read) expect(read.value).toEqual(JSON.parse(text))
        else expect(read.reason).toMatch(/^.{10,100}\.$/u)
      }
    }),
    { numRuns: 200 },
  )
})
