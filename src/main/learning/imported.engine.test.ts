// Learning from chats that came in with an import: everything found waits, whatever the modes, and nothing of it counts as
// the person's own word.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import type { ImportId } from '../../shared/ids.ts'
import { conversation, entity, evidence, job, memory, message, passage, proposal } from '../database/schema.ts'
import { LEARN_IMPORT } from './imported.ts'
import { openTestLearning, type TestLearning, writeImport } from './testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let owner = ''
let person = 0
beforeEach(() => {
  owner = `import-${person++}`
  test.settings.learning = true
  test.settings.learnByItself = true
})

const waiting = () =>
  test.db.read
    .select()
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open')))
    .orderBy(proposal.createdAt, proposal.id)
const claims = async () => (await waiting()).map(({ after }) => JSON.stringify(after))
const active = () => test.db.read.$count(memory, and(eq(memory.owner, owner), eq(memory.status, 'active')))
const sources = () => test.db.read.select().from(evidence).where(eq(evidence.owner, owner))
const imported = (...chats: Parameters<typeof writeImport>[1]) => writeImport(test.db, chats, owner)
const day = (text: string) => new Date(`${text}T10:00:00Z`)

async function learn(importId: ImportId): Promise<void> {
  await test.learning.imports.start(owner, importId)
  await test.learning.idle()
}

it('what is found waits in the inbox with the import as its ground, in the modes that learn by themselves', async () => {
  const { importId } = await imported([
    { text: 'My sister Oda runs a bakery in Horsens.', at: day('2024-05-01') },
    { text: 'I decided to sell the caravan. Remember that I am allergic to kiwi.', at: day('2024-05-02') },
  ])
  await learn(importId)
  const open = await waiting()
  expect(open.length).toBeGreaterThanOrEqual(3)
  expect(new Set(open.map(({ reason }) => reason))).toEqual(new Set(['imported']))
  expect(await active()).toBe(0)
  expect(new Set((await sources()).map(({ origin }) => origin))).toEqual(new Set(['import']))
  expect(await test.db.read.$count(entity, eq(entity.owner, owner))).toBe(0)
  expect(await test.learning.imports.state(owner, importId)).toBeNull()
  // Accepted by the person it is theirs.
  const kiwi = open.find(({ after }) => JSON.stringify(after).includes('kiwi'))
  if (!kiwi) throw new Error('nothing of kiwi waits')
  await test.learning.proposals.accept(owner, kiwi.id)
  expect(await active()).toBe(1)
})

it('corrects, ends and confirms nothing that is known', async () => {
  await test.tell('I live in Aarhus.', { owner })
  await test.tell('My boss is Runa Falk.', { owner })
  const before = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
  const { importId } = await imported([
    { text: 'I live in Aarhus.', at: day('2026-06-01') },
    { text: 'Actually it is not Runa Falk but Mallory Pike who is my boss.', at: day('2026-06-02') },
    { text: 'I moved to Malmö last week. I no longer live in Aarhus.', at: day('2026-06-03') },
  ])
  await learn(importId)
  const after = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
  const untouched = after.filter(({ id }) => before.some((one) => one.id === id))
  expect(untouched).toEqual(expect.arrayContaining(before))
  expect(untouched).toHaveLength(before.length)
  expect(after.every(({ id, status }) => before.some((one) => one.id === id) || status === 'proposed')).toBe(true)
})

it('messages are read oldest first, and a paused or killed run goes on where it stood', async () => {
  const towns = ['Viborg', 'Skive', 'Holstebro', 'Struer']
  const { importId } = await imported(
    ...towns.map((town, index) => [{ text: `I worked in ${town} as a cook.`, at: day(`2024-05-0${4 - index}`) }]),
  )
  // Paused as soon as the oldest is read.
  const { imports } = test.learning
  let paused: Promise<void> | undefined
  test.onImportLearned = () => {
    paused ??= imports.pause(owner, importId)
  }
  await imports.start(owner, importId)
  await test.learning.idle()
  await paused
  const halfway = await imports.state(owner, importId)
  expect(halfway).toMatchObject({ total: 4, paused: true })
  expect(halfway?.leftMs).toBeGreaterThan(0)
  const done = halfway?.done ?? 0
  expect(done).toBeLessThan(4)
  expect(await claims()).toHaveLength(done)
  expect((await claims()).join(' ')).toContain('Struer')
  await test.restart()
  await test.learning.idle()
  expect(await test.learning.imports.state(owner, importId)).toEqual(halfway)
  await learn(importId)
  expect(await test.learning.imports.state(owner, importId)).toBeNull()
  expect(await claims()).toHaveLength(4)
})

it('without a model it says that it waits for one, and goes on by itself', async () => {
  const { importId } = await imported([{ text: 'I worked in Lemvig as a cook.', at: day('2024-05-01') }])
  const { json } = test.model
  test.model.json = () => Promise.reject(new AppError('NO_MODEL', 'No model is loaded.'))
  await test.learning.imports.start(owner, importId)
  const state = () => test.learning.imports.state(owner, importId)
  await expect.poll(state, { timeout: 20_000 }).toMatchObject({ done: 0, waitsFor: 'No model is loaded.' })
  test.model.json = json
  test.clock.advance(3_600_000)
  test.jobs.wake()
  await test.learning.idle()
  expect(await state()).toBeNull()
  expect((await claims()).join(' ')).toContain('Lemvig')
})

it('the Learning switch pauses it, and it cannot be begun while that is off', async () => {
  const { importId } = await imported([{ text: 'I keep two geese.' }])
  test.settings.learning = false
  await expect(test.learning.imports.start(owner, importId)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  test.settings.learning = true
  await test.learning.imports.start(owner, importId)
  test.settings.learning = false
  await test.learning.switched(owner)
  await test.learning.idle()
  const state = await test.learning.imports.state(owner, importId)
  if (state !== null) expect(state.paused).toBe(true)
})

it('cancelled it reads nothing more; what was deleted or is not to be learned from meanwhile is left out', async () => {
  const { importId, messages, conversations } = await imported(
    [{ text: 'I keep three ducks.' }],
    [{ text: 'I keep a llama.' }],
    [{ text: 'I keep a mule.' }],
  )
  await test.db.write('test.bar', async (tx) => {
    await tx
      .update(message)
      .set({ learnable: false })
      .where(eq(message.id, messages[0] ?? ('' as never)))
    await tx
      .update(conversation)
      .set({ trashedAt: new Date() })
      .where(eq(conversation.id, conversations[1] ?? ('' as never)))
  })
  await learn(importId)
  const found = (await claims()).join(' ')
  expect(found).toContain('mule')
  expect(found).not.toMatch(/ducks|llama/u)
  const second = await imported([{ text: 'I keep a parrot.' }])
  await test.db.write('test.cancel', async (tx) => {
    await test.jobs.add(tx, { owner, kind: LEARN_IMPORT, key: second.importId, runAfter: new Date('2030-01-01') })
  })
  await test.db.write('test.cancel', (tx) => test.learning.imports.cancel(tx, owner, second.importId))
  expect(await test.learning.imports.state(owner, second.importId)).toBeNull()
  expect(await test.db.read.$count(job, eq(job.key, second.importId))).toBe(0)
  await expect(test.learning.imports.start('somebody else', second.importId)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})

it('taken back with its import, what it suggested goes; what the person decided on stays', async () => {
  const { importId } = await imported([{ text: 'I keep two pigeons.' }], [{ text: 'I keep a heron.' }])
  await learn(importId)
  const heron = (await waiting()).find(({ after }) => JSON.stringify(after).includes('heron'))
  if (!heron) throw new Error('nothing of the heron waits')
  await test.learning.proposals.accept(owner, heron.id)
  await test.db.write('test.undo', (tx) => test.learning.imports.takeBack(tx, owner, importId))
  expect(await waiting()).toEqual([])
  expect(await test.db.read.$count(memory, and(eq(memory.owner, owner), eq(memory.status, 'proposed')))).toBe(0)
  expect((await test.texts(owner)).join(' ')).toContain('heron')
})

it('a message typed later in such a chat is the person’s own word, and leans on nobody it did not name', async () => {
  const { conversations, messages } = await imported([{ text: 'My boss is Mallory Pike.', at: day('2024-05-01') }])
  const [conversationId] = conversations
  if (!conversationId) throw new Error('no chat')
  await test.tell('She promised me a raise in May.', { owner, conversationId })
  await test.tell('I play the cello on Sundays.', { owner, conversationId })
  const known = await test.texts(owner)
  expect(known.join(' ')).toContain('cello')
  expect(known.join(' ')).not.toContain('Mallory')
  const voices = await test.db.read
    .select({ voice: passage.voice })
    .from(passage)
    .where(eq(passage.messageId, messages[0] ?? ('' as never)))
  expect(voices).toEqual([{ voice: 'quoted' }])
})

it('an imported message that is answered anew teaches suggestions alone', async () => {
  const { messages, conversations } = await imported([{ text: 'I own a boat called Brise.', at: day('2024-05-01') }])
  const [messageId] = messages
  const [conversationId] = conversations
  if (!messageId || !conversationId) throw new Error('no chat')
  await test.db.write('test.again', (tx) => test.learning.queueTurn(tx, { owner, conversationId, messageId }))
  await test.learning.idle()
  expect(await active()).toBe(0)
  expect((await claims()).join(' ')).toContain('Brise')
})
