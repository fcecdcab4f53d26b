// What was not approved is used by nothing that answers: neither while it waits, nor put off, nor declined, nor expired.
// Of every kind of learning, new or in the place of what is known, and with the real embedder, so that nothing is missed
// for want of a shared word.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MemoryId, ProposalId } from '../../../shared/ids.ts'
import { applyChanges } from '../change/write.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { BUILT_IN_STORES } from '../machine.ts'
import type { Change, ToolTurn } from '../protocol.ts'
import { fileSays, jobBatch, openTestLearning, type TestLearning } from '../testing.ts'
import { EXPIRES_AFTER_DAYS } from './proposals.ts'

const owner = 'inert'
/** In everything suggested, and in nothing else. */
const MARK = 'zorblax'
const QUESTIONS = [
  'Which lantern does the harbour pilot keep?',
  'What does the harbour pilot keep in the boat house? Tell me all about the lantern, please.',
  'Who is the harbour pilot?',
  `What is ${MARK}?`,
]
const DAY_MS = 86_400_000

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
  test.settings.learnByItself = true
})
afterAll(() => test.close())

const inbox = () => test.learning.proposals
const fromFile = (quote: string) => fileSays(quote, test.clock.now())
const stores = BUILT_IN_STORES.filter(({ id }) => id !== 'session_context')

async function suggest(make: (store: (typeof stores)[number]) => Change): Promise<ProposalId[]> {
  const ids: ProposalId[] = []
  for (const store of stores) {
    test.clock.advance(1000)
    const batch = jobBatch(owner, test.clock.now(), { vectors: await vectorsOf(sentence(store.id)) })
    const applied = await test.db.write('suggest', (tx) => applyChanges(tx, batch, store as never, [make(store)]))
    ids.push(...applied.flatMap(({ proposalId }) => proposalId ?? []))
  }
  expect(ids).toHaveLength(stores.length)
  return ids
}

const sentence = (store: string) =>
  `The harbour pilot keeps a ${MARK} lantern in the ${store.replace('_', ' ')} boat house.`
const fresh = (store: (typeof stores)[number]): Change => {
  const text = sentence(store.id)
  return {
    action: 'add',
    item: store.fromHand(text, null, { at: test.clock.now(), timeZone: 'UTC' }) as never,
    evidence: fromFile(text),
  }
}

async function vectorsOf(text: string) {
  const [vector] = await test.embedder.embed([text], 'document')
  return { model: test.embedder.model, of: () => vector ?? null }
}

/** Everything a prompt, a search or a tool of the model gives out. */
async function everything(): Promise<string> {
  const seen: unknown[] = []
  const asked = await test.say('What do you know of boats?', { owner })
  for (const text of QUESTIONS) {
    seen.push(await test.context(text, { owner }))
    seen.push(await test.learning.search(owner, text, 50))
    const turn: ToolTurn = { owner, ...asked, userText: text, at: test.clock.now(), timeZone: 'UTC' }
    const tools = test.learning.tools.open(test.learning.tools.offered())
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['search_memories', 'search_entities']))
    for (const { name, writes } of tools.filter((tool) => !tool.writes)) {
      const result = await test.learning.tools.run(turn, name, { query: text }, new AbortController().signal)
      expect([name, writes, result.status]).toEqual([name, false, 'found'])
      seen.push(result)
    }
  }
  seen.push(await test.learning.list(owner, { limit: 200 }), await test.learning.curation.plan(owner))
  seen.push(await test.learning.entities.list(owner, { query: '', limit: 50 } as never))
  return JSON.stringify(seen)
}

describe('what was not approved', () => {
  it('is in no prompt, search or tool: waiting, put off, declined, declined for ever, expired', {
    timeout: 240_000,
  }, async () => {
    for (const { id, policy } of stores) {
      const asking = (['agentic', 'propose', 'ask'] as const).find((mode) => policy.modes.includes(mode))
      if (asking) test.settings.storeModes = { ...test.settings.storeModes, [id]: asking }
    }
    const ids = await suggest(fresh)
    expect((await inbox().list(owner, { limit: 200 })).total).toBeGreaterThanOrEqual(stores.length)
    expect(await everything()).not.toContain(MARK)

    await inbox().snooze(owner, ids, new Date(test.clock.now().getTime() + DAY_MS))
    expect(await everything()).not.toContain(MARK)
    await test.restart()
    expect(await everything()).not.toContain(MARK)

    for (const [index, id] of ids.entries()) await inbox().decline(owner, id, index % 2 === 0)
    expect(await everything()).not.toContain(MARK)
    test.clock.advance(UNDO_MS + 1000)
    test.jobs.wake()
    await test.learning.idle()
    expect(await everything()).not.toContain(MARK)
  })

  it('takes no place of what is known before it is approved; approved it is used', { timeout: 240_000 }, async () => {
    const { memory: known } = await test.learning.add(owner, {
      store: 'user_memory',
      text: 'The harbour pilot keeps an old lantern in the shed.',
    })
    const store = stores.find(({ id }) => id === 'user_memory')
    if (!store) throw new Error('no store')
    const text = `The harbour pilot keeps a ${MARK} lantern in the attic.`
    const change = (action: 'update' | 'supersede'): Change => {
      const item = store.fromHand(text, null, { at: test.clock.now(), timeZone: 'UTC' }) as never
      const about = { id: known.id as MemoryId, base: known.version, evidence: fromFile(text) }
      return action === 'update' ? { action, ...about, item } : { action, ...about, by: item, reason: 'changed' }
    }
    const batch = jobBatch(owner, test.clock.now(), { vectors: await vectorsOf(text) })
    await test.db.write('suggest', (tx) =>
      applyChanges(tx, batch, store as never, [change('update'), change('supersede')]),
    )
    const before = await everything()
    expect(before).not.toContain(MARK)
    expect(before).toContain('old lantern')

    const { items } = await inbox().list(owner, {})
    const [one, two] = items.filter(({ after }) => after?.includes(MARK))
    await inbox().decline(owner, two?.id as ProposalId, false)
    expect(await everything()).not.toContain(MARK)
    await inbox().accept(owner, one?.id as ProposalId)
    // The same questions find it now: they would have found it before.
    expect(await everything()).toContain(MARK)
  })

  it('expires without ever being used', { timeout: 120_000 }, async () => {
    const { items } = await test.learning.list(owner, { limit: 200 })
    await test.learning.forget(
      owner,
      items.map(({ id }) => id),
    )
    test.clock.advance(UNDO_MS + 1000)
    test.jobs.wake()
    await test.learning.idle()
    await suggest((store) => {
      const text = `${sentence(store.id)} It is lit.`
      return {
        action: 'add',
        item: store.fromHand(text, null, { at: test.clock.now(), timeZone: 'UTC' }) as never,
        evidence: fromFile(text),
      }
    })
    test.clock.advance((EXPIRES_AFTER_DAYS + 1) * DAY_MS)
    await inbox().expire()
    expect((await inbox().list(owner, {})).total).toBe(0)
    expect(await everything()).not.toContain(MARK)
  })
})
