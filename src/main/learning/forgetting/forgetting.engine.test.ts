// Forgetting on a real database: what is found, what is taken, what stays byte for byte, and the way back.
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBlanked, MARK } from '../../../shared/forgotten.ts'
import {
  type BatchId,
  type ConversationId,
  type EvidenceId,
  type ImportId,
  type MemoryId,
  type MessageId,
  newId,
} from '../../../shared/ids.ts'
import {
  blanked,
  conversation,
  evidence,
  importRow,
  importRun,
  journal,
  memory,
  message,
  passage,
  usage,
} from '../../database/schema.ts'
import type { Embedder } from '../../engine/engine.ts'
import { directoryOf } from '../entities/read.ts'
import { openTestLearning, type Said, type TestLearning } from '../testing.ts'
import { UNDO_MS } from './undo-time.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return { model, dimensions, embed: () => Promise.reject(new Error('no embedder')) }
}

let people = 0
const newPerson = () => `forget-${people++}`

async function textOf(id: MessageId): Promise<string> {
  const [row] = await test.db.read.select({ text: message.text }).from(message).where(eq(message.id, id))
  return row?.text ?? ''
}

async function titleOf(id: ConversationId): Promise<string> {
  const [row] = await test.db.read
    .select({ title: conversation.title })
    .from(conversation)
    .where(eq(conversation.id, id))
  return row?.title ?? ''
}

async function setTitle({ conversationId }: Said, title: string): Promise<void> {
  await test.db.write('test', (tx) => tx.update(conversation).set({ title }).where(eq(conversation.id, conversationId)))
}

/** The item learned from a message. */
async function learnedFrom(owner: string, { messageId }: Said, word = ''): Promise<MemoryId> {
  const changes = (await test.learning.turnsOf(owner, [messageId])).get(messageId)?.changes ?? []
  const change = changes.find(({ text }) => text?.includes(word))
  if (!change) throw new Error('nothing was learned')
  return change.memoryId
}

async function pass(): Promise<void> {
  test.clock.advance(UNDO_MS + 1000)
  test.jobs.wake()
  await test.learning.idle()
}

/** Every row of every table, as text, that holds a word. */
async function rowsWith(word: string): Promise<string[]> {
  const { rows: tables } = await test.db.read.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await test.db.read.execute<{ row: string }>(
      sql`select t::text as row from ${sql.identifier(name)} t where t::text ilike ${`%${word}%`}`,
    )
    found.push(...rows.map(({ row }) => `${name}: ${row}`))
  }
  return found
}

describe('forgetting everywhere', () => {
  it('takes the sentences of message, answer and title, and leaves their neighbours as they were', async () => {
    const owner = newPerson()
    const question = 'The weather is fine.\n\n- My sister Annelotte lives in Ghent. **Can you water the plants?**'
    const answer = 'Sure, plants it is!  Say hello to Annelotte.\n\nWhat else is on the list?'
    const said = await test.tell(question, { owner, answer })
    await setTitle(said, 'My sister Annelotte lives in Ghent.')
    const id = await learnedFrom(owner, said, 'Annelotte')

    const preview = await test.learning.forgetPreview(owner, { ids: [id] })
    expect(preview.items.map(({ why }) => why)).toEqual(['chosen'])
    expect(preview.sentences.map(({ place, text, why, selected }) => ({ place, text, why, selected }))).toEqual([
      { place: 'message', text: 'My sister Annelotte lives in Ghent.', why: 'quote', selected: true },
      { place: 'message', text: 'Say hello to Annelotte.', why: 'same', selected: true },
      { place: 'title', text: 'My sister Annelotte lives in Ghent.', why: 'same', selected: true },
    ])
    expect(await textOf(said.messageId)).toBe(question)

    const { batchId, count, sentences } = await test.learning.forget(owner, [id])
    expect({ count, sentences }).toEqual({ count: 1, sentences: 3 })
    const blank = (text: string) => MARK.repeat(text.length)
    const cut = 'My sister Annelotte lives in Ghent.'
    expect(await textOf(said.messageId)).toBe(question.replace(cut, blank(cut)))
    const thanks = 'Say hello to Annelotte.'
    expect(await textOf(said.answerId)).toBe(answer.replace(thanks, blank(thanks)))
    expect(isBlanked(await titleOf(said.conversationId))).toBe(true)
    // Recall and search see the gap at once.
    expect(await test.db.read.$count(passage, sql`${passage.text} ilike '%annelotte%'`)).toBe(0)
    expect((await test.learning.list(owner, { query: 'Annelotte' })).items).toEqual([])

    await test.learning.undo(owner, batchId)
    expect(await textOf(said.messageId)).toBe(question)
    expect(await textOf(said.answerId)).toBe(answer)
    expect(await titleOf(said.conversationId)).toBe(cut)
    expect(await test.db.read.$count(passage, sql`${passage.text} ilike '%annelotte%'`)).toBeGreaterThan(0)
    expect((await test.learning.get(owner, id)).memory.status).toBe('active')

    await test.learning.forget(owner, [id])
    await pass()
    expect(await rowsWith('annelotte')).toEqual([])
    expect(await rowsWith('ghent')).toEqual([])
    expect(await textOf(said.messageId)).toBe(question.replace(cut, blank(cut)))
  })

  it('takes the words an import keeps of what it replaced', async () => {
    const owner = newPerson()
    const said = await test.tell('My cousin Hortensia keeps bees.', { owner, answer: 'Noted.' })
    const id = await learnedFrom(owner, said, 'Hortensia')
    await test.db.write('test', async (tx) => {
      const importId = newId<ImportId>()
      await tx.insert(importRun).values({
        ...{ id: importId, owner, format: 'understudy', name: 'a.zip', state: 'done' },
        ...{ batchId: newId<BatchId>(), createdAt: test.clock.now() },
      })
      await tx.insert(importRow).values({
        ...{ importId, kind: 'message', n: 1, id: said.messageId, verdict: 'replaced' },
        before: { id: said.messageId, text: 'Hortensia keeps bees, I said.' },
      })
    })
    await test.learning.forget(owner, [id])
    await pass()
    expect(await rowsWith('hortensia')).toEqual([])
  })

  it('takes more at once than has words to search for, with what else says one of them, and gives all back', async () => {
    const owner = newPerson()
    const sentence = (number: number) => `Crate${number} holds lanterns${number} beside beam${number}.`
    const ids = Array.from({ length: 130 }, () => newId<MemoryId>())
    const [twin, other] = [newId<MemoryId>(), newId<MemoryId>()]
    const at = test.clock.now()
    const rows = [
      ...ids.map((id, index) => ({ id, text: sentence(index + 10) })),
      { id: twin, text: sentence(12) },
      { id: other, text: 'The kettle is blue.' },
    ]
    await test.db.write('test.fill', async (tx) => {
      const item = { owner, store: 'user_memory', kind: 'fact', status: 'active' as const, author: 'person' }
      await tx.insert(memory).values(rows.map((row) => ({ ...item, ...row, createdAt: at, updatedAt: at })))
      await tx.insert(evidence).values(
        rows.map(({ id, text }) => ({
          ...{ id: newId<EvidenceId>(), owner, memoryId: id, origin: 'hand' as const, quote: text, at },
        })),
      )
    })
    const said = await test.say(`The sun shines. ${sentence(50)}`, { owner, answer: 'Noted.' })
    const { batchId, count } = await test.learning.forget(owner, ids)
    expect(count).toBe(131)
    const left = async () => (await test.learning.list(owner, {})).items.map(({ id }) => id)
    expect(await left()).toEqual([other])
    expect(await textOf(said.messageId)).toBe(`The sun shines. ${MARK.repeat(sentence(50).length)}`)
    await test.learning.undo(owner, batchId)
    expect((await test.learning.list(owner, {})).total).toBe(132)
    expect(await textOf(said.messageId)).toContain(sentence(50))
    expect((await test.learning.get(owner, twin)).evidence).toHaveLength(1)
  })

  it('asks before it takes what only mentions the same name elsewhere, and keeps what is unticked', async () => {
    const owner = newPerson()
    const said = await test.tell('My dentist is Doctor Vanterpool.', { owner, answer: 'Noted.' })
    const other = await test.say('Write a mail to Doctor Vanterpool about the parking lot.', { owner, answer: 'Done.' })
    const id = await learnedFrom(owner, said)
    const { sentences } = await test.learning.forgetPreview(owner, { ids: [id] })
    const mention = sentences.find(({ messageId }) => messageId === other.messageId)
    const own = sentences.find(({ messageId }) => messageId === said.messageId)
    expect(mention).toMatchObject({ why: 'mentions', selected: false })
    expect(own).toMatchObject({ why: 'quote', selected: true })

    const keep = own ? [own.ref] : []
    const also = mention ? [mention.ref] : []
    await test.learning.forget(owner, { ids: [id], keep, also })
    expect(await textOf(said.messageId)).toContain('Vanterpool')
    expect(await textOf(other.messageId)).not.toContain('Vanterpool')
  })

  it('takes duplicates and what was replaced with the same words, and not other facts of the same person', async () => {
    const owner = newPerson()
    const first = await test.learning.add(owner, { store: 'user_memory', text: 'Orsolya plays the cello in Szeged.' })
    const at = test.clock.now()
    const old = newId<MemoryId>()
    await test.db.write('test', async (tx) => {
      const base = { owner, store: 'user_memory', kind: 'fact', author: 'person', createdAt: at, updatedAt: at }
      const text = 'In Szeged Orsolya plays the cello'
      await tx.insert(memory).values({ ...base, id: old, text, status: 'superseded', supersededBy: first.memory.id })
      const row = { owner, memoryId: old, origin: 'hand' as const, quote: text, at }
      await tx.insert(evidence).values({ ...row, id: newId<EvidenceId>() })
    })
    const other = await test.learning.add(owner, { store: 'user_memory', text: 'Orsolya is allergic to walnuts.' })
    const { items } = await test.learning.forgetPreview(owner, { ids: [first.memory.id] })
    expect(items.map(({ memory: { id }, why }) => ({ id, why }))).toEqual([
      { id: first.memory.id, why: 'chosen' },
      { id: old, why: 'same' },
    ])
    await test.learning.forget(owner, [first.memory.id])
    await pass()
    expect(await rowsWith('cello')).toEqual([])
    expect((await test.learning.get(owner, other.memory.id)).memory.text).toContain('walnuts')
  })

  it('leaves what was put right by hand, though it once rested on the same words', async () => {
    const owner = newPerson()
    const said = await test.tell('My name is Ines and I work as a nurse in Ljubljana.', { owner })
    const { items } = await test.learning.list(owner, {})
    const profile = items.find(({ store, text }) => store === 'user_profile' && text.includes('nurse'))
    const note = items.find(({ store, text }) => store === 'user_memory' && text.includes('nurse'))
    if (!profile || !note) throw new Error('the work was not learned twice')
    const { id, version } = profile
    await test.learning.edit(owner, { id, version, text: 'The user works as a teacher in Ljubljana.' })
    await test.learning.forget(owner, [note.id])
    const left = (await test.learning.list(owner, {})).items.map(({ text }) => text)
    expect(left.toSorted()).toEqual(['Name: Ines', 'Works as teacher'])
    expect(isBlanked((await textOf(said.messageId)).slice('My name is Ines and '.length))).toBe(true)
  })

  it('takes the sentence of a summary and leaves the others, in text, data and journal', async () => {
    const owner = newPerson()
    const said = await test.tell('I am allergic to marzipan.', { owner, answer: 'Then no marzipan in the recipes.' })
    const id = await learnedFrom(owner, said)
    const summary = newId<MemoryId>()
    const text = 'They planned a party for twelve.  The person is allergic to marzipan. The cake will be lemon.'
    await test.db.write('test', async (tx) => {
      const at = test.clock.now()
      await tx.insert(memory).values({
        id: summary,
        owner,
        store: 'session_context',
        kind: 'summary',
        conversationId: said.conversationId,
        text,
        data: { summary: text, steps: ['lemon'] },
        status: 'active',
        author: 'extraction',
        createdAt: at,
        updatedAt: at,
      })
    })
    const { batchId } = await test.learning.forget(owner, [id])
    const masked = (await test.learning.get(owner, summary)).memory
    expect(masked.text).toBe(text.replace(/The person is[^.]*\./, (cut) => MARK.repeat(cut.length)))
    expect(masked.data['steps']).toEqual(['lemon'])
    expect(JSON.stringify(masked.data)).not.toContain('marzipan')
    await test.learning.undo(owner, batchId)
    expect((await test.learning.get(owner, summary)).memory).toMatchObject({ text, data: { summary: text } })

    await test.learning.forget(owner, [id])
    await pass()
    expect(await rowsWith('marzipan')).toEqual([])
    expect((await test.learning.get(owner, summary)).memory.text).toContain('They planned a party for twelve.  ')
  })

  it('leaves a gap in the quotes of an item that rested on the same sentence and stays', async () => {
    const owner = newPerson()
    const at = test.clock.now()
    const quote = 'Call me Tamsin and send parcels to Wexcombe.'
    const said = await test.say(`Hello! ${quote}`, { owner, answer: 'Hello.' })
    const [name, place] = [newId<MemoryId>(), newId<MemoryId>()]
    await test.db.write('test', async (tx) => {
      const base = {
        owner,
        kind: 'fact',
        status: 'active' as const,
        author: 'extraction',
        createdAt: at,
        updatedAt: at,
      }
      await tx.insert(memory).values([
        { ...base, id: name, store: 'user_profile', text: 'The user wants to be called Tamsin.' },
        { ...base, id: place, store: 'user_memory', text: 'Parcels go to Wexcombe.' },
      ])
      for (const memoryId of [name, place]) {
        const row = { owner, memoryId, origin: 'user' as const, quote, start: 7, end: 7 + quote.length, at }
        const ids = { messageId: said.messageId, conversationId: said.conversationId }
        await tx.insert(evidence).values({ id: newId<EvidenceId>(), ...row, ...ids })
        const [kept] = await tx.select().from(memory).where(eq(memory.id, memoryId))
        const sources = await tx.select().from(evidence).where(eq(evidence.memoryId, memoryId))
        await tx.insert(journal).values({
          owner,
          batchId: newId(),
          at,
          actor: 'job:learn',
          memoryId,
          store: 'user_memory',
          action: 'add',
          after: { memory: kept, evidence: sources },
        })
      }
    })
    await test.learning.forget(owner, [place])
    await pass()
    expect(await rowsWith('wexcombe')).toEqual([])
    const left = await test.learning.get(owner, name)
    expect(left.memory.text).toContain('Tamsin')
    expect(left.evidence.map((piece) => isBlanked(piece.quote))).toEqual([true])
    expect(left.history.map(({ after }) => after)).toEqual(['The user wants to be called Tamsin.'])
  })

  it('empties the reasons that name words of it, and keeps the line of the answer that used it', async () => {
    const owner = newPerson()
    const { memory: item } = await test.learning.add(owner, {
      store: 'user_memory',
      text: 'The safe code is 7741 Grendel.',
    })
    const said = await test.say('What is the Grendel code?', { owner, answer: 'The safe code is 7741 Grendel.' })
    await test.db.write('test', async (tx) => {
      const reason = { kind: 'words' as const, words: ['Grendel'], similarity: null }
      const use = { messageId: said.answerId, owner, rank: 0, store: 'user_memory', section: 'recalled' as const }
      await tx.insert(usage).values({ ...use, memoryId: item.id, memoryVersion: 1, tokens: 5, reason })
      const line = { tokens: 5, line: item.text, reason, rank: 0, memoryId: item.id, version: 1 }
      const recalledBlock = { text: `[Said:\n- ${item.text}\n]`, tokens: 9, items: [line] }
      await tx.update(message).set({ recalledBlock }).where(eq(message.id, said.messageId))
    })
    await test.learning.forget(owner, [item.id])
    await pass()
    expect(await rowsWith('grendel')).toEqual([])
    expect(await test.db.read.$count(usage, eq(usage.messageId, said.answerId))).toBe(1)
  })
})

describe('forgetting only what was learned', () => {
  it('keeps the chat and takes its messages out of learning and recall, until it is undone', async () => {
    const owner = newPerson()
    const said = await test.tell('I keep bees behind the shed.', { owner, answer: 'Bees behind the shed, lovely.' })
    const id = await learnedFrom(owner, said)
    const { batchId, sentences } = await test.learning.forget(owner, { ids: [id], mode: 'learned' })
    expect(sentences).toBe(2)
    const learnable = () =>
      test.db.read.select({ learnable: message.learnable }).from(message).where(eq(message.id, said.messageId))
    expect(await learnable()).toEqual([{ learnable: false }])
    expect(await textOf(said.messageId)).toBe('I keep bees behind the shed.')
    await test.learning.undo(owner, batchId)
    expect(await learnable()).toEqual([{ learnable: true }])
    await test.learning.forget(owner, { ids: [id], mode: 'learned' })
    await pass()
    expect(await test.db.read.$count(memory, eq(memory.owner, owner))).toBe(0)
    expect(await textOf(said.answerId)).toBe('Bees behind the shed, lovely.')
    expect(await test.db.read.$count(blanked)).toBe(0)
  })
})

describe('forgetting a conversation', () => {
  it('takes it whole, with what was learned from it alone', async () => {
    const owner = newPerson()
    const said = await test.tell('My boat is called Zephyrine.', { owner, answer: 'A fine name.' })
    const other = await test.tell('My boat needs paint.', { owner, answer: 'Zephyrine will shine.' })
    const preview = await test.learning.forgetPreview(owner, { conversationId: said.conversationId })
    expect(preview).toMatchObject({ itemCount: 1, conversation: { messages: 2 } })
    const { batchId } = await test.learning.forget(owner, { conversationId: said.conversationId })
    await test.learning.undo(owner, batchId)
    expect(await textOf(said.messageId)).toBe('My boat is called Zephyrine.')
    await test.learning.forget(owner, { conversationId: said.conversationId })
    await pass()
    expect(await test.db.read.$count(conversation, eq(conversation.id, said.conversationId))).toBe(0)
    expect(await test.db.read.$count(message, eq(message.conversationId, said.conversationId))).toBe(0)
    expect(await textOf(other.messageId)).toBe('My boat needs paint.')
    expect(await test.texts(owner)).toHaveLength(1)
  })
})

describe('what was learned from a conversation', () => {
  it('is counted as forgetting would take it, and listed and searched, with what rests on another one too', async () => {
    const owner = newPerson()
    const said = await test.tell('My boat is called Zephyrine.', { owner })
    const { conversationId } = said
    await test.tell('I moor it in Sønderborg.', { owner, conversationId })
    const other = await test.tell('My boat is called Zephyrine.', { owner })
    const listed = async (query = '') => {
      const { items, total } = await test.learning.list(owner, { conversationId, query })
      expect(total).toBe(items.length)
      return items.map(({ text }) => text).sort()
    }
    const all = await test.texts(owner)
    expect(await listed()).toEqual(all)
    expect(await listed('Zephyrine')).toEqual(all.filter((text) => text.includes('Zephyrine')))
    const counted = await test.learning.learnedFrom(owner, conversationId)
    expect(counted).toBe(all.length - 1)
    expect((await test.learning.forgetPreview(owner, { conversationId })).itemCount).toBe(counted)
    expect(await test.learning.learnedFrom(owner, other.conversationId)).toBe(0)
    expect(await test.learning.learnedFrom(newPerson(), conversationId)).toBe(0)
  })
})

describe('forgetting a person', () => {
  it('takes what is known of them and their name, brings both back, and leaves no row of either', async () => {
    const owner = newPerson()
    const said = await test.tell('Gera Vossen designs the radar. Which day suits you?', {
      owner,
      answer: 'Noted.',
    })
    const { entries } = await directoryOf(test.db.read, owner)
    const person = entries.find(({ name }) => name.includes('Vossen'))
    if (!person) throw new Error('nobody was named')
    const preview = await test.learning.forgetPreview(owner, { entityId: person.id })
    expect(preview.entities.map(({ name }) => name)).toContain(person.name)
    expect(preview.itemCount).toBeGreaterThan(0)
    const { batchId } = await test.learning.forget(owner, { entityId: person.id })
    expect((await directoryOf(test.db.read, owner)).entries.map(({ id }) => id)).not.toContain(person.id)
    await test.learning.undo(owner, batchId)
    expect((await directoryOf(test.db.read, owner)).entries.map(({ id }) => id)).toContain(person.id)
    expect(await textOf(said.messageId)).toContain('Gera Vossen')
    await test.learning.forget(owner, { entityId: person.id })
    await pass()
    expect(await rowsWith('vossen')).toEqual([])
    expect(await textOf(said.messageId)).toContain('Which day suits you?')
  })

  it('their name goes with the last that was known of them', async () => {
    const owner = newPerson()
    const said = await test.tell('Tjorven Aalders leads the harbour project.', { owner, answer: 'Good to know.' })
    const { items } = await test.learning.list(owner, { query: 'Tjorven' })
    await test.learning.forget(
      owner,
      items.map(({ id }) => id),
    )
    await pass()
    expect(await rowsWith('tjorven')).toEqual([])
    expect(isBlanked(await textOf(said.messageId))).toBe(true)
  })
})

describe('forgetting a time', () => {
  it('takes what was learned in it', async () => {
    const owner = newPerson()
    await test.learning.add(owner, { store: 'user_memory', text: 'The attic is dry.' })
    test.clock.advance(3_600_000)
    const from = test.clock.now()
    await test.learning.add(owner, { store: 'user_memory', text: 'Breakfast is at seven.' })
    await test.learning.forget(owner, { from })
    expect(await test.texts(owner)).toEqual(['The attic is dry.'])
  })
})
