// An inbox that nobody empties, and one that two windows look at: through the contract, as a window does.
import { createRouterClient } from '@orpc/server'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ProposalId } from '../../../shared/ids.ts'
import { evidence, journal, memory, proposal } from '../../database/schema.ts'
import { createLearningProcedures, createProposalProcedures } from '../procedures.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `inbox-${people++}`
  test.settings.storeModes = { user_memory: 'propose', entity_memory: 'off', user_profile: 'off' }
})

/** One window: its own connection to the same core. */
const window = () => {
  const router = {
    proposals: createProposalProcedures(test.learning),
    learning: createLearningProcedures(test.learning),
  }
  return createRouterClient(router, { context: { owner, log: test.log } })
}
const texts = () => test.texts(owner)

/** Suggestions as a file that was read would leave them: `number` of them, a second apart. */
async function fill(number: number): Promise<void> {
  await test.db.write('test.fill', async (tx) => {
    await tx.execute(sql`
      insert into memory (id, owner, store, kind, text, data, status, author, created_at, updated_at)
      select ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${owner}, 'user_memory', 'fact',
        'The harbour crane ' || n || ' was painted green.', '{"voice": "note"}', 'proposed', 'extraction',
        timestamptz '2026-01-01' + n * interval '1 second', timestamptz '2026-01-01' + n * interval '1 second'
      from generate_series(1, ${number}::int) n`)
    await tx.execute(sql`
      insert into proposal (id, owner, store, action, memory_id, base_version, after, reason, evidence, created_at)
      select ('01990000-0000-7000-9000-' || right(id::text, 12))::uuid, owner, store, 'add', id, 1,
        jsonb_build_object('claim', text, 'change', jsonb_build_object('action', 'add', 'evidence', '[]'::jsonb,
          'item', jsonb_build_object('kind', kind, 'text', text, 'content', data))),
        'mode-propose', jsonb_build_array(jsonb_build_object('origin', 'file', 'quote', text, 'at', created_at)), created_at
      from memory where owner = ${owner}`)
  })
}

describe('two windows', () => {
  it.each(['accept', 'decline'] as const)(
    'decide one suggestion (accept and %s): the later one is told, and nothing is written twice',
    async (second) => {
      await test.tell('Our well is forty metres deep.', { owner })
      const [one, other] = [window(), window()]
      const [{ items }, seen] = await Promise.all([one.proposals.list({}), other.proposals.list({})])
      expect(seen.items).toEqual(items)
      const id = items[0]?.id as ProposalId
      const both = await Promise.allSettled([one.proposals.accept({ id }), other.proposals[second]({ id })])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const refused = both.find((end) => end.status === 'rejected')
      expect(refused?.reason).toMatchObject({
        code: 'APP',
        data: { code: 'CONFLICT' },
        message: 'This suggestion was decided already.',
      })
      const accepted = both[0].status === 'fulfilled'
      expect(await texts()).toHaveLength(accepted ? 1 : 0)
      const [item] = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
      expect(item?.status).toBe(accepted ? 'active' : 'trashed')
      const written = await test.db.read.select().from(journal).where(eq(journal.owner, owner))
      expect(written.filter(({ reason }) => reason !== 'proposed')).toHaveLength(1)
      expect(await test.db.read.$count(evidence, eq(evidence.owner, owner))).toBe(1)
      // The one that came late sees how it ended.
      expect(await other.proposals.get({ id })).toMatchObject({
        status: accepted ? 'accepted' : 'declined',
        decidedBy: 'person',
      })
    },
  )
})

describe('ten thousand waiting suggestions', () => {
  const MANY = 10_000

  it('are counted, listed page by page, decided one by one as before, and are in no prompt', {
    timeout: 240_000,
  }, async () => {
    const small = owner
    await fill(3)
    const few = window()
    const before = await timed(async () => {
      const [first] = (await few.proposals.list({ limit: 1 })).items
      await few.proposals.accept({ id: first?.id as ProposalId })
    })
    // The same ids would be taken.
    await test.db.write('test.clear', async (tx) => {
      await tx.delete(proposal).where(eq(proposal.owner, small))
      await tx.delete(memory).where(eq(memory.owner, small))
    })
    owner = `${small}-many`
    await fill(MANY)
    const one = window()

    const seen = new Set<string>()
    for (let offset = 0; offset < MANY; offset += 200) {
      const page = await one.proposals.list({ limit: 200, offset })
      expect(page.total).toBe(MANY)
      for (const { id } of page.items) seen.add(id)
    }
    expect(seen.size).toBe(MANY)

    expect((await one.learning.state({})).stores.find(({ id }) => id === 'user_memory')?.active).toBe(0)
    const { core, recalled, used } = await test.context('Which harbour crane was painted green?', { owner })
    expect([core?.text, recalled?.text ?? '', used]).toEqual(['', '', []])
    expect(await test.learning.search(owner, 'harbour crane', 10)).toEqual([])

    const [oldest, next] = (await one.proposals.list({ limit: 2 })).items
    expect(oldest?.after).toBe('The harbour crane 1 was painted green.')
    const now = await timed(async () => {
      await one.proposals.list({ limit: 1 })
      await one.proposals.accept({ id: oldest?.id as ProposalId })
    })
    // A list that grew three thousand times makes the decision no matter of minutes.
    expect(now / before).toBeLessThan(50)
    await one.proposals.decline({ id: next?.id as ProposalId })
    expect(await texts()).toEqual(['The harbour crane 1 was painted green.'])
    expect((await one.proposals.list({ limit: 1 })).total).toBe(MANY - 2)

    // What is learned meanwhile joins them, once.
    await test.tell('Our well is forty metres deep.', { owner })
    await test.tell('Our well is forty metres deep.', { owner })
    expect((await one.proposals.list({ limit: 1 })).total).toBe(MANY - 1)
  })
})

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}
