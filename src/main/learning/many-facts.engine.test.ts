// Somebody of whom 10,000 things are known: learning, recall, looking and forgetting stay whole.
import { eq, inArray, ne } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type MemoryId, newId } from '../../shared/ids.ts'
import { embedding, entity, evidence, job, memory } from '../database/schema.ts'
import { writtenByHand } from '../database/testing.ts'
import { CURATE } from './curation/curation.ts'
import { UNDO_MS } from './forgetting/undo-time.ts'
import { OWNER, openTestLearning, type TestLearning } from './testing.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const FACTS = 10_000
const things = ['kiln', 'orchard', 'ferry', 'archive', 'lighthouse', 'sawmill', 'choir', 'glacier', 'market', 'printer']

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({
    // Ten thousand texts take the embedder minutes; what is tested is not about meaning.
    embedder: (real) => ({
      ...real,
      embed: async (texts) => texts.map((text) => vectorOf(text, real.dimensions)),
    }),
  })
})
afterAll(() => test.close())

/** A direction of its own for each text. */
function vectorOf(text: string, dimensions: number): Float32Array {
  let seed = 7
  for (const character of text) seed = (Math.imul(seed, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  const raw = Float32Array.from({ length: dimensions }, (_, index) => Math.sin(seed * (index + 1)))
  const norm = Math.hypot(...raw)
  return raw.map((value) => value / norm)
}

const count = () => test.db.read.$count(memory, eq(memory.owner, OWNER))

it('an entity with 10,000 facts is learned about, recalled, looked at, and one of them forgotten', async () => {
  await test.tell('My colleague Marta Quist leads the Seagrass project.')
  const [marta] = await test.db.read.select().from(entity).where(eq(entity.name, 'Marta Quist'))
  if (!marta) throw new Error('Marta is not known')
  const before = await count()
  for (let from = 0; from < FACTS; from += 500) {
    const rows = Array.from({ length: 500 }, (_, index) => {
      const number = from + index
      return {
        id: newId<MemoryId>(),
        owner: OWNER,
        store: 'entity_memory',
        kind: 'fact',
        subjectId: marta.id,
        text: `Marta Quist measured the ${things[number % 10]} on day ${number}.`,
        status: 'active' as const,
        author: 'person',
        createdAt: new Date(test.clock.now().getTime() + number),
        updatedAt: new Date(test.clock.now().getTime() + number),
      }
    })
    await test.db.write('fill', async (tx) => {
      await tx.insert(memory).values(rows)
      await tx.insert(evidence).values(writtenByHand(rows))
      await tx.insert(embedding).values(
        rows.map(({ id, text }) => ({
          targetKind: 'memory' as const,
          targetId: id,
          owner: OWNER,
          model: test.embedder.model,
          vector: vectorOf(text, test.embedder.dimensions),
        })),
      )
    })
  }

  await test.tell('Marta Quist plays the bassoon in Uppsala.')
  await test.tell('Marta Quist measured the kiln on day 40.')
  expect((await test.texts()).join('\n')).toContain('bassoon')
  expect(await count()).toBeLessThan(before + FACTS + 10)
  for (const row of await test.db.read.select().from(job).where(ne(job.kind, CURATE)))
    expect(row, row.kind).toMatchObject({ status: 'done' })

  const { used } = await test.context('Which instrument does Marta Quist play?', { budgetTokens: 400 })
  expect(used.length).toBeGreaterThan(0)
  expect(used.length).toBeLessThan(60)
  const shown = await test.learning.entities.get(OWNER, marta.id)
  expect(shown.known.length).toBeLessThanOrEqual(100)
  expect(shown.more).toBe(true)

  // More at once than one act may take: said so, and nothing is lost.
  const active = await test.db.read.$count(memory, eq(memory.status, 'active'))
  const wanted = { entityId: marta.id }
  await expect(test.learning.forgetPreview(OWNER, wanted)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(
    test.learning.forget(OWNER, { ...wanted, mode: 'everywhere', keep: [], also: [] }),
  ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('Nothing was forgotten') })
  expect(await test.db.read.$count(memory, eq(memory.status, 'active'))).toBe(active)

  const rows = await test.db.read.select().from(memory).where(eq(memory.subjectId, marta.id))
  const ids = rows.filter(({ text }) => text.includes('bassoon')).map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(0)
  const { batchId } = await test.learning.forget(OWNER, ids)
  expect((await test.texts()).join('\n')).not.toContain('bassoon')
  await test.learning.undo(OWNER, batchId)
  expect(await test.db.read.$count(memory, eq(memory.status, 'active'))).toBe(active)
  await test.learning.forget(OWNER, ids)
  test.clock.advance(2 * UNDO_MS)
  test.jobs.wake()
  await test.learning.idle()
  expect(await test.db.read.$count(memory, inArray(memory.id, ids))).toBe(0)
  expect(await count()).toBeGreaterThan(FACTS - 10)
  await test.tell('My uncle Piet repairs church organs.')
  expect((await test.texts()).join('\n')).toContain('church organs')
})
