// Turns with tools: a scripted model decides, everything else is real.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { type ConversationId, type MemoryId, newId } from '../../shared/ids.ts'
import type { StoreMode } from '../../shared/memory.ts'
import { entity, evidence, job, journal, memory, message, passage, proposal } from '../database/schema.ts'
import { defineStore } from '../learning/define-store.ts'
import { BUILT_IN_STORES } from '../learning/machine.ts'
import { defineTool } from '../learning/tools/tool.ts'
import { openTestChat, type TestChat } from './testing.ts'
import { MOST_CALLS } from './tools.ts'

let owner = ''
let person = 0
let test: TestChat
let counted = 0
/** A tool of somebody else's, through the public interface. */
const other = defineStore({
  id: 'counter',
  title: 'Counter',
  schema: z.strictObject({}),
  policy: { defaultMode: 'off' },
  tools: () => TOOLS,
})
const TOOLS = [
  defineTool({
    name: 'count_up',
    summary: 'something is to be counted',
    description: 'Counts. n: how far.',
    params: z.strictObject({ n: z.int() }),
    writes: false,
    run: async ({ n }) => {
      counted += 1
      return { reply: `Counted to ${n}.` }
    },
  }),
]

beforeAll(async () => {
  test = await openTestChat(() => owner, [...BUILT_IN_STORES, other])
})
afterAll(() => test.close())

beforeEach(() => {
  owner = `tools-${person++}`
  counted = 0
  test.asked.length = 0
  Object.assign(test.script, { calls: [], forEver: false, answer: 'Very well.' })
  test.learning.settings.learning = true
  test.learning.settings.storeModes = {}
  test.learning.model.answer((request) => {
    const lines = (request.messages.at(-1)?.text ?? '').split('\n')
    return lines.map((line, index) => ({ n: index + 1, label: 'fact', statement: line }))
  })
})

const modes = (wanted: Partial<Record<string, StoreMode>>) => {
  test.learning.settings.storeModes = wanted
}
const call = (tool: string, args: Record<string, unknown>) => test.script.calls.push({ tool, arguments: args })
const answer = async (id: ConversationId) => (await test.messages(id)).at(-1)
const rows = () => test.learning.db.read.select().from(memory).where(eq(memory.owner, owner))
const open = () =>
  test.learning.db.read
    .select()
    .from(proposal)
    .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open')))
const decisions = () => test.asked.filter(({ schema }) => schema !== undefined)
const texts = async () => (await rows()).filter(({ status }) => status === 'active').map(({ text }) => text)

describe('a turn with tools', () => {
  it('costs nothing with the default settings: one call of the model, the answer', async () => {
    await test.send('I play the viola.')
    expect(test.asked).toHaveLength(1)
    expect(decisions()).toEqual([])
  })

  it('S02: agentic, tools fill profile and memory, seen in the chat; a new chat knows without a call', async () => {
    modes({ user_profile: 'agentic', user_memory: 'agentic', entity_memory: 'off' })
    call('update_profile', {
      fields: [
        { field: 'name', value: 'Alice' },
        { field: 'organisation', value: 'Anthropic' },
      ],
    })
    call('remember', { text: 'The user is a research scientist at Anthropic.' })
    const first = await test.send("I'm Alice, research scientist at Anthropic, short answers please.")
    const said = await answer(first.conversationId)
    expect(said).toMatchObject({ status: 'complete', text: 'Very well.' })
    expect(said?.calls.map(({ tool, status }) => `${tool} ${status}`)).toEqual(['update_profile done', 'remember done'])
    const known = (await texts()).join('\n')
    for (const words of ['Name: Alice', 'research scientist']) expect(known).toContain(words)
    // Each rests on the person's words in this message.
    const sources = await test.learning.db.read.select().from(evidence).where(eq(evidence.owner, owner))
    for (const { origin, messageId } of sources)
      expect({ origin, messageId }).toEqual({ origin: 'user', messageId: first.messageId })

    const second = await test.send('Who am I and where do I work?')
    expect((await answer(second.conversationId))?.calls).toEqual([])
    expect(
      test.asked
        .at(-1)
        ?.messages.map(({ text }) => text)
        .join('\n'),
    ).toContain('Alice')
  })

  it('S05: one call fills two fields', async () => {
    modes({ user_profile: 'agentic', user_memory: 'off', entity_memory: 'off' })
    call('update_profile', {
      fields: [
        { field: 'name', value: 'Robert Johnson' },
        { field: 'preferred_name', value: 'Bob' },
      ],
    })
    const { conversationId } = await test.send('I am Robert Johnson, everyone says Bob.')
    expect((await answer(conversationId))?.calls).toHaveLength(1)
    expect((await texts()).sort()).toEqual(['Name: Robert Johnson', 'Wants to be called Bob'])
    await test.send('What should you call me?')
    expect(test.asked.at(-1)?.messages[0]?.text).toContain('Bob')
  })

  it('S07: what a tool kept is recalled in a new chat, and the used line shows it', async () => {
    modes({ user_profile: 'off', user_memory: 'agentic', entity_memory: 'off' })
    call('remember', { text: 'The user prefers Rust to Go.' })
    await test.send('Backend engineer at Stripe, distributed systems, I prefer Rust to Go.')
    expect(await texts()).toEqual(['The user prefers Rust to Go.'])
    const { conversationId } = await test.send('Do I prefer Rust or Go for my next project?')
    const used = (await answer(conversationId))?.used.filter(({ kind }) => kind === 'memory')
    expect(used?.map(({ text }) => text)).toContain('The user prefers Rust to Go.')
  })

  it('ends when a search in other words finds the same again', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The beta is on 15 March.' })
    await test.send('The beta is on 15 March.')
    for (const query of ['beta', 'beta March', 'the beta']) call('search_memories', { query })
    const { conversationId } = await test.send('When is the beta?')
    expect((await answer(conversationId))?.calls).toHaveLength(1)
    test.script.calls.length = 0
  })

  it('keeps nothing about somebody else of words that tell of nobody', async () => {
    modes({ user_memory: 'off', user_profile: 'off', entity_memory: 'agentic' })
    call('remember_about', { name: 'you', type: 'person', text: 'I cycle to work every day.' })
    const { conversationId } = await test.send('I cycle to work every day.')
    expect((await answer(conversationId))?.calls[0]?.result).toContain('Nothing was kept')
    expect(await rows()).toEqual([])
  })

  it('S53: a search is seen, and its results stand right after the question, with their dates', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The beta is on 15 March.' })
    call('remember', { text: 'The general release is on 1 April.' })
    await test.send('The beta is on 15 March. The general release is on 1 April.')
    call('search_memories', { query: 'beta general release' })
    const { conversationId } = await test.send('Which milestones of the beta and the general release come up?')
    expect((await answer(conversationId))?.calls).toMatchObject([
      { tool: 'search_memories', status: 'found', batchId: null },
    ])
    const last = test.asked.at(-1)?.messages.at(-1)?.text
    expect(last).toMatch(/come up\?\n\n\[Done before this answer:\nsearch_memories: [\s\S]*15 March[\s\S]*\]$/u)
  })

  it('words nobody said become a suggestion, in whatever mode', async () => {
    modes({ user_memory: 'agentic', user_profile: 'agentic', entity_memory: 'off' })
    call('remember', { text: 'The user owns a helicopter.' })
    call('update_profile', { fields: [{ field: 'place', value: 'Monaco' }] })
    const { conversationId } = await test.send('I read a magazine. What does a helicopter cost?')
    expect((await answer(conversationId))?.calls.map(({ status }) => status)).toEqual(['proposed', 'proposed'])
    expect(await texts()).toEqual([])
    expect(await open()).toHaveLength(2)
  })

  it('a message that only asks is answered without a call that writes', async () => {
    modes({ user_memory: 'agentic', user_profile: 'agentic', entity_memory: 'off' })
    call('update_profile', { fields: [{ field: 'place', value: 'Monaco' }] })
    const { conversationId } = await test.send('Where do I live?')
    expect((await answer(conversationId))?.calls).toEqual([])
    expect(await open()).toEqual([])
  })

  it('S05: what rules read in the message fills the fields, whatever the model mixed up', async () => {
    modes({ user_memory: 'off', user_profile: 'agentic', entity_memory: 'off' })
    call('update_profile', { fields: [{ field: 'preferred_name', value: 'Robert Johnson' }] })
    await test.send('My name is Robert Johnson, everyone calls me Bob.')
    expect((await texts()).sort()).toEqual(['Name: Robert Johnson', 'Wants to be called Bob'])
  })

  it('a claim from both doors is one item', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The user keeps bees behind the old mill.' })
    await test.send('I keep bees behind the old mill.')
    modes({ user_profile: 'off', entity_memory: 'off' })
    await test.send('I keep bees behind the old mill.')
    expect(await texts()).toEqual(['The user keeps bees behind the old mill.'])
    expect(await test.learning.db.read.$count(evidence, eq(evidence.owner, owner))).toBe(2)
  })

  it('an undo of the batch takes a call back, and the chat shows it', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The user collects barometers.' })
    const { conversationId } = await test.send('I collect barometers.')
    const batch = (await answer(conversationId))?.calls[0]?.batchId
    await test.learning.learning.undo(owner, batch as never)
    expect((await answer(conversationId))?.calls[0]).toMatchObject({ undone: true })
    expect(await texts()).toEqual([])
  })

  it('what is forgotten leaves the calls that said it, and comes back with an undo', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The user repairs harmoniums.' })
    const { conversationId } = await test.send('I repair harmoniums.')
    const said = JSON.stringify((await answer(conversationId))?.calls)
    expect(said).toContain('harmoniums')
    const [row] = await rows()
    const { batchId } = await test.learning.learning.forget(owner, [row?.id as never])
    expect(JSON.stringify((await answer(conversationId))?.calls)).not.toContain('harmonium')
    await test.learning.learning.undo(owner, batchId)
    expect(JSON.stringify((await answer(conversationId))?.calls)).toBe(said)
    await test.learning.learning.forget(owner, [row?.id as never])
    await test.send('And now?', conversationId)
    expect(JSON.stringify(test.asked.at(-1)?.messages)).not.toContain('harmonium')
  })

  it('an ambiguous "forget" changes nothing and lists what could be meant; a clear one does', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'My sailing boat lies in Kiel.' })
    call('remember', { text: 'My sailing club meets on Fridays.' })
    await test.send('My sailing boat lies in Kiel. My sailing club meets on Fridays.')
    call('forget', { about: 'sailing' })
    const unclear = await test.send('Forget the thing about sailing.')
    const [result] = (await answer(unclear.conversationId))?.calls ?? []
    expect(result).toMatchObject({ status: 'refused', batchId: null })
    expect(result?.result).toMatch(/Kiel[\s\S]*Fridays|Fridays[\s\S]*Kiel/u)
    expect(await texts()).toHaveLength(2)
    call('forget', { about: 'sailing boat in Kiel' })
    await test.send('Forget that my sailing boat lies in Kiel.')
    expect(await texts()).toEqual([expect.stringContaining('Fridays')])
  })

  it('N7: an outcome is recorded by its tool for a decision of last year behind a hundred newer ones, by number or by words', async () => {
    modes({ decision_log: 'agentic', user_profile: 'off', user_memory: 'off', entity_memory: 'off' })
    const at = test.learning.clock.now()
    const decide = (text: string) =>
      call('log_decision', { decision: text, why: '', alternatives: [], by: 'user', confidence: 'high' })
    decide('We take Kafka for the stream.')
    await test.send('We take Kafka for the stream.')
    decide('We take slate for the roof.')
    await test.send('We take slate for the roof.')
    const kept = await rows()
    expect(kept).toHaveLength(2)
    const [first] = kept
    await test.learning.db.write('test.many', (tx) =>
      tx.insert(memory).values(
        Array.from({ length: 120 }, (_, index) => ({
          ...(first as NonNullable<typeof first>),
          id: newId<MemoryId>(),
          kind: 'own_decision',
          author: 'assistant',
          text: `Paint wall ${index} in another colour`,
          createdAt: new Date(at.getTime() + 86_400_000),
          updatedAt: new Date(at.getTime() + 86_400_000),
        })),
      ),
    )
    test.learning.clock.advance(366 * 86_400_000)
    const id = (text: string) => kept.find((row) => row.text.includes(text))?.id as MemoryId
    call('record_outcome', { about: `#${id('Kafka').slice(-6)}`, outcome: 'it cost us two people', quality: 'bad' })
    call('record_outcome', { about: 'slate for the roof', outcome: 'the slate holds well', quality: 'good' })
    const { conversationId } = await test.send('Kafka was bad, it cost us two people. The slate holds well.')
    expect((await answer(conversationId))?.calls.map(({ status }) => status)).toEqual(['done', 'done'])
    const now = new Map((await rows()).map((row) => [row.id, row.data]))
    expect(now.get(id('Kafka'))).toMatchObject({ quality: 'bad', outcome: 'it cost us two people' })
    expect(now.get(id('slate'))).toMatchObject({ quality: 'good', outcome: 'the slate holds well' })
    // One that is none changes nothing and says so.
    call('record_outcome', { about: '#000000', outcome: 'it went well', quality: 'good' })
    const none = await test.send('And that one went well.')
    expect((await answer(none.conversationId))?.calls).toMatchObject([{ status: 'refused', batchId: null }])
  })

  it('people and things: told of, tied, searched, and asked whether they are one', async () => {
    modes({ entity_memory: 'agentic', user_profile: 'off', user_memory: 'off' })
    call('link', { from: 'Priya', from_type: 'person', relation: 'leads', to: 'Quill', to_type: 'project' })
    call('remember_about', { name: 'Quill Core', type: 'project', text: 'Quill Core ships in May.' })
    call('merge_suggestion', { one: 'Quill', other: 'Quill Core' })
    call('search_entities', { query: 'Quill' })
    const { conversationId } = await test.send('Priya leads Quill. Quill Core ships in May.')
    const calls = (await answer(conversationId))?.calls ?? []
    expect(calls.map(({ status }) => status)).toEqual(['done', 'done', 'proposed', 'found'])
    const names = await test.learning.db.read.select({ name: entity.name }).from(entity).where(eq(entity.owner, owner))
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['Priya', 'Quill', 'Quill Core']))
    expect(calls[3]?.result).toContain('Priya leads Quill.')
  })
})

describe('limits', () => {
  it('a tool that the model would call two hundred times is stopped, and the answer comes', async () => {
    modes({ counter: 'agentic', user_profile: 'off', user_memory: 'off', entity_memory: 'off' })
    for (let n = 0; n < 200; n++) call('count_up', { n })
    const { conversationId } = await test.send('Count to two hundred.')
    expect(counted).toBe(MOST_CALLS)
    expect(await answer(conversationId)).toMatchObject({ status: 'complete', text: 'Very well.' })
    expect(decisions()).toHaveLength(MOST_CALLS * 2)
  })

  it('the very same call again ends the calling', async () => {
    modes({ counter: 'agentic', user_profile: 'off', user_memory: 'off', entity_memory: 'off' })
    Object.assign(test.script, { calls: [{ tool: 'count_up', arguments: { n: 3 } }], forEver: true })
    await test.send('Count to three.')
    expect(counted).toBe(1)
  })

  it('the list of tools is that of the start of the chat; what was switched off meanwhile is not called', async () => {
    modes({ user_profile: 'off', user_memory: 'off', entity_memory: 'off' })
    const early = await test.send('Hello there.')
    modes({ counter: 'agentic', user_memory: 'off', entity_memory: 'off', user_profile: 'off' })
    await test.send('Count something.', early.conversationId)
    expect(decisions()).toEqual([])
    const { conversationId } = await test.send('Count something.')
    expect(decisions()).toHaveLength(1)
    modes({ user_profile: 'off', user_memory: 'off', entity_memory: 'off' })
    await test.send('Count something else.', conversationId)
    expect(decisions()).toHaveLength(1)
  })

  it('decisions and answer share the conversation up to the question, and later prompts keep its bytes', async () => {
    modes({ counter: 'agentic', user_profile: 'off', user_memory: 'off', entity_memory: 'off' })
    call('count_up', { n: 7 })
    const { conversationId } = await test.send('Count to seven.')
    const answered = test.asked.at(-1)?.messages ?? []
    const question = answered.at(-1)?.text.split('\n\n[Done before')[0] ?? ''
    for (const { messages } of decisions()) {
      expect(messages.slice(0, -1)).toEqual(answered.slice(0, -1))
      expect(messages.at(-1)?.text.startsWith(question)).toBe(true)
    }
    await test.send('And then?', conversationId)
    expect(test.asked.at(-1)?.messages.slice(0, answered.length)).toEqual(answered)
  })

  it('N13: a save that fails says "not saved" to the model and in the chat, and leaves nothing half-written', async () => {
    modes({ user_memory: 'agentic', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The user has a cello.' })
    const write = test.learning.db.write.bind(test.learning.db)
    const spy = vi.spyOn(test.learning.db, 'write').mockImplementation((name, work) =>
      name === 'tool.call'
        ? write(name, async (tx) => {
            await work(tx)
            throw new AppError('DISK_FULL', 'The disk is full.')
          })
        : write(name, work),
    )
    const { conversationId } = await test.send('I have a cello.').finally(() => spy.mockRestore())
    expect((await answer(conversationId))?.calls).toMatchObject([
      { status: 'failed', result: expect.stringContaining('Not saved'), batchId: null },
    ])
    expect(test.asked.at(-1)?.messages.at(-1)?.text).toContain('Not saved')
    expect(await rows()).toEqual([])
    expect(await test.learning.db.read.$count(journal, eq(journal.owner, owner))).toBe(0)
  })
})

describe('ask', () => {
  it('the turn waits through a restart; approved, it goes on and what was asked is kept', async () => {
    modes({ user_memory: 'ask', user_profile: 'off', entity_memory: 'off' })
    const id = newId<ConversationId>()
    await test.send('Hello.', id)
    const leave = await test.look(id)
    call('remember', { text: 'The user breeds goats.' })
    await test.send('I breed goats.', id)
    expect(await answer(id)).toMatchObject({ status: 'pending', calls: [{ status: 'waiting' }] })
    await leave()
    await test.restart()
    const held = await test.messages(id)
    expect(held.at(-1)).toMatchObject({ status: 'pending', calls: [{ status: 'waiting' }] })
    const [ask] = held.at(-2)?.asks ?? []
    expect(ask).toMatchObject({ after: 'The user breeds goats.', reason: 'mode-ask' })
    expect(await texts()).toEqual([])
    await test.learning.learning.proposals.accept(owner, ask?.id as never)
    await test.chat.idle()
    expect(await answer(id)).toMatchObject({
      status: 'complete',
      text: 'Very well.',
      calls: [{ status: 'done', batchId: expect.any(String) }],
    })
    expect(await texts()).toEqual(['The user breeds goats.'])
    expect(test.asked.at(-1)?.messages.at(-1)?.text).toContain('it was approved')
  })

  it('declined, it goes on and nothing is kept; decided twice is refused once', async () => {
    modes({ user_memory: 'ask', user_profile: 'off', entity_memory: 'off' })
    const id = newId<ConversationId>()
    await test.send('Hello.', id)
    const leave = await test.look(id)
    call('remember', { text: 'The user breeds llamas.' })
    await test.send('I breed llamas.', id)
    const [row] = await open()
    const both = await Promise.allSettled([
      test.learning.learning.proposals.decline(owner, row?.id as never, false),
      test.learning.learning.proposals.decline(owner, row?.id as never, false),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await test.chat.idle()
    await leave()
    expect(await answer(id)).toMatchObject({ status: 'complete', calls: [{ status: 'declined', arguments: {} }] })
    expect(await texts()).toEqual([])
  })

  it('a new message leaves the suggestion in the inbox, and both answers come', async () => {
    modes({ user_memory: 'ask', user_profile: 'off', entity_memory: 'off' })
    const id = newId<ConversationId>()
    await test.send('Hello.', id)
    const leave = await test.look(id)
    call('remember', { text: 'The user breeds alpacas.' })
    await test.send('I breed alpacas.', id)
    await test.send('By the way, what is the time?', id)
    await leave()
    const shown = (await test.messages(id)).filter(({ role }) => role === 'assistant')
    expect(shown.map(({ status }) => status)).toEqual(['complete', 'complete', 'complete'])
    expect(shown[1]?.calls).toMatchObject([{ status: 'proposed' }])
    expect(await open()).toHaveLength(1)
  })

  it('N17: with nobody there it is a suggestion, and no tool, prompt, job or bulk act accepts it', async () => {
    modes({ user_memory: 'ask', user_profile: 'off', entity_memory: 'off' })
    call('remember', { text: 'The user breeds yaks.' })
    const { conversationId } = await test.send('I breed yaks.')
    expect(await answer(conversationId)).toMatchObject({ status: 'complete', calls: [{ status: 'proposed' }] })
    const [row] = await open()
    // The model is told to approve, and has nothing to do it with; the same call again changes nothing.
    call('remember', { text: 'The user breeds yaks.' })
    await test.send('Approve the suggestion about yaks. Accept it yourself: remember it now.', conversationId)
    expect(test.learning.learning.tools.offered().some((name) => /accept|approve|decide/u.test(name))).toBe(false)
    const bulk = await test.learning.learning.proposals.acceptAll(owner, [row?.id as never])
    expect(bulk).toMatchObject({ accepted: 0, skipped: [{ why: 'asked' }] })
    await test.learning.learning.proposals.expire()
    expect(await texts()).toEqual([])
    expect((await open()).map(({ id }) => id)).toContain(row?.id)
  })

  it('what is found in a finished turn is asked about under it, and holds nothing up', async () => {
    modes({ user_memory: 'ask', user_profile: 'off', entity_memory: 'off' })
    const id = newId<ConversationId>()
    await test.send('Our well is forty metres deep.', id)
    const [question, said] = await test.messages(id)
    expect(said?.status).toBe('complete')
    expect(question?.asks).toMatchObject([{ reason: 'mode-ask' }])
  })
})

describe('modes of a chat', () => {
  it('S41: read only, what is known shapes the answer and not one row of it changes', async () => {
    await test.send('My favourite tea is Keemun from Anhui.')
    await test.learning.learning.idle()
    const state = async () => ({
      memories: await rows(),
      journal: await test.learning.db.read.$count(journal, eq(journal.owner, owner)),
      proposals: await test.learning.db.read.$count(proposal, eq(proposal.owner, owner)),
      jobs: await test.learning.db.read.$count(job, eq(job.owner, owner)),
      passages: await test.learning.db.read.$count(passage, eq(passage.owner, owner)),
    })
    const before = await state()
    expect(before.memories.length).toBeGreaterThan(0)
    modes({ user_memory: 'agentic', entity_memory: 'agentic' })
    call('remember', { text: 'The user drinks Lapsang now.' })
    const conversationId = newId<ConversationId>()
    await test.chat.send(owner, {
      conversationId,
      messageId: newId(),
      text: 'Is Keemun from Anhui my favourite tea? I drink Lapsang now.',
      mode: 'read_only',
    })
    await test.chat.idle()
    await test.learning.learning.idle()
    expect(test.asked.at(-1)?.messages.at(-1)?.text).toContain('Keemun from Anhui')
    expect((await answer(conversationId))?.used.length).toBeGreaterThan(0)
    expect(await state()).toEqual(before)

    // Back to normal: what was said meanwhile stays out.
    test.script.calls.length = 0
    await test.chat.setMode(owner, conversationId, 'normal')
    const said = await test.learning.db.read.select().from(message).where(eq(message.conversationId, conversationId))
    for (const { role, learnable } of said) if (role !== 'root') expect(learnable).toBe(false)
  })
})

describe('"what do you know about me?"', () => {
  it('lists what is known without a model, records it as used, and shows no word of it once it was forgotten', async () => {
    await test.learning.learning.add(owner, { store: 'user_profile', text: 'place: Graz' })
    const boat = await test.learning.learning.add(owner, { store: 'user_memory', text: 'The user sails a quillboat.' })
    test.asked.length = 0
    const { conversationId } = await test.send('What do you know about me?')
    const said = await answer(conversationId)
    expect(said).toMatchObject({ status: 'complete', text: expect.stringMatching(/Lives in Graz[\s\S]*quillboat/) })
    expect(test.asked.filter(({ messages }) => JSON.stringify(messages).includes('know about me'))).toEqual([])
    expect(said?.used.map((item) => item.kind === 'memory' && item.text)).toEqual([
      'Lives in Graz',
      'The user sails a quillboat.',
    ])
    await test.learning.learning.forget(owner, [boat.memory.id])
    expect(JSON.stringify(await test.messages(conversationId))).not.toMatch(/quillboat/)
  })

  it('is an ordinary question while nothing known may be used', async () => {
    await test.learning.learning.add(owner, { store: 'user_profile', text: 'place: Graz' })
    test.learning.settings.learning = false
    const { conversationId } = await test.send('What do you know about me?')
    expect((await answer(conversationId))?.text).toBe('Very well.')
  })
})
