// What a person does to what was learned beyond correcting it: merge, split, say that it is wrong, many at once.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { MemoryView } from '../../../shared/memory.ts'
import { evidence, memory } from '../../database/schema.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'

let test: TestLearning
let owner = ''
let people = 0
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())
beforeEach(() => {
  owner = `acts-${people++}`
})

async function told(text: string): Promise<MemoryView> {
  const before = new Set((await test.learning.list(owner, { limit: 200 })).items.map(({ id }) => id))
  await test.tell(text, { owner })
  const { items } = await test.learning.list(owner, { limit: 200 })
  const made = items.find(({ id }) => !before.has(id))
  if (!made) throw new Error(`Nothing was learned of "${text}".`)
  return made
}

async function quotes(id: MemoryView['id']): Promise<string[]> {
  const rows = await test.db.read
    .select({ quote: evidence.quote })
    .from(evidence)
    .where(and(eq(evidence.memoryId, id), eq(evidence.owner, owner)))
  return rows.map(({ quote }) => quote).sort()
}

const seen = ({ id, version }: MemoryView) => ({ id, version })

it('merges two into one text that rests on the words of both, with one undo', async () => {
  const one = await told('I own a telescope from Jena.')
  const two = await told('My telescope has a mirror of twenty centimetres.')
  const text = 'The user owns a telescope from Jena with a mirror of twenty centimetres.'
  const { memory: merged, batchId } = await test.learning.merge(owner, { items: [seen(one), seen(two)], text })
  expect(await test.texts(owner)).toEqual([text])
  expect(await quotes(merged.id)).toEqual(
    [text, 'I own a telescope from Jena.', 'My telescope has a mirror of twenty centimetres.'].sort(),
  )
  expect((await test.learning.get(owner, one.id)).replacedBy?.id).toBe(merged.id)
  await test.learning.undo(owner, batchId)
  expect(await test.texts(owner)).toEqual([one.text, two.text].sort())
})

it('refuses a merge of different stores, of one item, and of a version that changed', async () => {
  const one = await told('I own a telescope from Jena.')
  const { memory: name } = await test.learning.add(owner, { store: 'user_profile', text: 'Name: Ines' })
  const merge = (items: MemoryView[]) => test.learning.merge(owner, { items: items.map(seen), text: 'Both' })
  await expect(merge([one, name])).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'items' } })
  await expect(merge([one, one])).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'items' } })
  const two = await told('My bicycle is red.')
  await test.learning.edit(owner, { ...seen(two), text: 'The bicycle of the user is blue.' })
  await expect(merge([one, two])).rejects.toMatchObject({ code: 'CONFLICT' })
  expect((await test.learning.list(owner, {})).total).toBe(3)
})

it('splits one into several, each with all the words it rests on', async () => {
  const one = await told('I own a telescope from Jena.')
  const texts = ['The user owns a telescope.', 'The telescope of the user is from Jena.']
  const { batchId } = await test.learning.split(owner, { ...seen(one), texts })
  const { items } = await test.learning.list(owner, {})
  expect(items.map(({ text }) => text).sort()).toEqual([...texts].sort())
  for (const item of items) expect(await quotes(item.id)).toContain('I own a telescope from Jena.')
  await test.learning.undo(owner, batchId)
  expect(await test.texts(owner)).toEqual([one.text])
  const again = (await test.learning.get(owner, one.id)).memory
  await expect(test.learning.split(owner, { ...seen(again), texts: ['The same.', 'The same.'] })).rejects.toMatchObject(
    { code: 'INVALID_INPUT', details: { field: 'texts' } },
  )
})

it('what is wrong is retired, is in no prompt, and is not learned again from the same words until it is brought back', async () => {
  const said = 'I own a telescope from Jena.'
  const one = await told(said)
  const { batchId } = await test.learning.markWrong(owner, seen(one))
  await test.tell(said, { owner })
  expect(await test.texts(owner)).toEqual([])
  expect((await test.context('Where is my telescope from?', { owner })).used.filter((use) => use.memoryId)).toEqual([])
  // Not suggested either.
  test.settings.storeModes = { user_memory: 'propose' }
  await test.tell(said, { owner })
  expect((await test.learning.proposals.list(owner, {})).total).toBe(0)
  expect((await test.learning.proposals.list(owner, { part: 'decided' })).total).toBe(0)
  test.settings.storeModes = {}
  // By hand it is theirs to say.
  const byHand = await test.learning.add(owner, { store: 'user_memory', text: one.text })
  expect(await test.texts(owner)).toEqual([one.text])
  await test.learning.undo(owner, byHand.batchId)

  await test.learning.undo(owner, batchId)
  expect((await test.learning.get(owner, one.id)).memory.status).toBe('active')
})

it('acts on many at once with one undo, and leaves alone what is so already', async () => {
  const items: MemoryView[] = []
  for (const thing of ['anchor', 'barrel', 'candle']) {
    items.push((await test.learning.add(owner, { store: 'user_memory', text: `The ${thing} is in the attic.` })).memory)
  }
  const ids = items.map(({ id }) => id)
  await test.learning.pin(owner, ids[0] as MemoryView['id'], true)
  const pinned = await test.learning.changeMany(owner, ids, 'pin')
  expect(pinned.count).toBe(2)
  const archived = await test.learning.changeMany(owner, ids, 'archive')
  expect((await test.learning.list(owner, { status: 'archived' })).total).toBe(3)
  expect(await test.texts(owner)).toEqual([])
  const back = await test.learning.changeMany(owner, ids, 'activate')
  expect(back.count).toBe(3)
  await test.learning.undo(owner, back.batchId)
  await test.learning.undo(owner, archived.batchId)
  await test.learning.undo(owner, pinned.batchId)
  const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
  expect(rows.map(({ status, pinned: is }) => [status, is]).sort()).toEqual([
    ['active', false],
    ['active', false],
    ['active', true],
  ])
})

it("touches nothing of somebody else's", async () => {
  const { memory: theirs } = await test.learning.add('somebody', { store: 'user_memory', text: 'The attic is dry.' })
  expect((await test.learning.changeMany(owner, [theirs.id], 'archive')).count).toBe(0)
  await expect(test.learning.markWrong(owner, seen(theirs))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(test.learning.split(owner, { ...seen(theirs), texts: ['One.', 'Two.'] })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
})
