import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MemoryId, newId } from '../../shared/ids.ts'
import type { MemoryStatus } from '../../shared/memory.ts'
import { embedding, evidence, memory } from './schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from './search.ts'
import { openTestDatabase, type TestDatabase, writtenByHand } from './testing.ts'
import { onlyOwn } from './visible.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const at = new Date('2026-03-01T10:00:00Z')
const model = 'test-model'

interface Item {
  text: string
  owner?: string
  store?: string
  status?: MemoryStatus
  namespace?: string
  vectors?: number[][]
}

async function store(items: Item[]): Promise<MemoryId[]> {
  const rows = items.map(({ vectors: _, ...item }) => ({
    id: newId<MemoryId>(),
    owner: 'me',
    store: 'user_memory',
    kind: 'fact',
    status: 'active' as const,
    author: 'person',
    createdAt: at,
    updatedAt: at,
    ...item,
  }))
  const vectors = items.flatMap(({ vectors = [], owner = 'me' }, index) =>
    vectors.map((vector, part) => ({
      targetKind: 'memory' as const,
      targetId: rows[index]?.id ?? '',
      part,
      owner,
      model,
      vector: Float32Array.from(vector),
    })),
  )
  await db.write('test', async (tx) => {
    await tx.insert(memory).values(rows)
    await tx.insert(evidence).values(writtenByHand(rows))
    if (vectors.length > 0) await tx.insert(embedding).values(vectors)
  })
  return rows.map(({ id }) => id)
}

const found = async (query: string, owner = 'me', limit = 10) =>
  (await searchMemoriesByWords(db.read, { viewer: onlyOwn(owner), query, limit, statuses: ['active'] })).map(
    ({ id }) => id,
  )

describe('search by words', () => {
  it('finds inflected words, names that are stop words, and words of other languages', async () => {
    const [moved, will, german, russian, japanese] = await store([
      { text: 'We moved the servers to Hetzner.', owner: 'w' },
      { text: 'Will plays the cello.', owner: 'w' },
      { text: 'Ich wohne in München und mag die Alpen.', owner: 'w' },
      { text: 'Моя сестра живёт в Казани.', owner: 'w' },
      { text: '東京 に 住んでいます', owner: 'w' },
    ])
    expect(await found('moving', 'w')).toEqual([moved])
    expect(await found('Does Will still play?', 'w')).toEqual([will])
    expect(await found('münchen', 'w')).toEqual([german])
    expect(await found('КАЗАНИ', 'w')).toEqual([russian])
    expect(await found('東京', 'w')).toEqual([japanese])
  })

  it('gives nothing for a query without words, or words that no memory has', async () => {
    await store([{ text: 'Tea at four.', owner: 'n' }])
    for (const query of ['', '   ', '?!…', '\0', "'; drop table memory; --", 'zebra']) {
      expect(await found(query, 'n')).toEqual([])
    }
    expect(await found('tea\0four', 'n')).toHaveLength(1)
  })

  it('ranks the memory that says more of the query first, with a score', async () => {
    const [both, one] = await store([
      { text: 'The violin teacher is Anneliese.', owner: 'r' },
      { text: 'The violin is old.', owner: 'r' },
    ])
    const hits = await searchMemoriesByWords(db.read, { viewer: onlyOwn('r'), query: 'Anneliese violin', limit: 5 })
    expect(hits.map(({ id }) => id)).toEqual([both, one])
    expect(hits[0]?.score).toBeGreaterThan(hits[1]?.score ?? 0)
    expect(hits[1]?.score).toBeGreaterThan(0)
  })

  it('fills the limit although better matches are filtered out', async () => {
    const better = Array.from({ length: 300 }, (_, index): Item => {
      const text = 'quokka quokka quokka'
      if (index % 3 === 0) return { text, owner: 'someone else' }
      return index % 3 === 1 ? { text, status: 'superseded' } : { text, store: 'user_profile' }
    })
    await store(better)
    const [mine] = await store([{ text: 'On holiday a quokka came close and looked at my sandwich for a long time.' }])
    const hits = await searchMemoriesByWords(db.read, {
      viewer: onlyOwn('me'),
      query: 'quokka',
      limit: 1,
      statuses: ['active'],
      stores: ['user_memory'],
    })
    expect(hits.map(({ id }) => id)).toEqual([mine])
    expect(
      await searchMemoriesByWords(db.read, { viewer: onlyOwn('me'), query: 'quokka', limit: 5, stores: [] }),
    ).toEqual([])
  })

  it('follows changes and deletions', async () => {
    const status = 'proposed' as const
    const [id] = await store([{ text: 'My dentist is Doctor Abel.', owner: 'c', status }])
    const found = async (query: string, owner: string) =>
      (await searchMemoriesByWords(db.read, { viewer: onlyOwn(owner), query, limit: 10, statuses: [status] })).map(
        (hit) => hit.id,
      )
    await db.write('test', (tx) =>
      tx.execute(sql`update memory set text = 'My dentist is Doctor Brandt.' where id = ${id}`),
    )
    expect(await found('Abel', 'c')).toEqual([])
    expect(await found('Brandt', 'c')).toEqual([id])
    await db.write('test', (tx) => tx.execute(sql`delete from memory where id = ${id}`))
    expect(await found('Brandt', 'c')).toEqual([])
  })

  it('ranks by the index, not row by row', async () => {
    const { rows } = await db.read.execute<{ 'QUERY PLAN': string }>(
      sql`explain select id from memory order by text <@> to_bm25query('violin', 'memory_words') limit 40`,
    )
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Index Scan using memory_words')
  })
})

describe('search by vector', () => {
  it('orders by similarity, one hit a memory, and leaves out what the filter excludes', async () => {
    const [far, near, parts] = await store([
      { text: 'far', owner: 'v', vectors: [[0, 1, 0]] },
      { text: 'near', owner: 'v', vectors: [[1, 0.1, 0]] },
      {
        text: 'parts',
        owner: 'v',
        vectors: [
          [0, 0, 1],
          [1, 0, 0],
          [1, 0.05, 0],
        ],
      },
      { text: 'trashed', owner: 'v', status: 'trashed', vectors: [[1, 0, 0]] },
      { text: 'not mine', owner: 'x', vectors: [[1, 0, 0]] },
    ])
    const search = { viewer: onlyOwn('v'), model, vector: Float32Array.from([1, 0, 0]), statuses: ['active'] as const }
    const hits = await searchMemoriesByVector(db.read, { ...search, limit: 10 })
    expect(hits.map(({ id }) => id)).toEqual([parts, near, far])
    expect(hits[0]?.similarity).toBeCloseTo(1)
    expect(hits[2]?.similarity).toBeCloseTo(0)
    expect(await searchMemoriesByVector(db.read, { ...search, limit: 2 })).toHaveLength(2)
    expect(await searchMemoriesByVector(db.read, { ...search, limit: 2, model: 'another' })).toEqual([])
  })

  it('takes the binary form of a vector for the same as its text', async () => {
    const vector = Float32Array.from({ length: 384 }, (_, index) => Math.cos(index))
    const { rows } = await db.read.execute<{ distance: number }>(
      sql`select ${vector}::vector <-> ${`[${vector.join(',')}]`}::vector as distance`,
    )
    expect(rows[0]?.distance).toBe(0)
  })
})
