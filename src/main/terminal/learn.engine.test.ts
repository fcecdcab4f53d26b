// Commands in a terminal, through the socket of a running app and on a profile of their own.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversationId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import { type Core, OWNER, startCore } from '../app/core.ts'
import { createLog } from '../app/log.ts'
import { profilePaths } from '../app/profile.ts'
import { resourcesFolder } from '../app/resources.ts'
import { evidence, memory } from '../database/schema.ts'
import { recordingLauncher } from '../engine/testing/engine.ts'
import { randomModel } from '../engine/testing/models.ts'
import { NO_VECTORS } from '../learning/change/batch.ts'
import type { RunningCore } from '../shell/core.ts'
import { runLearnCommand } from './learn.ts'
import { socketPath, withSocket } from './socket.ts'

const folder = mkdtempSync(join(tmpdir(), 'understudy-terminal-'))
const profile = profilePaths(join(folder, 'profile'))
let core: Core
let running: RunningCore

beforeAll(async () => {
  const slow = join(folder, 'slow.gguf')
  randomModel(slow, { layers: 4, width: 384 })
  core = await startCore({
    profile,
    modelsFolder: join(folder, 'models'),
    resourcesFolder: resourcesFolder(),
    launcher: recordingLauncher().launcher,
    shell: 'browser',
    log: createLog(null),
  })
  await core.engine.load({ path: slow, name: 'slow' })
  running = await withSocket(profile, core, createLog(null))
})
afterAll(async () => {
  await running.close()
  rmSync(folder, { recursive: true, force: true })
})

async function learn(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const heard = { out: '', err: '' }
  const code = await runLearnCommand([...args, '--profile', profile.folder], {
    out: (text) => {
      heard.out += text
    },
    err: (text) => {
      heard.err += text
    },
  })
  return { code, ...heard }
}
const asJson = async (...args: string[]) => JSON.parse((await learn(...args, '--json')).out)

describe('S35: while the app runs and an answer streams', () => {
  it('every command answers, and what it changes is there for the window at once', async () => {
    const conversationId = newId<ConversationId>()
    await core.chat.send(OWNER, { conversationId, messageId: newId<MessageId>(), text: 'Tell me everything.' })
    for await (const event of core.chat.watch(OWNER, conversationId, undefined)) if (event.type === 'text') break

    const { memory: added } = await core.learning.add(OWNER, {
      store: 'user_memory',
      text: 'The ladder stands behind the barn.',
    })
    expect((await learn('list')).out).toContain(`${added.id}  user_memory       The ladder stands behind the barn.`)
    expect((await learn('list', 'ladder')).out).toContain(added.id)
    const why = await asJson('why', added.id)
    expect(why.memory.text).toBe('The ladder stands behind the barn.')
    expect(why.evidence[0].origin).toBe('hand')

    const { batchId } = await asJson('forget', added.id)
    await expect(core.learning.get(OWNER, added.id)).resolves.toMatchObject({ memory: { status: 'trashed' } })
    expect((await learn('undo', batchId)).code).toBe(0)
    await expect(core.learning.get(OWNER, added.id)).resolves.toMatchObject({ memory: { status: 'active' } })

    const modes = await asJson('mode', 'user_memory', 'off')
    expect(modes.stores.find(({ id }: { id: string }) => id === 'user_memory').mode).toBe('off')
    expect((await core.learning.state(OWNER)).stores.find(({ id }) => id === 'user_memory')?.mode).toBe('off')
    await learn('mode', 'user_memory', 'always')

    expect((await learn('inbox')).out).toBe('Nothing waits.\n')
    // The answer was written all the while.
    expect(core.chat.stop(OWNER, conversationId)).toBeUndefined()
    await core.chat.idle()
  })

  it('decides what waits', async () => {
    const one = await suggested('The user paints boats.')
    expect((await learn('inbox')).out).toContain('The user paints boats.')
    expect((await learn('decide', one, 'perhaps')).err).toContain('Possible: approve, decline')
    expect((await learn('decide', one, 'approve')).code).toBe(0)
    expect((await learn('list', 'paints boats')).out).toContain('The user paints boats.')
    expect((await learn('decide', one, 'decline')).err).toContain('decided already')
    const two = await suggested('The user sells kites.')
    expect((await learn('decide', two, 'decline')).code).toBe(0)
    expect((await learn('list', 'sells kites')).out).not.toContain('The user sells kites.')
  })

  it('tidies: shows what it would do first, and tells how to take it back', async () => {
    await suggested('The user sells honey.').then((id) => learn('decide', id, 'approve'))
    const { items } = await core.learning.list(OWNER, { query: 'sells honey' })
    const [row] = await core.db.read
      .select()
      .from(memory)
      .where(eq(memory.id, items[0]?.id as never))
    if (!row) throw new Error('nothing was kept')
    const twin = { ...row, id: newId<MemoryId>() }
    await core.db.write('test.twin', async (tx) => {
      await tx.insert(memory).values(twin)
      await tx
        .insert(evidence)
        .values({ id: newId(), owner: OWNER, memoryId: twin.id, origin: 'hand', quote: 'x', at: row.createdAt })
    })
    expect((await learn('curate', '--dry-run')).out).toContain('duplicate in user_memory')
    expect((await core.learning.list(OWNER, { query: 'sells honey' })).items).toHaveLength(2)
    const { applied, batchId } = await asJson('curate')
    expect(applied).toBe(1)
    expect((await core.learning.list(OWNER, { query: 'sells honey' })).items).toHaveLength(1)
    await learn('undo', batchId)
    expect((await core.learning.list(OWNER, { query: 'sells honey' })).items).toHaveLength(2)
  })

  it('refuses what it does not understand, and says what is possible', async () => {
    expect(await learn('list', '--everything')).toMatchObject({ code: 2 })
    expect(await learn('burn')).toMatchObject({ code: 2 })
    expect((await learn('mode', 'user_memory', 'sometimes')).err).toContain('Possible: off, always')
    expect((await learn('mode', 'no_such_store', 'off')).err).toContain('no store')
    const missing = await learn('why', newId())
    expect(missing).toMatchObject({ code: 1 })
    expect(missing.err).toContain('does not exist')
    expect(await asJson('why', newId())).toMatchObject({ error: { code: 'NOT_FOUND' } })
    expect(await asJson('why', 'not-an-id')).toMatchObject({ error: { code: 'INVALID_INPUT' } })
  })

  it.skipIf(process.platform === 'win32')('only the person’s own account may open the socket', () => {
    expect(statSync(socketPath(profile)).mode & 0o777).toBe(0o600)
  })
})

it('opens a profile for itself when no app runs, whatever a killed app left behind, and leaves it closed', async () => {
  const own = profilePaths(join(folder, 'alone'))
  const run = (...args: string[]) =>
    spawnSync(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), ...args, '--profile', own.folder],
      {
        encoding: 'utf8',
      },
    )
  expect(run('list').stdout).toContain('Nothing is known yet.')
  writeFileSync(socketPath(own), '')
  const state = run('mode', 'user_profile', 'off', '--json')
  expect(state.status).toBe(0)
  const again = JSON.parse(run('mode', 'user_memory', 'always', '--json').stdout)
  expect(again.stores.find(({ id }: { id: string }) => id === 'user_profile').mode).toBe('off')
})

/** Something that waits: a fact that only an answer said. @returns its id */
async function suggested(text: string): Promise<string> {
  const { applyChanges } = await import('../learning/change/write.ts')
  const { userMemory } = await import('../learning/stores/user-memory.ts')
  await core.db.write('test.suggest', (tx) =>
    applyChanges(
      tx,
      {
        owner: OWNER,
        id: newId(),
        actor: 'job:learn',
        author: 'extraction',
        at: new Date(),
        extractor: null,
        vectors: NO_VECTORS,
      },
      userMemory,
      [
        {
          action: 'add',
          item: { kind: 'fact', text, content: { voice: 'note' } },
          evidence: [{ origin: 'assistant', quote: text, at: new Date() }],
        },
      ],
    ),
  )
  const { items } = await core.learning.proposals.list(OWNER, {})
  const found = items.find(({ after }) => after === text)
  if (!found) throw new Error('nothing was suggested')
  return found.id
}
