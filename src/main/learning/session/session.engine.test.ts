// The thread of a chat in a person's hands: seen, written, ticked off, taken back, and never another chat's.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConversationId, newId } from '../../../shared/ids.ts'
import { openTestChat, type TestChat } from '../../chat/testing.ts'

let owner = 'me'
let test: TestChat
beforeAll(async () => {
  test = await openTestChat(() => owner)
})
afterAll(() => test.close())

const sessions = () => test.learning.learning.sessions
async function chatOf(...texts: string[]): Promise<ConversationId> {
  owner = `person-${newId<ConversationId>()}`
  let id: ConversationId | undefined
  for (const text of texts) id = (await test.send(text, id)).conversationId
  await test.learning.learning.idle()
  if (!id) throw new Error('nothing was said')
  return id
}
const lines = async (id: ConversationId) =>
  (await sessions().get(owner, id)).items.map(({ kind, n, done, memory }) => [
    kind,
    ...(n === null ? [] : [n]),
    ...(done === null ? [] : ['done']),
    memory.text,
  ])

describe('the thread of a chat', () => {
  it('is written by hand: a goal that takes the place of the one before, and steps in their order', async () => {
    const id = await chatOf('Hello there.')
    await sessions().add(owner, { conversationId: id, kind: 'goal', text: 'Move the shop' })
    await sessions().add(owner, { conversationId: id, kind: 'goal', text: 'Move the shop to Hetzner' })
    await sessions().add(owner, { conversationId: id, kind: 'step', text: 'Order a server' })
    const { memory, batchId } = await sessions().add(owner, { conversationId: id, kind: 'step', text: 'Copy the data' })
    const written = async () => (await lines(id)).filter(([kind]) => kind === 'goal' || kind === 'step')
    expect(await written()).toEqual([
      ['goal', 'Move the shop to Hetzner'],
      ['step', 1, 'Order a server'],
      ['step', 2, 'Copy the data'],
    ])

    // Taken back, its place is not given again.
    await test.learning.learning.undo(owner, batchId)
    await sessions().add(owner, { conversationId: id, kind: 'step', text: 'Point the domain there' })
    expect((await written()).at(-1)).toEqual(['step', 3, 'Point the domain there'])
    expect((await written()).flat()).not.toContain(memory.text)
  })

  it('has steps that are done and open again, and refuses what was seen too long ago', async () => {
    const id = await chatOf('Hello there.')
    const { memory } = await sessions().add(owner, { conversationId: id, kind: 'step', text: 'Order a server' })
    const step = { id: memory.id, version: memory.version }
    const done = await sessions().check(owner, { ...step, done: true })
    expect(await lines(id)).toContainEqual(['step', 1, 'done', 'Order a server'])
    await expect(sessions().check(owner, { ...step, done: false })).rejects.toMatchObject({ code: 'CONFLICT' })
    await sessions().check(owner, { id: memory.id, version: done.memory.version, done: false })
    expect(await lines(id)).toContainEqual(['step', 1, 'Order a server'])
    const goal = await sessions().add(owner, { conversationId: id, kind: 'goal', text: 'Move the shop' })
    await expect(
      sessions().check(owner, { id: goal.memory.id, version: goal.memory.version, done: true }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'id' } })
  })

  it('names the memories its answers used, the latest first, with how often', async () => {
    const first = await chatOf('I play the cello.', 'I keep bees behind the barn.')
    expect((await sessions().get(owner, first)).inPlay).toEqual([])
    const { conversationId } = await test.send('Which strings for the cello?')
    await test.send('And which rosin for the cello?', conversationId)
    const { inPlay, inPlayCount } = await sessions().get(owner, conversationId)
    const cello = inPlay.find(({ memory }) => memory.text.includes('cello'))
    expect(cello?.answers).toBe(2)
    expect(inPlayCount).toBe(inPlay.length)
  })

  it('belongs to its chat and its person alone, and keeps no secret', async () => {
    const id = await chatOf('Hello there.')
    await sessions().add(owner, { conversationId: id, kind: 'goal', text: 'Move the shop' })
    const { conversationId: other } = await test.send('Something else.')
    expect((await lines(other)).flat()).not.toContain('Move the shop')
    await expect(
      sessions().add(owner, { conversationId: id, kind: 'point', text: 'The password is hunter2-Tr0ub4dor' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'text' } })
    await expect(
      sessions().add('somebody else', { conversationId: id, kind: 'goal', text: 'Read along' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await sessions().get('somebody else', id)).items).toEqual([])
  })
})
