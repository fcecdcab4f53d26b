// The clock of the computer is put back, while the app runs and while it is closed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ne } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MessageView } from '../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { job, memory } from '../database/schema.ts'
import { createChildLauncher } from '../engine/child-launcher.ts'
import { scriptedModel } from '../engine/testing/models.ts'
import { CURATE } from '../learning/curation/curation.ts'
import { testClock } from '../learning/testing.ts'
import { type Core, OWNER, startCore } from './core.ts'
import { createLog } from './log.ts'
import { profilePaths } from './profile.ts'
import { resourcesFolder } from './resources.ts'

const HOUR = 3_600_000
const folder = mkdtempSync(join(tmpdir(), 'understudy-clock-test-'))
const model = join(folder, 'scripted.gguf')
const clock = testClock()
let core: Core

beforeAll(async () => {
  scriptedModel(model, [{ answer: 'Very well.' }])
  core = await start()
})
afterAll(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(): Promise<Core> {
  const started = await startCore({
    profile: profilePaths(join(folder, 'profile')),
    modelsFolder: join(folder, 'models'),
    resourcesFolder: resourcesFolder(),
    launcher: createChildLauncher(),
    shell: 'browser',
    log: createLog(null),
    clock,
  })
  await started.engine.load({ path: model, name: 'test' })
  return started
}

async function tell(text: string, conversationId = newId<ConversationId>()): Promise<ConversationId> {
  clock.advance(60_000)
  await core.chat.send(OWNER, { conversationId, messageId: newId<MessageId>(), text })
  await core.chat.idle()
  await core.learning.idle()
  return conversationId
}

const messages = async (id: ConversationId): Promise<MessageView[]> => {
  for await (const event of core.chat.watch(OWNER, id, undefined)) {
    if (event.type === 'snapshot') return event.messages
  }
  throw new Error('no snapshot')
}

async function expectHome(town: string, not: string): Promise<void> {
  const rows = await core.db.read.select().from(memory)
  const active = rows.filter(({ status }) => status === 'active').map(({ text }) => text)
  expect(active.join('\n')).toContain(town)
  expect(active.join('\n')).not.toContain(not)
  for (const { validFrom, validTo, text } of rows) {
    if (validFrom && validTo) expect(validTo.getTime(), text).toBeGreaterThanOrEqual(validFrom.getTime())
  }
  for (const row of await core.db.read.select().from(job).where(ne(job.kind, CURATE)))
    expect(row, row.kind).toMatchObject({ status: 'done' })
}

it('what was said last holds, in order, and no work waits for the old time', async () => {
  const first = await tell('I live in Lyon.')
  clock.advance(-5 * HOUR)
  await tell('I moved to Ghent.')
  await expectHome('Ghent', 'Lyon')
  await tell('I keep geese.', first)
  const times = (await messages(first)).map(({ createdAt }) => createdAt.getTime())
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect((await messages(first)).map(({ status }) => status)).not.toContain('failed')

  await core.close()
  clock.advance(-2 * HOUR)
  core = await start()
  await tell('I moved to Porto.')
  await expectHome('Porto', 'Ghent')
  const { items } = await core.chat.list(OWNER, { query: '', cursor: null, limit: 10 })
  expect(items.map(({ title }) => title)[0]).toContain('Porto')
})
