// Incognito chats beside normal ones: real databases, one of them in memory; a model by script.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ChatEvent, ConversationView } from '../../shared/chat.ts'
import { type ConversationId, type DocumentId, type MessageId, newId } from '../../shared/ids.ts'
import { openMemoryDatabase } from '../database/open-memory.ts'
import { conversation, document, job, memory, message, passage, usage } from '../database/schema.ts'
import type { ChatRequest } from '../engine/engine.ts'
import type { Documents } from '../learning/documents/documents.ts'
import { createIncognito, type Incognito, type IncognitoAttachments } from './incognito.ts'
import type { Chat } from './service.ts'
import { openTestChat, type TestChat } from './testing.ts'

const OWNER = 'me'
let test: TestChat
let incognito: Incognito
let chats: Chat
let files: IncognitoAttachments
let documents: Documents
let forgotten = 0
const keptViews: ConversationView[] = []
let databases = 0
/** Answers wait for it. */
let held: Promise<void> | null = null
const asked: ChatRequest[] = []

beforeAll(async () => {
  test = await openTestChat(() => OWNER)
  const { model, embedder, jobs, clock, log, db, learning } = test.learning
  incognito = createIncognito({
    openDatabase: async () => {
      databases += 1
      return openMemoryDatabase({ clock, log })
    },
    model: {
      ...model,
      forgetPrompts: async () => {
        forgotten += 1
      },
      chat: async (request) => {
        asked.push(request)
        if (request.messages.at(-1)?.text.includes('break')) throw new Error('the model broke')
        request.onText('Quietly noted.')
        await held
        return {
          ...{ text: 'Quietly noted.', stop: 'end', promptTokens: 1, cachedTokens: 0, answerTokens: 1 },
          ...{ leftOutMessages: 0, thoughts: '', repeated: false, timeToFirstTokenMs: 1, tokensPerSecond: 1 },
        }
      },
    },
    embedder,
    clock,
    log,
    profile: { db, jobs, tools: () => learning.tools.offered(), kept: (view) => keptViews.push(view) },
    graceMs: 50,
  })
  chats = incognito.over(test.chat)
  files = incognito.overAttachments(test.attachments)
  documents = incognito.overDocuments(learning.documents)
})
beforeEach(() => {
  asked.length = 0
})
afterAll(async () => {
  await incognito.close()
  await test.close()
})

/** Keeps an incognito chat until the returned function is called. */
async function keep(id: ConversationId): Promise<() => void> {
  const closed = new AbortController()
  const stream = incognito.keep(OWNER, id, closed.signal)
  expect((await stream.next()).value).toEqual({ state: 'open' })
  void stream.next()
  return () => closed.abort()
}

/** Attaches a text to the composer of an incognito chat. */
async function attach(conversationId: ConversationId, name: string, text: string): Promise<DocumentId> {
  const id = newId<DocumentId>()
  const content = Buffer.from(text)
  const upload = { id, conversationId, name, folder: null, bytes: content.length, pasted: false }
  await files.begin(OWNER, { ...upload, incognito: true })
  files.piece(OWNER, { id, at: 0, data: content.toString('base64') })
  await files.finish(OWNER, id)
  return id
}

async function say(conversationId: ConversationId, text: string, attached: DocumentId[] = []): Promise<MessageId> {
  const messageId = newId<MessageId>()
  await chats.send(OWNER, { conversationId, messageId, text, mode: 'incognito', documents: attached })
  for await (const event of chats.watch(OWNER, conversationId, undefined)) {
    if (lastStatus(event) !== 'pending') return messageId
  }
  return messageId
}

/** Status of the answer an event speaks of. */
function lastStatus(event: ChatEvent): string {
  if (event.type === 'snapshot') return event.messages.at(-1)?.status ?? 'pending'
  return event.type === 'message' && event.message.role === 'assistant' ? event.message.status : 'pending'
}

async function snapshot(id: ConversationId): Promise<Extract<ChatEvent, { type: 'snapshot' }>> {
  for await (const event of chats.watch(OWNER, id, undefined)) if (event.type === 'snapshot') return event
  throw new Error('no snapshot')
}

async function rowsOnDisk(): Promise<number[]> {
  const { read } = test.learning.db
  const tables = [conversation, message, memory, job, usage, document, passage]
  return Promise.all(tables.map((table) => read.$count(table)))
}

it('answers and remembers its own turns, and nothing of it reaches the profile', async () => {
  const before = await rowsOnDisk()
  const id = newId<ConversationId>()
  const leave = await keep(id)
  await say(id, 'My secret colour is vermilion.')
  await say(id, 'Which colour did I say?')
  expect(JSON.stringify(asked.at(-1)?.messages)).toContain('My secret colour is vermilion.')
  const { conversation: view, messages } = await snapshot(id)
  expect(view.mode).toBe('incognito')
  expect(messages.map(({ status }) => status)).toEqual(['complete', 'complete', 'complete', 'complete'])
  expect(messages.map(({ learning }) => learning)).toEqual([null, null, null, null])
  expect(await rowsOnDisk()).toEqual(before)
  expect((await chats.list(OWNER, { query: '', cursor: null, limit: 50 })).items).toEqual([])
  await expect(chats.setMode(OWNER, id, 'normal')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  leave()
})

it('reads no memory, and a normal chat beside it learns as ever', async () => {
  await test.learning.learning.add(OWNER, { store: 'user_memory', text: 'Lives in a lighthouse near Brest.' })
  const id = newId<ConversationId>()
  const leave = await keep(id)
  await say(id, 'Where is the lighthouse I live in?')
  expect(JSON.stringify(asked)).not.toContain('Brest')
  await test.send('Where is the lighthouse I live in?')
  expect(JSON.stringify(test.asked)).toContain('Brest')
  leave()
})

it('keeps an answer that failed in the same place', async () => {
  const before = await rowsOnDisk()
  const id = newId<ConversationId>()
  const leave = await keep(id)
  await say(id, 'Please break.')
  expect((await snapshot(id)).messages.at(-1)?.status).toBe('failed')
  expect(await rowsOnDisk()).toEqual(before)
  leave()
})

it('is gone when it ends: for whoever looks, for late messages, and for the engine', async () => {
  const id = newId<ConversationId>()
  const closed = new AbortController()
  const stream = incognito.keep(OWNER, id, closed.signal)
  await stream.next()
  await say(id, 'For a moment only.')
  const seen: string[] = []
  const watching = (async () => {
    for await (const event of chats.watch(OWNER, id, closed.signal)) {
      seen.push(event.type)
      if (event.type === 'deleted') return
    }
  })()
  await expect.poll(() => seen).toContain('snapshot')
  const before = forgotten
  await incognito.end(OWNER, id)
  expect((await stream.next()).value).toEqual({ state: 'ended' })
  await watching
  expect(forgotten).toBe(before + 1)
  await expect(
    chats.send(OWNER, { conversationId: id, messageId: newId<MessageId>(), text: 'still there?', mode: 'incognito' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  // Nor as a normal chat of the same id.
  await expect(
    chats.send(OWNER, { conversationId: id, messageId: newId<MessageId>(), text: 'still there?' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(incognito.keep(OWNER, id, undefined).next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await incognito.end(OWNER, id)
})

it('ends by itself when no window keeps it, and the next one starts with an empty database', async () => {
  const before = databases
  const id = newId<ConversationId>()
  const leave = await keep(id)
  await say(id, 'Left alone.')
  leave()
  await expect
    .poll(async () => (await snapshot(id).catch((error) => error)).code, { timeout: 20_000 })
    .toBe('NOT_FOUND')
  const next = newId<ConversationId>()
  const leaveNext = await keep(next)
  expect(databases).toBeGreaterThan(before)
  expect((await snapshot(next)).messages).toEqual([])
  leaveNext()
})

it('takes files, which stay in memory like its words: read, listed, removed and brought back there', async () => {
  const before = await rowsOnDisk()
  const id = newId<ConversationId>()
  const leave = await keep(id)
  const lease = await attach(id, 'lease.md', 'The lease of the boathouse ends on 30 June.')
  expect((await files.list(OWNER, id)).staged.map(({ name }) => name)).toEqual(['lease.md'])
  await say(id, 'When does the lease end?', [lease])
  expect(JSON.stringify(asked.at(-1)?.messages)).toContain('ends on 30 June')
  const { messages } = await snapshot(id)
  expect(messages[0]?.attachments.map(({ name }) => name)).toEqual(['lease.md'])
  expect(messages[1]?.used).toMatchObject([{ kind: 'passage', section: 'whole', source: { documentName: 'lease.md' } }])
  expect((await documents.get(OWNER, lease)).text).toContain('boathouse')
  await documents.remove(OWNER, lease)
  await say(id, 'And now?')
  expect(JSON.stringify(asked.at(-1)?.messages)).not.toContain('ends on 30 June')
  await documents.restore(OWNER, lease)
  expect((await files.list(OWNER, id)).sent.map(({ name }) => name)).toEqual(['lease.md'])
  expect(await rowsOnDisk()).toEqual(before)

  // A second one shares the database, and keeps it open when the first ends.
  const other = newId<ConversationId>()
  const leaveOther = await keep(other)
  await incognito.end(OWNER, id)
  await expect(documents.get(OWNER, lease)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(attach(id, 'late.md', 'Too late.')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await rowsOnDisk()).toEqual(before)
  leave()
  leaveOther()
})

it('is kept as a chat like any other when that is asked for: whole, under new ids, and nothing of it is learned', async () => {
  const { read } = test.learning.db
  const [memories, jobs] = [await read.$count(memory), await read.$count(job)]
  const id = newId<ConversationId>()
  const leave = await keep(id)
  await expect(incognito.keepForGood(OWNER, id)).rejects.toMatchObject({ code: 'CONFLICT' })
  const lease = await attach(id, 'lease.md', 'The lease of the boathouse in Visby ends on 30 June.')
  const question = await say(id, 'I live in a windmill near Delft. When does the lease end?', [lease])
  await attach(id, 'next.md', 'Not sent yet.')
  const other = newId<MessageId>()
  const edited = { conversationId: id, messageId: other, text: 'I live in a windmill.', mode: 'incognito' as const }
  await chats.send(OWNER, { ...edited, replaces: question })
  await expect.poll(async () => (await snapshot(id)).messages.at(-1)?.status).toBe('complete')
  await chats.showBranch(OWNER, { conversationId: id, messageId: question })

  const view = await incognito.keepForGood(OWNER, id)
  expect(await incognito.keepForGood(OWNER, id)).toEqual(view)
  expect(keptViews).toEqual([view])
  expect(view).toMatchObject({ mode: 'normal', title: expect.stringContaining('I live in a windmill near Delft') })
  expect(view.id).not.toBe(id)
  await expect(snapshot(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })

  const messages = await test.messages(view.id)
  expect(messages.map(({ text }) => text)).toEqual([
    'I live in a windmill near Delft. When does the lease end?',
    'Quietly noted.',
  ])
  expect(messages[0]?.siblings).toHaveLength(2)
  expect(messages[0]?.attachments.map(({ name }) => name)).toEqual(['lease.md'])
  expect(messages[1]?.used).toMatchObject([{ section: 'whole', source: { documentName: 'lease.md' } }])
  const kept = await test.attachments.list(OWNER, view.id)
  expect(kept.staged.map(({ name }) => name)).toEqual(['next.md'])
  expect(kept.sent.map(({ name }) => name)).toEqual(['lease.md'])
  await test.learning.learning.idle()
  expect(await read.$count(memory)).toBe(memories)
  // Its file is made ready for searching in it; that is all.
  expect(await read.$count(job)).toBe(jobs + 1)

  // It goes on as a chat like any other, with its file, and what is said now is learned.
  test.asked.length = 0
  await test.send('I play the bassoon. When does the lease end again?', view.id)
  expect(JSON.stringify(test.asked)).toContain('ends on 30 June')
  expect(await read.$count(memory)).toBeGreaterThan(memories)
  expect(
    (await test.learning.learning.list(OWNER, { query: 'windmill' })).items.map(({ text }) => text).join(),
  ).not.toContain('windmill')
  // Another chat recalls neither its words nor its file.
  test.asked.length = 0
  await test.send('Where is the windmill I live in, and when does the lease of the boathouse in Visby end?')
  expect(JSON.stringify(test.asked)).not.toContain('Delft')
  expect(JSON.stringify(test.asked)).not.toContain('30 June')
  leave()
})

it('is not kept while an answer is written, and loses nothing by asking', async () => {
  const id = newId<ConversationId>()
  const leave = await keep(id)
  await say(id, 'First.')
  let goOn = () => {}
  held = new Promise((resolve) => {
    goOn = resolve
  })
  await chats.send(OWNER, { conversationId: id, messageId: newId<MessageId>(), text: 'Second.', mode: 'incognito' })
  await expect(incognito.keepForGood(OWNER, id)).rejects.toMatchObject({ code: 'BUSY' })
  goOn()
  held = null
  await expect.poll(async () => (await snapshot(id)).messages.at(-1)?.status).toBe('complete')
  const view = await incognito.keepForGood(OWNER, id)
  expect(await test.messages(view.id)).toHaveLength(4)
  leave()
})
