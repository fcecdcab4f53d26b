// What the check of a whole database finds: nothing in a good one, and each kind of damage by its name.
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BatchId, type ConversationId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import type { WriteHandle } from './database.ts'
import { checkIntegrity } from './integrity.ts'
import { conversation, embedding, evidence, journal, memory, message } from './schema.ts'
import { openTestDatabase, type TestDatabase, writtenByHand } from './testing.ts'

let db: TestDatabase
const at = new Date('2026-03-01T10:00:00Z')
const ids = Array.from({ length: 30 }, () => newId<MemoryId>())
beforeAll(async () => {
  db = await openTestDatabase()
  await db.write('whole', async (tx) => {
    for (const [index, id] of ids.entries()) await insert(tx, id, `The cellar holds bottle number${index} of cider.`)
    const conversationId = newId<ConversationId>()
    const root = newId<MessageId>()
    const base = { owner: 'me', conversationId, text: '', status: 'complete' as const, createdAt: at }
    await tx
      .insert(conversation)
      .values({ id: conversationId, owner: 'me', headId: root, createdAt: at, updatedAt: at })
    await tx.insert(message).values({ ...base, id: root, role: 'root' })
    await tx.insert(message).values({ ...base, id: newId<MessageId>(), parentId: root, role: 'user', text: 'Bottles.' })
  })
})
afterAll(() => db.close())

async function insert(tx: WriteHandle, id: MemoryId, text: string): Promise<void> {
  const row = { id, owner: 'me', store: 'user_memory', kind: 'fact', text, createdAt: at }
  const [whole] = await tx
    .insert(memory)
    .values({ ...row, status: 'active', author: 'person', updatedAt: at })
    .returning()
  await tx.insert(evidence).values(writtenByHand([row]))
  await tx.insert(journal).values({
    ...{ owner: 'me', batchId: newId<BatchId>(), at, actor: 'person', memoryId: id, store: row.store, action: 'add' },
    after: { memory: whole, evidence: [] },
  })
}

/** What the check says while this stands; it is taken back. */
async function findingsAfter(damage: (tx: WriteHandle) => Promise<unknown>): Promise<string[]> {
  let found: string[] = []
  const back = new Error('taken back')
  await expect(
    db.write('damage', async (tx) => {
      await damage(tx)
      found = (await checkIntegrity(tx)).map(({ rule, where }) => `${rule}: ${where}`)
      throw back
    }),
  ).rejects.toThrow(back)
  return found
}

it('finds nothing in a whole database', async () => {
  expect(await checkIntegrity(db.read)).toEqual([])
})

it('finds an item that changed without a word in the journal, or is in it no more', async () => {
  const [id, other] = ids as [MemoryId, MemoryId]
  expect(
    await findingsAfter((tx) => tx.update(memory).set({ text: 'Something else.' }).where(eq(memory.id, id))),
  ).toContain('every item is as the journal says: memory')
  expect(await findingsAfter((tx) => tx.execute(sql`delete from memory where id = ${other}`))).toContain(
    'what the journal keeps is there: journal',
  )
})

it('finds what points at nothing', async () => {
  const vector = new Float32Array(3)
  expect(
    await findingsAfter((tx) =>
      tx.insert(embedding).values({ targetKind: 'memory', targetId: newId(), owner: 'me', model: 'm', vector }),
    ),
  ).toEqual(['every vector belongs to something: embedding'])
  expect(await findingsAfter((tx) => tx.update(conversation).set({ headId: newId<MessageId>() }))).toEqual([
    'every chat shows a branch of its own: conversation',
  ])
})

it('finds rows an index has lost', async () => {
  // Rows of a table that is told it has no index meanwhile are in none, as after a write that did not reach the disk.
  const lost = async (tx: WriteHandle, name: string, change: (tx: WriteHandle) => Promise<unknown>) => {
    const set = (value: boolean) =>
      tx.execute(
        sql`update pg_index set indisready = ${value}, indislive = ${value} where indexrelid = ${name}::regclass`,
      )
    await set(false)
    await tx.execute(sql`alter table memory reset (fillfactor)`)
    await change(tx)
    await tx.execute(sql`set constraints all immediate`)
    await set(true)
    await tx.execute(sql`alter table memory reset (fillfactor)`)
  }
  const add = (tx: WriteHandle) => insert(tx, newId<MemoryId>(), 'Nobody indexed this zeppelin.')
  expect(await findingsAfter((tx) => lost(tx, 'memory_by_store', add))).toEqual(['index: memory_by_store'])
  expect(await findingsAfter((tx) => lost(tx, 'memory_words', add))).toEqual(['words: memory_words'])
})
