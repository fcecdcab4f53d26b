// Samples of the person's writing become traits that can be taken back, and a text is rewritten in their style without a trace.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memory } from '../database/schema.ts'
import type { ChatRequest } from '../engine/engine.ts'
import { openTestLearning, type TestLearning } from './testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

const owner = 'me'
const letter = [
  'Hey Tom,',
  "it's been a while. I'm back from the coast and can't wait to see you. We've got two boats now, and they're both dry!",
  'Cheers,',
  'Ines',
].join('\n')
const rows = async () => (await test.learning.storeViews.rows(owner, { id: 'writing_style' })).items
const collect = async (text: string, signal?: AbortSignal) => {
  const events: unknown[] = []
  for await (const event of test.learning.writing.rewrite(owner, text, signal)) events.push(event)
  return events
}

it('a sample shows traits, each resting on its words; one act, one undo', async () => {
  const { batchId, traits, cut } = await test.learning.writing.addSample(owner, letter)
  expect({ traits: traits > 3, cut }).toEqual({ traits: true, cut: false })
  const kept = await rows()
  expect(kept.find(({ kind }) => kind === 'sample')?.text).toBe(letter)
  expect(kept.find(({ kind }) => kind === 'greeting')).toMatchObject({
    text: 'Greets with "Hey"',
    author: 'extraction',
    quote: expect.stringContaining('Hey Tom'),
    data: { votes: { Hey: 1 } },
  })
  await test.learning.writing.addSample(owner, letter.replace('two boats', 'three boats'))
  expect((await rows()).find(({ kind }) => kind === 'greeting')?.data).toMatchObject({ votes: { Hey: 2 } })
  await test.learning.undo(owner, batchId).catch(() => {})
  await expect(test.learning.writing.addSample(owner, 'Too short.')).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    details: { field: 'text' },
  })
  const long = await test.learning.writing.addSample(
    owner,
    `${letter}\n${'The sea was calm and we sailed on. '.repeat(90)}`,
  )
  expect(long.cut).toBe(true)
  expect((await rows()).every(({ text }) => text.length <= 2000)).toBe(true)
})

it('a sample stands in no prompt, and its traits do when a draft is asked for', async () => {
  test.settings.storeModes = { writing_style: 'always' }
  const draft = (await test.context('Please write an e-mail to the harbour master.', { owner })).recalled?.text ?? ''
  expect(draft).toContain('How the user writes: Greets with "Hey"')
  expect(draft).not.toContain('back from the coast')
  const other = (await test.context('Who is back from the coast with two boats?', { owner })).recalled?.text ?? ''
  expect(other).not.toContain('back from the coast')
})

it('rewrites with traits and samples, tells the words as they come, and keeps nothing', async () => {
  const asked: ChatRequest[] = []
  test.model.chat = async (request) => {
    asked.push(request)
    request.onPhase?.({ phase: 'reading', progress: 0.5 })
    for (const piece of ['Hey, ', 'come over!']) request.onText(piece)
    return { text: 'Hey, come over!', stop: 'end' } as never
  }
  const before = await test.db.read.$count(memory)
  expect(await collect('I would like to invite you.')).toEqual([
    { type: 'preparing', progress: 0.5 },
    { type: 'text', piece: 'Hey, ' },
    { type: 'text', piece: 'come over!' },
    { type: 'end', stop: 'end' },
  ])
  const [system, user] = asked[0]?.messages ?? []
  expect(system?.text).toContain('Greets with "Hey"')
  expect(system?.text).toContain('boats')
  expect(user?.text).toBe('I would like to invite you.')
  expect(await test.db.read.$count(memory)).toBe(before)
})

it('stops the model when nobody reads on, and says what went wrong', async () => {
  let stopped = false
  test.model.chat = ({ signal, onText }) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        stopped = true
        resolve({ text: '', stop: 'stopped' } as never)
      })
      onText('Hey')
    })
  for await (const event of test.learning.writing.rewrite(owner, 'Come over.')) {
    expect(event).toEqual({ type: 'text', piece: 'Hey' })
    break
  }
  expect(stopped).toBe(true)
  const { AppError } = await import('../../shared/errors.ts')
  test.model.chat = () => Promise.reject(new AppError('NO_MODEL', 'There is no model.'))
  expect(await collect('Come over.')).toEqual([
    { type: 'failed', error: { code: 'NO_MODEL', message: 'There is no model.' } },
  ])
})
