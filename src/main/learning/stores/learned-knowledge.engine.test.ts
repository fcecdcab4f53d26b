// Lessons and goals: kept when the person asks for it, shared by a decision, and there when they fit.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../database/schema.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning()
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `learner-${people++}`
  test.settings.learnByItself = true
  test.settings.storeModes = {}
})
const tell = (text: string, more: Parameters<TestLearning['tell']>[1] = {}) => test.tell(text, { owner, ...more })
const lessons = async () =>
  test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, 'learned_knowledge')))
    .orderBy(memory.createdAt)
async function prompt(text: string, who = owner): Promise<string> {
  const { core, recalled } = await test.context(text, { owner: who })
  return [core?.text, recalled?.text].filter(Boolean).join('\n')
}

describe('lessons', () => {
  it('S20, S49: those the person asks to save are kept at once, and both are there for a question they fit', async () => {
    await tell('Save this: before you pick a cloud provider, check the egress costs of AWS and the others first.')
    await tell('Lesson learned: every PostgreSQL migration needs a rollback plan.')
    expect((await lessons()).map(({ status, kind, text }) => [status, kind, text])).toEqual([
      ['active', 'lesson', 'Before you pick a cloud provider, check the egress costs of AWS and the others first'],
      ['active', 'lesson', 'Every PostgreSQL migration needs a rollback plan'],
    ])
    expect((await lessons())[0]?.data).toMatchObject({ when: 'Before you pick a cloud provider' })
    const advised = await prompt('What is the best practice for a PostgreSQL migration to AWS?')
    expect(advised).toContain('Lesson: Before you pick a cloud provider')
    expect(advised).toContain('Lesson: Every PostgreSQL migration needs a rollback plan')
    expect(await prompt('Who painted the ceiling of the Sistine Chapel?')).toBe('')
  })

  it('S10, one person: a lesson for the team waits until it is approved, and then stands with its author', async () => {
    const other = `${owner}-ben`
    await test.learning.teams.join(owner, 'team:atlas', 'Alice')
    await test.learning.teams.join(other, 'team:atlas', 'Ben')
    await tell('Save this for the team: check egress costs first, they differ tenfold between providers.')
    expect(await lessons()).toMatchObject([{ status: 'proposed', namespace: 'team:atlas' }])
    const question = 'Which provider has low egress costs for 10 TB a day?'
    expect(await prompt(question, other)).toBe('')
    const [waiting] = (await test.learning.proposals.list(owner, {})).items
    await test.learning.proposals.accept(owner, waiting?.id as never)
    const shared = await prompt(question, other)
    expect(shared).toContain('Lesson: Check egress costs first')
    expect(shared).toContain('shared by Alice')
  })

  it('keeps prices, addresses and people out of what a team gets, and secrets out of everything', async () => {
    await test.learning.teams.join(owner, 'team:atlas', 'Alice')
    await tell('For the team: the licence costs 4,000 EUR a year, ask for a discount.')
    await tell('Save this for the team: ask Maria before you change the tariff.')
    await tell('Save this: the password is hunter2-Zk81! for the router.')
    expect((await lessons()).map(({ status, namespace }) => [status, namespace])).toEqual([
      ['active', 'user'],
      ['active', 'user'],
    ])
  })
})

describe('goals', () => {
  it('stand in every prompt until they are closed, at most five of them', async () => {
    await tell("We're trying to cut egress costs.")
    expect(await prompt('Datadog or Grafana?')).toContain('Goal: Cut egress costs')
    for (const goal of ['grow the choir', 'finish the roof', 'read more Greek', 'sell the boat', 'win the regatta'])
      await tell(`Goal: ${goal}.`)
    const standing = (await prompt('Datadog or Grafana?')).split('\n').filter((line) => line.includes('Goal:'))
    expect(standing).toHaveLength(5)
    expect(standing.join()).not.toContain('egress')
    await tell('We reached the goal to finish the roof.')
    expect(await prompt('Datadog or Grafana?')).not.toContain('roof')
    expect(await prompt('Datadog or Grafana?')).toContain('egress')
  })
})
