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

it('keeps no decision of theirs that they did not tell of', async () => {
  const madeUp: ToolAccess = {
    ...access,
    said: (text) => ({ text, voice: 'note', evidence: [{ origin: 'assistant', quote: text, at: turn.at }] }),
  }
  const args = { decision: 'Walk to the park', why: '', alternatives: [], confidence: 'high', by: 'user' }
  expect(await log?.run(args, madeUp)).toEqual({ reply: expect.stringContaining('Nothing was kept') })
})

it.each([
  ['We settled on oak for the table.', true],
  ['Python or Go for scraping?', true],
  ['Please decide for me and say why.', true],
  ['Wir haben uns für Eiche entschieden.', true],
  ['Good morning!', false],
  ['Ivo runs the warehouse.', false],
  ['The label is printed.', false],
])('is offered for "%s": %s', (message, offered) => expect(log?.fits?.(message)).toBe(offered))
