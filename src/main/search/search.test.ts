// The person's own search on a real database: what is found, what never is, and where it leads.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FindResult } from '../../shared/contract/search.ts'
import { blank } from '../../shared/forgotten.ts'
import { type ConversationId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import type { MemoryStatus } from '../../shared/memory.ts'
import { createLog } from '../app/log.ts'
import { conversation, evidence, memory, message } from '../database/schema.ts'
import { openTestDatabase, type TestDatabase, writtenByHand } from '../database/testing.ts'
import { createFind, type Find } from './find.ts'

const now = new Date('2026-05-01T12:00:00Z')
const stores = [
  { id: 'user_memory', title: 'Memories' },
  { id: 'user_profile', title: 'Profile' },
]

let db: TestDatabase
let find: Find
beforeAll(async () => {
  db = await openTestDatabase()
  find = createFind({
    read: db.read,
    // Without an embedder nothing is found by meaning; that it is found then is tested with a real one.
    embedder: { model: 'none', dimensions: 3, embed: () => Promise.reject(new Error('no embedder')) },
    learning: {
      state: () =>
        Promise.resolve({
          enabled: true,
          queued: 0,
          running: 0,
          failed: 0,
          waiting: 0,
          stores: stores.map((store) => ({
            ...store,
            icon: null,
            mode: 'always',
            modes: ['always'],
            defaultMode: 'always',
            readOnly: false,
            active: 0,
          })),
        }),
      entities: { list: () => Promise.resolve({ items: [], total: 0, nextCursor: null }) } as never,
    },
    clock: { now: () => now, timeZone: () => 'UTC' } as never,
    log: createLog(null),
  })
})
afterAll(() => db.close())

let owners = 0
const newOwner = () => `person-${owners++}`

type ChatSetting = Partial<typeof conversation.$inferInsert>
type Said = [role: 'user' | 'assistant', text: string, more?: Partial<typeof message.$inferInsert>]

async function chat(owner: string, title: string, said: Said[], more: ChatSetting = {}) {
  const id = newId<ConversationId>()
  const root = newId<MessageId>()
  const ids = said.map(() => newId<MessageId>())
  const at = new Date('2026-04-01T10:00:00Z')
  await db.write('test', async (tx) => {
    await tx
      .insert(conversation)
      .values({ id, owner, title, createdAt: at, updatedAt: at, headId: ids.at(-1) ?? root, ...more })
    const base = { owner, conversationId: id, status: 'complete' as const, createdAt: at }
    await tx.insert(message).values({ ...base, id: root, role: 'root', text: '' })
    let parentId = root
    for (const [index, [role, text, values]] of said.entries()) {
      const own = ids[index] ?? root
      await tx.insert(message).values({ ...base, id: own, parentId, role, text, ...values })
      parentId = own
    }
  })
  return { id, ids }
}

async function remember(owner: string, text: string, more: { status?: MemoryStatus; store?: string } = {}) {
  const id = newId<MemoryId>()
  const { status = 'active' as const, store = 'user_memory' } = more
  const row = { id, owner, store, kind: 'fact', text, status, author: 'person', createdAt: now, updatedAt: now }
  await db.write('test', async (tx) => {
    await tx.insert(memory).values(row)
    await tx.insert(evidence).values(writtenByHand([row]))
  })
  return id
}

async function results(owner: string, query: string, wave: 'words' | 'meaning' = 'words'): Promise<FindResult[]> {
  return (await find.find(owner, { query, wave })).results
}

/** Messages found, with what is marked in them. */
async function messages(owner: string, query: string) {
  return (await results(owner, query)).flatMap((result) => (result.kind === 'message' ? result : []))
}
const texts = async (owner: string, query: string) => (await messages(owner, query)).map(({ snippet }) => snippet)
const marked = ({ snippet, marks }: { snippet: string; marks: { start: number; end: number }[] }) =>
  marks.map(({ start, end }) => snippet.slice(start, end))

describe('search by words', () => {
  it('finds a word while it is being typed, in all its forms, and leads to its place', async () => {
    const me = newOwner()
    const { id, ids } = await chat(me, 'Spring', [
      ['user', 'What should I plant now?'],
      ['assistant', `${'Some words before it. '.repeat(20)}The gardener plants early peas in his garden.`],
    ])
    for (const query of ['gar', 'gard', 'garden', 'gardene', 'gardens ', 'plant gard']) {
      const [first, ...others] = await messages(me, query)
      expect(others).toEqual([])
      expect(first).toMatchObject({ conversationId: id, messageId: ids[1], role: 'assistant', title: 'Spring' })
    }
    const [found] = await messages(me, 'gardene')
    expect(found && marked(found)[0]).toBe('gardene')
    expect(found?.mark && (await textOf(found.messageId)).slice(found.mark.start, found.mark.end)).toBe('gardene')
    expect(await messages(me, 'gardenx')).toEqual([])
    // What was finished is a word of its own.
    expect(await messages(me, 'gard ')).toEqual([])
  })

  it('finds other scripts and accents', async () => {
    const me = newOwner()
    await chat(me, 'Mixed', [
      ['user', 'Un garçon à la plage'],
      ['assistant', '東京に住んでいます。'],
      ['user', 'Моя сестра живёт в Казани.'],
    ])
    expect(await texts(me, 'garco')).toEqual(['Un garçon à la plage'])
    expect(await texts(me, '東京')).toEqual(['東京に住んでいます。'])
    expect(await texts(me, 'каза')).toEqual(['Моя сестра живёт в Казани.'])
  })

  it('takes quotes at their word', async () => {
    const me = newOwner()
    await chat(me, 'Buses', [
      ['user', 'The red bus is late.'],
      ['assistant', 'A bus that is red, and the red  bus stop.'],
      ['user', 'Red buses everywhere.'],
    ])
    expect(await texts(me, '"red bus"')).toEqual(
      expect.arrayContaining(['The red bus is late.', 'A bus that is red, and the red  bus stop.']),
    )
    expect(await messages(me, '"red bus"')).toHaveLength(2)
    expect(await messages(me, '"red bus" late')).toHaveLength(1)
    expect(await messages(me, '"bus red"')).toEqual([])
    expect(await messages(me, '"red buse')).toHaveLength(1)
  })

  it('cuts weak matches: a common word of several is no find', async () => {
    const me = newOwner()
    await chat(me, 'Tea', [['user', 'Where can I buy good tea in this town?']])
    expect(await messages(me, 'where is the quarterly report in this town')).toEqual([])
    expect(await messages(me, 'good tea')).toHaveLength(1)
    expect(await messages(me, 'good coffee')).toEqual([])
  })

  it('finds what recall never sees, with its mark, and never what is in the bin, forgotten or unwritten', async () => {
    const me = newOwner()
    await chat(me, 'Barred', [['user', 'My quokka is called Bob.', { learnable: false }]])
    await chat(me, 'Put away', [['user', 'A quokka in the archive.']], { archivedAt: now })
    await chat(me, 'Read only', [['user', 'A quokka, used and not learned.']], { mode: 'read_only' })
    await chat(me, 'Bin', [['user', 'A quokka in the bin.']], { trashedAt: now })
    await chat(me, 'Incognito', [['user', 'A quokka nobody knows.']], { mode: 'incognito' })
    await chat(me, 'Now', [['assistant', 'A quokka being wri', { status: 'pending' }]])
    await chat('somebody else', 'Theirs', [['user', 'A quokka of theirs.']])
    const { ids } = await chat(me, 'Forgotten', [['user', 'The quokka that nobody remembers.']])
    const found = await messages(me, 'quokka')
    expect(found.map(({ title, archived }) => ({ title, archived }))).toEqual(
      expect.arrayContaining([
        { title: 'Barred', archived: false },
        { title: 'Put away', archived: true },
        { title: 'Read only', archived: false },
        { title: 'Forgotten', archived: false },
      ]),
    )
    expect(found).toHaveLength(4)
    await db.write('test', (tx) =>
      tx
        .update(message)
        .set({ text: blank('The quokka that nobody remembers.') })
        .where(eq(message.id, ids[0] ?? newId())),
    )
    expect((await messages(me, 'quokka')).map(({ title }) => title)).not.toContain('Forgotten')
  })

  it('knows its filters, alone and with words', async () => {
    const me = newOwner()
    await chat(me, 'The boat', [
      ['user', 'Paint the boat blue.', { createdAt: new Date('2026-03-01T12:00:00Z') }],
      ['assistant', 'Blue paint it is.', { createdAt: new Date('2026-03-02T12:00:00Z') }],
    ])
    await chat(me, 'The fence', [['user', 'Paint the fence.']], { pinnedAt: now })
    await chat(me, 'Old walls', [['user', 'Paint the walls.']], { archivedAt: now })
    expect(await messages(me, 'paint')).toHaveLength(4)
    expect((await texts(me, 'paint in:boat')).sort()).toEqual(['Blue paint it is.', 'Paint the boat blue.'])
    expect(await texts(me, 'paint in:boat from:me')).toEqual(['Paint the boat blue.'])
    expect(await texts(me, 'in:boat from:assistant')).toEqual(['Blue paint it is.'])
    expect(await texts(me, 'paint before:2026-03-02')).toEqual(['Paint the boat blue.'])
    expect(await texts(me, 'paint is:pinned')).toEqual(['Paint the fence.'])
    expect(await texts(me, 'paint is:archived')).toEqual(['Paint the walls.'])
    expect(await messages(me, 'paint in:nowhere')).toEqual([])
    expect((await results(me, 'is:pinned')).map((result) => result.kind === 'chat' && result.title)).toEqual([
      'The fence',
    ])
  })

  it('finds chats by their titles, from the first letters on', async () => {
    const me = newOwner()
    await chat(me, 'Moving the shop', [], { archivedAt: now })
    await chat(me, 'Letter to the landlord', [])
    const chats = async (query: string) =>
      (await results(me, query)).flatMap((result) => (result.kind === 'chat' ? result : []))
    expect(await chats('mo')).toMatchObject([{ title: 'Moving the shop', archived: true }])
    expect(await chats('landl')).toMatchObject([{ title: 'Letter to the landlord', marks: [{ start: 14, end: 19 }] }])
  })

  it('finds memories of every state but the bin and what waits, of one store where asked', async () => {
    const me = newOwner()
    await remember(me, 'Plays the violin.')
    await remember(me, 'Played the viola.', { status: 'superseded', store: 'user_profile' })
    await remember(me, 'Sold the violin.', { status: 'trashed' })
    await remember(me, 'May want a violin.', { status: 'proposed' })
    const memories = async (query: string) =>
      (await results(me, query)).flatMap((result) =>
        result.kind === 'memory' ? `${result.status}: ${result.snippet}` : [],
      )
    expect(await memories('vio')).toEqual(['active: Plays the violin.', 'superseded: Played the viola.'])
    expect(await memories('vio store:profile')).toEqual(['superseded: Played the viola.'])
    expect(await memories('store:profile')).toEqual(['superseded: Played the viola.'])
    expect(await messages(me, 'vio store:profile')).toEqual([])
  })

  it('looks through very long messages to their end', async () => {
    const me = newOwner()
    await chat(me, 'Long', [['user', `${'lorem ipsum '.repeat(4000)} and a platypus at the end`]])
    const [found] = await messages(me, 'platypus')
    expect(found && marked(found)).toEqual(['platypus'])
  })

  it('gives nothing for nothing, and bears whatever is typed', async () => {
    const me = newOwner()
    await chat(me, 'Tea', [['user', 'Tea at four.']])
    for (const query of ['', '   ', '"', '"" ', '?!…', "'; drop table message; --", '\\', '%', 'in:"', '(a|b', '💡']) {
      expect(await results(me, query)).toEqual([])
    }
  })
})

describe('the second wave', () => {
  it('finds parts of words, and says when meaning could not be searched', async () => {
    const me = newOwner()
    await chat(me, 'Haus', [['user', 'Das Gewächshaus ist warm.']])
    expect(await results(me, 'haus')).toMatchObject([{ kind: 'chat' }])
    const second = await find.find(me, { query: 'wächshau', wave: 'meaning' })
    expect(second.results).toMatchObject([{ kind: 'message', by: 'part' }])
    expect(second.meaning).toBe(false)
  })

  it('ends when nobody waits for it any more', async () => {
    await expect(
      find.find(newOwner(), { query: 'tea', wave: 'words' }, AbortSignal.abort(new Error('another letter'))),
    ).rejects.toThrow('another letter')
  })
})

describe('find in a conversation', () => {
  it('gives every place of the shown branch in order, whatever the case and the line breaks', async () => {
    const me = newOwner()
    const { id, ids } = await chat(me, 'Buses', [
      ['user', 'A red bus, the RED\nbus.'],
      ['assistant', 'No red car. A red bus.'],
    ])
    await db.write('test', (tx) =>
      tx.insert(message).values({
        id: newId<MessageId>(),
        owner: me,
        conversationId: id,
        parentId: ids[0] ?? null,
        role: 'assistant',
        text: 'The red bus of another branch.',
        status: 'complete',
        createdAt: now,
      }),
    )
    const { places, total } = await find.inConversation(me, id, 'red  bus')
    expect(total).toBe(3)
    expect(places).toEqual([
      { messageId: ids[0], start: 2, end: 9 },
      { messageId: ids[0], start: 15, end: 22 },
      { messageId: ids[1], start: 14, end: 21 },
    ])
    expect(await find.inConversation(me, id, '100%')).toEqual({ places: [], total: 0 })
    await expect(find.inConversation('somebody else', id, 'bus')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

async function textOf(id: MessageId): Promise<string> {
  const [row] = await db.read.select({ text: message.text }).from(message).where(eq(message.id, id))
  return row?.text ?? ''
}
