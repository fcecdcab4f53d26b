// S29: two people of one team and eight turns, with every store of the guide learning: who knows what afterwards.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestLearning, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
  test.settings.learnByItself = true
  test.settings.storeModes = { decision_log: 'always' }
})
afterAll(() => test.close())

const STORES = [
  'user_profile',
  'user_memory',
  'session_context',
  'entity_memory',
  'learned_knowledge',
  'decision_log',
] as const

it('S29: every store has items, all of them to be seen; Ben is answered with Alice’s lesson, and with nothing else of hers', {
  timeout: 120_000,
}, async () => {
  const [alice, ben] = ['alice', 'ben']
  await test.learning.teams.join(alice, 'team:platform', 'Alice')
  await test.learning.teams.join(ben, 'team:platform', 'Ben')
  const hers = await test.tell("I'm Alice Berg, platform lead at Vantage Labs. I like answers with a checklist.", {
    owner: alice,
  })
  const { conversationId } = hers
  const tell = (text: string, answer = 'Noted.') => test.tell(text, { owner: alice, conversationId, answer })
  await tell(
    'Help me upgrade our Postgres cluster to version 17.',
    'Plan:\n1. Take a backup\n2. Upgrade the replica\n3. Switch over',
  )
  await tell('Nadia Okafor runs our billing system. She is on leave until May.')
  await tell(
    'Citus or Aurora for the billing database?',
    'I would go with Aurora, because failover is simpler. Citus shards better.',
  )
  await tell('Save this for the team: take a logical backup before every major database upgrade.')

  const { items: waiting } = await test.learning.proposals.list(alice, { store: 'learned_knowledge' })
  expect(waiting).toHaveLength(1)
  const { memory: lesson } = await test.learning.proposals.accept(alice, waiting[0]?.id as never)
  expect(lesson).toMatchObject({ namespace: 'team:platform', status: 'active' })

  await test.tell("I'm Ben Ito, I work at Northwind. I prefer short answers.", { owner: ben })
  await test.tell('We finished the first milestone of the Harborlight project on 2 March.', { owner: ben })
  await test.learning.idle()

  // All of it can be seen, with the words it came from.
  const lists = await Promise.all(
    STORES.map(async (store) => (await test.learning.list(alice, { store, limit: 100 })).items),
  )
  for (const [index, items] of lists.entries()) {
    expect(items.length, STORES[index]).toBeGreaterThan(0)
    for (const { id } of items) {
      const { evidence, history } = await test.learning.get(alice, id)
      expect(evidence.length, STORES[index]).toBeGreaterThan(0)
      expect(history.length, STORES[index]).toBeGreaterThan(0)
    }
  }
  const all = (await test.learning.list(ben, { limit: 200 })).items.map(({ text }) => text)
  expect(all.join('\n')).toMatch(/Ben Ito/u)
  expect(all.join('\n')).toMatch(/Harborlight/u)
  expect(all.join('\n')).not.toMatch(/Alice|Vantage|Nadia|Aurora|logical backup/u)

  const { core, recalled, used } = await test.context(
    'What should I mind before the major upgrade of our Postgres database?',
    {
      owner: ben,
      budgetTokens: 600,
    },
  )
  const prompt = [core?.text, recalled?.text].join('\n')
  expect(prompt).toMatch(/take a logical backup before every major database upgrade.*shared by Alice/iu)
  expect(prompt).not.toMatch(/Vantage|Berg|Nadia|Aurora|Citus|checklist|replica/u)
  expect(used.map(({ memoryId }) => memoryId)).toContain(lesson?.id)
  // What Alice asks is answered with her own.
  const own = await test.context('Who runs billing, and what did we decide on for its database, Citus or Aurora?', {
    owner: alice,
    budgetTokens: 600,
  })
  expect(own.recalled?.text).toMatch(/Nadia/u)
  expect(own.recalled?.text).toMatch(/You decided.*Aurora/u)
  expect(JSON.stringify([own.core, own.recalled])).not.toMatch(/Northwind|Harborlight|Ben Ito/u)
})
