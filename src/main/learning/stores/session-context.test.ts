// The thread of a conversation: what it keeps of question and answer, and that it is there when the history is not.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PromptBlock } from '../../database/schema.ts'
import { memory, message } from '../../database/schema.ts'
import { openTestLearning, type Said, type TestLearning, withoutVectors } from '../testing.ts'
import { defineSessionContext } from './session-context.ts'
import { doneIn, stepsOf } from './session-words.ts'
import { userMemory } from './user-memory.ts'

let planning = true
let whenEmbedding: (() => Promise<void>) | null = null
let test: TestLearning
beforeAll(async () => {
  const session = defineSessionContext({
    planning: () => planning,
    fields: { ticket: ({ userText }) => /\b[A-Z]{2,5}-\d+\b/u.exec(userText)?.[0] ?? null },
  })
  test = await openTestLearning({
    embedder: (real) => ({
      ...withoutVectors(real),
      embed: async () => {
        await whenEmbedding?.()
        throw new Error('no embedder')
      },
    }),
    stores: [userMemory, session],
  })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `talker-${people++}`
  planning = true
  test.settings.learnByItself = true
  test.settings.storeModes = {}
})
const tell = (text: string, answer: string, more: Parameters<TestLearning['tell']>[1] = {}) =>
  test.tell(text, { owner, answer, ...more })
const items = async (kind?: string) => {
  const rows = await test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, 'session_context'), eq(memory.status, 'active')))
    .orderBy(memory.createdAt, memory.id)
  return kind ? rows.filter((row) => row.kind === kind) : rows
}

/** The chat as it goes on when its oldest messages no longer fit. */
async function outgrow({ answerId }: Said, leftOutMessages = 2): Promise<void> {
  const figures = { promptTokens: 1, cachedTokens: 0, answerTokens: 1, tokensPerSecond: 1, timeToFirstTokenMs: 1 }
  const stats = { ...figures, recallMs: 1, recalledTokens: 0, leftOutMessages }
  await test.db.write('test.outgrow', (tx) => tx.update(message).set({ stats }).where(eq(message.id, answerId)))
}
async function core({ conversationId }: Pick<Said, 'conversationId'>, before: PromptBlock | null = null) {
  return (await test.context('What did we decide?', { owner, conversationId, core: before })).core
}

describe('a thread', () => {
  it('S08: grows with each turn, holds what the answers decided, and is there when the history is cut off', async () => {
    const first = await tell(
      'I am building a to-do REST API. PUT or PATCH for changes?',
      'Both exist. Use PATCH for partial changes of a to-do. PUT replaces the whole.',
    )
    const before = (await items()).length
    const second = await tell('Which URL?', 'Use /todos/{id} with the id of the to-do. Keep verbs out of it.', first)
    expect((await items()).length).toBeGreaterThan(before)
    expect((await core(second))?.text).toBe('')
    await outgrow(second)
    const text = (await core(second))?.text ?? ''
    expect(text).toContain('[This conversation so far')
    expect(text).toContain('Use PATCH for partial changes')
    expect(text).toContain('Use /todos/{id}')
    // Another chat sees nothing of it, and no chip tells of it.
    expect((await core({ conversationId: '01990000-0000-7000-8000-00000000c0de' as never }))?.text).toBe('')
    const told = (await test.learning.turnsOf(owner, [second.messageId])).get(second.messageId)
    expect(told?.changes.filter(({ store }) => store === 'session_context')).toEqual([])
  })

  it('S16: symptoms, what was ruled out, and the suspicion of the moment', async () => {
    const first = await tell(
      'My FastAPI service has a memory leak with large JSON bodies.',
      'Does memory also grow without traffic?',
    )
    await tell(
      'It grows even without traffic. I checked the file handles, they are fine.',
      'Then open handles are ruled out. Look at caches next.',
      first,
    )
    const last = await tell(
      'Is Pydantic caching something?',
      'Pydantic is likely caching a validator per model.',
      first,
    )
    await outgrow(last)
    const text = (await core(last))?.text ?? ''
    for (const part of [
      'memory leak with large JSON',
      'grows even without traffic',
      'file handles',
      'ruled out',
      'likely caching',
    ])
      expect(text).toContain(part)
  })

  it('S17: goal and steps stay the same while they are worked off, each step with its id', async () => {
    const first = await tell(
      'I want to deploy the shop to AWS. What is the plan?',
      'Plan:\n1. **Write the Dockerfile**: a small base image.\n2. **Push the image to ECR**\n3. Create the ECS service\n4. Point the domain at it',
    )
    const steps = await items('step')
    expect(steps.map(({ text }) => text)).toEqual([
      'Write the Dockerfile',
      'Push the image to ECR',
      'Create the ECS service',
      'Point the domain at it',
    ])
    await tell('The Dockerfile is done.', 'Good. Next: push it.', first)
    const last = await tell(
      'I pushed the image. What next?',
      'Two of four are done. 1. Write the Dockerfile\n2. Push the image to ECR\n3. Create the ECS service\n4. Point the domain at it',
      first,
    )
    const now = await items('step')
    expect(now.map(({ id }) => id).sort()).toEqual(steps.map(({ id }) => id).sort())
    expect(now.filter(({ data }) => data['done'] !== null).map(({ text }) => text)).toEqual([
      'Write the Dockerfile',
      'Push the image to ECR',
    ])
    await outgrow(last)
    const text = (await core(last))?.text ?? ''
    expect(text).toContain('Goal: Deploy the shop to AWS')
    expect(text).toContain('Step 2, done: Push the image to ECR')
    expect(text).toContain('Step 3, open: Create the ECS service')
  })

  it('N14: a field of one’s own is kept over a turn that does not mention it, and updated by one that does', async () => {
    const first = await tell('We look at ticket OPS-12 today.', 'Fine.')
    await tell('The disk was full.', 'Then free some space.', first)
    expect((await items('field')).map(({ text }) => text)).toEqual(['OPS-12'])
    const [before] = await items('field')
    await tell('That belongs to OPS-44, I think.', 'Right.', first)
    expect(await items('field')).toMatchObject([{ id: before?.id, text: 'OPS-44', version: 2 }])
  })

  it('N15: goal, plan and progress are the same after planning was off for a turn', async () => {
    const first = await tell(
      'Help me plant a hedge. Which steps?',
      '1. Dig the trench\n2. Buy the plants\n3. Water them',
    )
    await tell('The trench is done.', 'Well done.', first)
    const before = await items('step')
    const goals = await items('goal')
    planning = false
    await tell('I bought the plants. Now I want to paint the fence, how?', '1. Sand the boards\n2. Paint them', first)
    expect(await items('step')).toEqual(before)
    expect(await items('goal')).toEqual(goals)
    planning = true
    await tell('Bought the plants.', 'Then water them.', first)
    expect((await items('step')).filter(({ data }) => data['done'] !== null)).toHaveLength(2)
    expect(await items('goal')).toEqual(goals)
  })

  it('N22: what only the answer says is in the thread at once, and never a claim about the person', async () => {
    await tell('Which port does the tracker use?', 'The tracker uses port 6969. You live in Oslo.')
    expect((await items('point')).map(({ text }) => text).join()).toContain('port 6969')
    const others = await test.db.read
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.store, 'user_memory')))
    expect(others).toEqual([])
  })

  it('a step that vanished while progress on it was being recorded takes nothing else with it', async () => {
    const first = await tell(
      'Help me move the shop to Ghent. What are the steps?',
      'Here is a plan:\n1. Pack the boxes\n2. Rent a van\n3. Cancel the lease',
    )
    const [pack, ...others] = await items('step')
    // Between reading and writing a job asks for vectors: that is when the person forgets the step.
    whenEmbedding = async () => {
      whenEmbedding = null
      await test.learning.forget(owner, { ids: [pack?.id as never], mode: 'learned' })
    }
    await tell('Step 1 is done. Step 2 is done. My uncle Piet lends us his trailer.', 'Good.', first)
    expect(whenEmbedding).toBeNull()
    expect(await test.jobs.counts(owner, 'learn')).toEqual({ queued: 0, running: 0, failed: 0 })
    const steps = await items('step')
    expect(steps.map(({ text }) => text)).toEqual(others.map(({ text }) => text))
    expect(steps.find(({ text }) => text.includes('van'))?.data['done']).toMatch(/^\d{4}-/u)
    expect((await test.texts(owner)).join()).toContain('Piet')
  })

  it('is bounded, and keeps its bytes until more of the history goes', async () => {
    let last = await tell('I tested the valve number 0 and it works.', 'Good.')
    for (let n = 1; n < 30; n++) last = await tell(`I tested the valve number ${n} and it works.`, 'Good.', last)
    expect((await items('point')).length).toBeLessThanOrEqual(24)
    await outgrow(last, 4)
    const block = await core(last)
    expect(block?.tokens).toBeLessThanOrEqual(400)
    expect(block?.text).toContain('number 29')
    const next = await tell('I tested the pump and it works.', 'Good.', last)
    await outgrow(next, 4)
    expect((await core(last, block))?.text).toBe(block?.text)
    const more = await tell('I tested the hose and it works.', 'Good.', last)
    await outgrow(more, 20)
    expect((await core(last, block))?.text).toContain('hose')
    // Switched off it is gone, from this chat as from any.
    test.settings.storeModes = { session_context: 'off' }
    expect((await core(last, block))?.text ?? '').not.toContain('valve')
  }, 120_000)
})

describe('steps', () => {
  it('are read where a plan was asked for, and nowhere else', () => {
    expect(stepsOf('Tell me a story.', '1. A king\n2. A queen')).toEqual([])
    expect(stepsOf('How do I fix it?', 'Just restart it.')).toEqual([])
    expect(stepsOf('How do I fix it?', '1) Stop it: kill the process.\n2) Start it again.')).toEqual([
      'Stop it',
      'Start it again',
    ])
  })

  it('are done when the words say so, by number, place or name', () => {
    const steps = ['Dig the trench', 'Buy the plants', 'Water them'].map((text, index) => ({ n: index + 1, text }))
    const done = (said: string) => doneIn(said, steps).map(({ n }) => n)
    expect(done('Step 2 is done.')).toEqual([2])
    expect(done('The first step is finished.')).toEqual([1])
    expect(done('I bought the plants.')).toEqual([2])
    expect(done("The plants aren't bought yet.")).toEqual([])
    expect(done('When the trench is done I call you.')).toEqual([])
  })
})
