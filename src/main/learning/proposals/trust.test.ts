// Offers to learn a kind by itself, or to ask again: when they come, that nothing changes without a yes, and that an answer
// holds for good.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BatchId, ProposalId } from '../../../shared/ids.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { ACTS, APPROVALS, CORRECTIONS } from './trust.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
const others = { entity_memory: 'off', user_profile: 'off' } as const
beforeEach(() => {
  owner = `trusts-${people++}`
  test.settings.storeModes = { ...others, user_memory: 'propose' }
})

const NAMES =
  'anvil barrel cart drum easel flute globe harp inkwell jug kettle lamp mirror needle oar piano quill rug saddle teapot urn vase'.split(
    ' ',
  )
const inbox = () => test.learning.proposals
const offer = () => test.learning.trust.offer(owner)
const mode = async () => (await test.learning.state(owner)).stores.find(({ id }) => id === 'user_memory')?.mode

/** Says so many things of the person's, each of another thing. */
async function tell(from: number, to: number): Promise<void> {
  for (const name of NAMES.slice(from, to)) await test.tell(`My ${name} is green.`, { owner })
}
const waiting = async () => (await inbox().list(owner, { limit: 200 })).items.map(({ id }) => id)

/** Approves what waits, in so many acts. */
async function approve(ids: readonly ProposalId[], acts: number): Promise<BatchId[]> {
  const size = Math.ceil(ids.length / acts)
  const batches: BatchId[] = []
  for (let at = 0; at < ids.length; at += size) {
    test.clock.advance(1000)
    batches.push((await inbox().acceptAll(owner, ids.slice(at, at + size))).batchId)
  }
  return batches
}

describe('after many approvals', () => {
  it('it offers once to learn the kind by itself, and a yes sets the mode', { timeout: 120_000 }, async () => {
    await tell(0, APPROVALS)
    const ids = await waiting()
    expect(ids).toHaveLength(APPROVALS)
    const batches = await approve(ids.slice(0, -1), ACTS)
    expect(await offer()).toBeNull()
    batches.push(...(await approve(ids.slice(-1), 1)))
    expect(await offer()).toEqual({ store: 'user_memory', from: 'propose', to: 'always', count: APPROVALS })

    // An approval that is taken back counts no more, and one in other words is no trust.
    await test.learning.undo(owner, batches.at(-1) as BatchId)
    expect(await offer()).toBeNull()
    const again = await inbox().accept(owner, ids.at(-1) as ProposalId, 'My teapot is as green as grass.')
    expect(await offer()).toBeNull()
    await test.learning.undo(owner, again.batchId)
    await inbox().accept(owner, ids.at(-1) as ProposalId)
    expect(await offer()).toMatchObject({ to: 'always' })
    // Of somebody else's approvals nothing follows, and with learning off nothing is offered.
    expect(await test.learning.trust.offer('somebody-else')).toBeNull()
    test.settings.learning = false
    expect(await offer()).toBeNull()
    test.settings.learning = true

    expect(await mode()).toBe('propose')
    const given = { store: 'user_memory', to: 'always', accept: true } as const
    await expect(test.learning.trust.answer(owner, { ...given, to: 'agentic' })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await test.learning.trust.answer(owner, given)
    expect(await mode()).toBe('always')
    await expect(test.learning.trust.answer(owner, given)).rejects.toMatchObject({ code: 'CONFLICT' })
    // The person went back on it by hand: it does not try to talk them round.
    await test.learning.setMode(owner, 'user_memory', 'propose')
    expect(await offer()).toBeNull()
  })

  it('given in a click or two it offers nothing; refused it is not offered again', { timeout: 120_000 }, async () => {
    await tell(0, APPROVALS)
    const batches = await approve(await waiting(), ACTS - 1)
    expect(await offer()).toBeNull()
    for (const batch of batches.slice(-1)) await test.learning.undo(owner, batch)
    await approve(await waiting(), 2)
    expect(await offer()).toMatchObject({ to: 'always' })
    await test.learning.trust.answer(owner, { store: 'user_memory', to: 'always', accept: false })
    expect([await offer(), await mode()]).toEqual([null, 'propose'])
    await test.restart()
    expect(await offer()).toBeNull()
  })
})

describe('after many corrections', () => {
  it('it offers to ask again, and stays as it is after a no', { timeout: 120_000 }, async () => {
    test.settings.storeModes = { ...others, user_memory: 'always' }
    await tell(0, CORRECTIONS + 2)
    const { items } = await test.learning.list(owner, { store: 'user_memory' })
    expect(items).toHaveLength(CORRECTIONS + 2)
    for (const { id, version } of items.slice(0, CORRECTIONS - 1)) {
      await test.learning.edit(owner, { id, version, text: 'It is brown.' })
    }
    expect(await offer()).toBeNull()
    await test.learning.forget(owner, [items.at(-1)?.id as never])
    expect(await offer()).toEqual({ store: 'user_memory', from: 'always', to: 'propose', count: CORRECTIONS })
    await test.learning.trust.answer(owner, { store: 'user_memory', to: 'propose', accept: false })
    expect([await offer(), await mode()]).toEqual([null, 'always'])
  })

  it('takes what is ticked off, dated or moved for no correction', { timeout: 120_000 }, async () => {
    test.settings.storeModes = { ...others, user_memory: 'off', todos: 'always' }
    for (const name of NAMES.slice(0, CORRECTIONS)) await test.tell(`Remind me to paint the ${name}.`, { owner })
    const { items } = await test.learning.list(owner, { store: 'todos' })
    expect(items).toHaveLength(CORRECTIONS)
    for (const { id, version, text } of items) {
      await test.learning.edit(owner, { id, version, text, data: { done: '2026-03-03' } })
    }
    expect(await offer()).toBeNull()
    for (const { id, text } of items) {
      await test.learning.edit(owner, { id, version: 2, text: `${text} green`, data: {} })
    }
    expect(await offer()).toMatchObject({ store: 'todos', to: 'propose', count: CORRECTIONS })
  })
})
