import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from './testing.ts'
import { makeIndex, withFewerIndexes } from './word-indexes.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** Every index as it is defined, with how much of each text its statistics may sample. */
async function indexes(): Promise<string[]> {
  const { rows } = await db.read.execute<{ index: string }>(sql`
    select indexdef || ' ' || array_agg(coalesce(attstattarget, -1) order by attnum)::text as index
    from pg_indexes join pg_attribute on attrelid = (quote_ident(schemaname) || '.' || quote_ident(indexname))::regclass
    where schemaname = 'public' group by indexdef order by 1`)
  return rows.map(({ index }) => index)
}

it('makes the indexes that very many rows took away as they were: those of recall at once, the others afterwards', async () => {
  const before = await indexes()
  let made = 0
  const many = { memory: 20_000, message: 20_000, passage: 20_000 }
  const later = await db.write('test', (tx) =>
    withFewerIndexes(
      tx,
      many,
      async () => {
        const { rows } = await tx.execute<{ name: string }>(sql`select indexname as name from pg_indexes`)
        const names = rows.map(({ name }) => name)
        for (const name of ['memory_words', 'passage_words', 'memory_find', 'message_find']) {
          expect(names).not.toContain(name)
        }
      },
      () => made++,
    ),
  )
  const there = await indexes()
  const missing = before.filter((index) => !there.includes(index)).map((index) => index.split(' ')[2])
  expect([missing, made]).toEqual([['memory_find', 'message_find'], 2])
  expect(later.map(({ rows }) => rows)).toEqual([20_000, 20_000])
  for (const index of later) await makeIndex(db, index)
  expect(await indexes()).toEqual(before)
  // What a killed process had made already.
  for (const index of later) await makeIndex(db, index)
  expect(await indexes()).toEqual(before)
})

it('leaves the indexes alone where few rows come in', async () => {
  const before = await indexes()
  expect(
    await db.write('test', (tx) =>
      withFewerIndexes(
        tx,
        { message: 500 },
        async () => {},
        () => {},
      ),
    ),
  ).toEqual([])
  expect(await indexes()).toEqual(before)
})
