// Forgetting while something else happens: a job learns from the very message, an answer is being written, somebody edits.
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ConversationId, type MessageId, newId } from '../../../shared/ids.ts'
import { createLog } from '../../app/log.ts'
import { createChat } from '../../chat/chat.ts'
import { memory, message, usage } from '../../database/schema.ts'
import type { Embedder, LanguageModel } from '../../engine/engine.ts'
import { createJobQueue } from '../../jobs/queue.ts'
import type { Learning } from '../learning.ts'
import { createLearning } from '../machine.ts'
import type { RunningAnswers } from '../ports.ts'
import { openTestLearning, scriptedModel, type TestLearning } from '../testing.ts'
import { UNDO_MS } from './undo-time.ts'

let test: TestLearning
let owner: string
let people = 0
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
beforeEach(() => {
  owner = `meanwhile-${people++}`
})
afterAll(() => test.close())

/** Called before a job goes on from reading to writing; there are no vectors here. */
let beforeWriting: (texts: string[]) => Promise<void> = async () => {}

function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return {
    model,
    dimensions,
    embed: async (texts, _as, options) => {
      if (options?.background) await beforeWriting(texts)
      throw new Error('no embedder')
    },
  }
}

async function textOf(id: MessageId): Promise<string> {
  const [row] = await test.db.read.select({ text: message.text }).from(message).where(eq(message.id, id))
  return row?.text ?? ''
}

async function pass(): Promise<void> {
  test.clock.advance(UNDO_MS + 1000)
  test.jobs.wake()
  await test.learning.idle()
}

function gate(): { open(): void; passed: Promise<void> } {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

it('a job that read the words before writes nothing of them after', async () => {
  const item = (await test.learning.add(owner, { store: 'user_memory', text: 'My aunt Quillfeather keeps llamas.' }))
    .memory
  const asked = gate()
  const answer = gate()
  beforeWriting = async (texts) => {
    if (!texts.some((text) => text.includes('river'))) return
    asked.open()
    await answer.passed
  }
  const said = await test.say('Honestly, my dear aunt Quillfeather keeps llamas near the river.', { owner })
  await asked.passed
  await test.learning.forget(owner, [item.id])
  answer.open()
  beforeWriting = async () => {}
  await test.learning.idle()
  expect(await textOf(said.messageId)).not.toContain('Quillfeather')
  const active = await test.db.read
    .select({ text: memory.text })
    .from(memory)
    .where(sql`${memory.owner} = ${owner} and ${memory.status} <> 'trashed'`)
  expect(active).toEqual([])
  await pass()
  expect(await test.db.read.$count(memory, eq(memory.owner, owner))).toBe(0)
})

it('what lies in the bin can be neither edited nor pinned nor forgotten twice, and comes back as it was', async () => {
  const { memory: item } = await test.learning.add(owner, {
    store: 'user_memory',
    text: 'The safe is behind the stove.',
  })
  const { batchId } = await test.learning.forget(owner, [item.id])
  const edit = test.learning.edit(owner, { id: item.id, version: item.version, text: 'The safe is in the cellar.' })
  await expect(edit).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(test.learning.pin(owner, item.id, true)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(test.learning.forget(owner, [item.id])).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await test.learning.undo(owner, batchId)
  expect((await test.learning.get(owner, item.id)).memory.text).toBe('The safe is behind the stove.')
})

it('two forgets of one message are undone in any order, byte for byte', async () => {
  const text = 'My boat Zephyrine lies in Kiel. My horse Bucephala eats oats.'
  const said = await test.tell(text, { owner, answer: 'Zephyrine and Bucephala!' })
  const { items } = await test.learning.list(owner, {})
  const [boat] = items.filter((one) => one.text.includes('Zephyrine'))
  const [horse] = items.filter((one) => one.text.includes('Bucephala'))
  if (!boat || !horse) throw new Error('nothing was learned')
  const first = await test.learning.forget(owner, [boat.id])
  const second = await test.learning.forget(owner, [horse.id])
  expect(await textOf(said.messageId)).not.toMatch(/Zephyrine|Bucephala/)
  await test.learning.undo(owner, first.batchId)
  expect(await textOf(said.messageId)).toContain('My boat Zephyrine lies in Kiel.')
  await test.learning.undo(owner, second.batchId)
  expect(await textOf(said.messageId)).toBe(text)
  expect(await textOf(said.answerId)).toBe('Zephyrine and Bucephala!')
})

/** A chat whose model says one thing and then waits until it is stopped. */
function slowChat(says: string): { learning: Learning; chat: ReturnType<typeof createChat>; spoken: Promise<void> } {
  const spoken = gate()
  const log = createLog(null)
  const model: LanguageModel = {
    ...scriptedModel(),
    chat: async ({ onText, signal }) => {
      onText(says)
      spoken.open()
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      const figures = {
        promptTokens: 1,
        cachedTokens: 0,
        answerTokens: 1,
        leftOutMessages: 0,
        thoughts: '',
        repeated: false,
      }
      return { ...figures, text: says, stop: 'stopped', timeToFirstTokenMs: 1, tokensPerSecond: 1 }
    },
  }
  const { db, clock, embedder } = test
  const answers: RunningAnswers = {
    stopIn: async (_, conversations) => chat.settle(conversations),
    stop: async (_, ids) => chat.settleAnswers(ids),
    changed: () => {},
  }
  const learning = createLearning({
    db,
    model,
    embedder,
    jobs: createJobQueue({ db, clock, log }),
    clock,
    log,
    events: { memoriesChanged: () => {}, stateChanged: () => {}, learned: () => {} },
    settings: () => test.settings,
    setModes: async () => {},
    answers,
  })
  const events = { conversation: () => {}, conversations: () => {} }
  const chat = createChat({ db, model, learning, clock, log, events })
  return { learning, chat, spoken: spoken.passed }
}

it('an answer that is being written from it is stopped, and what it said of it is taken', async () => {
  const { learning, chat, spoken } = slowChat('Your llamas belong to aunt Quillfeather. And then')
  const { memory: item } = await learning.add(owner, { store: 'user_memory', text: 'Aunt Quillfeather keeps llamas.' })
  const conversationId = newId<ConversationId>()
  const text = 'Who keeps the llamas, is it aunt Quillfeather?'
  const answerId = await chat.send(owner, { conversationId, messageId: newId<MessageId>(), text })
  await spoken
  expect(await test.db.read.$count(usage, eq(usage.messageId, answerId))).toBeGreaterThan(0)
  await learning.forget(owner, [item.id])
  await chat.idle()
  expect(await textOf(answerId)).not.toContain('Quillfeather')
  expect(await textOf(answerId)).toContain('And then')
  await pass()
})

it('an answer written elsewhere at that time loses the words when forgetting becomes final', async () => {
  const { memory: item } = await test.learning.add(owner, {
    store: 'user_memory',
    text: 'Aunt Quillfeather keeps llamas.',
  })
  const said = await test.say('What is new in the valley?', { owner, answer: 'Nothing much.' })
  const setAnswer = (values: Partial<typeof message.$inferInsert>) =>
    test.db.write('test', (tx) => tx.update(message).set(values).where(eq(message.id, said.answerId)))
  await setAnswer({ status: 'pending', text: '' })
  const reason = { kind: 'words' as const, words: [], similarity: null }
  const use = { messageId: said.answerId, owner, rank: 0, store: 'user_memory', section: 'recalled' as const }
  await test.db.write('test', (tx) =>
    tx.insert(usage).values({ ...use, memoryId: item.id, memoryVersion: 1, tokens: 5, reason }),
  )
  await test.learning.forget(owner, [item.id])
  await setAnswer({ status: 'complete', text: 'The river is high. Aunt Quillfeather keeps llamas there.' })
  await pass()
  expect(await textOf(said.answerId)).not.toContain('Quillfeather')
  expect(await textOf(said.answerId)).toContain('The river is high. ')
})
