import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BatchId, type MemoryId, newId } from '../../shared/ids.ts'
import { partsOf } from './folder.ts'
import { evidence, journal, memory } from './schema.ts'
import { searchMemoriesByWords } from './search.ts'
import { openTestDatabase, type TestDatabase, writtenByHand } from './testing.ts'
import { onlyOwn } from './visible.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

/** Files of the profile in which a text stands. */
function filesWith(text: string): string[] {
  return readdirSync(db.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}

describe('scrub', () => {
  it('leaves no byte of what was deleted, and keeps the rest', async () => {
    const at = new Date()
    const secret = 'xyloquartz'
    const base = { owner: 'me', store: 'user_memory' }
    const item = { ...base, kind: 'fact', status: 'active' as const, author: 'person', createdAt: at, updatedAt: at }
    const doomed = Array.from({ length: 50 }, () => newId<MemoryId>())
    const kept = newId<MemoryId>()
    await db.write('test', async (tx) => {
      const marmalade = { ...item, id: kept, text: 'The kept one likes marmalade.' }
      await tx.insert(memory).values(marmalade)
      await tx.insert(evidence).values(writtenByHand([marmalade]))
      for (const [index, id] of doomed.entries()) {
        const text = `Number ${index} is about ${secret}. ${'Long enough to leave its page. '.repeat(200)}`
        await tx.insert(memory).values({ ...item, id, text, data: { text } })
        await tx.insert(evidence).values(writtenByHand([{ ...item, id, text: `I said ${secret}` }]))
        await tx.insert(journal).values({
          ...base,
          batchId: newId<BatchId>(),
          at,
          actor: 'person',
          memoryId: id,
          action: 'add',
          after: { text },
        })
      }
    })
    await db.write('test', (tx) => tx.execute(sql`analyze`))
    const { backups } = partsOf(db.folder)
    mkdirSync(join(backups, 'before-schema-1-x'), { recursive: true })
    writeFileSync(join(backups, 'before-schema-1-x', 'copy'), secret)
    expect(filesWith(secret)).not.toEqual([])

    await db.write('test', async (tx) => {
      for (const id of doomed) await tx.delete(memory).where(eq(memory.id, id))
      await tx.update(journal).set({ after: null, reason: null, purgedAt: at })
    })
    await db.scrub()
    expect(filesWith(secret)).toEqual([])
    const hits = await searchMemoriesByWords(db.read, { viewer: onlyOwn('me'), query: `marmalade ${secret}`, limit: 5 })
    expect(hits.map(({ id }) => id)).toEqual([kept])
  })
})
