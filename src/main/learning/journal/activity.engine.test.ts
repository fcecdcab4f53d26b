// The log a person reads: every act a line, with what became of it and whether it can be taken back.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { ActivityEntry } from '../../../shared/contract/activity.ts'

import type { MemoryId } from '../../../shared/ids.ts'
import { usage } from '../../database/schema.ts'
import { UNDO_MS } from '../forgetting/undo-time.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import type { ActivityQuery } from './activity.ts'

let test: TestLearning
let owner = ''
let people = 0
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())
beforeEach(() => {
  owner = `activity-${people++}`
})

const log = async (query: ActivityQuery = {}) => (await test.learning.activity(owner, { limit: 100, ...query })).entries
const add = async (text: string) => {
  test.clock.advance(1000)
  return (await test.learning.add(owner, { store: 'user_memory', text })).memory
}

function said(entry: ActivityEntry | undefined) {
  if (entry?.type !== 'change') return null
  const { kind, actor, undo, items } = entry
  return { kind, actor, undo, texts: items.map(({ after }) => after) }
}

it('tells what was learned, changed, undone and forgotten, by whom, and what can be taken back', async () => {
  const { conversationId } = await test.tell('I own a telescope from Jena.', { owner })
  const hand = await add('The attic is dry.')
  const edited = await test.learning.edit(owner, { id: hand.id, version: hand.version, text: 'The attic is damp.' })
  test.clock.advance(1000)
  const undo = await test.learning.undo(owner, edited.batchId)
  const [undone, change, added, learned] = await log()
  expect(said(undone)).toMatchObject({ kind: 'undone', actor: 'person', undo: 'possible' })
  expect(said(change)).toMatchObject({ kind: 'changed', undo: 'undone', texts: ['The attic is damp.'] })
  expect(said(added)).toMatchObject({ kind: 'learned', actor: 'person', undo: 'possible' })
  expect(said(learned)).toMatchObject({ kind: 'learned', actor: 'learning' })
  expect(learned).toMatchObject({ conversationId, conversationTitle: 'Test' })
  // What the log says can be taken back can be.
  await test.learning.undo(owner, undo.batchId)
  expect((await test.learning.get(owner, hand.id)).memory.text).toBe('The attic is damp.')
  expect(said((await log()).find((entry) => entry.type === 'change' && entry.batchId === edited.batchId))?.undo).toBe(
    'possible',
  )
  expect(said((await log({ actor: 'learning' }))[0])).toMatchObject({ kind: 'learned' })
  expect(await log({ actor: 'tidying' })).toEqual([])
  expect(await log({ store: 'user_profile' })).toEqual([])
  expect((await log({ kind: 'changed' })).length).toBe(1)
  expect(await log({ to: new Date('2020-01-01') })).toEqual([])
})

it('shows no words of what was forgotten, before it is final and after', async () => {
  const hand = await add('The safe stands behind the mirror.')
  await test.learning.edit(owner, { id: hand.id, version: hand.version, text: 'The safe stands behind the clock.' })
  const { batchId } = await test.learning.forget(owner, [hand.id])
  const find = async () => (await log()).find((entry) => entry.type === 'change' && entry.batchId === batchId)
  expect(JSON.stringify(await log())).not.toMatch(/safe/)
  expect(said(await find())).toMatchObject({ kind: 'forgotten', undo: 'possible', texts: [null] })
  test.clock.advance(UNDO_MS + 1000)
  await test.tell('Good morning.', { owner })
  await test.learning.idle()
  expect(said(await find())?.undo).toBe('final')
  expect(JSON.stringify(await log())).not.toMatch(/safe/)
})

it('counts what an act on many did, names the first of them, and goes on page by page without a gap', async () => {
  const ids: MemoryId[] = []
  for (let index = 0; index < 8; index++) ids.push((await add(`Box ${index} is on the shelf.`)).id)
  const { batchId } = await test.learning.changeMany(owner, ids, 'pin')
  const [pinned] = await log()
  expect(pinned).toMatchObject({ type: 'change', batchId, kind: 'changed', count: 8 })
  expect(pinned?.items).toHaveLength(5)
  const { answerId } = await test.say('Which boxes are there?', { owner })
  await test.db.write('test.use', (tx) =>
    tx.insert(usage).values({
      ...{ messageId: answerId, rank: 0, owner, memoryId: ids[0] ?? null, store: 'user_memory', tokens: 9 },
      ...{ section: 'recalled', reason: { kind: 'words', words: ['boxes'], similarity: null } },
    }),
  )
  const [use] = await log()
  expect(use).toMatchObject({ type: 'use', messageId: answerId, count: 1 })
  expect(use?.items[0]?.after).toBe('Box 0 is on the shelf.')
  expect((await log({ kind: 'used' })).length).toBe(1)

  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<TestLearning['learning']['activity']>> = await test.learning.activity(owner, {
      limit: 3,
      cursor,
    })
    seen.push(...page.entries.map((entry) => (entry.type === 'use' ? entry.messageId : entry.batchId)))
    cursor = page.nextCursor
  } while (cursor)
  const all = (await log()).map((entry) => (entry.type === 'use' ? entry.messageId : entry.batchId))
  expect(seen).toEqual(all)
  expect(seen).toHaveLength(10)
  await expect(test.learning.activity(owner, { cursor: 'nonsense' })).rejects.toMatchObject({
    details: { field: 'cursor' },
  })
})
