// The three levels of configuration, and what is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createJobQueue } from '../jobs/queue.ts'
import { readConfiguration } from './configuration.ts'
import { createLearning } from './create.ts'
import { defineStore } from './define-store.ts'
import type { Learning } from './learning.ts'
import { BUILT_IN_STORES } from './machine.ts'
import { Gate } from './modes.ts'
import type { LearningStore } from './protocol.ts'
import { openTestLearning, sentencesOf, type TestLearning, withoutVectors } from './testing.ts'

const read = (input: unknown) => readConfiguration(input, BUILT_IN_STORES)
/** The mode of every store that is on. */
function on(input: unknown): Record<string, string> {
  const { settings, stores } = read(input)
  const gate = new Gate(new Map(stores.map((store) => [store.id, store])), () => settings)
  return Object.fromEntries(stores.flatMap(({ id }) => (gate.modeOf(id) === 'off' ? [] : [[id, gate.modeOf(id)]])))
}
const BASIC = { user_profile: 'always', user_memory: 'always', entity_memory: 'always' }

describe('a configuration', () => {
  it('is one switch', () => {
    expect(on({ learning: true })).toEqual(BASIC)
    expect(on({ learning: false })).toEqual({})
    expect(on({})).toEqual({})
  })

  it('is every kind of learning in its default mode', () => {
    expect(on({ learnByItself: true })).toMatchObject({
      ...BASIC,
      session_context: 'always',
      learned_knowledge: 'propose',
      decision_log: 'agentic',
      feedback: 'always',
    })
  })

  it('is a list of stores, and then no other', () => {
    expect(on({ stores: { userProfile: true, sessionContext: true, todos: false } })).toEqual({
      user_profile: 'always',
      session_context: 'always',
    })
  })

  it('is every store in full, and each option does something', () => {
    const { settings, stores } = read({
      stores: {
        userMemory: { mode: 'propose', readOnly: true },
        learnedKnowledge: { mode: 'always', scope: 'team:atlas', neverKeep: ['prices'], changesPerTurn: 2 },
        sessionContext: { planning: false },
      },
    })
    expect(settings).toMatchObject({
      learning: true,
      readOnlyStores: ['user_memory'],
      storeModes: { user_memory: 'propose', learned_knowledge: 'always', todos: 'off' },
    })
    const lessons = stores.find(({ id }) => id === 'learned_knowledge')
    expect(lessons?.policy).toMatchObject({ scope: { namespace: 'team:atlas' }, limits: { changesPerTurn: 2 } })
    const find = (text: string) => ({ item: { kind: 'lesson', text, content: {} }, evidence: [] })
    expect(lessons?.process(null, find('Ask for prices first'), [])).toEqual([])
    // What a team would see waits.
    expect(lessons?.process(null, find('Measure first'), [])).toMatchObject([{ action: 'add', waits: true }])
    // The settings are a plain object, saved and read back as they are.
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings)
  })

  it('takes stores of one’s own', () => {
    const own = defineStore({ id: 'sprint', title: 'Sprint', schema: z.strictObject({}) }) as LearningStore
    expect(on({ stores: { userProfile: true }, custom: [own] })).toEqual({ user_profile: 'always', sprint: 'always' })
  })

  it.each<[unknown, string, RegExp]>([
    [{ learnin: true }, 'learnin', /possible: learning/],
    [{ learning: 'yes' }, 'learning', /"learning"/],
    [{ stores: { userProfil: true } }, 'stores.userProfil', /userProfile/],
    [{ stores: { userMemory: { mode: 'sometimes' } } }, 'stores.userMemory.mode', /off, always, agentic, propose, ask/],
    [{ stores: { todos: 'always' } }, 'stores.todos', /todos/],
    [{ custom: [{ id: 'x' }] }, 'custom.0', /defineStore/],
    [null, '', /the configuration/],
  ])('N1: %j is refused by name', (input, field, message) => {
    expect(() => read(input)).toThrow(message)
    try {
      read(input)
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field } })
    }
  })
})

describe('a machine made of one', () => {
  let test: TestLearning
  let learning: Learning
  beforeAll(async () => {
    test = await openTestLearning({ embedder: withoutVectors, start: false })
    const { db, model, embedder, clock, log } = test
    const jobs = createJobQueue({ db, clock, log, backoffMs: [0] })
    const events = { memoriesChanged: () => {}, stateChanged: () => {}, learned: () => {} }
    const made = createLearning({ db, model, embedder, clock, log, jobs, events }, { learnByItself: true })
    learning = made.learning
    learning.start()
  })
  afterAll(async () => {
    await learning?.stop()
    await test?.close()
  })

  it('asks the model at most twice about a turn, with every store on', async () => {
    for (const { id, policy } of BUILT_IN_STORES) {
      await learning.setMode('me', id, policy.modes.includes('always') ? 'always' : 'propose')
    }
    test.model.answer((request) =>
      JSON.stringify(request.schema).includes('label')
        ? sentencesOf(request).map((statement, index) => ({ n: index + 1, label: 'fact', statement }))
        : {},
    )
    const said = [
      'Our vendor Norvik sends the pumps late. We decided to use Kafka because the team knows it. Remind me to call Ada on Friday.',
      'Lesson learned: test the pumps first. The Kafka rollout went well. Zorblax is the new tool of Dunja. Too long, just the number.',
      'Help me move the shop to Ghent. Should we take Postgres or Dynamo? Meine Schwester wohnt jetzt in Kiel und arbeitet bei Brandt.',
    ]
    for (const text of said) {
      const before = test.model.asked.length
      const { conversationId, messageId } = await test.say(text, {
        answer: 'I would go with Postgres.\n1. Pack the boxes\n2. Rent a van',
      })
      await test.db.write('test.queue', (tx) => learning.queueTurn(tx, { owner: 'me', conversationId, messageId }))
      await learning.idle()
      expect(test.model.asked.length - before).toBeLessThanOrEqual(2)
    }
    const { stores } = await learning.state('me')
    for (const id of ['decision_log', 'learned_knowledge', 'todos', 'session_context'])
      expect(stores.find((store) => store.id === id)?.active, id).toBeGreaterThan(0)
  })

  it('sets how much is learned', async () => {
    await learning.setLevel('me', 'off')
    expect((await learning.state('me')).enabled).toBe(false)
    await learning.setLevel('me', 'basic')
    expect((await learning.state('me')).enabled).toBe(true)
  })
})
