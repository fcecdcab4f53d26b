// Reactions to answers: kept as they came, counted as remarks, and a rule only after the third.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memory, usage } from '../../database/schema.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { isRemark, wishIn, wishOfEdit } from './feedback-words.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `critic-${people++}`
  test.settings.learnByItself = false
  test.settings.storeModes = {
    user_profile: 'off',
    user_memory: 'off',
    entity_memory: 'off',
    feedback: 'always',
    writing_style: 'always',
    learned_knowledge: 'always',
  }
})
const LONG = 'Tokyo is the capital of Japan. It has a long history. Its population is about 14 million people. '.repeat(
  3,
)
const tell = (text: string, answer = 'Noted.', more: Parameters<TestLearning['tell']>[1] = {}) =>
  test.tell(text, { owner, answer, ...more })
const rows = (kind: string) =>
  test.db.read
    .select()
    .from(memory)
    .where(
      and(eq(memory.owner, owner), eq(memory.store, 'feedback'), eq(memory.kind, kind), eq(memory.status, 'active')),
    )
const prompt = async (text: string) => {
  const { core, recalled } = await test.context(text, { owner })
  return [core?.text, recalled?.text].filter(Boolean).join('\n')
}

describe('remarks', () => {
  it.each([
    ['Too long, just the number.', 'shorter'],
    ['That was too vague.', 'longer'],
    ['Please no bullet points.', 'no_lists'],
    ['Just the code, no explanation.', 'code_only'],
    ['Stop apologizing.', 'no_preamble'],
  ])('%s', (said, key) => {
    expect(isRemark(said)).toBe(true)
    expect(wishIn(said)?.key).toBe(key)
  })

  it('are not every sentence with such words in it', () => {
    for (const said of [
      'My essay for the magazine came out too long and I cut it by a third yesterday.',
      'How do I use bullet points in Word?',
    ])
      expect(isRemark(said)).toBe(false)
    expect(wishIn('The weather is fine.')).toBeNull()
  })

  it('are read out of an edit', () => {
    expect(wishOfEdit(LONG, 'About 14 million.')?.key).toBe('shorter')
    expect(wishOfEdit('- one\n- two\n- three', 'One, two and three.')?.key).toBe('no_lists')
    expect(wishOfEdit('It is 12.', 'It is 14.')).toBeNull()
  })
})

describe('the store', () => {
  it('S58: by button, in words and by an edit the same remark is one rule, and the next answer is asked for so', async () => {
    const { answerId, conversationId } = await tell('Population of Tokyo?', LONG)
    await test.learning.react(owner, { answerId, signal: 'down', comment: 'too long' })
    expect(await rows('hint')).toMatchObject([{ data: { wish: 'shorter', times: 1 } }])
    expect(await prompt('Osaka?')).not.toContain('few words')
    await tell('Too long, just the number.', 'About 14 million.', { conversationId })
    await test.learning.react(owner, { answerId, signal: 'edit', edited: 'About 14 million.' })
    expect(await rows('signal')).toHaveLength(3)
    expect(await rows('hint')).toEqual([])
    expect(await rows('rule')).toMatchObject([{ data: { wish: 'shorter', times: 3 } }])
    expect(await prompt('Osaka?')).toContain('Answer in as few words as the question allows')
  })

  it('lets the newer and more frequent remark win where two cannot both hold', async () => {
    const { answerId } = await tell('Population of Tokyo?', LONG)
    const say = (comment: string) => test.learning.react(owner, { answerId, signal: 'down', comment })
    for (const _ of [1, 2, 3]) await say('too long')
    await say('too short, more detail')
    expect(await rows('rule')).toEqual([])
    await say('more detail please')
    await say('more detail please')
    expect(await rows('rule')).toMatchObject([{ data: { wish: 'longer', times: 3 } }])
    expect((await rows('hint')).filter(({ data }) => data['wish'] === 'shorter')).toEqual([])
  })

  it('can be taken back, refuses secrets, and keeps nothing when it is off', async () => {
    const { answerId } = await tell('Population of Tokyo?', LONG)
    const { batchId } = await test.learning.react(owner, { answerId, signal: 'down', comment: 'too long' })
    await test.learning.undo(owner, batchId as never)
    expect([...(await rows('signal')), ...(await rows('hint'))]).toEqual([])
    const secret = test.learning.react(owner, { answerId, signal: 'down', comment: 'my password is hunter2-Zk81!' })
    await expect(secret).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    const other = test.learning.react('somebody-else', { answerId, signal: 'up' })
    await expect(other).rejects.toMatchObject({ code: 'NOT_FOUND' })
    test.settings.storeModes = { feedback: 'off', user_profile: 'off', user_memory: 'off', entity_memory: 'off' }
    expect(await test.learning.react(owner, { answerId, signal: 'up' })).toEqual({ batchId: null })
  })

  it('credits the lessons an answer used', async () => {
    await tell('Save this: check egress costs before you pick a provider.')
    const [lesson] = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
    const { answerId } = await tell('Which provider?', 'The one with low egress costs.')
    await test.db.write('test.usage', (tx) =>
      tx.insert(usage).values({
        messageId: answerId,
        rank: 0,
        owner,
        memoryId: lesson?.id ?? null,
        memoryVersion: 1,
        store: 'learned_knowledge',
        section: 'recalled',
        reason: { kind: 'words', words: [], similarity: null },
        tokens: 1,
      }),
    )
    await test.learning.react(owner, { answerId, signal: 'up' })
    await test.learning.react(owner, { answerId, signal: 'down' })
    const [now] = await test.db.read
      .select()
      .from(memory)
      .where(eq(memory.id, lesson?.id as never))
    expect(now?.data).toMatchObject({ helped: 1, hurt: 1 })
  })
})
