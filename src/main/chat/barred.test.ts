// The used line of an answer that rests on what was said elsewhere, and taking that out of recall.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversationId, type MessageId, newId, type PassageId } from '../../shared/ids.ts'
import { conversation, message, passage, usage } from '../database/schema.ts'
import { openTestDatabase, type TestDatabase } from '../database/testing.ts'
import { viewPassages } from '../learning/context/sources.ts'
import { allowMessages, answersThatUsed, barMessages } from './barred.ts'
import { readBranch, viewMessages } from './messages.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const at = new Date('2026-03-03T10:00:00Z')

/** A conversation of one question and one answer; the question has one passage. */
async function aConversation(owner: string, title: string) {
  const id = newId<ConversationId>()
  const [root, question, answer] = [newId<MessageId>(), newId<MessageId>(), newId<MessageId>()]
  const passageId = newId<PassageId>()
  const row = { owner, conversationId: id, status: 'complete' as const, createdAt: at }
  await db.write('test.conversation', async (tx) => {
    await tx.insert(conversation).values({ id, owner, title, headId: answer, createdAt: at, updatedAt: at })
    await tx.insert(message).values([
      { ...row, id: root, parentId: null, role: 'root', text: '' },
      { ...row, id: question, parentId: root, role: 'user', text: `About ${title}` },
      { ...row, id: answer, parentId: question, role: 'assistant', text: 'Well.' },
    ])
    await tx.insert(passage).values({
      ...{ id: passageId, owner, source: 'message', messageId: question, conversationId: id, part: 0 },
      ...{ voice: 'person', text: `About ${title}`, start: 0, end: 6 + title.length, at },
    })
  })
  return { id, question, answer, passageId }
}

async function uses(owner: string, answer: MessageId, passageId: PassageId): Promise<void> {
  const reason = { kind: 'words' as const, words: ['boats'], similarity: null }
  const row = { messageId: answer, rank: 0, owner, passageId, section: 'recalled' as const, reason, tokens: 12 }
  await db.write('test.usage', (tx) => tx.insert(usage).values(row))
}

async function usedBy(owner: string, { id, answer }: { id: ConversationId; answer: MessageId }) {
  const learning = {
    turnsOf: async () => new Map(),
    passagesOf: (whose: string, ids: PassageId[]) => viewPassages(db.read, whose, ids),
    proposals: { askedIn: async () => new Map() },
  }
  const views = await viewMessages(db.read, learning, owner, await readBranch(db.read, owner, id, answer))
  return views.find((view) => view.id === answer)?.used
}

describe('an answer that used what was said elsewhere', () => {
  it('shows the words, whose they are and where they stand', async () => {
    const [boats, asking] = [await aConversation('ana', 'boats'), await aConversation('ana', 'asking')]
    await uses('ana', asking.answer, boats.passageId)
    expect(await usedBy('ana', asking)).toMatchObject([
      {
        kind: 'passage',
        passageId: boats.passageId,
        text: 'About boats',
        barred: false,
        tokens: 12,
        source: {
          voice: 'person',
          conversationId: boats.id,
          conversationTitle: 'boats',
          messageId: boats.question,
          at,
        },
      },
    ])
  })

  it('shows no words once they are gone, or lie in the bin until they are back', async () => {
    const [boats, asking] = [await aConversation('ben', 'boats'), await aConversation('ben', 'asking')]
    await uses('ben', asking.answer, boats.passageId)
    const bin = (trashedAt: Date | null) =>
      db.write('test.bin', (tx) => tx.update(conversation).set({ trashedAt }).where(eq(conversation.id, boats.id)))
    await bin(at)
    expect(await usedBy('ben', asking)).toMatchObject([{ kind: 'passage', passageId: null, text: null, source: null }])
    await bin(null)
    expect(await usedBy('ben', asking)).toMatchObject([{ text: 'About boats' }])
    await db.write('test.delete', (tx) => tx.delete(conversation).where(eq(conversation.id, boats.id)))
    expect(await usedBy('ben', asking)).toMatchObject([{ kind: 'passage', text: null, source: null, tokens: 12 }])
  })
})

describe('taking messages out of recall', () => {
  it('bars one message, says so where it was used, and can be taken back', async () => {
    const [boats, asking] = [await aConversation('cleo', 'boats'), await aConversation('cleo', 'asking')]
    await uses('cleo', asking.answer, boats.passageId)
    const bar = () => db.write('test.bar', (tx) => barMessages(tx, 'cleo', boats.id, boats.question))
    expect(await bar()).toEqual([boats.question])
    // Barred already: nothing that a way back would have to bring back.
    expect(await bar()).toEqual([])
    expect(await usedBy('cleo', asking)).toMatchObject([{ barred: true, text: 'About boats' }])
    expect(await answersThatUsed(db.read, 'cleo', [boats.question])).toEqual(new Map([[asking.id, [asking.answer]]]))
    await db.write('test.allow', (tx) => allowMessages(tx, 'cleo', [boats.question]))
    expect(await usedBy('cleo', asking)).toMatchObject([{ barred: false }])
  })

  it('bars all of a conversation, and gives back only what it took', async () => {
    const boats = await aConversation('dora', 'boats')
    await db.write('test.bar', (tx) => barMessages(tx, 'dora', boats.id, boats.answer))
    const messages = await db.write('test.bar', (tx) => barMessages(tx, 'dora', boats.id, null))
    expect(messages).toEqual([boats.question])
  })

  it('touches nobody else', async () => {
    const boats = await aConversation('emil', 'boats')
    const bar = db.write('test.bar', (tx) => barMessages(tx, 'eve', boats.id, null))
    await expect(bar).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await db.write('test.bar', (tx) => barMessages(tx, 'emil', boats.id, null))
    await db.write('test.allow', (tx) => allowMessages(tx, 'eve', [boats.question]))
    expect((await viewPassages(db.read, 'emil', [boats.passageId])).get(boats.passageId)?.barred).toBe(true)
    expect(await viewPassages(db.read, 'eve', [boats.passageId])).toEqual(new Map())
  })
})
