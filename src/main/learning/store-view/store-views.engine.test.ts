// Stores as pages show them: fields from schemas, rows searched and sorted, values checked, changes of fields shown before
// they are made, and what is never to be kept.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CustomStoreDefinition, customStoreDefinition } from '../../../shared/custom-store.ts'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let people = 0
let me = ''
beforeEach(() => {
  me = `reader-${++people}`
})

const books: CustomStoreDefinition = customStoreDefinition.parse({
  title: 'Reading list',
  lookFor: 'books somebody recommended to them',
  fields: [
    { key: 'author', label: 'Author', type: 'person' },
    { key: 'pages', label: 'Pages', type: 'number' },
    { key: 'until', label: 'Until', type: 'date' },
    { key: 'state', label: 'State', type: 'choice', choices: ['wanted', 'reading', 'finished'] },
    { key: 'tags', label: 'Tags', type: 'list' },
    { key: 'owned', label: 'Owned', type: 'yes_no' },
  ],
  mode: 'always',
})
const rows = (id: StoreId, more: Partial<Parameters<TestLearning['learning']['storeViews']['rows']>[1]> = {}) =>
  test.learning.storeViews.rows(me, { id, ...more })
const overviewOf = async (id: StoreId) =>
  (await test.learning.storeViews.overview(me, {})).stores.find((store) => store.id === id)

describe('what a store holds', () => {
  it('has the fields of its schema, without those that are its own affair', async () => {
    expect((await overviewOf('todos'))?.fields).toEqual([
      { key: 'due', label: 'Due', type: 'date', choices: [], fixed: false },
      { key: 'done', label: 'Done', type: 'date', choices: [], fixed: false },
    ])
    expect((await overviewOf('user_profile'))?.fields).toEqual([])
    expect((await overviewOf('decision_log'))?.fields.map(({ label, type }) => [label, type])).toContainEqual([
      'How it went',
      'choice',
    ])
  })

  it('is added with its fields, found in words and fields, and sorted by each kind of them, empty ones last', async () => {
    const { id } = await test.learning.customStores.create(me, books)
    const add = (text: string, data: Record<string, string | number | boolean | string[]>) =>
      test.learning.add(me, { store: id, text, data })
    await add('Dune', { author: 'Frank Herbert', pages: 9, owned: true, tags: ['desert', 'classic'] })
    await add('Emma', { author: 'Jane Austen', pages: 100, state: 'reading', until: '2026-04-01' })
    await add('Walden', {})
    const sorted = async (by: string, descending = false) =>
      (await rows(id, { sort: { by, descending } })).items.map(({ text }) => text)
    expect(await sorted('pages')).toEqual(['Dune', 'Emma', 'Walden'])
    expect(await sorted('pages', true)).toEqual(['Emma', 'Dune', 'Walden'])
    expect(await sorted('text', true)).toEqual(['Walden', 'Emma', 'Dune'])
    expect((await rows(id, { query: 'desert' })).items.map(({ text }) => text)).toEqual(['Dune'])
    expect((await rows(id, { query: 'pages' })).total).toBe(0)
    const first = await rows(id, { limit: 2, sort: { by: 'text', descending: false } })
    expect(first).toMatchObject({ total: 3, nextCursor: 2 })
    expect((await rows(id, { cursor: 2, limit: 2, sort: { by: 'text', descending: false } })).items).toMatchObject([
      { text: 'Walden', quote: 'Walden', messageId: null },
    ])
    await expect(rows(id, { sort: { by: 'colour', descending: true } })).rejects.toMatchObject({
      details: { field: 'sort.by' },
    })
    expect(await overviewOf(id)).toMatchObject({ items: 3, own: { id }, lastLearnedAt: test.clock.now() })
    // Somebody else's store is none.
    await expect(test.learning.storeViews.rows('somebody', { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it.each([
    ['pages', 'many'],
    ['until', '2026-02-30'],
    ['state', 'burnt'],
    ['owned', 'perhaps'],
    ['tags', ['x'.repeat(501)]],
    ['author', 'x'.repeat(100_000)],
    ['colour', 'red'],
  ])('refuses what is no value of "%s", with the field', async (key, value) => {
    const { id } = await test.learning.customStores.create(me, books)
    const refused = { code: 'INVALID_INPUT', details: { field: `data.${key}` } }
    await expect(test.learning.add(me, { store: id, text: 'Dune', data: { [key]: value } })).rejects.toMatchObject(
      refused,
    )
    expect((await rows(id)).total).toBe(0)
  })

  it('changes fields alone, empties them, and takes it back', async () => {
    test.clock.set(new Date('2026-03-03T10:00:00Z'))
    const { memory } = await test.learning.add(me, { store: 'todos', text: 'Call the plumber by Friday' })
    expect(memory).toMatchObject({ text: 'Call the plumber', data: { due: '2026-03-06', done: null } })
    const edit = (version: number, data: Record<string, string | null>) =>
      test.learning.edit(me, { id: memory.id as MemoryId, version, text: memory.text, data })
    const done = await edit(1, { done: '2026-03-03' })
    expect(done.memory.data).toEqual({ due: '2026-03-06', done: '2026-03-03' })
    expect((await edit(2, { due: null })).memory.data).toEqual({ due: null, done: '2026-03-03' })
    await expect(edit(2, { due: null })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.learning.undo(me, done.batchId as BatchId).catch(() => {})
    expect((await test.learning.get(me, memory.id as MemoryId)).history.length).toBeGreaterThanOrEqual(3)
  })
})

describe('other fields', () => {
  it('say first what they mean for the values that are there, and drop none of them', async () => {
    const { id, version } = await test.learning.customStores.create(me, books)
    await test.learning.add(me, { store: id, text: 'Dune', data: { pages: 9, state: 'reading', author: 'Frank' } })
    await test.learning.add(me, { store: id, text: 'Emma', data: { pages: 100, state: 'wanted' } })
    const fields = books.fields.flatMap((field) => {
      if (field.key === 'author') return []
      if (field.key === 'pages') return [{ ...field, type: 'date' as const }]
      if (field.key === 'state') return [{ ...field, choices: ['wanted', 'done'] }]
      if (field.key === 'tags') return [{ ...field, label: 'Topics' }]
      return [field]
    })
    const preview = await test.learning.storeViews.previewChange(me, {
      id,
      fields: [...fields, { key: 'shelf', label: 'Shelf', type: 'text', choices: [] }],
    })
    expect(preview.items).toBe(2)
    expect(preview.fields.map(({ key, change, values, misfits }) => [key, change, values, misfits])).toEqual([
      ['author', 'removed', 1, 0],
      ['pages', 'retyped', 2, 2],
      ['state', 'choices', 2, 1],
      ['tags', 'renamed', 0, 0],
      ['shelf', 'added', 0, 0],
    ])
    expect(preview.fields[0]?.samples).toEqual(['Frank'])
    const changed = await test.learning.customStores.change(me, { id, version, definition: { ...books, fields } })
    const [emma] = (await rows(id, { query: 'Emma' })).items
    expect(emma?.data).toMatchObject({ pages: 100, state: 'wanted' })
    // A value that no longer fits stays while another one changes.
    const { memory } = await test.learning.edit(me, {
      id: emma?.id as MemoryId,
      version: emma?.version ?? 0,
      text: 'Emma',
      data: { owned: true, pages: '100' },
    })
    expect(memory.data).toMatchObject({ pages: 100, owned: true })
    await test.learning.customStores.change(me, { id, version: changed.version, definition: books })
    expect((await rows(id, { query: 'Dune' })).items[0]?.data).toMatchObject({ pages: 9, author: 'Frank' })
  })

  it('a removed store is listed until it comes back with its items', async () => {
    const { id } = await test.learning.customStores.create(me, books)
    await test.learning.add(me, { store: id, text: 'Dune' })
    await test.learning.customStores.remove(me, id)
    expect(await overviewOf(id)).toBeUndefined()
    expect(await test.learning.customStores.removed(me)).toMatchObject([{ id, items: 1 }])
    await test.learning.customStores.restore(me, id)
    expect(await test.learning.customStores.removed(me)).toEqual([])
    expect((await rows(id)).total).toBe(1)
  })
})

describe('what is never to be kept', () => {
  it('is left out of what is learned, in whatever words around it, and not of what is written by hand', async () => {
    const { rules } = await test.learning.storeViews.setNeverKeep(me, {
      id: 'user_memory',
      rules: ['my knee', 'My knee', 'Veronica'],
    })
    expect(rules).toEqual(['My knee', 'Veronica'])
    await test.tell('The knee of mine hurts when I run. I repair clocks in the cellar.', { owner: me })
    await test.tell('Veronica lent me a lathe.', { owner: me })
    const kept = (await rows('user_memory')).items.map(({ text }) => text).join()
    expect(kept).toContain('clocks')
    expect(kept).not.toMatch(/knee|Veronica/u)
    await test.learning.add(me, { store: 'user_memory', text: 'My knee is fine again' })
    expect((await rows('user_memory', { query: 'knee' })).total).toBe(1)
    expect(await test.learning.storeViews.tryNeverKeep(me, { rules, text: 'A note about Veronica.' })).toEqual({
      rule: 'Veronica',
    })
    expect((await overviewOf('user_memory'))?.neverKeep).toEqual(rules)
    await expect(
      test.learning.storeViews.setNeverKeep(me, { id: 'user_memory', rules: ['the'] }),
    ).rejects.toMatchObject({ details: { field: 'rules' } })
    await test.learning.storeViews.setNeverKeep(me, { id: 'user_memory', rules: [] })
  })
})
