// Exports of other assistants, taken over whole: past chats are found, a second time changes nothing, and a chat that went on
// since goes on here.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { conversation, memory, message } from '../database/schema.ts'
import { OWNER } from '../learning/testing.ts'
import { makeZip } from './sources/fixtures/zip.ts'
import { openTestTransfer, type TestTransfer } from './testing.ts'

let test: TestTransfer
beforeAll(async () => {
  test = await openTestTransfer()
})
afterAll(() => test.close())

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'sources', 'fixtures', name), 'utf8')

function zip(name: string, chats: unknown): string {
  const path = join(test.folder, name)
  writeFileSync(path, makeZip([{ name: 'conversations.json', body: JSON.stringify(chats) }]))
  return path
}

const shown = (title: string) =>
  test.db.read
    .select({ text: message.text, depth: message.depth, head: conversation.headId, id: message.id })
    .from(message)
    .innerJoin(conversation, eq(conversation.id, message.conversationId))
    .where(and(eq(message.owner, OWNER), eq(conversation.title, title)))
    .orderBy(message.depth, message.createdAt)

it('past chats come in whole, and the same export again changes nothing', async () => {
  const path = zip('chatgpt.zip', JSON.parse(fixture('chatgpt.json')))
  const read = await test.read(path)
  expect(read).toMatchObject({ state: 'ready', format: 'chatgpt' })
  expect(read.report?.counts).toMatchObject({ conversation: { new: 2 }, message: { new: 12 }, project: { new: 1 } })
  const done = await test.take(read)
  expect(done).toMatchObject({ state: 'done', error: null })
  const garden = await shown('Irrigation for the allotment')
  expect(garden).toHaveLength(8)
  expect(garden.at(-1)?.id).toBe(garden[0]?.head)
  await test.learning.idle()
  const hits = await test.learning.search(OWNER, 'drip hose allotment Ostrava', 5)
  expect(hits[0]).toMatchObject({ kind: 'passage', source: { voice: 'quoted' } })
  const again = await test.read(path)
  // The first message of a chat that nobody wrote is neither counted nor shown.
  const same = await test.imports.rows(OWNER, { id: again.id, verdict: 'same', kind: null, after: null, limit: 50 })
  expect(same.rows.filter(({ kind, text }) => kind === 'message' && text === '')).toEqual([])
  expect(again.report?.counts).toMatchObject({
    conversation: { new: 0, same: 2, changed: 0, conflicting: 0 },
    message: { new: 0, same: 12, changed: 0, conflicting: 0 },
  })
  await test.imports.cancel(OWNER, again.id)
})

it('a chat that went on since goes on here, and its new end is shown', async () => {
  const [, chat] = JSON.parse(fixture('chatgpt.json')) as [object, { mapping: object; current_node: string }]
  const said = { author: { role: 'user' }, create_time: 1735690000, content: { parts: ['And in autumn to Voss.'] } }
  const longer = { ...chat, mapping: { ...chat.mapping, next: { parent: 'w', message: said } }, current_node: 'next' }
  const read = await test.read(zip('longer.zip', [longer]))
  expect(read.report?.counts?.message).toMatchObject({ new: 1, changed: 0, conflicting: 0 })
  expect((await test.take(read)).state).toBe('done')
  const messages = await shown('We moved to Bergen')
  const added = messages.find(({ text }) => text === 'And in autumn to Voss.')
  expect(added).toMatchObject({ depth: 3, id: messages[0]?.head })
})

it('memories of another assistant wait, and the same list again suggests nothing anew', async () => {
  const path = join(test.folder, 'dump.txt')
  writeFileSync(path, fixture('dump-claude.txt'))
  const read = await test.read(path)
  expect(read).toMatchObject({ format: 'memory-dump', report: { counts: { memory: { new: 6 } } } })
  const done = await test.take(read)
  const proposed = and(eq(memory.owner, OWNER), eq(memory.status, 'proposed'))
  expect(await test.db.read.$count(memory, proposed)).toBe(6)
  expect(await test.texts()).toEqual([])
  test.clock.advance(60_000)
  const again = await test.read(path)
  expect(again.report?.counts.memory).toEqual({ new: 0, same: 6, changed: 0, conflicting: 0, refused: 0 })
  await test.imports.cancel(OWNER, again.id)
  await test.imports.undo(OWNER, done.id)
  expect(await test.db.read.$count(memory, proposed)).toBe(0)
})

it('what it taught waits, and goes when the import is taken back', async () => {
  const said = {
    author: { role: 'user' },
    create_time: 1735690000,
    content: { parts: ['I keep two pigeons in Bergen.'] },
  }
  const chat = { conversation_id: 'birds', title: 'Birds', mapping: { a: { parent: null, message: said } } }
  const done = await test.take(await test.read(zip('birds.zip', [chat])), { learn: true })
  await test.learning.idle()
  expect(await test.texts()).toEqual([])
  const proposed = and(eq(memory.owner, OWNER), eq(memory.status, 'proposed'))
  expect(await test.db.read.$count(memory, proposed)).toBeGreaterThan(0)
  await test.imports.undo(OWNER, done.id)
  expect(await test.db.read.$count(memory, proposed)).toBe(0)
  expect(await shown('Birds')).toEqual([])
})
