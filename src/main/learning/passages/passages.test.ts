import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversationId, type DocumentId, type MessageId, newId } from '../../../shared/ids.ts'
import { conversation, document, embedding, message, passage } from '../../database/schema.ts'
import { openTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { deletePassages, indexDocument, indexTurn, reindexMessage } from './passages.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const createdAt = new Date('2026-03-01T10:00:00Z')

async function turn(text: string, answer: string, status: 'complete' | 'failed' = 'complete') {
  const conversationId = newId<ConversationId>()
  const [root, question, reply] = [newId<MessageId>(), newId<MessageId>(), newId<MessageId>()]
  const at = { owner: 'me', conversationId, createdAt, status: 'complete' as const }
  await db.write('test', async (tx) => {
    await tx.insert(conversation).values({ id: conversationId, owner: 'me', createdAt, updatedAt: createdAt })
    await tx.insert(message).values([
      { ...at, id: root, role: 'root', text: '' },
      { ...at, id: question, parentId: root, role: 'user', text },
      { ...at, id: reply, parentId: question, role: 'assistant', text: answer, status },
    ])
    await indexTurn(tx, 'me', question)
  })
  return { conversationId, question, reply }
}

const of = (id: MessageId) => db.read.select().from(passage).where(eq(passage.messageId, id)).orderBy(passage.part)

describe('passages of a turn', () => {
  it('are those of the question and the answer, each in its voice; a failed answer has none', async () => {
    const { question, reply, conversationId } = await turn('I keep bees in Ghent.', 'How many hives?')
    expect(await of(question)).toMatchObject([{ voice: 'person', text: 'I keep bees in Ghent.', conversationId }])
    expect(await of(reply)).toMatchObject([{ voice: 'assistant', text: 'How many hives?' }])
    expect(await of((await turn('And now?', 'half an ans', 'failed')).reply)).toEqual([])
  })

  it('follow the text, keep what stayed, and take the vector of what went with them', async () => {
    const long = Array.from({ length: 40 }, (_, index) => `On day ${index} the bees were counted with great care.`)
    const { question } = await turn(long.join(' '), 'Noted.')
    const before = await of(question)
    expect(before.length).toBeGreaterThan(2)
    await db.write('test', async (tx) => {
      for (const row of before) {
        const vector = Float32Array.from([1, 0])
        await tx.insert(embedding).values({ targetKind: 'passage', targetId: row.id, owner: 'me', model: 'm', vector })
      }
      const text = long.join(' ').replace('On day 39 the bees were counted', 'On day 39 [forgotten]')
      await tx.update(message).set({ text }).where(eq(message.id, question))
      await reindexMessage(tx, question)
    })
    const after = await of(question)
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1))
    expect(after.at(-1)?.text).toContain('[forgotten]')
    const vectors = await db.read.select().from(embedding)
    expect(vectors.map(({ targetId }) => targetId).sort()).toEqual(
      before
        .slice(0, -1)
        .map(({ id }) => id)
        .sort(),
    )
  })

  it('are made once however often a turn is indexed, also of a text that says the same thing twice', async () => {
    const same = Array.from({ length: 60 }, () => 'The same sentence stands here again and again for ever.').join(' ')
    const { question } = await turn(same, 'Noted.')
    const before = await of(question)
    await db.write('test', (tx) => indexTurn(tx, 'me', question))
    expect(await of(question)).toEqual(before)
  })

  it('go when the person asks not to learn from the message, and when it is deleted', async () => {
    const { question, reply } = await turn('My doctor is Ilse Brandt.', 'I see.')
    await db.write('test', async (tx) => {
      await tx.update(message).set({ learnable: false }).where(eq(message.id, question))
      await reindexMessage(tx, question)
      await deletePassages(tx, { messages: [reply] })
    })
    expect([...(await of(question)), ...(await of(reply))]).toEqual([])
  })
})

it('a document has passages in a voice of its own', async () => {
  const id = newId<DocumentId>()
  await db.write('test', async (tx) => {
    const [row] = await tx
      .insert(document)
      .values({ id, owner: 'me', name: 'lease.txt', text: 'The lease ends in June.', createdAt })
      .returning()
    if (row) await indexDocument(tx, row)
  })
  const rows = await db.read.select().from(passage).where(eq(passage.documentId, id))
  expect(rows).toMatchObject([
    { voice: 'document', source: 'document', text: 'The lease ends in June.', at: createdAt },
  ])
})
