// Scenarios of the whole core on a real engine with a scripted model: the doors it is reached through, and that learning
// never stands between the last token and "complete".
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MessageView } from '../../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../../shared/ids.ts'
import { type Core, OWNER, startCore } from '../../app/core.ts'
import { createLog } from '../../app/log.ts'
import { profilePaths } from '../../app/profile.ts'
import { resourcesFolder } from '../../app/resources.ts'
import { job, memory } from '../../database/schema.ts'
import { createChildLauncher } from '../../engine/child-launcher.ts'
import { scriptedModel } from '../../engine/testing/models.ts'
import { LEARN } from '../turns.ts'

const folder = mkdtempSync(join(tmpdir(), 'understudy-doors-test-'))
const model = join(folder, 'scripted.gguf')
const open: Core[] = []
let profiles = 0

beforeAll(() => {
  scriptedModel(model, [{ answer: 'Very well, that is noted.' }, { beside: '1.', answer: '[{"n":1,"label":"none"}]' }])
})
afterEach(async () => {
  for (const core of open.splice(0)) await core.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function start(profile = join(folder, `profile-${++profiles}`)) {
  const core = await startCore({
    profile: profilePaths(profile),
    modelsFolder: join(folder, 'models'),
    resourcesFolder: resourcesFolder(),
    launcher: createChildLauncher(),
    shell: 'browser',
    log: createLog(null),
  })
  open.push(core)
  await core.engine.load({ path: model, name: 'test' })
  return { core, profile }
}

async function messages(core: Core, id: ConversationId): Promise<MessageView[]> {
  for await (const event of core.chat.watch(OWNER, id, undefined)) {
    if (event.type === 'snapshot') return event.messages
  }
  throw new Error('no snapshot')
}

/** What a person sees of two turns, without ids and times. */
async function seen(core: Core, conversationId: ConversationId) {
  await core.chat.idle()
  await core.learning.idle()
  const views = await messages(core, conversationId)
  const items = await core.db.read.select().from(memory).where(eq(memory.owner, OWNER))
  return {
    messages: views.map(({ role, text, status, learning, learned, used }) => ({
      role,
      text,
      status,
      learning,
      learned: learned.map((change) => ({ action: change.action, store: change.store, text: change.text })),
      used: used.map(({ section, text: line }) => ({ section, line })),
    })),
    items: items.map(({ store, kind, text, status, author }) => ({ store, kind, text, status, author })),
  }
}

const TURNS = ['My name is Diana Prince, call me Di.', 'I live in Themiscyra.']

describe('the same two turns', () => {
  it('S22: leave the same items, chips and answers through the contract and through the core', {
    timeout: 300_000,
  }, async () => {
    const { core: direct } = await start()
    const one = newId<ConversationId>()
    for (const text of TURNS) {
      await direct.chat.send(OWNER, { conversationId: one, messageId: newId<MessageId>(), text })
      await direct.chat.idle()
      await direct.learning.idle()
    }
    const { core: behind } = await start()
    const client = createRouterClient(behind.router, { context: behind.caller() })
    const other = newId<ConversationId>()
    for (const text of TURNS) {
      await client.chat.send({ conversationId: other, messageId: newId<MessageId>(), text })
      await behind.chat.idle()
      await behind.learning.idle()
    }
    const [first, second] = [await seen(direct, one), await seen(behind, other)]
    expect(second).toEqual(first)
    expect(first.items.map(({ text }) => text).sort()).toEqual([
      'Lives in Themiscyra',
      'Name: Diana Prince',
      'Wants to be called Di',
    ])
  })
})

describe('learning after the answer', () => {
  it('N19: the answer is complete at its last token, and quitting before it was learned from loses nothing', {
    timeout: 300_000,
  }, async () => {
    const { core, profile } = await start()
    const conversationId = newId<ConversationId>()
    const messageId = newId<MessageId>()
    await core.chat.send(OWNER, { conversationId, messageId, text: TURNS[0] ?? '' })
    await core.chat.idle()
    const [, answer] = await messages(core, conversationId)
    expect(answer).toMatchObject({ status: 'complete', text: 'Very well, that is noted.' })
    // Closed in the middle of whatever learning does; the turn is in the queue or done, never lost.
    await core.close()
    open.length = 0
    const { core: again } = await start(profile)
    await again.learning.idle()
    const jobs = await again.db.read.select().from(job).where(eq(job.key, messageId))
    expect(jobs.filter(({ kind }) => kind === LEARN)).toMatchObject([{ status: 'done' }])
    const { items } = await seen(again, conversationId)
    expect(items.map(({ text }) => text).sort()).toEqual(['Name: Diana Prince', 'Wants to be called Di'])
  })
})
