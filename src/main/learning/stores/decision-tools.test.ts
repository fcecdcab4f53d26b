// The tools of the decision log, run as the machine runs them.
import { expect, it } from 'vitest'
import type { ToolAccess } from '../protocol.ts'
import { finishedTurn } from '../testing.ts'
import { decisionTools } from './decision-tools.ts'

const turn = finishedTurn('We took Kafka because the team knows it.')
const access: ToolAccess = {
  db: undefined as never,
  turn,
  search: async () => [],
  said: (text) => ({ text, voice: 'own', evidence: [{ origin: 'user', quote: turn.userText, at: turn.at }] }),
}
const log = decisionTools.find(({ name }) => name === 'log_decision')

it("keeps the person's decision on their words, and the assistant's own marked so", async () => {
  const args = {
    decision: 'Kafka for the stream',
    why: 'the team knows it',
    alternatives: ['Rabbit'],
    confidence: 'high',
  }
  const [theirs] = (await log?.run({ ...args, by: 'user' }, access))?.finds ?? []
  expect(theirs).toMatchObject({ item: { kind: 'decision' }, evidence: [{ origin: 'user' }] })
  expect(theirs?.item.author).toBeUndefined()
  const [own] = (await log?.run({ ...args, by: 'assistant' }, access))?.finds ?? []
  expect(own).toMatchObject({
    item: { kind: 'own_decision', author: 'assistant', content: { alternatives: ['Rabbit'], confidence: 'high' } },
    evidence: [{ origin: 'assistant', messageId: turn.messageId }],
  })
})

it('refuses what does not fit', async () => {
  await expect(log?.run({ decision: 'x' }, access)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})
