// The journal as memory of what was known: at a point in time, back to it, and why.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../shared/ids.ts'
import { journal, memory } from '../../database/schema.ts'
import type { Embedder } from '../../engine/engine.ts'
import { renameEntity } from '../entities/change.ts'
import { createEntity } from '../entities/resolve.ts'
import { readEntity } from '../entities/rows.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return { model, dimensions, embed: () => Promise.reject(new Error('no embedder')) }
}

let people = 0
const newPerson = () => `state-${people++}`
const HOUR = 3_600_000

function later(): Date {
  test.clock.advance(HOUR)
  const at = test.clock.now()
  test.clock.advance(HOUR)
  return at
}

async function add(owner: string, text: string) {
  return (await test.learning.add(owner, { store: 'user_memory', text })).memory
}

async function known(owner: string, at: Date): Promise<string[]> {
  return (await test.learning.stateAt(owner, { at })).items.map(({ text }) => text).sort()
}

describe('the state at a point in time', () => {
  it('is what was known then, with what became of it since', async () => {
    const owner = newPerson()
    const before = later()
    const boat = await add(owner, 'The boat lies in Kiel.')
    const shed = await add(owner, 'The shed needs a roof.')
    const first = later()
    await test.learning.edit(owner, { id: boat.id, version: boat.version, text: 'The boat lies in Husum.' })
    const { batchId } = await test.learning.forget(owner, [shed.id])
    const second = later()

    expect(await known(owner, before)).toEqual([])
    expect(await known(owner, first)).toEqual(['The boat lies in Kiel.', 'The shed needs a roof.'])
    expect(await known(owner, second)).toEqual(['The boat lies in Husum.'])
    const { items, total, earliest } = await test.learning.stateAt(owner, { at: first, query: 'boat' })
    expect(items.map(({ since }) => since)).toEqual(['changed'])
    expect({ total, isBefore: (earliest ?? before) <= first }).toEqual({ total: 1, isBefore: true })
    await expect(test.learning.undo(owner, batchId)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('comes in pages', async () => {
    const owner = newPerson()
    for (const text of ['The ladder is in the hall.', 'Tea is served at four.', 'The dog fears thunder.']) {
      await add(owner, text)
    }
    const at = later()
    const texts: string[] = []
    for (let cursor: string | null = null, first = true; first || cursor; first = false) {
      const page = await test.learning.stateAt(owner, { at, limit: 2, cursor })
      texts.push(...page.items.map(({ text }) => text))
      expect(page.total).toBe(3)
      cursor = page.nextCursor
    }
    expect(new Set(texts).size).toBe(3)
  })

  it('has nothing of what was forgotten for good', async () => {
    const owner = newPerson()
    const secret = await add(owner, 'The gate code is ostrich.')
    const at = later()
    expect(await known(owner, at)).toHaveLength(1)
    await test.learning.forget(owner, [secret.id])
    test.clock.advance(UNDO_MS + 1000)
    test.jobs.wake()
    await test.learning.idle()
    expect(await known(owner, at)).toEqual([])
  })
})

describe('going back', () => {
  it('brings everything back in one act that can be undone, after showing what changes', async () => {
    const owner = newPerson()
    const boat = await add(owner, 'The boat lies in Kiel.')
    const at = later()
    await test.learning.edit(owner, { id: boat.id, version: boat.version, text: 'The boat lies in Husum.' })
    await test.learning.pin(owner, boat.id, true)
    const horse = await add(owner, 'The horse is called Bruno.')
    const now = later()
    const preview = await test.learning.restorePreview(owner, { at })
    expect(preview.changes.map(({ change, now, was }) => ({ change, now, was }))).toEqual([
      { change: 'changed', now: 'The boat lies in Husum.', was: 'The boat lies in Kiel.' },
      { change: 'removed', now: 'The horse is called Bruno.', was: null },
    ])
    expect(await test.texts(owner)).toHaveLength(2)

    const { batchId, count } = await test.learning.restore(owner, { at })
    expect(count).toBe(2)
    expect(await test.texts(owner)).toEqual(['The boat lies in Kiel.'])
    expect((await test.learning.get(owner, boat.id)).memory.pinned).toBe(false)
    await expect(test.learning.restore(owner, { at })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await known(owner, now)).toHaveLength(2)

    await test.learning.undo(owner, batchId)
    expect(await test.texts(owner)).toEqual(['The boat lies in Husum.', 'The horse is called Bruno.'])
    expect((await test.learning.get(owner, boat.id)).memory.pinned).toBe(true)
    expect((await test.learning.get(owner, horse.id)).memory.status).toBe('active')
  })

  it('leaves forgotten what was forgotten', async () => {
    const owner = newPerson()
    const item = await add(owner, 'The spare key hangs behind the clock.')
    const at = later()
    await test.learning.forget(owner, [item.id])
    expect((await test.learning.restorePreview(owner, { at })).count).toBe(0)
  })

  it('brings an earlier wording of one item back, and closes what replaced it', async () => {
    const owner = newPerson()
    const said = await test.tell('My office is in Lyon.', { owner })
    await test.tell('My office is in Nantes now.', { owner, conversationId: said.conversationId })
    const [old] = await test.db.read
      .select()
      .from(memory)
      .where(eq(memory.owner, owner))
      .then((rows) => rows.filter(({ status }) => status === 'superseded'))
    if (!old?.supersededBy) throw new Error('nothing was replaced')
    const { history } = await test.learning.get(owner, old.id)
    const version = history.find(({ restorable }) => restorable)
    if (!version) throw new Error('no version can be restored')
    const { batchId } = await test.learning.restore(owner, { version: { id: old.id, seq: version.seq } })
    expect((await test.learning.get(owner, old.id)).memory).toMatchObject({ status: 'active', supersededBy: null })
    expect((await test.learning.get(owner, old.supersededBy)).memory).toMatchObject({
      status: 'superseded',
      supersededBy: old.id,
    })
    await test.learning.undo(owner, batchId)
    expect((await test.learning.get(owner, old.id)).memory.status).toBe('superseded')
  })

  it('gives people and things back the names they had', async () => {
    const owner = newPerson()
    const vectors = { model: 'test', of: () => null }
    const batch = () => ({
      owner,
      id: newId<never>(),
      actor: 'person',
      author: 'person',
      at: test.clock.now(),
      extractor: null,
      vectors,
    })
    const made = await test.db.write('test', (tx) =>
      createEntity(tx, batch(), { name: 'Gera Vossen', type: 'person' }, [], 'user'),
    )
    const at = later()
    await test.db.write('test', (tx) =>
      renameEntity(tx, batch(), made.id, { version: made.version, name: 'Gera Brandt' }),
    )
    const { batchId } = await test.learning.restore(owner, { at })
    expect((await readEntity(test.db.read, owner, made.id))?.name).toBe('Gera Vossen')
    await test.learning.undo(owner, batchId)
    expect((await readEntity(test.db.read, owner, made.id))?.name).toBe('Gera Brandt')
  })
})

describe('why something is known', () => {
  it('names the words, who found it, what it replaced and since when it holds', async () => {
    const owner = newPerson()
    const said = await test.tell('My office is in Lyon.', { owner })
    const at = test.clock.now()
    await test.tell('My office is in Nantes now.', { owner, conversationId: said.conversationId })
    const [item] = (await test.learning.list(owner, { query: 'Nantes' })).items
    if (!item) throw new Error('nothing was learned')
    const { why, evidence } = await test.learning.get(owner, item.id)
    expect(evidence.map(({ quote }) => quote)).toEqual(['My office is in Nantes now.'])
    expect(why).toMatchObject({ origin: 'user', timesSaid: 1, correctedAt: null, decidedAt: null, holdsUntil: null })
    expect(why.found).toMatch(/rules|model/)
    expect(why.replaced.map(({ text }) => text)).toEqual([expect.stringContaining('Lyon')])
    expect(why.replaced[0]?.until?.getTime()).toBeGreaterThan(at.getTime() - 1)
    const written = await add(owner, 'The cat is called Schrödinger.')
    expect((await test.learning.get(owner, written.id)).why).toMatchObject({
      found: 'hand',
      origin: 'hand',
      replaced: [],
    })
  })
})

it('the journal keeps every entry', async () => {
  const owner = newPerson()
  const item = await add(owner, 'The kettle is red.')
  const seqs = async () =>
    (await test.db.read.select({ seq: journal.seq }).from(journal).where(eq(journal.owner, owner))).map(
      ({ seq }) => seq,
    )
  const before = await seqs()
  await test.learning.forget(owner, [item.id])
  test.clock.advance(UNDO_MS + 1000)
  test.jobs.wake()
  await test.learning.idle()
  expect(await seqs()).toEqual(expect.arrayContaining(before))
})
