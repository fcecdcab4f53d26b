// Incognito chats beside normal ones: real databases, one of them in memory; a model by script.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ChatEvent } from '../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { openMemoryDatabase } from '../database/open-memory.ts'
import { conversation, job, memory, message, usage } from '../database/schema.ts'
import type { ChatRequest } from '../engine/engine.ts'
import type { Chat } from './chat.ts'
import { createIncognito, type Incognito } from './incognito.ts'
import { openTestChat, type TestChat } from './testing.ts'

const OWNER = 'me'
let test: TestChat
let incognito: Incognito
let chats: Chat
let forgotten = 0
let databases = 0
const asked: ChatRequest[] = []

beforeAll(async () => {
  test = await openTestChat(() => OWNER)
  const { model, clock, log } = test.learning
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
        return {
          ...{ text: 'Quietly noted.', stop: 'end', promptTokens: 1, cachedTokens: 0, answerTokens: 1 },
          ...{ leftOutMessages: 0, thoughts: '', repeated: false, timeToFirstTokenMs: 1, tokensPerSecond: 1 },
        }
      },
    },
    clock,
    log,
    graceMs: 50,
  })
  chats = incognito.over(test.chat)
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

async function say(conversationId: ConversationId, text: string): Promise<MessageId> {
  const messageId = newId<MessageId>()
  await chats.send(OWNER, { conversationId, messageId, text, mode: 'incognito' })
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
  return Promise.all([conversation, message, memory, job, usage].map((table) => read.$count(table)))
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
  expect(incognito.has(id)).toBe(true)
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
