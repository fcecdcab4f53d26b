// The list of what was learned: every filter, every order, pages that fit together, and a search within what is shown.
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ConversationId, type MemoryId, newId, type ProjectId } from '../../shared/ids.ts'
import { conversation, entity, memory, project } from '../database/schema.ts'
import { OWNER, openTestLearning, type TestLearning } from './testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

const texts = async (query: Parameters<TestLearning['learning']['list']>[1]) =>
  (await test.learning.list(OWNER, { limit: 200, ...query })).items.map(({ text }) => text)

it('narrows by chat, project, person, time, origin, pin and state, and names what it narrows by', async () => {
  const conversationId = newId<ConversationId>()
  const begin = test.clock.now()
  await test.tell('I own a telescope from Jena.', { conversationId })
  const [told] = (await test.learning.list(OWNER, {})).items
  test.clock.advance(86_400_000)
  const { memory: hand } = await test.learning.add(OWNER, {
    store: 'user_memory',
    text: 'The spare key is in the shed.',
  })
  await test.learning.pin(OWNER, hand.id, true)
  const projectId = newId<ProjectId>()
  await test.db.write('test.project', async (tx) => {
    const at = test.clock.now()
    await tx.insert(project).values({ id: projectId, owner: OWNER, name: 'Observatory', createdAt: at, updatedAt: at })
    await tx.update(conversation).set({ projectId }).where(eq(conversation.id, conversationId))
  })
  const owned = [told?.text]
  expect(await texts({ conversationId })).toEqual(owned)
  expect(await texts({ projectId })).toEqual(owned)
  expect(await texts({ origin: 'user' })).toEqual(owned)
  expect(await texts({ origin: 'hand' })).toEqual([hand.text])
  expect(await texts({ pinned: true })).toEqual([hand.text])
  const noon = new Date(begin.getTime() + 43_200_000)
  expect(await texts({ learnedTo: noon })).toEqual(owned)
  expect(await texts({ learnedFrom: noon })).toEqual([hand.text])
  expect((await test.learning.list(OWNER, { projectId, conversationId })).about).toEqual({
    conversation: 'Test',
    entity: null,
    project: 'Observatory',
  })

  await test.tell('My sister Marta sings in a choir.')
  const [marta] = await test.db.read.select().from(entity).where(eq(entity.name, 'Marta'))
  const about = await texts({ entityId: marta?.id ?? null })
  expect(about.length).toBeGreaterThan(0)
  for (const text of about) expect(text).toMatch(/Marta|sister/)
  expect(await texts({ entityId: marta?.id ?? null, pinned: true })).toEqual([])

  await test.learning.changeMany(OWNER, [hand.id], 'archive')
  expect(await texts({ status: 'archived' })).toEqual([hand.text])
  expect(await texts({ status: null, pinned: true })).toEqual([hand.text])
  expect(await texts({ pinned: true })).toEqual([])
})

it('gives every item once over all pages, in every order, with one exact total', async () => {
  const owner = 'pages'
  const begin = test.clock.now().getTime()
  await test.db.write('test.seed', (tx) =>
    tx.insert(memory).values(
      Array.from({ length: 205 }, (_, index) => ({
        ...{ owner, store: 'user_memory', kind: 'fact', status: 'proposed' as const, author: 'person' },
        id: newId<MemoryId>(),
        text: `Number ${index}`,
        // Several at one time, as a batch writes them.
        createdAt: new Date(begin + Math.floor(index / 7) * 1000),
        updatedAt: new Date(begin - Math.floor(index / 5) * 1000),
        lastUsedAt: index % 3 === 0 ? null : new Date(begin + (index % 11) * 1000),
        useCount: index % 4,
      })),
    ),
  )
  for (const sort of ['changed', 'learned', 'oldest', 'used', 'often'] as const) {
    const found: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<TestLearning['learning']['list']>> = await test.learning.list(owner, {
        ...{ sort, cursor, status: 'proposed', limit: 50 },
      })
      expect(page.total).toBe(205)
      found.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor)
    expect(new Set(found).size).toBe(205)
    expect(found).toHaveLength(205)
  }
  const { ids, total } = await test.learning.matching(owner, { status: 'proposed' })
  expect([ids.length, total]).toEqual([205, 205])
  await expect(test.learning.list(owner, { cursor: 'nonsense' })).rejects.toMatchObject({
    details: { field: 'cursor' },
  })
})

it('reads the first page from the index', async () => {
  const { rows } = await test.db.write('test.explain', async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`)
    await tx.execute(sql`set local enable_sort = off`)
    return tx.execute(sql`explain select id from memory where owner = 'pages' and status = 'active'
      order by updated_at desc nulls last, id desc nulls last limit 51`)
  })
  expect(JSON.stringify(rows)).toMatch(/memory_by_update/)
  expect(JSON.stringify(rows)).not.toMatch(/Sort/)
})

it('searches by words, by the beginning of a word, inside of one, and by meaning, within what the filter shows', async () => {
  const owner = 'searcher'
  for (const text of ['The telescope stands in the attic.', 'The canoe lies at the lake.', 'Coffee with oat milk.']) {
    test.clock.advance(1000)
    await test.learning.add(owner, { store: 'user_memory', text })
  }
  const find = async (query: string, more = {}) =>
    (await test.learning.list(owner, { query, ...more })).items.map(({ text }) => text)
  expect((await find('telescope'))[0]).toMatch(/telescope/)
  expect((await find('teles'))[0]).toMatch(/telescope/)
  expect(await find('escop')).toEqual([expect.stringMatching(/telescope/)])
  expect((await find('boat on the water'))[0]).toMatch(/canoe/)
  const since = new Date(test.clock.now().getTime())
  expect(await find('milk', { learnedFrom: since })).toEqual(['Coffee with oat milk.'])
  expect(await find('telescope', { learnedFrom: since })).not.toContain('The telescope stands in the attic.')
  expect(await find('100%_\\')).toEqual([])
})
