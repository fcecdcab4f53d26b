// The acceptance scenarios that concern profile and memories, with a scripted model: mechanics that must always hold. What
// a real model makes of such talk is scored by `npm run eval -- journey`. Those of people and things stand beside
// `entities`, those of forgetting beside `forgetting`.
import { and, asc, eq, ne } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ConversationId, type MemoryId, newId } from '../../../shared/ids.ts'
import { embedding, evidence, job, memory, message, passage } from '../../database/schema.ts'
import type { JsonRequest } from '../../engine/engine.ts'
import { openTestLearning, sentencesOf, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let owner = ''
let person = 0
const asFacts = (request: JsonRequest) =>
  sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement }))
beforeEach(() => {
  owner = `scenario-${person++}`
  test.settings.learning = true
  test.settings.storeModes = {}
  test.model.answer(asFacts)
})

const tell = (text: string, more: Parameters<TestLearning['say']>[1] = {}) => test.tell(text, { owner, ...more })
const texts = () => test.texts(owner)
/** All that a new chat's prompt holds of what is known. */
async function promptFor(text: string): Promise<string> {
  const { core, recalled } = await test.context(text, { owner })
  return [core?.text, recalled?.text].filter(Boolean).join('\n')
}
const field = async (kind: string) => {
  const rows = await test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, 'user_profile'), eq(memory.kind, kind)))
    .orderBy(asc(memory.createdAt))
  return rows.map(({ status, data }) => `${status}: ${data['value']}`)
}

/** Every item names a message that holds the quoted words. */
async function checkSources(): Promise<void> {
  const rows = await test.db.read
    .select({ item: memory, source: evidence, text: message.text })
    .from(memory)
    .leftJoin(evidence, eq(evidence.memoryId, memory.id))
    .leftJoin(message, eq(message.id, evidence.messageId))
    .where(eq(memory.owner, owner))
  for (const { item, source, text } of rows) {
    expect(source, `no evidence: ${item.text}`).not.toBeNull()
    if (source?.origin === 'user') expect(text).toContain(source.quote)
  }
}

describe('who somebody is', () => {
  it('S01: profile and memories are learned from an introduction, and stand in a new chat without being asked for', async () => {
    const { messageId } = await tell("I'm Alice, research scientist at Anthropic, short answers please.")
    expect(await field('name')).toEqual(['active: Alice'])
    expect((await texts()).join()).toMatch(/research scientist/)
    expect((await texts()).join()).toMatch(/short answers/)
    const prompt = await promptFor('What do you know about me?')
    for (const word of ['Alice', 'research scientist', 'Anthropic', 'short answers']) expect(prompt).toContain(word)
    const turn = (await test.learning.turnsOf(owner, [messageId])).get(messageId)
    expect(turn?.changes.length).toBe((await texts()).length)
    await checkSources()
  })

  it('S04: name and preferred name are two fields', async () => {
    await tell("I'm Alice Chen, call me Ali.")
    expect(await field('name')).toEqual(['active: Alice Chen'])
    expect(await field('preferred_name')).toEqual(['active: Ali'])
    const prompt = await promptFor('What is my name?')
    expect(prompt).toContain('Alice Chen')
    expect(prompt).toContain('Ali.')
  })

  it('S13: the profile fills step by step, and what is no field goes to memory', async () => {
    await tell('My name is Marcus Bell.')
    await tell("I'm a senior engineer for payments at Stripe.")
    await tell('I like code examples, and I work with Python and Go.')
    await tell('People call me Marc.')
    expect(await field('name')).toEqual(['active: Marcus Bell'])
    expect((await field('organisation')).join()).toContain('Stripe')
    expect((await field('role')).join()).toContain('senior engineer')
    expect(await field('preferred_name')).toEqual(['active: Marc'])
    expect((await texts()).join()).toMatch(/code examples/)
    expect((await texts()).join()).toMatch(/Python and Go/)
    await checkSources()
  })

  it('S14: a preferred name is replaced, not doubled, and the old one can be brought back', async () => {
    await tell('My name is Jordan Chen, call me JC.')
    const { messageId } = await tell('Please call me Jordan from now on.')
    expect(await field('preferred_name')).toEqual(['superseded: JC', 'active: Jordan'])
    const [change] = (await test.learning.turnsOf(owner, [messageId])).get(messageId)?.changes ?? []
    expect(change?.replaced).toContain('JC')
    await test.learning.undo(owner, change?.batchId as never)
    expect((await texts()).join()).toContain('called JC')
    expect((await texts()).join()).not.toContain('called Jordan')
  })

  it('S23: the one switch is enough: profile and memory learn by themselves', async () => {
    await tell('My name is Charlie Brown, friends call me Chuck.')
    expect(await field('preferred_name')).toEqual(['active: Chuck'])
    const { enabled, stores } = await test.learning.state(owner)
    expect(enabled).toBe(true)
    for (const id of ['user_profile', 'user_memory'])
      expect(stores.find((store) => store.id === id)?.mode).toBe('always')
    expect(await promptFor('What do my friends call me?')).toContain('Chuck')
  })

  it('S26: what the assistant looked up or says is not kept about the person', async () => {
    await tell("I'm Dr. Sarah Kim, I do neuroscience at MIT.", {
      answer: 'Dr. Kim, you were born in Seoul and prefer rats. {"tool":"search","query":"Sarah Kim age 44 Boston"}',
    })
    await tell('What is new in my field?', { answer: 'You won the Brain Prize in 2019 and you live in Cambridge.' })
    const known = (await texts()).join('\n')
    expect(known).toContain('Sarah Kim')
    for (const word of ['Seoul', 'rats', '44', 'Boston', 'Brain Prize', 'Cambridge']) expect(known).not.toContain(word)
    await checkSources()
  })
})

describe('whichever model', () => {
  it('S25: a model that thinks aloud teaches the same as one that does not, and its thoughts are never kept', async () => {
    const introduction = "I'm Bruce Wayne, people call me Batman. My butler polishes the silver on Sundays."
    await tell(introduction)
    const plain = await texts()
    const [first] = [owner]
    owner = `${first}-thinking`
    test.model.answer((request) => {
      if (!JSON.stringify(request.schema).includes('label')) return {}
      return sentencesOf(request).map((statement, index) => ({
        n: index + 1,
        label: 'fact',
        statement: `<think>The user could be rich, secretive Zorro.</think> ${statement}`,
      }))
    })
    await tell(introduction, { answer: '<think>He is surely Batman of Gotham, 41 years old.</think>Hello, Batman.' })
    expect(await texts()).toEqual(plain)
    expect((await texts()).join()).not.toMatch(/think|Zorro|41/)
  })
})

describe('several things at once', () => {
  it('S52: two chats that answer at the same time are both learned from', async () => {
    await Promise.all([
      test.say("I'm a backend engineer, I like Erlang.", { owner }),
      test.say('Our cat has grey paws. Can cats see red?', { owner }),
    ])
    await test.learning.idle()
    const known = (await texts()).join('\n')
    expect(known).toMatch(/backend engineer/)
    expect(known).toMatch(/grey paws/)
    expect(await promptFor('Explain consensus algorithms.')).toMatch(/backend engineer/)
  })

  it('S53: dates are kept as said, and a question for what comes finds them all', async () => {
    await tell('Our beta is on 15 March, our marketing starts on 20 March and our general release is on 1 April.')
    const known = (await texts()).join('\n')
    for (const date of ['15 March', '20 March', '1 April']) expect(known).toContain(date)
    const prompt = await promptFor('When are our beta, our marketing and our general release?')
    for (const date of ['15 March', '20 March', '1 April']) expect(prompt).toContain(date)
  })

  it('S53: a day named from today becomes a date', async () => {
    // The clock of this test stands in the first week of March 2026.
    await tell('I present the prototype tomorrow.')
    const day = new Date(test.clock.now().getTime() + 86_400_000)
    const [month, date] = [day.toLocaleString('en', { month: 'long', timeZone: 'UTC' }), day.getUTCDate()]
    expect((await texts()).join()).toMatch(
      new RegExp(`${date} ${month}|${month} ${date}|${day.toISOString().slice(0, 10)}`),
    )
  })
})

describe('by the contract', () => {
  it('S55: created, listed, read, refused when stale, deleted, and nothing is left', async () => {
    await tell("I'm Mira Chen, I work on distributed systems. I like numbered, short answers.")
    expect(await field('name')).toEqual(['active: Mira Chen'])
    const { memory: made } = await test.learning.add(owner, {
      store: 'user_memory',
      text: 'The cluster has nine nodes.',
    })
    expect((await test.learning.list(owner, { query: 'cluster' })).items.map(({ id }) => id)).toContain(made.id)
    const edited = await test.learning.edit(owner, {
      id: made.id,
      version: made.version,
      text: 'The cluster has ten nodes.',
    })
    expect(edited.memory.version).toBe(made.version + 1)
    await expect(
      test.learning.edit(owner, { id: made.id, version: made.version, text: 'The cluster has eleven nodes.' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' })
    const { items } = await test.learning.list(owner, { limit: 200 })
    await test.learning.forget(
      owner,
      items.map(({ id }) => id as MemoryId),
    )
    test.clock.advance(3_600_000)
    test.jobs.wake()
    await test.learning.idle()
    expect(await texts()).toEqual([])
    const left = JSON.stringify([
      await test.db.read.select().from(memory).where(eq(memory.owner, owner)),
      await test.db.read.select().from(evidence).where(eq(evidence.owner, owner)),
      await test.db.read.select().from(passage).where(eq(passage.owner, owner)),
      await test.db.read
        .select()
        .from(job)
        .where(and(eq(job.owner, owner), ne(job.status, 'done'))),
    ])
    for (const word of ['Mira', 'distributed', 'numbered', 'nodes']) expect(left).not.toContain(word)
    const vectors = await test.db.read
      .select()
      .from(embedding)
      .where(and(eq(embedding.owner, owner), eq(embedding.targetKind, 'memory')))
    expect(vectors).toEqual([])
    expect(await promptFor('What do you know about Mira?')).not.toContain('Mira Chen')
  })
})

describe('when saving fails', () => {
  it('N13: nothing is half written, the chat says so, and a retry learns it', async () => {
    const { write } = test.db
    const conversationId = newId<ConversationId>()
    test.db.write = (name, work) =>
      write.call(test.db, name, async (tx) => {
        const done = await work(tx as never)
        if (name === 'learn.turn') throw Object.assign(new Error('no space left'), { code: 'DISK_FULL' })
        return done as never
      }) as never
    let messageId: Awaited<ReturnType<typeof tell>>['messageId']
    try {
      ;({ messageId } = await test.say('Our kiln stands in the old dairy.', { owner, conversationId }))
      for (let attempt = 0; attempt < 6; attempt++) await test.learning.idle()
      const turn = (await test.learning.turnsOf(owner, [messageId])).get(messageId)
      expect(turn).toMatchObject({ status: 'failed', changes: [] })
      for (const table of [memory, evidence, embedding]) {
        const rows = await test.db.read.select().from(table).where(eq(table.owner, owner))
        expect(JSON.stringify(rows)).not.toContain('old dairy')
      }
    } finally {
      test.db.write = write
    }
    expect(await test.learning.retryFailed(owner)).toBe(1)
    await test.learning.idle()
    expect((await texts()).join()).toContain('old dairy')
    await expect(test.learning.turnsOf(owner, [messageId]).then((turns) => turns.get(messageId)?.status)).resolves.toBe(
      'done',
    )
  })

  it('N13: an addition by hand that cannot be saved is refused with a reason, and is not there', async () => {
    const { write } = test.db
    test.db.write = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'DISK_FULL' }))
    try {
      await expect(
        test.learning.add(owner, { store: 'user_memory', text: 'The kiln is green.' }),
      ).rejects.toMatchObject({ code: 'DISK_FULL' })
    } finally {
      test.db.write = write
    }
    expect(await texts()).toEqual([])
  })
})
