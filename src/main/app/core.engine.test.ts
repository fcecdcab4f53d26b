// The whole core on a real database and a real engine with a scripted model: what a turn keeps, whatever happens to it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MessageView } from '../../shared/chat.ts'
import type { AppEvent } from '../../shared/contract/app.ts'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { conversation, job, memory, message, usage } from '../database/schema.ts'
import { recordingLauncher } from '../engine/testing/engine.ts'
import { randomModel, scriptedModel } from '../engine/testing/models.ts'
import { LEARN } from '../learning/turns.ts'
import { type Core, OWNER, startCore } from './core.ts'
import { createLog } from './log.ts'
import { profilePaths } from './profile.ts'
import { resourcesFolder } from './resources.ts'

const folder = mkdtempSync(join(tmpdir(), 'understudy-core-test-'))
const scripted = join(folder, 'scripted.gguf')
const slow = join(folder, 'slow.gguf')
const open: Core[] = []

beforeAll(() => {
  scriptedModel(scripted, [
    { answer: 'Very well, that is noted.' },
    { word: 'hot', answer: 'You fire it at 1240 degrees.' },
    { beside: '1.', answer: '[{"n":1,"label":"none"}]' },
    {
      word: 'degrees',
      beside: '1.',
      answer: '[{"n":1,"label":"fact","statement":"The user fires the kiln at 1240 degrees."}]',
    },
  ])
  randomModel(slow, { layers: 4, width: 384 })
})

afterEach(async () => {
  for (const core of open.splice(0)) await core.close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

let profiles = 0

async function start(model: string | null = scripted, profile = join(folder, `profile-${++profiles}`)) {
  const { launcher, pids } = recordingLauncher()
  const core = await startCore({
    profile: profilePaths(profile),
    modelsFolder: join(folder, 'models'),
    resourcesFolder: resourcesFolder(),
    launcher,
    shell: 'browser',
    log: createLog(null),
  })
  open.push(core)
  if (model) await core.engine.load({ path: model, name: 'test' })
  return { core, pids, profile }
}

async function send(core: Core, text: string, conversationId = newId<ConversationId>()) {
  const messageId = newId<MessageId>()
  const answerId = await core.chat.send(OWNER, { conversationId, messageId, text })
  return { conversationId, messageId, answerId }
}

async function messages(core: Core, id: ConversationId): Promise<MessageView[]> {
  for await (const event of core.chat.watch(OWNER, id, undefined)) {
    if (event.type === 'snapshot') return event.messages
  }
  throw new Error('no snapshot')
}

/** Waits until the answer has text. */
async function writing(core: Core, id: ConversationId): Promise<void> {
  for await (const event of core.chat.watch(OWNER, id, undefined)) {
    if (event.type === 'text') return
    if (event.type === 'snapshot' && event.messages.at(-1)?.text) return
  }
}

describe('a turn', () => {
  it('is answered, learned from, and known in a new chat, with the words it came from', async () => {
    const { core } = await start()
    const first = await send(core, 'My kiln fires stoneware at 1240 degrees.')
    await core.chat.idle()
    await core.learning.idle()
    const [question, answer] = await messages(core, first.conversationId)
    expect(answer).toMatchObject({ status: 'complete', text: 'Very well, that is noted.', used: [] })
    expect(question).toMatchObject({ learning: 'done' })
    expect(question?.learned).toHaveLength(1)
    const memoryId = question?.learned[0]?.memoryId
    if (!memoryId) throw new Error('nothing was learned')
    const inspected = await core.learning.get(OWNER, memoryId)
    expect(inspected.evidence).toMatchObject([
      { origin: 'user', messageId: first.messageId, quote: 'My kiln fires stoneware at 1240 degrees.' },
    ])

    const second = await send(core, 'How hot is my kiln')
    await core.chat.idle()
    const [, recalled] = await messages(core, second.conversationId)
    expect(recalled?.text).toBe('You fire it at 1240 degrees.')
    expect(recalled?.used).toMatchObject([{ memoryId, section: 'recalled', rank: 0 }])
    expect(recalled?.used[0]?.reason.words).toContain('kiln')
  })

  it('sent twice under one id is one message', async () => {
    const { core } = await start()
    const input = { conversationId: newId<ConversationId>(), messageId: newId<MessageId>(), text: 'Hello' }
    const answerId = await core.chat.send(OWNER, input)
    await core.chat.idle()
    expect(await core.chat.send(OWNER, input)).toBe(answerId)
    expect(await messages(core, input.conversationId)).toHaveLength(2)
  })

  it('reads only what is new: the turns before come from the prefix cache', async () => {
    const { core } = await start()
    // A name: the first turn teaches a profile, which must not rewrite the beginning of the second prompt.
    const { conversationId } = await send(core, 'My name is Ottoline and the kiln stands in the shed.')
    await core.chat.idle()
    await core.learning.idle()
    expect((await core.learning.list(OWNER, { store: 'user_profile' })).total).toBe(1)
    await send(core, 'It has two shelves.', conversationId)
    await core.chat.idle()
    const answers = (await messages(core, conversationId)).filter(({ role }) => role === 'assistant')
    const [first, second] = answers.map(({ stats }) => stats)
    if (!first || !second) throw new Error('no figures')
    expect(second.cachedTokens / (first.promptTokens + first.answerTokens)).toBeGreaterThanOrEqual(0.95)
  })

  it('refuses a second message while an answer is written, and keeps the first', async () => {
    const { core } = await start(slow)
    const { conversationId } = await send(core, 'Tell me everything')
    await expect(send(core, 'And more', conversationId)).rejects.toMatchObject({ code: 'BUSY' })
    core.chat.stop(OWNER, conversationId)
    await core.chat.idle()
    expect((await messages(core, conversationId)).map(({ text }) => text)[0]).toBe('Tell me everything')
  })

  it('stopped keeps what was written, and can be tried again beside it', async () => {
    const { core } = await start(slow)
    const { conversationId, answerId } = await send(core, 'Tell me everything')
    await writing(core, conversationId)
    core.chat.stop(OWNER, conversationId)
    await core.chat.idle()
    const stopped = (await messages(core, conversationId)).at(-1)
    expect(stopped).toMatchObject({ id: answerId, status: 'stopped' })
    expect(stopped?.text).not.toBe('')

    await core.engine.load({ path: scripted, name: 'test' })
    await core.chat.retry(OWNER, { conversationId, messageId: answerId })
    await core.chat.idle()
    const branch = await messages(core, conversationId)
    expect(branch.map(({ status, text }) => ({ status, text }))).toEqual([
      { status: 'complete', text: 'Tell me everything' },
      { status: 'complete', text: 'Very well, that is noted.' },
    ])
    const rows = await core.db.read.select().from(message).where(eq(message.conversationId, conversationId))
    expect(rows.map(({ id }) => id)).toContain(answerId)
  })

  it('goes on after the engine died: the text so far is kept, the next try answers', async () => {
    const { core, pids } = await start(slow)
    const { conversationId, answerId } = await send(core, 'Tell me everything')
    await writing(core, conversationId)
    process.kill(pids.at(-1) ?? 0, 'SIGKILL')
    await core.chat.idle()
    const failed = (await messages(core, conversationId)).at(-1)
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'ENGINE_STOPPED' } })
    expect(failed?.text).not.toBe('')

    await core.engine.load({ path: scripted, name: 'test' })
    await core.chat.retry(OWNER, { conversationId, messageId: answerId })
    await core.chat.idle()
    expect((await messages(core, conversationId)).at(-1)).toMatchObject({ status: 'complete' })
  })

  it('says so when the message is longer than the model can read, and keeps the message', async () => {
    const { core } = await start()
    const text = 'kiln '.repeat(30_000).trim()
    const { conversationId } = await send(core, text)
    await core.chat.idle()
    const [question, answer] = await messages(core, conversationId)
    expect(question?.text).toBe(text)
    expect(answer).toMatchObject({ status: 'failed' })
    expect(['CONTEXT_FULL', 'MESSAGE_TOO_LONG']).toContain(answer?.error?.code)
  })

  it('without a model says which step is missing, and keeps the message', async () => {
    const { core } = await start(null)
    const { conversationId } = await send(core, 'Is anybody there?')
    await core.chat.idle()
    expect(await messages(core, conversationId)).toMatchObject([
      { text: 'Is anybody there?', status: 'complete' },
      { status: 'failed', error: { code: 'NO_MODEL' } },
    ])
  })
})

describe('after the app was ended without a word', () => {
  it('an answer left behind is marked, keeps its text, and its turn is learned from once', async () => {
    const { core, profile } = await start()
    const { conversationId, messageId, answerId } = await send(core, 'My kiln fires stoneware at 1240 degrees.')
    await core.chat.idle()
    await core.learning.idle()
    // As a kill in the middle of an answer leaves it: pending, with the text of the last second, and no job.
    await core.db.write('test', async (tx) => {
      await tx.delete(job).where(eq(job.key, messageId))
      await tx.delete(memory).where(eq(memory.owner, OWNER))
      await tx.update(message).set({ status: 'pending', text: 'Very' }).where(eq(message.id, answerId))
    })
    await core.close()

    const { core: again } = await start(scripted, profile)
    await again.learning.idle()
    expect(await messages(again, conversationId)).toMatchObject([
      { id: messageId, learning: 'done' },
      { id: answerId, status: 'interrupted', text: 'Very' },
    ])
    const known = await again.db.read.select().from(memory).where(eq(memory.owner, OWNER))
    expect(known.map(({ text }) => text)).toEqual(["The user's kiln fires stoneware at 1240 degrees."])
  })
})

describe('the learning switch', () => {
  it('off reads nothing, writes nothing and queues nothing, and the memories are there when it is on again', async () => {
    const { core } = await start()
    await send(core, 'My kiln fires stoneware at 1240 degrees.')
    await core.chat.idle()
    await core.learning.idle()
    await core.settings.update({ learning: false })

    const jobsBefore = await core.db.read.$count(job, eq(job.kind, LEARN))
    const { conversationId } = await send(core, 'My kiln also fires porcelain at 1240 degrees, how hot is the kiln')
    await core.chat.idle()
    await core.learning.idle()
    expect((await messages(core, conversationId)).at(-1)).toMatchObject({ status: 'complete', used: [] })
    expect(await core.db.read.$count(job, eq(job.kind, LEARN))).toBe(jobsBefore)
    expect(await core.db.read.$count(usage)).toBe(0)
    const [row] = await core.db.read.select().from(conversation).where(eq(conversation.id, conversationId))
    expect(row?.coreBlock).toBeNull()

    await core.settings.update({ learning: true })
    const second = await send(core, 'How hot is my kiln')
    await core.chat.idle()
    expect((await messages(core, second.conversationId)).at(-1)?.used).toHaveLength(1)
  })
})

it('a window hears that one long work keeps everything else waiting, and when that is over', async () => {
  const { core } = await start(null)
  const window = createRouterClient(core.router, { context: () => core.caller() })
  const leaving = new AbortController()
  const events = await window.app.events({}, { signal: leaving.signal })
  expect((await events.next()).value).toMatchObject({
    type: 'state',
    state: { database: { state: 'ready', busy: false } },
  })
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const long = core.db.write('test.long', () => over)
  const waiting = window.app.state({})
  const heard: boolean[] = []
  while (heard.length < 2) {
    const event = (await events.next()).value as AppEvent
    if (event.type !== 'database' || event.database.state !== 'ready') continue
    heard.push(event.database.busy)
    end()
  }
  expect(heard).toEqual([true, false])
  await Promise.all([long, waiting])
  leaving.abort()
})
