// Tidying on a real database: what the plan finds, what is left alone, and that one undo brings all of it back.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type EvidenceId, type MemoryId, newId } from '../../../shared/ids.ts'
import { evidence, memory } from '../../database/schema.ts'
import { defineStore } from '../define-store.ts'
import { BUILT_IN_STORES } from '../machine.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'

const broken = defineStore({
  id: 'custom:0badc0de',
  title: 'Broken',
  schema: z.strictObject({}),
  policy: { basic: true },
  curate: () => Promise.reject(new Error('a bug')),
})
const stale = defineStore({
  id: 'custom:57a1e000',
  title: 'Goals',
  schema: z.strictObject({}),
  policy: { basic: true },
  async curate({ owner, db }) {
    const rows = await db.select().from(memory).where(eq(memory.owner, owner))
    return rows
      .filter(({ store, text, status }) => store === 'custom:57a1e000' && text.includes('old') && status === 'active')
      .map(({ id, version }) => ({
        action: 'archive' as const,
        id,
        base: version,
        reason: 'goal reached',
        evidence: [],
      }))
  },
})

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ stores: [...BUILT_IN_STORES, broken, stale] })
})
afterAll(() => test.close())

let people = 0
const person = () => `person-${++people}`
const DAY = 86_400_000

/** As older versions, imports or several devices at once may have left it. */
async function kept(
  owner: string,
  text: string,
  more: Partial<typeof memory.$inferInsert> & { quote?: string } = {},
): Promise<MemoryId> {
  const { quote = text, ...values } = more
  const id = newId<MemoryId>()
  const at = test.clock.now()
  await test.db.write('test.kept', async (tx) => {
    await tx.insert(memory).values({
      id,
      owner,
      store: 'user_memory',
      kind: 'fact',
      text,
      data: values.store ? {} : { voice: 'note' },
      status: 'active',
      author: 'extraction',
      createdAt: at,
      updatedAt: at,
      ...values,
    })
    await tx.insert(evidence).values({ id: newId<EvidenceId>(), owner, memoryId: id, origin: 'hand', quote, at })
  })
  return id
}
const active = (owner: string) => test.texts(owner)

describe('the plan', () => {
  it('N2: finds three that are one; applied they are one with three sources, and the undo brings them back', async () => {
    const me = person()
    for (const quote of ['I sail.', 'Sailing is what I do.', 'I sail a lot.'])
      await kept(me, 'The user sails.', { quote })
    await kept(me, 'The user plays the oboe.')
    const plan = await test.learning.curation.plan(me)
    expect(plan.count).toBe(1)
    expect(plan.groups[0]).toMatchObject({ kind: 'duplicate', safe: true, protected: false, after: 'The user sails.' })
    expect(await active(me)).toHaveLength(4)

    const { batchId, applied } = await test.learning.curation.apply(me, { keys: plan.groups.map(({ key }) => key) })
    expect(applied).toBe(1)
    expect(await active(me)).toEqual(['The user plays the oboe.', 'The user sails.'])
    const { items } = await test.learning.list(me, { query: 'sails' })
    const { evidence: sources } = await test.learning.get(me, items[0]?.id as MemoryId)
    expect(sources.map(({ quote }) => quote).sort()).toEqual(['I sail a lot.', 'I sail.', 'Sailing is what I do.'])
    expect((await test.learning.curation.plan(me)).count).toBe(0)

    await test.learning.undo(me, batchId)
    expect(await active(me)).toHaveLength(4)
  })

  it('finds what says the same in nearly the same words, and never merges what only sounds alike', async () => {
    const me = person()
    await kept(me, 'The user keeps bees behind the old mill.')
    await kept(me, 'The user keeps the bees behind the old mill')
    await kept(me, 'The user keeps no bees in the city.')
    await kept(me, 'The user keeps three hens behind the old mill.')
    await kept(me, 'The user keeps four hens in the yard of the school.')
    const { groups } = await test.learning.curation.plan(me)
    expect(groups.map(({ items }) => items.map(({ text }) => text).sort())).toEqual([
      ['The user keeps bees behind the old mill.', 'The user keeps the bees behind the old mill'],
    ])
  })

  it('puts away what is over for long and what was of no use, and leaves what is so', async () => {
    const me = person()
    const long = new Date(test.clock.now().getTime() - 400 * DAY)
    await kept(me, 'The concert is on Friday.', { validTo: long })
    await kept(me, 'The fair ended yesterday.', { validTo: new Date(test.clock.now().getTime() - DAY) })
    await kept(me, 'The user finds the hall too loud.', { kind: 'opinion', updatedAt: long, createdAt: long })
    await kept(me, 'The user was born in Turku.', { updatedAt: long, createdAt: long })
    await kept(me, 'The user finds the choir lovely.', {
      kind: 'opinion',
      updatedAt: long,
      lastUsedAt: test.clock.now(),
    })
    const { groups } = await test.learning.curation.plan(me)
    expect(groups.map(({ kind, items }) => `${kind}: ${items[0]?.text}`).sort()).toEqual([
      'expired: The concert is on Friday.',
      'unused: The user finds the hall too loud.',
    ])
    const expired = groups.filter(({ kind }) => kind === 'expired').map(({ key }) => key)
    await test.learning.curation.apply(me, { keys: expired })
    expect(await active(me)).not.toContain('The concert is on Friday.')
    const { items } = await test.learning.list(me, { status: 'archived' })
    expect(items.map(({ text }) => text)).toEqual(['The concert is on Friday.'])
  })

  it('never mixes places: a private item, a shared one and one of a single conversation stay apart', async () => {
    const me = person()
    await kept(me, 'Deploys happen on Tuesdays.')
    await kept(me, 'Deploys happen on Tuesdays.', { namespace: 'team:ops' })
    await kept(me, 'Deploys happen on Tuesdays.', { conversationId: newId() })
    expect((await test.learning.curation.plan(me)).count).toBe(0)
  })

  it('asks each store what only it knows, and goes on when one of them fails', async () => {
    const me = person()
    await kept(me, 'The old goal.', { store: 'custom:57a1e000', kind: 'note' })
    await kept(me, 'Another goal.', { store: 'custom:57a1e000', kind: 'note' })
    const { groups } = await test.learning.curation.plan(me)
    expect(groups).toMatchObject([{ kind: 'store', reason: 'goal reached', after: null, safe: false }])
  })

  it('is refused when what it was made for changed meanwhile', async () => {
    const me = person()
    const [one] = [await kept(me, 'The user rows.'), await kept(me, 'The user rows.')]
    const { groups } = await test.learning.curation.plan(me)
    await test.learning.pin(me, one, true)
    await expect(test.learning.curation.apply(me, { keys: groups.map(({ key }) => key) })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect(await active(me)).toHaveLength(2)
  })
})

describe('by itself', () => {
  it('suggests and changes nothing; what is declined is not suggested again', async () => {
    const me = person()
    await kept(me, 'The user skates.')
    await kept(me, 'The user skates.')
    expect(await test.learning.curation.tidy(me)).toEqual({ applied: 0, suggested: 1 })
    expect(await active(me)).toHaveLength(2)
    const { items } = await test.learning.proposals.list(me, {})
    expect(items).toMatchObject([{ action: 'merge', after: 'The user skates.' }])
    await test.learning.proposals.decline(me, items[0]?.id as never, false)
    expect(await test.learning.curation.tidy(me)).toEqual({ applied: 0, suggested: 0 })
  })

  it('accepted in the inbox, a suggested merge is carried out, and undone', async () => {
    const me = person()
    await kept(me, 'The user knits.', { quote: 'I knit.' })
    await kept(me, 'The user knits.', { quote: 'Knitting again.' })
    await test.learning.curation.tidy(me)
    const { items } = await test.learning.proposals.list(me, {})
    const { batchId } = await test.learning.proposals.accept(me, items[0]?.id as never)
    expect(await active(me)).toEqual(['The user knits.'])
    await test.learning.undo(me, batchId)
    expect(await active(me)).toHaveLength(2)
  })

  it('where the person allows it does what can lose nothing, and leaves alone what they wrote or pinned', async () => {
    const me = person()
    test.settings.tidyByItself = true
    await kept(me, 'The user paints.')
    await kept(me, 'The user paints.')
    await kept(me, 'The user carves.', { author: 'person' })
    await kept(me, 'The user carves.')
    await kept(me, 'The user weaves.', { pinned: true })
    await kept(me, 'The user weaves.')
    expect(await test.learning.curation.tidy(me)).toEqual({ applied: 1, suggested: 0 })
    expect(await active(me)).toEqual([
      'The user carves.',
      'The user carves.',
      'The user paints.',
      'The user weaves.',
      'The user weaves.',
    ])
    test.settings.tidyByItself = false
  })

  it('runs some time after something was said, once a day, and not while learning is off', async () => {
    const me = person()
    await kept(me, 'The user juggles.')
    await kept(me, 'The user juggles.')
    await test.tell('My lamp is green.', { owner: me })
    await test.learning.idle()
    expect((await test.learning.proposals.list(me, {})).total).toBe(0)
    test.settings.learning = false
    test.clock.advance(11 * 60_000)
    test.jobs.wake()
    await test.learning.idle()
    expect((await test.learning.proposals.list(me, {})).total).toBe(0)
    test.settings.learning = true
    await test.say('And my chair is blue.', { owner: me })
    test.clock.advance(DAY)
    await test.tell('My table is red.', { owner: me })
    test.clock.advance(11 * 60_000)
    test.jobs.wake()
    await test.learning.idle()
    expect((await test.learning.proposals.list(me, {})).total).toBe(1)
  })
})
