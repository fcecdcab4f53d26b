import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EvidenceId, type MemoryId, newId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from './database.ts'
import { nearestVectors } from './nearest.ts'
import { embedding, evidence, memory } from './schema.ts'
import { searchMemoriesByVector } from './search.ts'
import { openTestDatabase, type TestDatabase } from './testing.ts'
import { onlyOwn } from './visible.ts'

const COUNT = 6000
const DIMENSIONS = 70
const LIMIT = 60
const space = { owner: 'me', model: 'test-model', targetKind: 'memory' as const }
/** Everything may be shown. */
const filter = { joins: sql``, isShown: sql`true` }
const at = new Date('2026-03-01T10:00:00Z')

/** 0 to 1, the same in each run (mulberry32). */
let state = 11
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0
  let t = Math.imul(state ^ (state >>> 15), state | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const themes = Array.from({ length: 40 }, () => Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5))
/** Near one of a few themes, as texts are. */
function vectorLike(theme = Math.floor(random() * themes.length)): Float32Array {
  const raw = Float32Array.from(themes[theme] ?? [], (value) => value + (random() - 0.5) * 0.8)
  const norm = Math.hypot(...raw)
  return raw.map((value) => value / norm)
}

let db: TestDatabase
const ids: MemoryId[] = []
beforeAll(async () => {
  db = await openTestDatabase()
  await db.write('drop', (tx) => tx.execute(sql`drop index memory_words`))
  for (let from = 0; from < COUNT; from += 500) ids.push(...(await db.write('fill', (tx) => put(tx, 500))))
})
afterAll(() => db.close())

/** Every tenth is archived. */
async function put(tx: WriteHandle, count: number, vector = () => vectorLike()): Promise<MemoryId[]> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: newId<MemoryId>(),
    owner: 'me',
    store: 'user_memory',
    kind: 'fact',
    text: 'x',
    status: index % 10 === 9 ? ('archived' as const) : ('active' as const),
    author: 'person',
    createdAt: at,
    updatedAt: at,
  }))
  await tx.insert(memory).values(rows)
  const byHand = { owner: 'me', origin: 'hand' as const, quote: 'x', at }
  await tx.insert(evidence).values(rows.map(({ id }) => ({ ...byHand, id: newId<EvidenceId>(), memoryId: id })))
  await tx.insert(embedding).values(rows.map(({ id }) => ({ ...space, targetId: id, vector: vector() })))
  return rows.map(({ id }) => id)
}

async function allCompared(vector: Float32Array, status: string): Promise<MemoryId[]> {
  const { rows } = await db.read.execute<{ id: MemoryId }>(sql`
    select target_id as id from embedding join memory on memory.id = target_id where memory.status = ${status}
    order by vector <=> ${vector}::vector limit ${LIMIT}`)
  return rows.map(({ id }) => id)
}

const search = async (vector: Float32Array, statuses: ('active' | 'archived')[], handle: ReadHandle = db.read) =>
  (
    await searchMemoriesByVector(handle, { viewer: onlyOwn('me'), model: space.model, statuses, vector, limit: LIMIT })
  ).map(({ id }) => id)

describe('search among very many vectors', () => {
  it('goes through the sketches, and finds what comparing all finds, also behind a filter', async () => {
    expect(await db.read.sketches.of.firstPass(space, vectorLike(), LIMIT)).toBe(null)
    await nearestVectors(db.read, { ...space, vector: vectorLike(), take: 1, filter })
    const first = await db.read.sketches.of.firstPass(space, vectorLike(), LIMIT)
    expect(first?.worth.length).toBeGreaterThanOrEqual(600)
    expect(first?.worth.length).toBeLessThan(COUNT / 3)

    for (const status of ['active', 'archived'] as const) {
      let same = 0
      for (let round = 0; round < 20; round++) {
        const vector = vectorLike(round)
        const found = await search(vector, [status])
        const right = new Set(await allCompared(vector, status))
        expect(found).toHaveLength(LIMIT)
        same += found.filter((id) => right.has(id)).length
      }
      expect(same / (20 * LIMIT)).toBeGreaterThanOrEqual(0.98)
    }
  })

  it('finds what was just written, and no more what was deleted', async () => {
    const vector = vectorLike(3)
    const [fresh] = await db.write('add', (tx) => put(tx, 1, () => vector))
    expect((await search(vector, ['active']))[0]).toBe(fresh)
    await db.write('delete', (tx) => tx.delete(embedding).where(sql`target_id = ${fresh}`))
    expect(await search(vector, ['active'])).not.toContain(fresh)

    const many = new Set(await search(vector, ['active', 'archived']))
    await db.write('delete', (tx) => tx.delete(embedding).where(sql`target_id in ${[...many]}`))
    const others = await search(vector, ['active', 'archived'])
    expect(others).toHaveLength(LIMIT)
    expect(others.filter((id) => many.has(id))).toEqual([])
  })

  it('inside a transaction sees what it wrote and deleted, and forgets that when it is taken back', async () => {
    const vector = vectorLike(5)
    const before = await search(vector, ['active'])
    const taken = db.write('taken back', async (tx) => {
      const [fresh] = await put(tx, 1, () => vector)
      await tx.delete(embedding).where(sql`target_id in ${before.slice(0, 30)}`)
      const inside = await search(vector, ['active'], tx)
      expect(inside[0]).toBe(fresh)
      expect(inside.filter((id) => before.slice(0, 30).includes(id))).toEqual([])
      throw new Error('taken back')
    })
    await expect(taken).rejects.toThrow('taken back')
    expect(await search(vector, ['active'])).toEqual(before)
  })

  it('keeps owners and models apart', async () => {
    const other = { owner: 'you', model: 'test-model', targetKind: 'memory' as const }
    const elsewhere = await nearestVectors(db.read, { ...other, vector: vectorLike(), take: 5, filter })
    expect(elsewhere).toEqual({ near: [], isAll: true })
    const old = await nearestVectors(db.read, { ...space, model: 'old-model', vector: vectorLike(), take: 5, filter })
    expect(old).toEqual({ near: [], isAll: true })
  })
})
