// Answers to a person, on the real binding with models made by hand.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EngineOptions } from './client.ts'
import type { Engine, GrammarSchema } from './engine.ts'
import {
  ask,
  assistant,
  greeting,
  makeModels,
  parrot,
  startEngine,
  story,
  system,
  type TestModels,
  thought,
  user,
} from './testing/engine.ts'

let models: TestModels
let engine: Engine

beforeAll(async () => {
  models = makeModels()
  engine = startEngine(models)
  await engine.load({ path: models.file('scripted.gguf'), name: 'scripted' })
})
afterAll(async () => {
  await engine.close()
  models.remove()
})

async function withContext(options: Partial<EngineOptions>): Promise<Engine> {
  const own = startEngine(models, options)
  onTestFinished(() => own.close())
  await own.load({ path: models.file('scripted.gguf'), name: 'scripted' })
  return own
}

describe('an answer', () => {
  it('comes piece by piece, with counts that are true', async () => {
    const pieces: string[] = []
    const phases: string[] = []
    const result = await ask(engine, [system, user('Hi')], {
      onText: (piece) => pieces.push(piece),
      onPhase: (phase) => phases.push(phase.phase),
    })
    expect(result).toMatchObject({ text: greeting, stop: 'end', cachedTokens: 0, leftOutMessages: 0 })
    expect(pieces.join('')).toBe(greeting)
    expect(pieces.length).toBeGreaterThan(5)
    expect([...new Set(phases)]).toEqual(['reading', 'writing'])
    expect(result.answerTokens).toBe(greeting.split(' ').length)
    expect(result.timeToFirstTokenMs).toBeGreaterThan(0)
    expect(engine.state).toEqual({ state: 'ready', model: 'scripted' })
    expect(engine.modelName).toMatch(/^scripted [0-9a-f]{12}$/)
    expect(engine.contextSize).toBe(2048)
    // All of it is there when the same is asked again, but for the one token that makes the next one.
    const again = await ask(engine, [system, user('Hi')])
    expect(again.cachedTokens).toBe(again.promptTokens - 1)
  })

  it('keeps what was written when it is stopped in the middle', async () => {
    const stop = new AbortController()
    let written = ''
    const result = await ask(engine, [user('Tell a story')], {
      signal: stop.signal,
      onText: (piece) => {
        written += piece
        if (written.includes('word5 ')) stop.abort()
      },
    })
    expect(result.stop).toBe('stopped')
    expect(story.startsWith(result.text)).toBe(true)
    expect(result.text).toBe(written)
    expect(result.text.length).toBeLessThan(story.length)
    expect((await ask(engine, [user('Hi')])).text).toBe(greeting)
  })

  it('says when it was cut', async () => {
    const result = await ask(engine, [user('Tell a story')], { maxTokens: 10 })
    expect(result).toMatchObject({ stop: 'cut', answerTokens: 10 })
  })

  it('is written on where it was cut, with nothing read twice', async () => {
    const first = await ask(engine, [system, user('Tell a story')], { maxTokens: 10 })
    const rest = await ask(engine, [system, user('Tell a story'), assistant(first.text)])
    expect(first.text + rest.text).toBe(story)
    expect(rest).toMatchObject({ stop: 'end', thoughts: '' })
    expect(rest.cachedTokens).toBeGreaterThan(rest.promptTokens - 3)
  })

  it('ends when the model only repeats itself, and says so', async () => {
    const own = await withContext({ chatContext: 4096 })
    const result = await ask(own, [user('Be a parrot')], { maxTokens: 2000 })
    expect(result).toMatchObject({ stop: 'cut', repeated: true })
    expect(result.text.startsWith(parrot)).toBe(true)
    expect(result.text.length).toBeLessThan(2200)
    // The limit of an answer ends it as well.
    const short = await ask(own, [user('Be a parrot')], { maxTokens: 20 })
    expect(short).toMatchObject({ stop: 'cut', repeated: false, answerTokens: 20 })
  })

  it('holds no control characters, and ends where the model speaks as somebody else', async () => {
    const result = await ask(engine, [user('Give me controls')])
    expect(result).toMatchObject({ text: 'Half an answer', stop: 'end' })
  })

  it('comes apart from the thoughts before it', async () => {
    const own = startEngine(models)
    onTestFinished(() => own.close())
    await own.load({ path: models.file('thinking.gguf'), name: 'thinking' })
    const heard = { text: '', thoughts: '', phases: new Set<string>() }
    const result = await ask(own, [system, user('Hi')], {
      onText: (piece) => {
        heard.text += piece
      },
      onThoughts: (piece) => {
        heard.thoughts += piece
      },
      onPhase: ({ phase }) => heard.phases.add(phase),
    })
    expect(result).toMatchObject({ text: greeting, thoughts: thought, stop: 'end' })
    expect(heard).toEqual({ text: greeting, thoughts: thought, phases: new Set(['reading', 'thinking', 'writing']) })
    expect(result.answerTokens).toBeGreaterThan(10)
  })

  it('survives a listener that throws', async () => {
    const result = await ask(engine, [user('Hi')], {
      onText: () => {
        throw new Error('window is gone')
      },
    })
    expect(result.text).toBe(greeting)
  })

  it('waits its turn when two are asked for at once', async () => {
    const [first, second] = await Promise.all([ask(engine, [user('Hi')]), ask(engine, [user('tea')])])
    expect([first.text, second.text]).toEqual([greeting, 'Tea is noted.'])
  })
})

describe('the prefix cache', () => {
  it('holds over 95 % of the last prompt and answer, turn after turn', async () => {
    const messages = [{ ...system, text: 'You are kind. '.repeat(20) }]
    let before = 0
    for (const text of ['Hi', 'tea please', 'Tell a story', 'What next?']) {
      messages.push(user(text))
      const result = await ask(engine, messages, { maxTokens: 400 })
      if (before > 0) expect(result.cachedTokens / before).toBeGreaterThan(0.95)
      before = result.promptTokens + result.answerTokens
      messages.push(assistant(result.text))
    }
    // A decision under a grammar after the same words reads only what is new, and leaves the rest to the answer.
    const schema: GrammarSchema = {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: {
        type: 'object',
        properties: {
          n: { type: 'integer' },
          label: { enum: ['fact', 'none'] },
          statement: { type: 'string', maxLength: 40 },
        },
      },
    }
    messages.push(user('More tea'))
    const question = messages.at(-1)?.text ?? ''
    const decision = await ask(engine, [...messages.slice(0, -1), user(`${question} 1.`)], { schema })
    expect(JSON.parse(decision.text)).toEqual([{ n: 1, label: 'fact', statement: 'Likes tea.' }])
    expect(decision.cachedTokens / before).toBeGreaterThan(0.95)
    const after = await ask(engine, messages)
    expect(after.text).toBe('Tea is noted.')
    expect(after.cachedTokens / before).toBeGreaterThan(0.95)
    // A new chat with the same beginning does not read it again.
    const other = await ask(engine, [messages[0] ?? system, user('Something else')])
    expect(other.cachedTokens).toBeGreaterThan(other.promptTokens * 0.8)
  })
})

describe('a long conversation', () => {
  it('loses its oldest messages, says how many, and keeps the cache after that', async () => {
    const own = await withContext({ chatContext: 1024 })
    const messages = [system]
    for (let turn = 0; turn < 12; turn++) {
      messages.push(user(`Number ${turn} ${'abc '.repeat(20)}`), assistant('So be it.'))
    }
    const first = await ask(own, [...messages, user('Hi')])
    expect(first.text).toBe(greeting)
    expect(first.leftOutMessages).toBeGreaterThan(0)
    expect(first.promptTokens).toBeLessThan(1024)
    const second = await ask(own, [...messages, user('Hi'), assistant(first.text), user('And now tea')])
    expect(second.text).toBe('Tea is noted.')
    expect(second.leftOutMessages).toBe(first.leftOutMessages)
    expect(second.cachedTokens).toBeGreaterThan(first.promptTokens * 0.95)

    // T9: one message longer than the context is refused, and the next one works.
    await expect(ask(own, [system, user('far too long '.repeat(400))])).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LONG',
    })
    expect((await ask(own, [system, user('Hi')])).text).toBe(greeting)
  })
})

describe('without a model', () => {
  it('an answer waits for a model that is being loaded, and is refused when there is none', async () => {
    const own = startEngine(models)
    onTestFinished(() => own.close())
    await expect(ask(own, [user('Hi')])).rejects.toMatchObject({ code: 'NO_MODEL' })
    const loading = own.load({ path: models.file('scripted.gguf'), name: 'scripted' })
    const phases: string[] = []
    const result = await ask(own, [user('Hi')], { onPhase: (phase) => phases.push(phase.phase) })
    await loading
    expect(result.text).toBe(greeting)
    expect(phases[0]).toBe('loading')
    // Tokens are counted with the model, and estimated without one.
    expect(await own.countTokens(['Hi', 'Z', ''])).toEqual([2, 1, 0])
    await own.unload()
    expect(await own.countTokens(['Hello there'])).toEqual([4])
    expect(own.state).toEqual({ state: 'none' })
  })
})

describe('reading a prompt', () => {
  it('stops between pieces and keeps what was read (T5)', async () => {
    await engine.load({ path: models.file('slow.gguf'), name: 'slow' })
    const stop = new AbortController()
    const messages = [user('Long ago '.repeat(150))]
    const stopped = await ask(engine, messages, {
      signal: stop.signal,
      onPhase: (phase) => {
        if (phase.phase === 'reading' && phase.progress > 0) stop.abort()
      },
    })
    expect(stopped).toMatchObject({ stop: 'stopped', text: '', answerTokens: 0 })
    // A part of the prompt was read, not the whole: the stop did not wait for it.
    const again = await ask(engine, messages, { maxTokens: 3 })
    expect(again.cachedTokens).toBeGreaterThan(0)
    expect(again.cachedTokens).toBeLessThan(again.promptTokens / 2)
    expect(engine.prefillSpeed).toBeGreaterThan(0)
  })
})
