// Scenarios that need an answer with tools of the host, a problem and its solution, drafts, or notes of a project: a chat on
// a real database with a scripted model.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type ConversationId, newId } from '../../../shared/ids.ts'
import { openTestChat, type TestChat } from '../../chat/testing.ts'
import { evidence, memory, message } from '../../database/schema.ts'
import { defineStore, renderLines } from '../define-store.ts'
import { BUILT_IN_STORES } from '../machine.ts'
import { itemsOf } from '../stores/items.ts'
import { defineTool } from '../tools/tool.ts'

/** S56: what a host's database says of a query; the amounts have another name than one would think. */
const queries: string[] = []
const runSql = defineTool({
  name: 'run_sql',
  summary: 'a question needs figures from the sales database',
  description: 'Runs one query. sql: a SELECT.',
  params: z.strictObject({ sql: z.string().max(500) }),
  writes: false,
  async run({ sql }) {
    queries.push(sql)
    if (/\bamount\b/u.test(sql)) return { failed: 'ERROR: column "amount" of orders does not exist. It is in cents.' }
    return { reply: '3 rows: Lund 410000, Visby 98000, Kiel 12000' }
  },
})

/** S38: notes of a project, written by tools. */
const notes = defineStore<{ part: string }>({
  id: 'project_notes',
  title: 'Project notes',
  schema: z.strictObject({ part: z.enum(['goal', 'blocker']) }),
  policy: { basic: false, defaultMode: 'agentic', compareBy: 'own' },
  recall: async ({ owner, text }, db) =>
    /\bnotes\b/iu.test(text) ? itemsOf(db, { owner, store: 'project_notes', limit: 20 }) : null,
  render: (items, budget) => renderLines(items, budget, ({ text, content }) => `Project ${content.part}: ${text}`),
  fromHand: (text, before) => ({ kind: 'note', text, content: before?.content ?? { part: 'goal' } }),
  tools: () =>
    (['goal', 'blocker'] as const).map((part) =>
      defineTool({
        name: `note_${part}`,
        summary: `a ${part} of the project is to be noted`,
        description: 'Notes it. text: in their words.',
        params: z.strictObject({ text: z.string().min(3).max(300) }),
        writes: true,
        run: async ({ text }, { said }) => {
          const { evidence: sources, text: kept } = said(text)
          return { finds: [{ item: { kind: 'note', text: kept, content: { part } }, evidence: sources, asked: true }] }
        },
      }),
    ),
})

let owner = ''
let people = 0
let test: TestChat
beforeAll(async () => {
  test = await openTestChat(() => owner, [...BUILT_IN_STORES, notes as never], [runSql])
})
afterAll(() => test.close())
beforeEach(() => {
  owner = `host-${people++}`
  queries.length = 0
  test.asked.length = 0
  Object.assign(test.script, { calls: [], forEver: false, answer: 'Very well.', prefillSpeed: 50 })
  Object.assign(test.learning.settings, { learning: true, learnByItself: true, storeModes: {} })
  test.learning.model.answer((request) =>
    (request.messages.at(-1)?.text ?? '').split('\n').map((_, index) => ({ n: index + 1, label: 'fact' })),
  )
})

const call = (tool: string, args: Record<string, unknown>) => test.script.calls.push({ tool, arguments: args })
const sql = (text: string) => call('run_sql', { sql: text })
const learning = () => test.learning.learning
const items = async (store: string) => (await learning().list(owner, { store })).items
const answer = async (id: ConversationId) => (await test.messages(id)).at(-1)
/** Everything the model was asked since the last time. */
const heard = () => {
  const all = test.asked.map(({ messages }) => messages.map(({ text }) => text).join('\n'))
  test.asked.length = 0
  return all
}

describe('S56: a query that fails on a quirk of the schema, and one that works', () => {
  const FAILS = 'SELECT city, sum(amount) FROM orders GROUP BY city'
  const WORKS = 'SELECT city, sum(amount_cents) FROM orders GROUP BY city'

  it('are a lesson with the error as its source, which waits; approved, it is read before the next query', async () => {
    sql(FAILS)
    sql(WORKS)
    const { conversationId, messageId } = await test.send('How much did we sell in each city, from the orders?')
    expect((await answer(conversationId))?.calls).toMatchObject([
      {
        tool: 'run_sql',
        status: 'failed',
        arguments: { sql: FAILS },
        result: expect.stringContaining('does not exist'),
      },
      { tool: 'run_sql', status: 'found', arguments: { sql: WORKS } },
    ])
    expect(await items('learned_knowledge')).toEqual([])
    const [suggested, ...others] = (await learning().proposals.list(owner, {})).items
    expect(others).toEqual([])
    expect(suggested).toMatchObject({ store: 'learned_knowledge', action: 'add' })
    expect(suggested?.evidence).toMatchObject([
      { origin: 'tool', quote: expect.stringContaining('column "amount" of orders does not exist'), messageId },
    ])
    expect(suggested?.after).toMatch(
      /^run_sql: "amount_cents", not "amount" \(column "amount" of orders does not exist/u,
    )
    // Nothing the database answered became a memory.
    expect(JSON.stringify(await learning().list(owner, { limit: 200 }))).not.toMatch(/410000|Visby/u)
    await learning().proposals.accept(owner, suggested?.id as never)
    await learning().idle()

    heard()
    // On a machine of the usual speed: of words that are not the person's a slow one recalls shorter lines.
    test.script.prefillSpeed = 200
    sql('SELECT sum(amount_cents) FROM orders')
    const next = await test.send('What is the total of all orders?')
    // Where the model decides and where it writes the query, the lesson stands before it.
    const [choice, args, ...rest] = heard()
    for (const prompt of [choice, args]) expect(prompt).toContain('amount_cents')
    expect(rest.length).toBeGreaterThan(0)
    expect(queries.filter((query) => /\bamount\b/u.test(query))).toEqual([FAILS])
    const used = (await answer(next.conversationId))?.used.filter(({ kind }) => kind === 'memory')
    expect(used?.map(({ text }) => text).join()).toContain('amount_cents')
    // It worked at once: no second lesson.
    expect((await learning().proposals.list(owner, {})).items).toEqual([])
  })

  it('a failure without a way out, and a success without a failure, teach nothing', async () => {
    sql(FAILS)
    await test.send('How much did we sell in each city?')
    sql(WORKS)
    await test.send('And how much in each city now?')
    expect((await learning().proposals.list(owner, {})).items).toEqual([])
  })

  it('its calls go with the turn when that is forgotten, and come back with it', async () => {
    sql("SELECT amount_cents FROM orders WHERE customer = 'Onno Brandt'")
    const { conversationId } = await test.send('My cousin Onno Brandt bought six canoes. What did he pay?')
    expect(JSON.stringify((await answer(conversationId))?.calls)).toContain('Onno')
    const known = (await learning().list(owner, { limit: 50 })).items.map(({ id }) => id)
    expect(known.length).toBeGreaterThan(0)
    const { batchId } = await learning().forget(owner, known)
    expect(JSON.stringify((await answer(conversationId))?.calls)).not.toContain('Onno')
    await learning().undo(owner, batchId)
    expect(JSON.stringify((await answer(conversationId))?.calls)).toContain('Onno')
  })

  it('no mode of learning opens or closes a tool of the host, and a chat that only reads has none', async () => {
    test.learning.settings.learning = false
    sql(WORKS)
    const { conversationId } = await test.send('How much did we sell in each city?')
    expect((await answer(conversationId))?.calls).toMatchObject([{ status: 'found' }])
    sql(WORKS)
    const quiet = newId<ConversationId>()
    await test.chat.send(owner, { conversationId: quiet, messageId: newId(), text: 'And now?', mode: 'read_only' })
    await test.chat.idle()
    expect((await answer(quiet))?.calls).toEqual([])
  })
})

describe('S28: a ticket that was solved', () => {
  beforeEach(() => {
    test.learning.settings.storeModes = { learned_knowledge: 'always' }
  })
  const ticket = async () => {
    test.script.answer = 'You could try to clear the cache of the browser.'
    const { conversationId } = await test.send(
      'Ticket 4471203: Dana Whitfield from Larkspur writes that the login says "invalid credentials" in Chrome.',
    )
    return conversationId
  }

  it('is a lesson once it worked, with that as its source; the next ticket has it, and nothing of the customer goes with it', async () => {
    const first = await ticket()
    expect(await items('learned_knowledge')).toEqual([])
    const said = await test.send('Clearing the cache worked.', first)
    const [lesson] = await items('learned_knowledge')
    expect(lesson?.text).toMatch(/invalid credentials.*Chrome.*clearing the cache worked/iu)
    expect(JSON.stringify([lesson?.text, lesson?.data])).not.toMatch(/Dana|Whitfield|Larkspur|4471203/u)
    const sources = await test.learning.db.read
      .select({ quote: evidence.quote, messageId: evidence.messageId })
      .from(evidence)
      .where(eq(evidence.memoryId, lesson?.id as never))
    expect(sources).toContainEqual({ quote: 'Clearing the cache worked.', messageId: said.messageId })
    expect(sources).toHaveLength(2)

    heard()
    await test.send('Another customer: the login says invalid credentials in Chrome. What can they do?')
    expect(heard().at(-1)).toMatch(/Lesson: .*clearing the cache worked/iu)

    // A colleague gets the lesson once it is shared, and of the customer nothing at all.
    const colleague = `${owner}-colleague`
    await learning().teams.join(owner, 'team:desk', 'Ina')
    await learning().teams.join(colleague, 'team:desk', 'Udo')
    await learning().share(owner, { id: lesson?.id as never, namespace: 'team:desk' })
    await learning().idle()
    owner = colleague
    await test.send('The login says invalid credentials in Chrome for a customer of mine. What now?')
    const prompt = heard().at(-1)
    expect(prompt).toMatch(/clearing the cache worked.*shared by Ina/iu)
    expect(prompt).not.toMatch(/Dana|Whitfield|Larkspur|4471203/u)
  })

  it('"that worked" stands for what the answer said to try; what did not work is no lesson', async () => {
    const first = await ticket()
    await test.send("Clearing the cookies didn't help.", first)
    expect(await items('learned_knowledge')).toEqual([])
    await test.send('Great, that worked.', await ticket())
    expect((await items('learned_knowledge')).map(({ text }) => text)).toEqual([
      expect.stringMatching(/invalid credentials.*clear the cache of the browser.*worked/iu),
    ])
  })
})

it('S32: mail that was imported teaches nothing by itself; a draft that was corrected shapes the next one', async () => {
  const mails = {
    'marta.txt':
      'From: Marta Quist\nSubject: Barge\nCan you send me the dates for the barge? I prefer Tuesdays. Yours, Marta',
    'otto.txt':
      'From: Otto Brandt\nSubject: Rent\nThe rent of the shed goes up to 900 euros in May. Please confirm. Otto',
    'ida.txt': 'From: Ida Holm\nSubject: Lunch\nI am vegetarian now and I live in Visby. Lunch on Friday? Ida',
  }
  for (const [name, text] of Object.entries(mails)) await learning().documents.add(owner, { name, text })
  await learning().idle()
  test.script.answer = 'To answer: Marta, Otto. To read: Ida.'
  await test.send('Please sort the mails I imported into those to answer and those to read.')
  expect(
    (await learning().list(owner, { limit: 50 })).items.filter(({ store }) => store !== 'session_context'),
  ).toEqual([])

  const stiff =
    'Dear Mr. Brandt,\n\nI hereby acknowledge receipt of your esteemed message concerning the rent. Furthermore, I wish to confirm that the amount of 900 euros is acceptable to us as of May. I would be most grateful for a written confirmation.\n\nYours sincerely,\nUdo'
  const plain =
    "Hi Otto,\n\nthanks for the note. 900 euros from May is fine with me. Could you put that in writing? Then I'll sign it this week.\n\nCheers\nUdo"
  test.script.answer = stiff
  const draft = await test.send('Draft a reply to Otto that says yes.')
  await learning().react(owner, { answerId: draft.answerId, signal: 'edit', comment: 'Too formal', edited: plain })
  expect((await items('feedback')).map(({ text }) => text).sort()).toEqual([
    'Edited an answer: Too formal',
    'Keep a casual tone.',
  ])
  const style = (await items('writing_style')).map(({ text }) => text)
  expect(style.length).toBeGreaterThan(0)

  heard()
  // On a slow machine the manner alone fills what a turn may recall.
  test.script.prefillSpeed = 200
  const later = await test.send('Draft a reply to Marta about the dates for the barge.')
  const prompt = heard().at(-1) ?? ''
  expect(prompt).toContain('How the user writes: ')
  expect(prompt).toMatch(/Document 'marta\.txt', not the user's words: .*barge/u)
  const used = (await answer(later.conversationId))?.used.flatMap((one) => (one.kind === 'memory' ? one.text : []))
  expect(used?.some((text) => style.includes(text ?? ''))).toBe(true)
  // Not one of the mails speaks for the person, now or later.
  const known = await test.learning.db.read.select().from(memory).where(eq(memory.owner, owner))
  for (const { store, text } of known) {
    if (store === 'session_context') continue
    expect(text).not.toMatch(/Tuesdays|vegetarian|Visby|900/u)
  }
})

it('S38: notes of a project, by tools of a store of one’s own: kept, listed in a new chat, read and edited by the person', async () => {
  const first = newId<ConversationId>()
  call('note_goal', { text: 'The goal is to ship the atlas in May.' })
  await test.send('Note the goal: The goal is to ship the atlas in May.', first)
  call('note_blocker', { text: 'We wait for the licence of the map tiles.' })
  await test.send('Add a blocker: We wait for the licence of the map tiles.', first)
  const said = await test.learning.db.read.select().from(message).where(eq(message.conversationId, first))
  expect(said.flatMap(({ calls }) => calls ?? []).map(({ tool, status }) => `${tool} ${status}`)).toEqual([
    'note_goal done',
    'note_blocker done',
  ])
  heard()
  await test.send('What are our notes?')
  const prompt = heard().at(-1)
  expect(prompt).toContain('Project goal: The goal is to ship the atlas in May.')
  expect(prompt).toContain('Project blocker: We wait for the licence of the map tiles.')

  const kept = await items('project_notes')
  expect(kept.map(({ data }) => data['part']).sort()).toEqual(['blocker', 'goal'])
  const goal = kept.find(({ data }) => data['part'] === 'goal')
  await learning().edit(owner, { id: goal?.id as never, version: goal?.version ?? 0, text: 'Ship the atlas in June' })
  await test.send('And what are our notes now?')
  expect(heard().at(-1)).toContain('Project goal: Ship the atlas in June')
  expect((await learning().get(owner, goal?.id as never)).evidence.map(({ origin }) => origin)).toContain('user')
})
