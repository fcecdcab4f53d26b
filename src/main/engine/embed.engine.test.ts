// Vectors, on the real binding with a model whose vectors are bags of words.
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { Engine } from './engine.ts'
import { makeModels, startEngine, type TestModels } from './testing/engine.ts'
import { bagOfWordsModel } from './testing/models.ts'

let models: TestModels
let engine: Engine

beforeAll(() => {
  models = makeModels()
  engine = startEngine(models)
})
afterAll(async () => {
  await engine.close()
  models.remove()
})

it('gives unit vectors that tell texts apart, without a chat model', async () => {
  const { embedder } = engine
  expect(embedder.dimensions).toBe(64)
  expect(embedder.model).toMatch(/^embedder\.gguf [0-9a-f]{12} 64 plain-1$/)
  const [a, b, c] = await embedder.embed(['cat dog', 'dog cat', 'pizza rain'], 'document')
  expect(length(a)).toBeCloseTo(1, 5)
  expect(dot(a, b)).toBeCloseTo(1, 4)
  expect(dot(a, c)).toBeLessThan(0.5)
  expect(await embedder.embed([], 'query')).toEqual([])
})

it('covers the whole of a long text, longer than its context too (T7)', async () => {
  const [mostlyCat, cat, pizza, longer] = await engine.embedder.embed(
    [`${'cat '.repeat(600)}${'pizza '.repeat(200)}`, 'cat', 'pizza', `${'cat '.repeat(3000)}${'pizza '.repeat(1000)}`],
    'document',
  )
  expect(dot(mostlyCat, cat)).toBeGreaterThan(dot(mostlyCat, pizza))
  expect(dot(mostlyCat, cat)).toBeGreaterThan(0.8)
  expect(dot(longer, cat)).toBeGreaterThan(0.8)
  expect(length(longer)).toBeCloseTo(1, 5)
})

it('answers a question before a long list of documents is through', async () => {
  const { embedder } = engine
  await embedder.embed(['warm'], 'query')
  const order: string[] = []
  const list = Array.from({ length: 300 }, () => 'cat dog rain '.repeat(30))
  const documents = embedder.embed(list, 'document', { background: true }).then(() => order.push('documents'))
  await embedder.embed(['tea'], 'query').then(() => order.push('question'))
  await documents
  expect(order).toEqual(['question', 'documents'])
})

it('says what is wrong with its file and works once it is there', async () => {
  const own = startEngine(models, { embedderFile: models.file('later.gguf') })
  onTestFinished(() => own.close())
  await expect(own.embedder.embed(['cat'], 'query')).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' })
  bagOfWordsModel(models.file('later.gguf'), ['cat'])
  expect(await own.embedder.embed(['cat'], 'query')).toHaveLength(1)
})

function length(vector: Float32Array | undefined): number {
  return Math.sqrt(dot(vector, vector))
}

function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) throw new Error('no vector')
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}
