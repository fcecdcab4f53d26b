// Instructions to itself: suggested, tried out, decided by the person, versioned and taken back.
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../database/schema.ts'
import { openTestLearning, type TestLearning, withoutVectors } from '../testing.ts'
import { differenceOf } from './text-difference.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

let owner = ''
let people = 0
beforeEach(() => {
  owner = `mentor-${people++}`
  test.settings.storeModes = {
    user_profile: 'off',
    user_memory: 'off',
    entity_memory: 'off',
    self_improvement: 'propose',
  }
  test.model.answer((request) => ({ answer: `${request.messages[0]?.text.split('\n').length} lines of instructions` }))
})
const tell = (text: string, answer = 'Noted.') => test.tell(text, { owner, answer })
const waiting = async () => (await test.learning.proposals.list(owner, {})).items
const active = () =>
  test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, 'self_improvement'), eq(memory.status, 'active')))
const core = async () => (await test.context('Hello, what now?', { owner })).core?.text ?? ''

describe('an instruction', () => {
  it('is a suggestion, tried out on past questions, and stands in the core once the person approves it', async () => {
    for (const question of ['How deep is the Baltic?', 'Who wrote Faust?', 'What is a fjord?']) await tell(question)
    await tell('You should always give distances in kilometres.')
    const [proposal] = await waiting()
    expect(proposal).toMatchObject({ store: 'self_improvement', after: 'Always give distances in kilometres' })
    expect(proposal?.trial).toHaveLength(3)
    expect(proposal?.trial[0]).toMatchObject({ before: '1 lines of instructions', after: '2 lines of instructions' })
    expect(await active()).toEqual([])
    expect(await core()).not.toContain('kilometres')
    await test.learning.proposals.accept(owner, proposal?.id as never)
    expect(await core()).toContain('How you work, as the user approved: Always give distances in kilometres')
  })

  it('has versions: the next one replaces it, says what changed, and goes back in one step', async () => {
    await tell('You should always give distances in kilometres.')
    const [first] = await waiting()
    await test.learning.proposals.accept(owner, first?.id as never)
    await tell('You should always give distances in kilometres and miles.')
    const [second] = await waiting()
    const { batchId } = await test.learning.proposals.accept(owner, second?.id as never)
    const [now] = await active()
    expect(now?.text).toBe('Always give distances in kilometres and miles')
    expect(now?.data).toEqual({
      version: 2,
      before: 'Always give distances in kilometres',
      diff: 'Always give distances in kilometres {+and miles+}',
    })
    await test.learning.undo(owner, batchId)
    expect((await active()).map(({ text }) => text)).toEqual(['Always give distances in kilometres'])
  })

  it('is never taken from what the assistant says alone, nor from a wish for one answer', async () => {
    await tell('That was wrong again.', 'I should stop guessing numbers that I do not know.')
    expect((await waiting()).map(({ after }) => after)).toEqual(['Stop guessing numbers that I do not know'])
    expect(await active()).toEqual([])
    await expect(test.learning.setMode(owner, 'self_improvement', 'always')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await tell('You should use miles here.')
    expect(await waiting()).toHaveLength(1)
  })

  it('comes from a thumb down in words, where no rule of style has it', async () => {
    const { answerId } = await tell('Which train do I take?', 'The 9:14.')
    await test.learning.react(owner, { answerId, signal: 'down', comment: 'check the day of the week first' })
    expect((await waiting()).map(({ after }) => after)).toEqual([
      'Mind what was said of an answer: check the day of the week first',
    ])
    expect(await active()).toEqual([])
  })
})

it('marks what changed between two texts', () => {
  expect(differenceOf('Use kilometres for distances', 'Use miles for all distances')).toBe(
    'Use [-kilometres-] {+miles+} for {+all+} distances',
  )
  expect(differenceOf('', 'Be brief')).toBe('{+Be brief+}')
})
