// To-dos from conversation: added, dated, done and dropped, and in the prompt when they matter.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../database/schema.ts'
import { ownWords } from '../extraction/own-words.ts'
import { finishedTurn, openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { todos as list } from './todos.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `busy-${people++}`
  test.settings.learnByItself = false
  test.settings.storeModes = { user_profile: 'off', user_memory: 'off', entity_memory: 'off', todos: 'always' }
  // A Tuesday.
  test.clock.set(new Date('2026-03-03T10:00:00Z'))
})
const tell = (text: string) => test.tell(text, { owner })
const todos = async () => {
  const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner)).orderBy(memory.createdAt)
  return rows
    .filter(({ status }) => status === 'active')
    .sort((a, b) => a.text.localeCompare(b.text))
    .map(({ text, data }) => ({ text, ...data }))
}
/** What the rules make of a message, without a database. */
function read(userText: string) {
  const found =
    list.capture?.turn?.({ turn: finishedTurn(userText), own: ownWords(userText).sentences, known: [], teams: [] }) ??
    []
  return found.map(({ item }) => ({ text: item.text, ...item.content }))
}
const prompt = async (text: string) => (await test.context(text, { owner })).recalled?.text ?? ''

describe('the list', () => {
  it.each([
    ['Add "renew the passport" to my to-do list.', 'Renew the passport', null],
    ['Can you put call the plumber on my todo list for tomorrow?', 'Call the plumber', '2026-03-04'],
    ['Remind me to water the ferns on Friday.', 'Water the ferns', '2026-03-06'],
    ["Don't let me forget to send Ada the slides by 12 March.", 'Send Ada the slides', '2026-03-12'],
    ['Todo: buy stamps', 'Buy stamps', null],
    ['I need to file the tax return by 15 March.', 'File the tax return', '2026-03-15'],
  ])('%s', (said, text, due) => {
    expect(read(said)).toEqual([{ text, due, done: null }])
  })

  it.each([
    'What is on my to-do list?',
    'I need to think about this.',
    'How do I add an item to a list in Python?',
    'She has to be in Ghent by Friday.',
    'Should I renew the passport by Friday?',
  ])('takes nothing from: %s', (said) => {
    expect(read(said)).toEqual([])
  })

  it('takes a thing once, and moves it when another day is said', async () => {
    await tell('Remind me to call the plumber on Friday.')
    await tell('Add "call the plumber" to my to-do list.')
    expect(await todos()).toEqual([{ text: 'Call the plumber', due: '2026-03-06', done: null }])
    await tell('Please move the plumber call to next Monday.')
    expect(await todos()).toEqual([{ text: 'Call the plumber', due: '2026-03-09', done: null }])
  })

  it('marks what was done, in the words the person has for it, and can take that back', async () => {
    await tell('Remind me to call the plumber on Friday. Add "renew the passport" to my to-do list.')
    const { messageId } = await tell('I called the plumber this morning.')
    expect(await todos()).toEqual([
      { text: 'Call the plumber', due: '2026-03-06', done: '2026-03-03' },
      { text: 'Renew the passport', due: null, done: null },
    ])
    const [change] = (await test.learning.turnsOf(owner, [messageId])).get(messageId)?.changes ?? []
    await test.learning.undo(owner, change?.batchId as never)
    expect((await todos())[0]).toMatchObject({ done: null })
    await tell("I haven't renewed the passport yet.")
    expect((await todos())[1]).toMatchObject({ done: null })
  })

  it('lets go of what is dropped', async () => {
    await tell('Add "renew the passport" to my to-do list.')
    await tell('I no longer need to renew the passport.')
    expect(await todos()).toEqual([])
  })

  it('asks no model, and says nothing about the person anywhere else', async () => {
    test.settings.storeModes = { todos: 'always' }
    const before = test.model.asked.length
    await tell('I need to file the tax return by 15 March.')
    expect(test.model.asked).toHaveLength(before)
    expect(await todos()).toEqual([{ text: 'File the tax return', due: '2026-03-15', done: null }])
  })
})

it('S40: a due date is a real day on the list, a wish is a memory, and the two do not mix', async () => {
  test.settings.storeModes = { todos: 'always' }
  await tell('The comparison is due Friday. I want conclusions first, please.')
  expect(await test.texts(owner)).toEqual(expect.arrayContaining(['Comparison']))
  const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
  const of = (store: string) => rows.filter((row) => row.store === store)
  expect(of('todos')).toMatchObject([{ text: 'Comparison', data: { due: '2026-03-06' } }])
  const others = rows.filter(({ store }) => store !== 'todos').map(({ text }) => text)
  expect(others.join()).toMatch(/conclusions first/)
  expect(others.join()).not.toMatch(/comparison/i)
})

describe('in the prompt', () => {
  it('stands what is due soon with a question about plans, and what is due today with any', async () => {
    await tell('Remind me to water the ferns on Friday. I need to file the tax return by 30 March.')
    expect(await prompt('What should I plan for this week?')).toContain('To do, due 6 March 2026: Water the ferns')
    expect(await prompt('What should I plan for this week?')).not.toContain('tax return')
    expect(await prompt('Which moss grows on granite?')).toBe('')
    test.clock.set(new Date('2026-03-06T09:00:00Z'))
    expect(await prompt('Which moss grows on granite?')).toContain('Water the ferns')
    expect(await prompt('Good morning!')).toBe('')
    const { used } = await test.context('Which moss grows on granite?', { owner })
    expect(used).toMatchObject([{ store: 'todos', reason: { kind: 'due' } }])
    await tell('The ferns are done: I watered the ferns.')
    expect(await prompt('Which moss grows on granite?')).toBe('')
  })
})

describe('the tools', () => {
  const turn = (userText: string) => {
    const { conversationId, messageId, at, timeZone } = finishedTurn(userText)
    return { owner, conversationId, messageId, userText, at, timeZone }
  }
  const [add, complete] = list.tools()

  it('put on the list what the person said, with the day only they can name', async () => {
    const said = (text: string) => ({ text, voice: 'note' as const, evidence: [] })
    const access = (userText: string) => ({ db: test.db.read, turn: turn(userText), search: async () => [], said })
    const task = 'Water the ferns by Friday'
    expect(await add?.run({ task }, access('Remind me to water the ferns by Friday.'))).toMatchObject({
      finds: [{ item: { text: 'Water the ferns', content: { due: '2026-03-06', done: null } } }],
    })
    expect(await add?.run({ task }, access('I still have to water the ferns.'))).toMatchObject({
      finds: [{ item: { content: { due: null } } }],
    })
    expect(add?.fits?.('What is the capital of Peru?')).toBe(false)
    const open = { id: 'a', version: 3, kind: 'todo', text: 'Water the ferns', content: { due: null, done: null } }
    const shown = { ...access('I watered the ferns, done.'), search: async () => [open] as never }
    expect(await complete?.run({ about: 'water the ferns' }, shown)).toMatchObject({
      changes: [{ action: 'update', id: 'a', base: 3, item: { content: { done: '2026-03-03' } } }],
    })
    const done = { ...open, content: { due: null, done: '2026-03-01' } }
    expect(
      await complete?.run({ about: 'water the ferns' }, { ...shown, search: async () => [done] as never }),
    ).toEqual(expect.objectContaining({ reply: expect.stringContaining('Nothing') }))
  })
})

describe('the plain switch', () => {
  it('leaves it off; "learn by itself" or its own mode turns it on', async () => {
    test.settings.storeModes = {}
    const modes = async () =>
      Object.fromEntries((await test.learning.state(owner)).stores.map(({ id, mode }) => [id, mode]))
    expect(await modes()).toMatchObject({ user_profile: 'always', todos: 'off', writing_style: 'off' })
    await tell('Remind me to water the ferns on Friday.')
    expect((await todos()).filter(({ text }) => text === 'Water the ferns')).toEqual([])
    test.settings.learnByItself = true
    expect(await modes()).toMatchObject({ todos: 'always', writing_style: 'always' })
    test.settings.storeModes = { todos: 'off' }
    expect(await modes()).toMatchObject({ todos: 'off', writing_style: 'always' })
  })
})
