// An archive out and in again: what one profile holds, another one holds after it, to the byte.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkIntegrity } from '../database/integrity.ts'
import { conversation, embedding, importRow, journal, memory, message, proposal } from '../database/schema.ts'
import { OWNER } from '../learning/testing.ts'
import { FILES, KINDS } from './archive/format.ts'
import { openInput } from './sources/input.ts'
import { openTestTransfer, type TestTransfer } from './testing.ts'

let from: TestTransfer
let to: TestTransfer
beforeAll(async () => {
  from = await openTestTransfer({ vectors: true })
  to = await openTestTransfer({ vectors: true })
  await from.tell('My sister Ana lives in Porto. I am allergic to peanuts.')
  const { conversationId } = await from.tell('I work as a potter. We decided to use Postgres for the orders.')
  await from.tell('My sister Ana lives in Lisbon now.', { conversationId })
  await from.learning.documents.add(OWNER, {
    name: 'lease 😀.md',
    text: 'The lease of the boathouse 😀 ends on 30 June.',
  })
  const { memory: written } = await from.learning.add(OWNER, {
    store: 'user_memory',
    text: 'The kiln fires at 1240 degrees.',
  })
  await from.learning.edit(OWNER, { id: written.id, version: written.version, text: 'The kiln fires at 1250 degrees.' })
  await from.learning.idle()
})
afterAll(async () => {
  await from.close()
  await to.close()
})

/** The lines of each kind, as they stand in an archive. */
async function linesOf(path: string): Promise<Record<string, string>> {
  const input = await openInput(path)
  const texts: Record<string, string> = {}
  for (const kind of KINDS) {
    const file = input.files.find((one) => one.path === FILES[kind])
    texts[kind] = file ? (await buffer(Readable.from(file.read()))).toString('utf8') : ''
  }
  input.close()
  return texts
}

describe('an archive of one’s own', () => {
  it('brings everything back as it was, and goes out again the same', async () => {
    const path = await from.archive()
    const first = await linesOf(path)
    expect(first['memory']).toContain('allergic to peanuts')
    const read = await to.read(path)
    expect(read).toMatchObject({ state: 'ready', format: 'understudy', archive: { mark: 'other' } })
    expect(
      Object.values(read.report?.counts ?? {}).every(({ conflicting, refused }) => conflicting + refused === 0),
    ).toBe(true)
    const done = await to.take(read, { own: true })
    expect(done).toMatchObject({ state: 'done', error: null })
    const { added, proposed, replaced } = done.report?.taken ?? {}
    expect({ added: added?.memory, proposed, replaced }).toEqual({
      ...{ added: read.report?.counts.memory?.new, proposed: 0, replaced: 0 },
    })
    expect(await checkIntegrity(to.db.read)).toEqual([])
    const again = await linesOf(await to.archive())
    for (const kind of KINDS) expect(sorted(again[kind]), kind).toEqual(sorted(first[kind]))
    // What is known is used at once.
    const { recalled, core } = await to.context('What am I allergic to?')
    expect(`${core?.text} ${recalled?.text}`).toContain('peanuts')
  })

  it('brought in again changes nothing, and undone leaves nothing', async () => {
    const path = await from.archive()
    const read = await to.read(path)
    const counts = read.report?.counts
    expect(counts?.memory).toMatchObject({ new: 0, changed: 0, conflicting: 0 })
    expect(counts?.message).toMatchObject({ new: 0 })
    await to.imports.cancel(OWNER, read.id)
    const [first] = await to.imports.list(OWNER)
    if (!first) throw new Error('no import')
    const undone = await to.imports.undo(OWNER, first.id)
    expect(undone.kept).toBe(0)
    for (const table of [memory, message, conversation, proposal, journal, embedding, importRow]) {
      expect(await to.db.read.$count(table)).toBe(0)
    }
    await expect(to.imports.undo(OWNER, first.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('carries a mark that only its profile knows again, and only while nothing was changed', async () => {
    const path = await from.archive()
    const own = await from.read(path)
    expect(own.archive?.mark).toBe('mine')
    await from.imports.cancel(OWNER, own.id)
    const other = await to.read(path)
    expect(other.archive?.mark).toBe('other')
    await to.imports.cancel(OWNER, other.id)
  })

  it('opens with its passphrase alone', async () => {
    const path = await from.archive({ passphrase: 'correct horse' })
    expect(readFileSync(path).includes('peanuts')).toBe(false)
    await expect(to.read(path)).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'passphrase' } })
    await expect(to.read(path, { passphrase: 'wrong' })).rejects.toMatchObject({
      message: expect.stringContaining('passphrase is wrong'),
      details: { field: 'passphrase' },
    })
    const cut = join(from.folder, 'cut.zip.age')
    writeFileSync(cut, readFileSync(path).subarray(0, -2000))
    await expect(to.read(cut, { passphrase: 'correct horse' })).rejects.toMatchObject({ details: { field: 'file' } })
    const read = await to.read(path, { passphrase: 'correct horse' })
    expect(read.state).toBe('ready')
    await to.imports.cancel(OWNER, read.id)
  })
})

describe('an archive of somebody else', () => {
  it('arrives as past conversations and suggestions: nothing of it is known or orders anything', async () => {
    const read = await to.read(await from.archive())
    const done = await to.take(read)
    expect(done.state).toBe('done')
    const memories = await to.db.read.select().from(memory).where(eq(memory.owner, OWNER))
    expect(memories.length).toBeGreaterThan(3)
    expect(new Set(memories.map(({ status }) => status))).toEqual(new Set(['proposed']))
    expect(done.report?.taken).toMatchObject({ proposed: memories.length, replaced: 0 })
    expect(done.report?.taken?.added).toMatchObject({ conversation: 2 })
    expect(done.report?.taken?.added.memory).toBeUndefined()
    const said = await to.db.read.select().from(message).where(eq(message.owner, OWNER))
    expect(said.filter(({ role }) => role !== 'root').every(({ imported }) => imported)).toBe(true)
    expect(await to.texts()).toEqual([])
    expect(await checkIntegrity(to.db.read)).toEqual([])
    await to.learning.idle()
    const hits = await to.learning.search(OWNER, 'allergic to peanuts', 10)
    expect(hits.map((hit) => hit.kind)).toContain('passage')
    expect(hits.every((hit) => hit.kind !== 'passage' || hit.source.voice !== 'person')).toBe(true)
    const { items } = await to.learning.proposals.list(OWNER, {})
    const wanted = items.find(({ after }) => after?.includes('peanuts'))
    if (!wanted) throw new Error('nothing was suggested')
    await to.learning.proposals.accept(OWNER, wanted.id)
    expect((await to.texts()).join(' ')).toContain('peanuts')
    // What the person decided on stays when the rest is taken back.
    const undone = await to.imports.undo(OWNER, done.id)
    expect(undone.kept).toBe(1)
    expect((await to.texts()).join(' ')).toContain('peanuts')
    expect(await to.db.read.$count(message)).toBe(0)
  })
})

it('is about as large as its preview says, whatever length its texts have', async () => {
  const docs = join(import.meta.dirname, '../../../docs')
  for (const name of ['architecture.md', 'quality.md', 'stores.md', 'stories.md']) {
    await from.learning.documents.add(OWNER, { name, text: readFileSync(join(docs, name), 'utf8') })
  }
  await from.learning.idle()
  const { counts, bytes } = await from.exports.preview(OWNER, { conversations: true })
  expect(counts).toMatchObject({ document: 5, conversation: 2, message: 6 })
  const { size } = statSync(await from.archive())
  expect(bytes / size).toBeGreaterThan(0.6)
  expect(bytes / size).toBeLessThan(1.7)
})

function sorted(text = ''): string[] {
  return text.trimEnd().split('\n').sort()
}
