// Changing the embedder: the old vectors serve until the new ones are complete, and nothing is made twice.
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { EmbedderChangeView } from '../../shared/models.ts'
import { resourcesFolder } from '../app/resources.ts'
import { embedding } from '../database/schema.ts'
import type { Embedder } from '../engine/engine.ts'
import { makeModels, type TestModels } from '../engine/testing/engine.ts'
import { type ChosenEmbedder, EmbedderChange } from './embedder-change.ts'
import { OWNER, openTestLearning, type TestLearning } from './testing.ts'

const bundled: ChosenEmbedder = {
  id: 'bundled',
  path: join(resourcesFolder(), 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
}
let models: TestModels
let other: ChosenEmbedder
let test: TestLearning
let chosen: ReturnType<Parameters<typeof open>[0]['read']>
let told: (EmbedderChangeView | null)[]
/** Texts the other model was given. */
let embedded: string[]
/** Holds up the other model's next batch until it is let go. */
let hold: Promise<void> | null
let breaks: boolean

const open = (ports: ConstructorParameters<typeof EmbedderChange>[0]) => new EmbedderChange(ports)

function change(): EmbedderChange {
  const { db, jobs, clock, log, engine } = test
  return open({
    ...{ db, jobs, clock, log, embedder: engine.embedder },
    open: (file) => watched(engine.openEmbedder(file)),
    switchTo: (file) => engine.useEmbedder(file),
    release: (file) => engine.releaseEmbedder(file),
    read: () => chosen,
    write: async (next) => {
      chosen = next
    },
    onChange: (view) => told.push(view),
    onUsed: async () => {},
  })
}

function watched(real: Embedder): Embedder {
  return {
    ...real,
    embed: async (texts, as, options) => {
      if (as === 'document') {
        await hold
        options?.signal?.throwIfAborted()
        if (breaks) throw new Error('The model file went away.')
        embedded.push(...texts)
      }
      return real.embed(texts, as, options)
    },
  }
}

beforeAll(() => {
  models = makeModels()
  other = { id: 'other', path: models.file('embedder.gguf') }
})
afterAll(() => models.remove())
beforeEach(async () => {
  test = await openTestLearning()
  chosen = { now: bundled, next: null }
  told = []
  embedded = []
  hold = null
  breaks = false
  await test.tell('I have a cat. I live in Porto. My sister is called Ana.')
  return () => test.close()
})

async function kept(): Promise<string[]> {
  const rows = await test.db.read.selectDistinct({ model: embedding.model }).from(embedding)
  return rows.map(({ model }) => model.split(' ')[0] ?? '').sort()
}

async function found(text: string): Promise<string> {
  return JSON.stringify(await test.learning.search(OWNER, text, 5))
}

it('goes on in the background while the old vectors serve, and is used when it is complete', async () => {
  let release = () => {}
  hold = new Promise((resolve) => {
    release = resolve
  })
  const before = test.engine.embedder.model
  const changing = change()
  await changing.begin(other)
  expect(await changing.state()).toMatchObject({ modelId: 'other', paused: false, done: 0, problem: null })
  expect(test.engine.embedder.model).toBe(before)
  expect(await found('Which city do I live in?')).toContain('Porto')
  // What is learned meanwhile gets vectors of both.
  await test.say('I have a dog.')
  release()
  await test.jobs.idle()
  expect(test.engine.embedder.model).toMatch(/^embedder\.gguf .* 64 /)
  expect(chosen).toEqual({ now: other, next: null })
  expect(told.at(-1)).toBeNull()
  expect(await changing.state()).toBeNull()
  expect(await found('cat')).toContain('cat')
  expect(await kept()).toEqual(['all-MiniLM-L6-v2-Q8_0.gguf', 'embedder.gguf'])

  // Going back costs nothing while the old vectors are there.
  await test.jobs.idle()
  const count = embedded.length
  await changing.begin(bundled)
  await test.jobs.idle()
  expect(test.engine.embedder.model).toBe(before)
  expect(embedded.length).toBeLessThanOrEqual(count + 2)

  // After a week those that are not used go.
  test.clock.advance(8 * 24 * 3600 * 1000)
  test.jobs.wake()
  await test.jobs.idle()
  expect(await kept()).toEqual(['all-MiniLM-L6-v2-Q8_0.gguf'])
})

it('stops when paused, and goes on after a restart without making anything twice', async () => {
  let release = () => {}
  hold = new Promise((resolve) => {
    release = resolve
  })
  const changing = change()
  await changing.begin(other)
  await changing.pause()
  release()
  await test.jobs.idle()
  expect(embedded).toEqual([])
  expect(await changing.state()).toMatchObject({ paused: true, done: 0 })

  await test.restart()
  const again = change()
  await again.start()
  await test.jobs.idle()
  expect(embedded).toEqual([])
  await again.resume()
  await test.jobs.idle()
  expect(chosen.now).toEqual(other)
  expect(new Set(embedded).size).toBe(embedded.length)
})

it('says why it cannot go on, keeps the old one, and refuses a file that is no embedder at once', async () => {
  const changing = change()
  await expect(changing.begin({ id: 'x', path: models.file('none.gguf') })).rejects.toMatchObject({
    code: 'MODEL_FILE_MISSING',
  })
  expect(chosen).toEqual({ now: bundled, next: null })
  breaks = true
  await changing.begin(other)
  await test.jobs.idle()
  expect(await changing.state()).toMatchObject({ problem: 'The model file went away.' })
  expect(chosen.now).toEqual(bundled)
  breaks = false
  await changing.resume()
  await test.jobs.idle()
  expect(chosen.now).toEqual(other)
  const rows = await test.db.read.select().from(embedding).where(eq(embedding.model, test.engine.embedder.model))
  expect(rows.every((row) => row.vector.length === 64)).toBe(true)
})
