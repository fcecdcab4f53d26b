import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowShape } from './messages.ts'
import { Statements } from './statements.ts'

let database: PGlite
let statements: Statements
beforeAll(async () => {
  database = await PGlite.create()
  await database.exec('create table kept (id int primary key, data jsonb, at timestamptz, words text[], bytes bytea)')
  statements = new Statements(database, { array: {}, object: {} })
})
afterAll(() => database.close())

/** What it gives the first time, which is PGlite's own answer, and what it gives once it is kept. */
async function often(sql: string, params: unknown[], rows: RowShape) {
  const [first, ...later] = [
    await statements.run(sql, params, rows),
    await statements.run(sql, params, rows),
    await statements.run(sql, params, rows),
  ]
  return { first, later }
}

async function kept(): Promise<number> {
  const { rows } = await database.query<{ n: number }>('select count(*)::int as n from pg_prepared_statements')
  return rows[0]?.n ?? 0
}

describe('a statement that is asked often', () => {
  it.each<RowShape>(['array', 'object'])('gives what it gave the first time, of every type, as %s', async (shape) => {
    const at = new Date('2026-03-02T23:30:00.123Z')
    const sql = `select $1::int as n, $2::text as text, $3::jsonb as data, $4::timestamptz as at, $5::text[] as words,
      $6::bytea as bytes, $7::bool as yes, $8::float8 as real, null::int as nothing, $9::bigint[] as many, '' as empty`
    const params = [
      7,
      "it's; \\ 🐦",
      { a: [1, '"'] },
      at,
      ['x', 'y, "z"', ''],
      Uint8Array.of(0, 255),
      true,
      1.5,
      [2, 3],
    ]
    const { first, later } = await often(sql, params, shape)
    expect(first.rows).toHaveLength(1)
    expect(JSON.stringify(first.rows)).toContain('🐦')
    for (const result of later) expect(result.rows).toEqual(first.rows)
    for (const result of later) expect(result.fields).toEqual(first.fields)
  })

  it('says how many rows it changed, and what it was', async () => {
    const insert = (from: number) =>
      statements.run('insert into kept (id) select generate_series($1::int, $2::int)', [from, from + 2], 'object')
    for (const from of [10, 20, 30]) {
      expect(await insert(from)).toMatchObject({ affectedRows: 3, command: 'INSERT', rows: [] })
    }
    const { first, later } = await often('select id from kept where id >= $1', [20], 'object')
    expect(first).toMatchObject({ affectedRows: 0, command: 'SELECT' })
    for (const result of later) expect(result).toEqual(first)
  })

  it('that fails says why, and the next one is answered', async () => {
    const insert = (id: unknown) => statements.run('insert into kept (id) values ($1)', [id], 'object')
    for (const id of [1, 2, 3]) await insert(id)
    await expect(insert(3)).rejects.toMatchObject({ code: '23505', constraint: 'kept_pkey' })
    await expect(insert('three')).rejects.toMatchObject({ code: '22P02' })
    expect(await insert(4)).toMatchObject({ affectedRows: 1 })
  })

  it('is told by what it asks, inside a transaction that is taken back too', async () => {
    const count = () => statements.run('select count(*)::int as n from kept where id > $1', [100], 'object')
    const before = await count()
    await statements.run('begin', [], 'object')
    await statements.run('insert into kept (id) values ($1)', [101], 'object')
    expect((await count()).rows).toEqual([{ n: 1 }])
    await statements.run('rollback', [], 'object')
    expect((await count()).rows).toEqual(before.rows)
  })

  it('is not kept for ever: a thousand different ones leave the session with a few hundred', async () => {
    for (let n = 0; n < 1000; n++) {
      for (const _ of [1, 2]) await statements.run(`select ${n} as n, $1::int as other`, [n], 'object')
    }
    expect(await kept()).toBeLessThanOrEqual(400)
    expect((await statements.run('select 3 as n, $1::int as other', [3], 'object')).rows).toEqual([{ n: 3, other: 3 }])
  })

  it('has the columns of today after a migration', async () => {
    const all = () => statements.run('select * from kept where id = $1', [1], 'object')
    for (const _ of [1, 2, 3]) await all()
    await database.exec('alter table kept add column later int default 5')
    await statements.clear()
    for (const _ of [1, 2, 3]) expect((await all()).rows).toMatchObject([{ id: 1, later: 5 }])
  })
})
