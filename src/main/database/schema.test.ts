import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BatchId, type MemoryId, newId } from '../../shared/ids.ts'
import type { WriteHandle } from './database.ts'
import * as schema from './schema.ts'
import { evidence, journal, memory } from './schema.ts'
import { openTestDatabase, type TestDatabase, writtenByHand } from './testing.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const at = new Date('2026-03-01T10:00:00Z')
const migrations = join(import.meta.dirname, 'migrations')

describe('the schema', () => {
  it('in TypeScript is what the migrations make', async () => {
    const { entries } = JSON.parse(readFileSync(join(migrations, 'meta', '_journal.json'), 'utf8')) as {
      entries: { tag: string }[]
    }
    const last = entries.at(-1)?.tag.slice(0, 4)
    const snapshot = JSON.parse(readFileSync(join(migrations, 'meta', `${last}_snapshot.json`), 'utf8'))
    // What is missing here is made with `npx drizzle-kit generate`.
    expect(await generateMigration(snapshot, generateDrizzleJson(schema, snapshot.id))).toEqual([])
  })

  it('in the database is this, once every migration ran', async () => {
    const lines = async (query: ReturnType<typeof sql>) =>
      (await db.read.execute<{ line: string }>(query)).rows.map(({ line }) => line)
    const columns = await lines(sql`
      select format('%s.%s %s%s%s', table_name, column_name, udt_name,
        case when is_nullable = 'NO' then ' not null' else '' end, ' default ' || column_default) as line
      from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`)
    const constraints = await lines(sql`
      select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) as line from pg_constraint
      where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid <> 0 order by 1`)
    const indexes = await lines(sql`select indexdef as line from pg_indexes where schemaname = 'public' order by 1`)
    const triggers = await lines(sql`
      select pg_get_triggerdef(oid) as line from pg_trigger where not tgisinternal order by 1`)
    const views = await lines(sql`
      select format('%s: %s', viewname, regexp_replace(definition, '\\s+', ' ', 'g')) as line
      from pg_views where schemaname = 'public' order by 1`)
    expect({ columns, constraints, indexes, triggers, views }).toMatchSnapshot()
  })
})

async function addMemory(tx: WriteHandle, text: string, store = 'user_profile', status = 'active' as const) {
  const id = newId<MemoryId>()
  const base = { owner: 'me', store, kind: 'fact', text, status, author: 'person', createdAt: at, updatedAt: at }
  await tx.insert(memory).values({ ...base, id })
  await tx.insert(evidence).values(writtenByHand([{ ...base, id }]))
  return id
}

it('samples no texts for statistics, where a forgotten one would live on', async () => {
  const { rows } = await db.read.execute<{ index: string }>(sql`
    select distinct attrelid::regclass::text as index from pg_attribute join pg_index on indexrelid = attrelid
    where indexprs is not null and coalesce(attstattarget, -1) <> 0 and atttypid = 'text'::regtype
      and indrelid::regclass::text in (select table_name from information_schema.tables where table_schema = 'public')`)
  expect(rows).toEqual([])
})

describe('the rules of the database', () => {
  it('keep evidence as it was written; it goes with its memory', async () => {
    const id = await db.write('test', async (tx) => {
      const memoryId = await addMemory(tx, 'Lives in Ghent.')
      return memoryId
    })
    const change = db.write('test', (tx) =>
      tx.update(evidence).set({ quote: 'I live in Paris' }).where(eq(evidence.memoryId, id)),
    )
    await expect(change).rejects.toMatchObject({ code: '23001' })
    await db.write('test', (tx) => tx.delete(memory).where(eq(memory.id, id)))
    expect(await db.read.$count(evidence, eq(evidence.memoryId, id))).toBe(0)
  })

  it('let the journal grow, be blanked by a purge and note an undo, and nothing else', async () => {
    const entry = {
      owner: 'me',
      batchId: newId<BatchId>(),
      at,
      actor: 'person',
      memoryId: newId<MemoryId>(),
      store: 'user_profile',
      action: 'add' as const,
      after: { text: 'Lives in Ghent.' },
      reason: 'said so',
    }
    const [added] = await db.write('test', (tx) => tx.insert(journal).values(entry).returning())
    const seq = added?.seq ?? 0
    const set = (values: Partial<typeof journal.$inferInsert>) =>
      db.write('test', (tx) => tx.update(journal).set(values).where(eq(journal.seq, seq)))

    const forbidden: Partial<typeof journal.$inferInsert>[] = [
      { after: { text: 'Lives in Paris.' } },
      { after: null },
      { after: { text: 'Lives in Paris.' }, purgedAt: at },
      { purgedAt: at, after: null, actor: 'tool' },
      { at: new Date() },
    ]
    for (const values of forbidden) await expect(set(values)).rejects.toMatchObject({ code: '23001' })
    await expect(db.write('test', (tx) => tx.delete(journal))).rejects.toMatchObject({ code: '23001' })
    await expect(db.write('test', (tx) => tx.execute(sql`truncate journal`))).rejects.toMatchObject({ code: '23001' })

    const undoneBy = newId<BatchId>()
    await set({ undoneBy })
    await set({ after: null, reason: null, purgedAt: at })
    const [row] = await db.read.select().from(journal).where(eq(journal.seq, seq))
    expect(row).toMatchObject({ ...entry, after: null, reason: null, undoneBy, purgedAt: at })
    await expect(set({ purgedAt: null })).rejects.toMatchObject({ code: '23001' })
  })

  it('show active memories of a store in its view', async () => {
    await db.write('test', async (tx) => {
      await addMemory(tx, 'Speaks Dutch.')
      await addMemory(tx, 'Has a bike.', 'user_memory')
    })
    const { rows } = await db.read.execute<{ profile: string; memory: string }>(
      sql`select user_profile.text as profile, user_memory.text as memory from user_profile, user_memory`,
    )
    expect(rows).toEqual([{ profile: 'Speaks Dutch.', memory: 'Has a bike.' }])
  })
})
