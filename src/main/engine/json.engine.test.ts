// Background completions under a grammar, on the real binding with models made by hand.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Engine, GrammarSchema } from './engine.ts'
import { ask, makeModels, reaches, startEngine, system, type TestModels, user } from './testing/engine.ts'
import { scriptedModel } from './testing/models.ts'

let models: TestModels
let scripted: Engine
let slow: Engine

beforeAll(async () => {
  models = makeModels()
  scripted = startEngine(models, { backgroundContext: 512 })
  slow = startEngine(models)
  await scripted.load({ path: models.file('scripted.gguf'), name: 'scripted' })
  await slow.load({ path: models.file('slow.gguf'), name: 'slow' })
})
afterAll(async () => {
  await Promise.all([scripted.close(), slow.close()])
  models.remove()
})

const entries: GrammarSchema = {
  type: 'array',
  minItems: 1,
  maxItems: 1,
  items: {
    oneOf: [
      { type: 'object', properties: { n: { type: 'integer' }, label: { const: 'none' } } },
      {
        type: 'object',
        properties: {
          n: { type: 'integer' },
          label: { enum: ['fact', 'preference'] },
          statement: { type: 'string', maxLength: 60 },
        },
      },
    ],
  },
}
const twoWords: GrammarSchema = {
  type: 'array',
  minItems: 2,
  maxItems: 2,
  items: { type: 'string', minLength: 3, maxLength: 8 },
}

describe('a value', () => {
  it('has the promised shape', async () => {
    const request = { schema: entries, maxTokens: 100 }
    expect(await scripted.json({ ...request, messages: [system, user('1. I like tea')] })).toEqual([
      { n: 1, label: 'fact', statement: 'Likes tea.' },
    ])
    expect(await scripted.json({ ...request, messages: [system, user('1. Hm.')] })).toEqual([{ n: 1, label: 'none' }])
  })

  it('has it even from random weights', async () => {
    const value = await slow.json({ messages: [user('Say something')], schema: twoWords, maxTokens: 200 })
    expect(value).toEqual([expect.any(String), expect.any(String)])
  })

  it('that was cut is reported as broken', async () => {
    await expect(
      slow.json({ messages: [user('Say something')], schema: twoWords, maxTokens: 4 }),
    ).rejects.toMatchObject({ name: 'GrammarBroken' })
  })

  it('of a model that repeats itself for ever ends where the grammar ends it, or is reported as broken', async () => {
    const file = models.file('for-ever.gguf')
    scriptedModel(file, [
      { answer: 'Well.' },
      { beside: '1.', answer: '[{"n":1,"label":"fact","statement":"Tea and tea', forEver: true },
    ])
    const own = startEngine(models)
    onTestFinished(() => own.close())
    await own.load({ path: file, name: 'for ever' })
    const messages = [user('1. I like tea')]
    const [entry] = (await own.json({ messages, schema: entries, maxTokens: 400 })) as { statement: string }[]
    expect(entry?.statement).toMatch(/^Tea and( tea)+/)
    expect(entry?.statement.length).toBeLessThanOrEqual(60)
    await expect(own.json({ messages, schema: entries, maxTokens: 12 })).rejects.toMatchObject({
      name: 'GrammarBroken',
    })
    expect(await ask(own, [user('Hello')])).toMatchObject({ text: 'Well.', stop: 'end' })
  })

  it('is refused for a task that does not fit the context', async () => {
    await expect(
      scripted.json({ messages: [user('long '.repeat(300))], schema: entries, maxTokens: 50 }),
    ).rejects.toMatchObject({ code: 'CONTEXT_FULL' })
  })
})

describe('background work', () => {
  it('makes way for a person and goes on where it was', async () => {
    const request = {
      messages: [user('Long ago '.repeat(60))],
      schema: { type: 'string', minLength: 60, maxLength: 70 } satisfies GrammarSchema,
      maxTokens: 200,
    }
    const alone = await slow.json(request)
    const order: string[] = []
    const other = slow
      .json({ ...request, messages: [user('Long before '.repeat(60))] })
      .then(() => order.push('background'))
    await reaches(slow, 'learning')
    await ask(slow, [user('Quick')], { maxTokens: 20 }).then(() => order.push('answer'))
    await other
    expect(order).toEqual(['answer', 'background'])
    // Temperature 0: interrupted or not, the same prompt gives the same value.
    const interrupted = slow.json(request)
    await ask(slow, [user('Now')], { maxTokens: 10 })
    await ask(slow, [user('And now')], { maxTokens: 10 })
    expect(await interrupted).toEqual(alone)
  })

  it('can be cancelled', async () => {
    const stop = new AbortController()
    const call = slow.json({
      messages: [user('Long ago '.repeat(80))],
      schema: { type: 'string', maxLength: 1000 },
      maxTokens: 1000,
      signal: stop.signal,
    })
    const outcome = expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await reaches(slow, 'learning')
    stop.abort()
    await outcome
    expect((await ask(slow, [user('Hi')], { maxTokens: 3 })).answerTokens).toBe(3)
  })

  it('ends when the model is taken away, also while a person waits', async () => {
    const own = startEngine(models)
    onTestFinished(() => own.close())
    await own.load({ path: models.file('slow.gguf'), name: 'slow' })
    const work = [
      own.json({ messages: [user('x')], schema: { type: 'string', maxLength: 900 }, maxTokens: 900 }),
      ask(own, [user('Long ago '.repeat(80))]),
      ask(own, [user('And then')]),
    ].map((call) => call.catch(() => {}))
    await reaches(own, 'answering')
    await own.unload()
    await Promise.all(work)
    expect(own.state).toEqual({ state: 'none' })
  })
})
