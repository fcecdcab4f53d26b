// Decisions: the person's and the assistant's own, how they turned out, and what follows from that.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type MemoryId, newId } from '../../../shared/ids.ts'
import { evidence, memory } from '../../database/schema.ts'
import { splitSentences } from '../extraction/sentences.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { adviceIn, choiceIn, decisionIn, qualityIn } from './decision-words.ts'
import { shortId } from './items.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `decider-${people++}`
  test.settings.storeModes = {
    user_profile: 'off',
    user_memory: 'off',
    entity_memory: 'off',
    decision_log: 'always',
    learned_knowledge: 'always',
  }
  test.clock.set(new Date('2026-03-03T10:00:00Z'))
})
const tell = (text: string, more: Parameters<TestLearning['tell']>[1] = {}) => test.tell(text, { owner, ...more })
const decisions = async () =>
  test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, 'decision_log'), eq(memory.status, 'active')))
    .orderBy(memory.createdAt)
/** More than a hundred newer decisions than this one. */
async function many(old: typeof memory.$inferSelect): Promise<void> {
  const at = new Date('2026-03-04T10:00:00Z')
  await test.db.write('test.many', (tx) =>
    tx.insert(memory).values(
      Array.from({ length: 120 }, (_, index) => ({
        ...old,
        id: newId<MemoryId>(),
        text: `Paint wall ${index} in another colour`,
        author: 'assistant',
        kind: 'own_decision',
        data: {},
        createdAt: at,
        updatedAt: at,
      })),
    ),
  )
}
const prompt = async (text: string) => (await test.context(text, { owner, budgetTokens: 600 })).recalled?.text ?? ''

describe('what words decide', () => {
  it.each([
    ['We decided to use Kafka because the team knows it.', 'Kafka', 'the team knows it', []],
    ['I went with the blue tiles instead of the grey ones.', null, null, ['the grey ones']],
    ['We chose Hetzner over AWS for its price.', 'Hetzner', 'price', ['AWS']],
  ])('%s', (text, choice, why, alternatives) => {
    expect(decisionIn(text, undefined)).toMatchObject({ choice, why, alternatives })
  })

  it.each([
    'We took it home.',
    'Should we use Kafka?',
    'She decided to leave.',
    'I took the bus.'.replace('took', 'missed'),
  ])('decides nothing: %s', (text) => {
    expect(decisionIn(text, undefined)).toBeNull()
  })

  it('finds what an answer advises, and nothing in one that takes no side', () => {
    const asked = choiceIn('Should we use Rust or Go for the parser?')
    expect(asked).toMatchObject({ options: ['Rust', 'Go'], topic: 'the parser' })
    const answer = splitSentences(
      'Both work. I would go with Rust, because its enums fit a parser. Go compiles faster.',
    )
    expect(asked && adviceIn(answer, asked)).toMatchObject({
      choice: 'Rust',
      why: 'its enums fit a parser',
      alternatives: ['Go'],
    })
    expect(asked && adviceIn(splitSentences('Both are fine languages. It depends.'), asked)).toBeNull()
    expect(choiceIn('What is the capital of Peru?')).toBeNull()
  })

  it.each([
    ['The migration went well.', 'good'],
    ["It didn't scale, we had to roll back.", 'bad'],
    ['The rollout went well, but the costs were a mistake.', 'mixed'],
    ['The migration starts on Monday.', null],
  ])('how it turned out: %s', (text, quality) => {
    expect(qualityIn(text)).toBe(quality)
  })
})

describe('the log', () => {
  it("S43: what the assistant advises is kept as its own decision, with reason, alternatives and the turn it's from", async () => {
    const { conversationId, messageId } = await tell('Python or JavaScript for scraping?', {
      answer: "I'd definitely go with Python because its libraries for scraping are better. JavaScript works as well.",
    })
    const [row] = await decisions()
    expect(row).toMatchObject({ kind: 'own_decision', author: 'assistant', conversationId: null })
    expect(row?.data).toMatchObject({
      choice: 'Python',
      why: 'its libraries for scraping are better',
      alternatives: ['JavaScript'],
      confidence: 'high',
      quality: 'unknown',
    })
    const [source] = await test.db.read
      .select()
      .from(evidence)
      .where(eq(evidence.memoryId, row?.id as never))
    expect(source).toMatchObject({ origin: 'assistant', conversationId, messageId })
    expect(source?.quote).toContain('go with Python')
    // Nothing of it is said of the person.
    const others = await test.db.read.$count(memory, and(eq(memory.owner, owner), eq(memory.author, 'extraction')))
    expect(others).toBe(0)
  })

  it('S44: an outcome finds its decision without an id, and a later question is answered with both', async () => {
    await tell('Postgres or Dynamo for billing? We need transactions and the team knows SQL.', {
      answer: 'Go with Postgres, because billing needs transactions.',
    })
    await tell('We took Postgres, the migration went well, note it.')
    const rows = await decisions()
    expect(rows).toHaveLength(1)
    expect(rows[0]?.data).toMatchObject({ quality: 'good', choice: 'Postgres' })
    expect(rows[0]?.data['outcome']).toContain('the migration went well')
    const later = await prompt('Which database for the billing reports, Postgres or Dynamo?')
    expect(later).toContain(`You decided (#${shortId(rows[0]?.id as never)}): Postgres for billing`)
    expect(later).toContain('outcome good: We took Postgres, the migration went well')
    // The lesson that follows waits for the person.
    const { items } = await test.learning.proposals.list(owner, {})
    expect(items).toMatchObject([{ store: 'learned_knowledge', action: 'add' }])
  })

  it('S50: a second decision that agrees with the first is linked to it', async () => {
    await tell('ClickHouse or BigQuery for analytics?', {
      answer: 'My recommendation: ClickHouse, as we host ourselves.',
    })
    const { conversationId } = await tell('Redis or Memcached for the cache in front of ClickHouse?', {
      answer: 'Both would do.',
    })
    await tell('Log your decision.', {
      conversationId,
      answer: 'Decision: Redis, because it persists and fits what we chose with ClickHouse.',
    })
    const [first, second] = await decisions()
    expect(first?.data).toMatchObject({ choice: 'ClickHouse', after: null })
    expect(second?.data).toMatchObject({ choice: 'Redis', after: first?.id })
    expect(await prompt('Why Redis for the cache?')).toContain(`follows decision #${shortId(first?.id as never)}`)
  })

  it("keeps the person's own decisions with their reason, and asks for the outcome when it is due", async () => {
    await tell("We decided to use Kafka instead of Rabbit. Because the replays need it. Let's review that on 20 March.")
    const [row] = await decisions()
    expect(row).toMatchObject({ kind: 'decision', text: 'Kafka', author: 'extraction' })
    expect(row?.data).toMatchObject({ why: 'the replays need it', alternatives: ['Rabbit'], due: '2026-03-20' })
    expect(await prompt('What should I plan for today?')).toBe('')
    test.clock.set(new Date('2026-03-21T10:00:00Z'))
    expect(await prompt('What should I plan for today?')).toContain('outcome due 20 March 2026')
    await tell('Kafka was a mistake, it cost us two weeks.')
    expect(await prompt('What should I plan for today?')).not.toContain('outcome due')
    expect((await decisions())[0]?.data).toMatchObject({ quality: 'bad' })
  })

  it('N7: an outcome is recorded for a decision behind a hundred newer ones, by its id', async () => {
    await tell('We decided to use Kafka for the stream.')
    const [old] = await decisions()
    await many(old as NonNullable<typeof old>)
    await tell(`Decision #${shortId(old?.id as never)} turned out well.`)
    const [row] = await test.db.read
      .select()
      .from(memory)
      .where(eq(memory.id, old?.id as never))
    expect(row?.data).toMatchObject({ quality: 'good' })
  })

  it('an outcome written by hand suggests its lesson once, and one undo takes back both', async () => {
    await tell('We decided to use Kafka for the stream because the replays need it.')
    const [row] = await decisions()
    const { id, text } = row as NonNullable<typeof row>
    const write = (version: number, data: Record<string, string>) =>
      test.learning.edit(owner, { id, version, text, data })
    const waiting = async () => (await test.learning.proposals.list(owner, {})).items
    // How it went without what came of it teaches nothing.
    const first = await write(1, { quality: 'bad' })
    expect(await waiting()).toEqual([])
    const { batchId, memory: told } = await write(first.memory.version, { outcome: 'It cost us two people.' })
    expect(await waiting()).toMatchObject([
      { store: 'learned_knowledge', action: 'add', evidence: [{ origin: 'hand', quote: 'It cost us two people.' }] },
    ])
    expect((await waiting())[0]?.after).toContain('because the replays need it, turned out bad: It cost us two people.')
    // Another field says nothing new of how it went.
    const due = await write(told.version, { due: '2027-01-01' })
    expect(await waiting()).toHaveLength(1)
    await test.learning.undo(owner, due.batchId)
    const undone = await test.learning.undo(owner, batchId)
    expect(await waiting()).toEqual([])
    expect((await decisions())[0]?.data).toMatchObject({ outcome: null, quality: 'bad' })
    await test.learning.undo(owner, undone.batchId)
    expect(await waiting()).toHaveLength(1)
    const [asked] = await waiting()
    await test.learning.proposals.accept(owner, asked?.id as never)
    expect(await prompt('What about Kafka for the stream?')).toContain('turned out bad: It cost us two people.')
  })

  it('suggests no lesson where lessons are not learned', async () => {
    test.settings.storeModes = { ...test.settings.storeModes, learned_knowledge: 'off' }
    await tell('We decided to use Kafka for the stream.')
    const [row] = await decisions()
    const { id, text } = row as NonNullable<typeof row>
    await test.learning.edit(owner, { id, version: 1, text, data: { quality: 'good', outcome: 'Replays are easy.' } })
    expect((await test.learning.proposals.list(owner, {})).items).toEqual([])
  })

  it('an outcome comes a year later, in words alone: recorded, and its lesson suggested', async () => {
    await tell('We decided to use Kafka for the stream because the replays need it.')
    const [old] = await decisions()
    await many(old as NonNullable<typeof old>)
    test.clock.set(new Date('2027-03-05T10:00:00Z'))
    await tell('Kafka for the stream was a mistake, it cost us two people.')
    const [row] = await test.db.read
      .select()
      .from(memory)
      .where(eq(memory.id, old?.id as never))
    expect(row).toMatchObject({ status: 'active', data: { quality: 'bad' } })
    expect(row?.data['outcome']).toContain('it cost us two people')
    expect(row?.validFrom?.getUTCFullYear()).toBe(2026)
    const { items } = await test.learning.proposals.list(owner, {})
    expect(items).toMatchObject([{ store: 'learned_knowledge', action: 'add' }])
    expect(await prompt('Should we use Kafka for the stream again?')).toContain('outcome bad')
  })
})
