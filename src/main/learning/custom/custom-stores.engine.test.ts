// Stores a person makes from a form: made, tried out, learned into, changed without losing rows, removed and brought back.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TrialEvent } from '../../../shared/contract/stores.ts'
import type { CustomStoreDefinition } from '../../../shared/custom-store.ts'
import { memory, storeDefinition } from '../../database/schema.ts'
import { openTestLearning, sentencesOf, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let people = 0
let me = ''
beforeEach(() => {
  me = `person-${++people}`
})

const films: CustomStoreDefinition = {
  title: 'Film list',
  icon: 'film',
  lookFor: 'films somebody recommended to them',
  example: 'Ada says I must see Stalker.',
  fields: [
    { key: 'who', label: 'Recommended by', type: 'person', choices: [] },
    { key: 'until', label: 'Until', type: 'date', choices: [] },
    { key: 'mood', label: 'Mood', type: 'choice', choices: ['funny', 'sad'] },
    { key: 'minutes', label: 'Minutes', type: 'number', choices: [] },
  ],
  mode: 'always',
  namespace: 'user',
}
const rowsOf = async (store: string) =>
  test.db.read.select().from(memory).where(eq(memory.store, store)).orderBy(memory.createdAt, memory.id)

describe('a store made by a person', () => {
  it('learns what is said by its name, with its fields, and stands in prompts with them', async () => {
    const { id } = await test.learning.customStores.create(me, films)
    await test.tell('Please add Playtime by Ida Holm to my film list, a funny one of 124 minutes.', { owner: me })
    const [row] = await rowsOf(id)
    expect(row).toMatchObject({
      owner: me,
      status: 'active',
      text: 'Playtime by Ida Holm',
      data: { who: 'Ida Holm', mood: 'funny', minutes: 124 },
    })
    const { recalled } = await test.context('What is on my film list, Playtime?', { owner: me })
    expect(recalled?.text).toContain('Film list: Playtime by Ida Holm')
    expect(recalled?.text).toContain('Mood: funny')
    expect((await test.learning.state(me)).stores.find((store) => store.id === id)).toMatchObject({ active: 1 })

    await test.tell('Take Playtime by Ida Holm off my film list.', { owner: me })
    expect((await rowsOf(id)).map(({ status }) => status)).toEqual(['superseded'])
  })

  it('learns what the model sorts into it, and what it sorts elsewhere stays elsewhere', async () => {
    const { id } = await test.learning.customStores.create(me, films)
    test.model.answer((request) =>
      sentencesOf(request).map((sentence, index) => ({
        n: index + 1,
        label: sentence.includes('Stalker') ? 'film_list' : 'fact',
      })),
    )
    await test.tell('Our neighbours loved the film Stalker. My cellar was flooded in May.', {
      owner: me,
    })
    expect(test.model.asked.some(({ messages }) => messages[0]?.text.includes('films somebody recommended'))).toBe(true)
    expect((await rowsOf(id)).map(({ text }) => text)).toEqual([expect.stringContaining('Stalker')])
    const others = (await test.learning.list(me, { store: 'user_memory' })).items.map(({ text }) => text)
    expect(others.join()).toContain('flooded')
    expect(others.join()).not.toContain('Stalker')
    test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'fact' })))
  })

  it('sees what another store keeps as its own too: by its name, and by what the model sorts into it', async () => {
    test.settings.learnByItself = true
    const shopping = { ...films, title: 'Shopping list', lookFor: 'things to buy', fields: [] }
    const { id } = await test.learning.customStores.create(me, shopping)
    const days = await test.learning.customStores.create(me, { ...shopping, title: 'Days', lookFor: 'days in autumn' })
    test.model.answer((request) =>
      sentencesOf(request).map((sentence, index) => ({
        n: index + 1,
        label: sentence.includes('due') ? 'days' : 'fact',
      })),
    )
    const asked = test.model.asked.length
    // The rule of to-dos takes the first two, that of a lesson the third.
    await test.tell('The comparison of the boats is due on Friday. Lesson learned: the tar needs two coats.', {
      owner: me,
    })
    expect(test.model.asked.length - asked).toBeLessThanOrEqual(2)
    expect((await rowsOf(days.id)).map(({ text }) => text)).toEqual([expect.stringContaining('due on')])
    expect((await test.learning.list(me, { store: 'todos' })).items.map(({ text }) => text).join()).toMatch(
      /comparison/iu,
    )
    expect((await test.learning.list(me, { store: 'user_memory' })).items.map(({ text }) => text).join()).not.toMatch(
      /due|tar/u,
    )

    await test.tell('Remind me to put milk on my shopping list. Put milk on my shopping list.', { owner: me })
    expect((await rowsOf(id)).map(({ text }) => text)).toContain('Milk')
    test.settings.learnByItself = false
    test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'fact' })))
  })

  it('keeps once what it is told by its name, however the model would sort those words', async () => {
    const { id } = await test.learning.customStores.create(me, films)
    test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'film_list' })))
    const asked = test.model.asked.length
    await test.tell('Add Playtime to my film list.', { owner: me })
    expect((await rowsOf(id)).map(({ text }) => text)).toEqual(['Playtime'])
    expect(test.model.asked).toHaveLength(asked)
    test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'fact' })))
  })

  it('waits in the inbox in the mode that asks, and learns nothing from anybody else', async () => {
    const { id } = await test.learning.customStores.create(me, { ...films, mode: 'propose' })
    test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'film_list' })))
    await test.tell('Our neighbours loved the film Amarcord.', { owner: me })
    test.model.answer((request) => sentencesOf(request).map((_, index) => ({ n: index + 1, label: 'fact' })))
    expect((await rowsOf(id)).map(({ status }) => status)).toEqual(['proposed'])
    // What the person asks for in so many words needs no second word of theirs.
    await test.tell('Add Roma to my film list.', { owner: me })
    expect((await rowsOf(id)).map(({ status }) => status)).toEqual(['proposed', 'active'])
    await test.tell('Add Solaris to my film list.', { owner: 'somebody else' })
    expect(await rowsOf(id)).toHaveLength(2)
    expect((await test.learning.state('somebody else')).stores.some((store) => store.id === id)).toBe(false)
  })

  it('keeps old rows when its fields change: hidden, not lost, and back with their key', async () => {
    const made = await test.learning.customStores.create(me, films)
    await test.tell('Add Playtime to my film list, funny, 124 minutes.', { owner: me })
    const fewer = { ...films, fields: [{ key: 'minutes', label: 'Length', type: 'text' as const, choices: [] }] }
    const changed = await test.learning.customStores.change(me, {
      id: made.id,
      version: made.version,
      definition: fewer,
    })
    expect(changed.version).toBe(2)
    const { recalled } = await test.context('What about Playtime on my film list?', { owner: me })
    expect(recalled?.text).toContain('Length: 124')
    expect(recalled?.text).not.toContain('funny')
    const [row] = await rowsOf(made.id)
    expect(row?.data).toEqual({ mood: 'funny', minutes: 124 })
    await test.learning.edit(me, { id: row?.id as never, version: row?.version ?? 0, text: 'Playtime (1967)' })
    expect((await rowsOf(made.id))[0]).toMatchObject({ text: 'Playtime (1967)', data: { mood: 'funny' } })
    await test.learning.customStores.change(me, { id: made.id, version: 2, definition: films })
    const again = await test.context('What about Playtime on my film list?', { owner: me })
    expect(again.recalled?.text).toContain('Mood: funny')
  })

  it('removed it is used and learned no more; brought back, its items are there again', async () => {
    const { id } = await test.learning.customStores.create(me, films)
    await test.tell('Add Playtime to my film list.', { owner: me })
    await test.learning.customStores.remove(me, id)
    expect((await test.context('Playtime on my film list?', { owner: me })).recalled?.text ?? '').not.toContain(
      'Film list:',
    )
    expect(await test.learning.customStores.list(me)).toEqual([])
    const back = await test.learning.customStores.restore(me, id)
    expect(back.items).toBe(1)
    expect((await test.context('Playtime on my film list?', { owner: me })).recalled?.text).toContain(
      'Film list: Playtime',
    )
  })

  it('is there again after a restart; one that cannot be read is left out, and nothing else stops', async () => {
    const { id } = await test.learning.customStores.create(me, films)
    const other = await test.learning.customStores.create(me, { ...films, title: 'Broken list' })
    await test.db.write('break', (tx) =>
      tx
        .update(storeDefinition)
        .set({ definition: { title: '' } as never })
        .where(eq(storeDefinition.id, other.id)),
    )
    await test.restart()
    await test.learning.customStores.load()
    await test.tell('Add Playtime to my film list.', { owner: me })
    expect(await rowsOf(id)).toHaveLength(1)
    await test.db.write('mend', (tx) => tx.delete(storeDefinition).where(eq(storeDefinition.id, other.id)))
  })
})

describe('a trial', () => {
  it('shows what would be learned from past conversations, and saves nothing', async () => {
    await test.tell('Add Playtime to my film list, a funny one.', { owner: me })
    await test.tell('My bicycle is red.', { owner: me })
    const before = await test.db.read.$count(memory)
    const events: TrialEvent[] = []
    for await (const event of test.learning.customStores.trial(me, { definition: films, turns: 10 })) events.push(event)
    expect(events.at(-1)).toEqual({ type: 'progress', done: 2, turns: 2 })
    const finds = events.flatMap((event) => (event.type === 'find' ? [event.find] : []))
    expect(finds.map(({ text, data }) => [text, data['mood']])).toContainEqual(['Playtime', 'funny'])
    expect(finds.find(({ text }) => text === 'Playtime')?.quote).toContain('Add Playtime to my film list')
    expect(await test.db.read.$count(memory)).toBe(before)
    expect(await test.learning.customStores.list(me)).toEqual([])
  })
})

describe('what is refused, with the field that is wrong', () => {
  it.each([
    ['no name', { ...films, title: ' ' }],
    ['nothing to look for', { ...films, lookFor: '' }],
    ['two fields of one key', { ...films, fields: [...films.fields, ...films.fields] }],
    [
      'a choice of one value',
      { ...films, fields: [{ key: 'a', label: 'A', type: 'choice' as const, choices: ['x'] }] },
    ],
    [
      'a key that is no key',
      { ...films, fields: [{ key: 'drop table', label: 'A', type: 'text' as const, choices: [] }] },
    ],
  ])('%s', async (_, definition) => {
    await expect(test.learning.customStores.create(me, definition as CustomStoreDefinition)).rejects.toThrow()
    expect(await test.learning.customStores.list(me)).toEqual([])
  })

  it('a name that is taken, a version that is old, and somebody else’s store', async () => {
    const made = await test.learning.customStores.create(me, films)
    await expect(test.learning.customStores.create(me, { ...films, title: 'FILM LIST' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await expect(test.learning.customStores.create(me, { ...films, title: 'To-dos' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await test.learning.customStores.change(me, { id: made.id, version: 1, definition: { ...films, title: 'Films' } })
    await expect(
      test.learning.customStores.change(me, { id: made.id, version: 1, definition: films }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(test.learning.customStores.remove('somebody else', made.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('names with signs of a pattern or of SQL are names', async () => {
    const odd = await test.learning.customStores.create(me, { ...films, title: 'C++ (books)"; drop' })
    await test.tell('Put Accelerated C++ on my C++ (books)"; drop.', { owner: me })
    expect((await rowsOf(odd.id)).length).toBeLessThanOrEqual(1)
  })
})
