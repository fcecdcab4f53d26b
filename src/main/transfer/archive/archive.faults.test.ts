// Archives as generators and attackers make them: whatever they hold, they come in whole as they are, or are refused in words,
// and nothing of them is half there.

import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { AppError } from '../../../shared/errors.ts'
import { newId } from '../../../shared/ids.ts'
import { checkIntegrity } from '../../database/integrity.ts'
import { conversation, entity, evidence, importRow, memory, message, passage } from '../../database/schema.ts'
import { OWNER } from '../../learning/testing.ts'
import { openInput } from '../sources/input.ts'
import { openTestTransfer, type TestTransfer } from '../testing.ts'
import { FILES, FORMAT, FORMAT_VERSION, KINDS, type Kind } from './format.ts'
import { readArchive, readManifest } from './reader.ts'

let test: TestTransfer
beforeAll(async () => {
  test = await openTestTransfer()
})
afterAll(() => test.close())

/** Each case opens a thread or two, which takes seconds on a busy machine. */
const SLOW_MS = 300_000
const AT = '2026-03-01T10:00:00+00:00'
type Lines = Partial<Record<Kind, unknown[]>>

async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name)
  zip.end()
  return await buffer(zip.outputStream as Readable)
}

/** An archive with right checksums of whatever lines. */
async function archiveOf(lines: Lines | Partial<Record<Kind, string>>): Promise<string> {
  const files: Record<string, string> = {}
  const named = []
  for (const kind of KINDS) {
    const of = lines[kind] ?? []
    const text = typeof of === 'string' ? of : of.map((line) => `${JSON.stringify(line)}\n`).join('')
    files[FILES[kind]] = text
    named.push({
      path: FILES[kind],
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })
  }
  const manifest = {
    ...{ format: FORMAT, version: FORMAT_VERSION, app_version: 'test', created_at: '2026-03-01T10:00:00.000Z' },
    ...{ selection: { conversations: true }, files: named, counts: {} },
  }
  const path = join(test.folder, `${newId()}.zip`)
  writeFileSync(path, await zipOf({ ...files, 'manifest.json': JSON.stringify(manifest) }))
  return path
}

/** Words with everything a text can hold. */
const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.replaceAll(/[\u0000\ud800-\udfff](?![\udc00-\udfff])/gu, '').trim() || 'x')
const json = fc
  .jsonValue({ maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '')) as unknown)

/** A life: chats as trees, people, items about them. */
const profile = fc
  .record({
    chats: fc.array(fc.record({ title: words, texts: fc.array(fc.tuple(words, fc.nat(5)), { maxLength: 6 }) }), {
      maxLength: 3,
    }),
    people: fc.array(words, { maxLength: 3 }),
    items: fc.array(
      fc.record({
        text: words,
        status: fc.constantFrom('active', 'archived', 'paused'),
        confidence: fc.constantFrom(0, 0.25, 0.5, 1),
        pinned: fc.boolean(),
        data: fc.dictionary(
          fc.string({ minLength: 1, maxLength: 8 }).map((key) => `k${key.replaceAll('\u0000', '')}`),
          json,
          { maxKeys: 3 },
        ),
        about: fc.nat(3),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ chats, people, items }): Lines => {
    const times = { created_at: AT, updated_at: AT }
    const conversations: unknown[] = []
    const messages: unknown[] = []
    for (const { title, texts } of chats) {
      const id = newId<string>()
      const ids = [newId<string>()]
      const line = { conversation_id: id, status: 'complete', created_at: AT }
      messages.push({ ...line, id: ids[0], role: 'root', text: '', parent_id: null })
      const depths = [0]
      for (const [index, [text, of]] of texts.entries()) {
        const parent = of % ids.length
        const depth = (depths[parent] ?? 0) + 1
        ids.push(newId<string>())
        depths.push(depth)
        const role = depth % 2 === 1 ? 'user' : 'assistant'
        messages.push({ ...line, id: ids[index + 1], role, text, parent_id: ids[parent], depth })
      }
      conversations.push({ id, title, head_id: ids.at(-1), ...times })
    }
    const persons = people.map((name) => ({
      ...{
        id: newId<string>(),
        namespace: 'user',
        type: 'person',
        name,
        folded: name.toLowerCase(),
        version: 1,
        status: 'active',
      },
      ...{ ...times, mentioned_at: AT, aliases: [{ alias: name, folded: name.toLowerCase() }] },
    }))
    return {
      conversation: conversations,
      message: messages,
      entity: persons,
      memory: items.map(({ about, ...item }) => ({
        ...{
          id: newId<string>(),
          version: 1,
          store: 'user_memory',
          namespace: 'user',
          kind: 'fact',
          author: 'person',
          ...item,
          ...times,
        },
        subject_id: persons[about]?.id ?? null,
        evidence: [{ id: newId<string>(), origin: 'hand', quote: item.text, at: AT }],
      })),
    }
  })

it(
  'what a generated profile holds comes in and goes out again the same, and an undo leaves nothing',
  async () => {
    await fc.assert(
      fc.asyncProperty(profile, async (lines) => {
        const read = await test.read(await archiveOf(lines))
        expect(read, JSON.stringify(read.report?.examples.refused)).toMatchObject({ state: 'ready' })
        const done = await test.take(read, { own: true })
        expect(done).toMatchObject({ state: 'done', error: null })
        expect(await checkIntegrity(test.db.read)).toEqual([])
        const out = await openInput(await test.archive())
        const archive = await readManifest(out.files)
        const again: Partial<Record<Kind, unknown[]>> = {}
        for await (const event of readArchive(out.files, archive.manifest)) {
          if (event.type === 'refused') throw new Error(event.reason)
          again[event.kind] = [...(again[event.kind] ?? []), event.row]
        }
        out.close()
        for (const kind of ['conversation', 'message', 'entity', 'memory'] as const) {
          // What was left out stands as its default.
          expect(byId(again[kind]), kind).toMatchObject(byId(lines[kind]))
        }
        await test.imports.undo(OWNER, done.id)
        for (const table of [conversation, message, entity, memory, evidence, passage, importRow]) {
          expect(await test.db.read.$count(table)).toBe(0)
        }
      }),
      { numRuns: 8 },
    )
  },
  SLOW_MS,
)

function byId(rows: unknown[] = []): unknown[] {
  return [...rows].sort((a, b) => ((a as { id: string }).id < (b as { id: string }).id ? -1 : 1))
}

/** Lines that are nearly right. */
const broken = fc
  .tuple(
    profile,
    fc.constantFrom<Kind>('conversation', 'message', 'entity', 'memory'),
    fc.nat(),
    fc.string(),
    fc.jsonValue({ maxDepth: 6 }),
  )
  .map(([lines, kind, at, member, value]): Lines => {
    const rows = (lines[kind] ?? []) as Record<string, unknown>[]
    const row = rows[at % Math.max(1, rows.length)]
    if (!row) return lines
    const keys = Object.keys(row)
    const key = member.length % 3 === 0 ? member : (keys[at % keys.length] ?? member)
    return { ...lines, [kind]: rows.map((one) => (one === row ? { ...one, [key]: value } : one)) }
  })

it(
  'what is nearly right comes in without what is wrong, and never half',
  async () => {
    await fc.assert(
      fc.asyncProperty(broken, fc.boolean(), async (lines, own) => {
        const read = await test.read(await archiveOf(lines))
        expect(read.state).toBe('ready')
        const done = await test.take(read, { own })
        expect(done, JSON.stringify(lines)).toMatchObject({ state: 'done', error: null })
        const wrong = await checkIntegrity(test.db.read)
        await test.imports.undo(OWNER, done.id)
        expect(wrong).toEqual([])
        expect(await test.db.read.$count(memory)).toBe(0)
        expect(await test.db.read.$count(message)).toBe(0)
      }),
      { numRuns: 20 },
    )
  },
  SLOW_MS,
)

it('whatever the bytes of an archive are, each line is read or refused in words', async () => {
  const good = await archiveOf({
    memory: [
      {
        id: newId(),
        version: 1,
        store: 'user_memory',
        namespace: 'user',
        kind: 'fact',
        text: 'x',
        status: 'active',
        confidence: 1,
        author: 'person',
        created_at: AT,
        updated_at: AT,
      },
    ],
  })
  const input = await openInput(good)
  const texts: Record<string, Buffer> = {}
  for (const file of input.files) texts[file.path] = Buffer.from(await buffer(file.read()))
  input.close()
  const names = Object.keys(texts)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(names.length - 1),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
      fc.option(fc.uint8Array({ maxLength: 200 })),
      async (at, edits, added) => {
        const name = names[at] ?? ''
        const bytes = Buffer.from(texts[name] ?? '')
        for (const [place, byte] of edits) if (bytes.length > 0) bytes[place % bytes.length] = byte
        const whole = added ? Buffer.concat([bytes, added]) : bytes
        const files = names.map((path) => ({
          ...{ path, bytes: null, modifiedAt: null },
          async *read() {
            yield path === name ? whole : (texts[path] ?? Buffer.alloc(0))
          },
        }))
        try {
          const { manifest } = await readManifest(files)
          for await (const event of readArchive(files, manifest)) {
            if (event.type === 'refused') expect(event.reason).not.toBe('')
          }
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
