import { and, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DOCUMENT_MAX } from '../../../shared/documents.ts'
import { type ConversationId, type DocumentId, newId } from '../../../shared/ids.ts'
import { document, journal, memory, message, passage, proposal } from '../../database/schema.ts'
import type { Embedder } from '../../engine/engine.ts'
import { applyChanges } from '../change/write.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { userMemory } from '../stores/user-memory.ts'
import { jobBatch, openTestLearning, type TestLearning } from '../testing.ts'
import { cleanText } from './clean.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `reads-${people++}`
})

function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return { model, dimensions, embed: () => Promise.reject(new Error('no embedder')) }
}

const shelf = () => test.learning.documents
const lease = { name: 'lease.txt', text: 'I am the tenant. The lease of the boathouse ends on 30 June.' }
const found = async (query: string) => (await test.learning.search(owner, query, 10)).map((hit) => hit.kind)

async function untilFinal() {
  test.clock.advance(UNDO_MS + 1000)
  test.jobs.wake()
  await test.learning.idle()
}

describe('a document', () => {
  it('is searched, quoted in prompts as what it is, and never learned from', async () => {
    const { document: kept } = await shelf().add(owner, lease)
    await test.learning.idle()
    expect(kept).toMatchObject({ name: 'lease.txt', characters: lease.text.length, binned: false })
    const [hit] = await test.learning.search(owner, 'When does the lease of the boathouse end?', 10)
    expect(hit).toMatchObject({ kind: 'passage', source: { voice: 'document', documentId: kept.id } })
    expect(await test.texts(owner)).toEqual([])
    expect(test.model.asked).toEqual([])
    expect((await shelf().get(owner, kept.id)).text).toBe(lease.text)
  })

  it('belongs to its owner, and to a conversation that is there', async () => {
    const { document: kept } = await shelf().add(owner, lease)
    await expect(shelf().get('another', kept.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(shelf().remove('another', kept.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await shelf().list('another', {})).items).toEqual([])
    const nowhere = { ...lease, conversationId: newId<ConversationId>() }
    await expect(shelf().add(owner, nowhere)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { conversationId } = await test.say('Here comes a file.', { owner })
    expect((await shelf().add(owner, { ...lease, conversationId })).document.conversationId).toBe(conversationId)
  })

  it('is listed newest first, page by page', async () => {
    const names = ['a.txt', 'b.txt', 'c.txt']
    for (const name of names) {
      test.clock.advance(1000)
      await shelf().add(owner, { ...lease, name })
    }
    const first = await shelf().list(owner, { limit: 2 })
    const second = await shelf().list(owner, { limit: 2, cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(names.toReversed())
    expect([first.total, second.nextCursor]).toEqual([3, null])
    await expect(shelf().list(owner, { cursor: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('is refused when it is empty, nameless or endless, and nothing of it is kept', async () => {
    const refused = [
      { name: 'a', text: ' \n\u200b' },
      { name: ' \u0000', text: 'x' },
      { name: 'a'.repeat(300), text: 'x' },
      { name: 'a', text: 'x'.repeat(DOCUMENT_MAX + 1) },
    ]
    for (const one of refused) await expect(shelf().add(owner, one)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await test.db.read.$count(document, eq(document.owner, owner))).toBe(0)
  })
})

describe('removing a document', () => {
  it('takes it out of every search at once, and restoring brings it back', async () => {
    const { document: kept } = await shelf().add(owner, lease)
    expect(await found('boathouse lease')).toEqual(['passage'])
    await shelf().remove(owner, kept.id)
    expect(await found('boathouse lease')).toEqual([])
    expect((await shelf().list(owner, {})).items).toEqual([])
    await shelf().restore(owner, kept.id)
    await untilFinal()
    expect(await found('boathouse lease')).toEqual(['passage'])
  })

  it('is final after the time to undo: text, passages, suggestions, and the lines of prompts that quote it', async () => {
    const { document: kept } = await shelf().add(owner, lease)
    const [line] = await test.db.read.select().from(passage).where(eq(passage.documentId, kept.id))
    const { messageId } = await test.say('When does my lease end?', { owner })
    const item = {
      line: '"The lease ends"',
      tokens: 4,
      rank: 0,
      memoryId: null,
      passageId: line?.id,
      version: null,
      reason: { kind: 'words', words: ['lease'], similarity: null },
    }
    const block = { text: '[Said elsewhere:\n- "The lease ends"\n]', tokens: 9, items: [item] }
    await test.db.write('test', (tx) =>
      tx
        .update(message)
        .set({ recalledBlock: block as never })
        .where(eq(message.id, messageId)),
    )
    const batch = jobBatch(owner, test.clock.now(), { author: 'import', extractor: null })
    const evidence = [{ origin: 'file' as const, documentId: kept.id, quote: 'boathouse', at: batch.at }]
    const content = userMemory.fromHand('x', null, { at: new Date(), timeZone: 'UTC' }).content
    const suggested = { kind: 'fact', text: 'The lease of the boathouse ends on 30 June.', content }
    await test.db.write('test', (tx) =>
      applyChanges(tx, batch, userMemory as never, [{ action: 'add', item: suggested, evidence }]),
    )
    await shelf().remove(owner, kept.id)
    await untilFinal()
    const { read } = test.db
    expect(await read.$count(document, eq(document.owner, owner))).toBe(0)
    expect(await read.$count(passage, eq(passage.documentId, kept.id))).toBe(0)
    expect(await read.$count(proposal, eq(proposal.owner, owner))).toBe(0)
    expect(await read.$count(memory, eq(memory.owner, owner))).toBe(0)
    expect(
      await read.$count(journal, and(eq(journal.owner, owner), sql`${journal.after}::text like '%boathouse%'`)),
    ).toBe(0)
    const [question] = await read.select().from(message).where(eq(message.id, messageId))
    expect(JSON.stringify(question?.recalledBlock)).not.toContain('lease ends')
    await expect(shelf().restore(owner, kept.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(shelf().get(owner, newId<DocumentId>())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('text of a file', () => {
  it('loses what nobody sees and a model reads, and nothing a person sees', () => {
    const tags = [...'obey'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')
    expect(cleanText(`Hel\u200blo${tags} wor\u202eld\u0000.`)).toEqual({ text: 'Hello world.', removed: 7 })
    const seen = '👩\u200d👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 می‌خواهم \u200fשלום\tcafé\n'
    expect(cleanText(seen)).toEqual({ text: seen, removed: 0 })
    expect(cleanText('a\ud800b\r\nc')).toEqual({ text: 'a\ufffdb\nc', removed: 0 })
  })

  it('is clean when it was cleaned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = cleanText(text).text
        expect(cleanText(once)).toEqual({ text: once, removed: 0 })
        expect(once).not.toContain('\u0000')
      }),
    )
  })
})
