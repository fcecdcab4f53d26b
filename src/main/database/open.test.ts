import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversationId, type JobId, newId } from '../../shared/ids.ts'
import { conversation, embedding, job, setting } from './schema.ts'
import { openTestDatabase, type TestDatabase } from './testing.ts'
import { readVector } from './vectors.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const at = new Date('2026-03-01T10:11:12.345Z')
const newConversation = (title: string) => ({
  id: newId<ConversationId>(),
  owner: 'me',
  title,
  createdAt: at,
  updatedAt: at,
})

describe('reads and writes', () => {
  it('gives back dates, JSON and booleans as they were written', async () => {
    const row = newConversation('Trip')
    await db.write('test', (tx) => tx.insert(conversation).values(row))
    const [found] = await db.read.select().from(conversation).where(eq(conversation.id, row.id))
    expect(found).toMatchObject({ title: 'Trip', createdAt: at, trashedAt: null, coreBlock: null })
    const raw = await db.read.execute<{ created_at: Date; n: number }>(
      sql`select created_at, 1 as n from conversation where id = ${row.id}`,
    )
    expect(raw.rows).toEqual([{ created_at: at, n: 1 }])
  })

  it('keeps a JSON string that looks like a number a string', async () => {
    const values = ['12', 'true', 'plain', 12, true, { a: ['"'] }, 'nu"ll']
    await db.write('test', async (tx) => {
      for (const [index, value] of values.entries()) {
        await tx.insert(setting).values({ owner: 'me', key: `k${index}`, value })
      }
    })
    const rows = await db.read.select().from(setting).orderBy(setting.key)
    expect(rows.map(({ value }) => value)).toEqual(values)
  })

  it('carries vectors without loss', async () => {
    const vector = Float32Array.from({ length: 384 }, (_, index) => Math.sin(index) / 3)
    const targetId = newId<ConversationId>()
    await db.write('test', (tx) =>
      tx.insert(embedding).values({ targetKind: 'memory', targetId, owner: 'me', model: 'm', vector }),
    )
    const [found] = await db.read
      .select({ text: embedding.vector, bytes: readVector(embedding.vector) })
      .from(embedding)
      .where(eq(embedding.targetId, targetId))
    expect(found?.bytes).toEqual(vector)
    expect(found?.text).toEqual(vector)
  })

  it('takes a transaction back when its work throws', async () => {
    const row = newConversation('never')
    await expect(
      db.write('test', async (tx) => {
        await tx.insert(conversation).values(row)
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await db.read.$count(conversation, eq(conversation.id, row.id))).toBe(0)
  })

  it('does not let reads see a transaction before it is over', async () => {
    const row = newConversation('half')
    const { promise: started, resolve: start } = deferred()
    const writing = db.write('test', async (tx) => {
      await tx.insert(conversation).values(row)
      start()
      await tx.execute(sql`select 1`)
      await tx.delete(conversation).where(eq(conversation.id, row.id))
    })
    await started
    const count = db.read.$count(conversation, eq(conversation.id, row.id))
    await writing
    expect(await count).toBe(0)
  })

  it('refuses to write through the read handle', async () => {
    await expect(db.read.execute(sql`delete from setting`)).rejects.toMatchObject({ code: '25006' })
  })

  it('says so when the database is used beside the handle of a transaction', async () => {
    await expect(db.write('outer', () => db.write('inner', async () => {}))).rejects.toThrow(
      'write("inner") was called inside write("outer")',
    )
    await expect(db.write('outer', () => db.read.select().from(setting))).rejects.toThrow('inside write("outer")')
  })

  it('does not commit when the error of a statement was swallowed', async () => {
    const row = newConversation('swallowed')
    await expect(
      db.write('test', async (tx) => {
        await tx.insert(conversation).values(row)
        await tx.execute(sql`select 1 / 0`).catch(() => {})
      }),
    ).rejects.toThrow('was swallowed')
    expect(await db.read.$count(conversation, eq(conversation.id, row.id))).toBe(0)
  })

  it('tells of a repeated key as a conflict, without any private text', async () => {
    const row = newConversation('my secret plan')
    await db.write('test', (tx) => tx.insert(conversation).values(row))
    const error = await db.write('test', (tx) => tx.insert(conversation).values(row)).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'CONFLICT', details: { constraint: 'conversation_pkey' } })
    const failed = await db
      .write('test', (tx) => tx.execute(sql`select ${'my secret plan'}::integer + x from conversation`))
      .catch((cause: unknown) => cause)
    expect(String(error)).not.toContain('secret')
    expect(`${(failed as Error).message}\n${(failed as Error).stack}`).not.toContain('secret')
  })

  it('queues one job a key', async () => {
    const row = { owner: 'me', kind: 'learn', key: 'm1', runAfter: at, createdAt: at }
    for (let repeat = 0; repeat < 2; repeat++) {
      await db.write('test', (tx) =>
        tx
          .insert(job)
          .values({ ...row, id: newId<JobId>() })
          .onConflictDoNothing(),
      )
    }
    expect(await db.read.$count(job)).toBe(1)
  })
})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
