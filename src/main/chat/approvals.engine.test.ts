// Tool calls that need a person: a scripted model asks for them, everything else is real.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { CallDecision } from '../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../shared/ids.ts'
import { conversation, message } from '../database/schema.ts'
import { defineStore } from '../learning/define-store.ts'
import type { LearningTool } from '../learning/protocol.ts'
import { defineTool } from '../learning/tools/tool.ts'
import { createTools } from '../learning/tools/tools.ts'
import { openTestChat, type TestChat } from './testing.ts'

let owner = ''
let people = 0
let test: TestChat
/** What was carried out. */
const done: string[] = []
let under: { begun(): void; end: Promise<void> } | null = null

const openDoor: LearningTool = defineTool({
  name: 'open_door',
  summary: 'a door is to be opened',
  description: 'Opens a door. door: which.',
  params: z.strictObject({ door: z.string().max(40) }),
  writes: false,
  approval: 'chat',
  async run({ door }) {
    done.push(door)
    under?.begun()
    await under?.end
    return { reply: `The ${door} door is open.` }
  },
})
const sendLetter = defineTool({
  name: 'send_letter',
  summary: 'a letter is to be sent',
  description: 'Sends a letter. to: whom.',
  params: z.strictObject({ to: z.string().max(40) }),
  writes: false,
  approval: 'each',
  run: async ({ to }) => {
    done.push(to)
    return { reply: 'Sent.' }
  },
})
// The list is read when learning starts, so that a restart may bring other tools, as a new version does.
const tools: LearningTool[] = [openDoor, sendLetter]

beforeAll(async () => {
  test = await openTestChat(() => owner, undefined, tools)
})
afterAll(() => test.close())
beforeEach(async () => {
  owner = `decides-${people++}`
  done.length = 0
  under = null
  test.asked.length = 0
  Object.assign(test.script, { calls: [], forEver: false, answer: 'Very well.', stop: 'end', hold: null })
  test.learning.settings.learning = false
})

const wants = (door: string) => test.script.calls.push({ tool: 'open_door', arguments: { door } })
const answer = async (id: ConversationId) => (await test.messages(id)).at(-1)
const call = async (id: ConversationId) => (await answer(id))?.calls.at(-1)
const rules = async (id: ConversationId) =>
  (await test.chat.list(owner, {})).items.find((one) => one.id === id)?.toolRules

async function asks(text: string, id?: ConversationId) {
  const sent = await test.send(text, id)
  expect(await answer(sent.conversationId)).toMatchObject({ status: 'pending', calls: [{ status: 'waiting' }] })
  return sent
}

async function decide(
  { conversationId, answerId }: { conversationId: ConversationId; answerId: MessageId },
  decision: CallDecision,
  more: { call?: number; arguments?: Record<string, unknown> } = {},
) {
  await test.chat.decideCall(owner, { conversationId, messageId: answerId, call: 0, decision, ...more })
  await test.chat.idle()
}

describe('a call that needs a person', () => {
  it('waits with nothing done, over a restart, and marks the chat; approved once, it is done and the next one asks again', async () => {
    wants('north')
    const sent = await test.send('Open the north door.')
    const id = sent.conversationId
    expect((await test.chat.list(owner, {})).items[0]?.unread).toBe(true)
    expect(await call(id)).toMatchObject({
      arguments: { door: 'north' },
      result: '',
      approval: { description: 'Opens a door. door: which.', each: false, changed: false },
    })
    await test.restart()
    expect(await call(id)).toMatchObject({ status: 'waiting' })
    expect(done).toEqual([])
    await decide(sent, 'once')
    expect(done).toEqual(['north'])
    expect(await answer(id)).toMatchObject({ status: 'complete', text: 'Very well.', calls: [{ status: 'found' }] })
    expect(test.asked.at(-1)?.messages.at(-1)?.text).toContain('The north door is open.')
    expect(await rules(id)).toEqual([])
    wants('south')
    await asks('And the south door.', id)
  })

  it('allowed always, it is done unasked in this chat alone, over a restart, until that is taken back', async () => {
    wants('north')
    const sent = await asks('Open the north door.')
    const id = sent.conversationId
    await decide(sent, 'always')
    expect(await rules(id)).toEqual([{ tool: 'open_door', rule: 'always' }])
    await test.restart()
    wants('south')
    await test.send('And the south door.', id)
    expect(await answer(id)).toMatchObject({
      status: 'complete',
      calls: [{ status: 'found', arguments: { door: 'south' } }],
    })
    expect(done).toEqual(['north', 'south'])
    // Neither another chat nor a copy of this one has it.
    wants('east')
    await asks('Open the east door.')
    const fork = await test.chat.fork(owner, { conversationId: id, messageId: sent.answerId })
    expect(fork.toolRules).toEqual([])
    wants('west')
    await asks('Open the west door.', fork.id)

    expect((await test.chat.removeToolRule(owner, { conversationId: id, tool: 'open_door' })).toolRules).toEqual([])
    await test.chat.removeToolRule(owner, { conversationId: id, tool: 'open_door' })
    wants('cellar')
    await asks('And the cellar door.', id)
    expect(done).toEqual(['north', 'south'])
  })

  it('what was allowed ends with the definition it was given for; the person is told and asked', async () => {
    wants('north')
    const sent = await asks('Open the north door.')
    const id = sent.conversationId
    await decide(sent, 'always')
    tools[0] = { ...openDoor, description: 'Opens a door and leaves it open. door: which.' }
    try {
      await test.restart()
      wants('south')
      await asks('And the south door.', id)
    } finally {
      tools[0] = openDoor
    }
    expect(await call(id)).toMatchObject({ approval: { changed: true } })
    expect(await rules(id)).toEqual([])
    // Approved as what it was when it was asked: it is another tool again, and is not run.
    await test.restart()
    await decide({ conversationId: id, answerId: (await answer(id))?.id as MessageId }, 'once')
    expect(await answer(id)).toMatchObject({ status: 'complete', calls: [{ status: 'refused' }] })
    expect(done).toEqual(['north'])
  })

  it('declined it is not done, and not asked about again for this message; never, not in this chat', async () => {
    Object.assign(test.script, { calls: [{ tool: 'open_door', arguments: { door: 'north' } }] })
    const sent = await asks('Open the north door.')
    const id = sent.conversationId
    wants('south')
    await decide(sent, 'decline')
    expect(await answer(id)).toMatchObject({ status: 'complete', calls: [{ status: 'declined' }] })
    expect(test.asked.at(-1)?.messages.at(-1)?.text).toContain('Not done: it was declined.')
    test.script.calls.length = 0

    wants('east')
    const again = await asks('Open the east door.', id)
    await decide(again, 'never')
    expect(await rules(id)).toEqual([{ tool: 'open_door', rule: 'never' }])
    wants('west')
    await test.send('Open the west door.', id)
    expect(await answer(id)).toMatchObject({ status: 'complete', calls: [] })
    expect(done).toEqual([])
  })

  it('values the person changed are checked, kept and used', async () => {
    wants('north')
    const sent = await asks('Open the north door.')
    await expect(decide(sent, 'once', { arguments: { door: 7 } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { field: 'arguments' },
    })
    expect(await call(sent.conversationId)).toMatchObject({ status: 'waiting' })
    await decide(sent, 'once', { arguments: { door: 'garden' } })
    expect(done).toEqual(['garden'])
    expect(await call(sent.conversationId)).toMatchObject({ arguments: { door: 'garden' } })
  })

  it('is decided once, whoever decides, at its own place and by its owner', async () => {
    wants('north')
    const sent = await asks('Open the north door.')
    const { conversationId, answerId: messageId } = sent
    const refused = { call: 0, decision: 'once' as const, conversationId, messageId }
    await expect(test.chat.decideCall(owner, { ...refused, call: 1 })).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(test.chat.decideCall('another', refused)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const both = await Promise.allSettled([test.chat.decideCall(owner, refused), test.chat.decideCall(owner, refused)])
    await test.chat.idle()
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(test.chat.decideCall(owner, refused)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(done).toEqual(['north'])
  })

  it('a new message leaves it undone, and both answers come', async () => {
    wants('north')
    const { conversationId: id } = await asks('Open the north door.')
    await test.send('By the way, what is the time?', id)
    const answers = (await test.messages(id)).filter(({ role }) => role === 'assistant')
    expect(answers.map(({ status }) => status)).toEqual(['complete', 'complete'])
    expect(answers[0]?.calls).toMatchObject([{ status: 'declined', result: 'Not done: nobody approved it.' }])
    expect(done).toEqual([])
  })

  it('a tool that asks each time cannot be allowed for good', async () => {
    test.script.calls.push({ tool: 'send_letter', arguments: { to: 'Ines' } })
    const sent = await asks('Write to Ines.')
    await expect(decide(sent, 'always')).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await decide(sent, 'once')
    expect(done).toEqual(['Ines'])
    // Nor by a row somebody wrote.
    const definition = (await call(sent.conversationId))?.approval?.definition ?? ''
    await test.learning.db.write('test.rule', (tx) =>
      tx
        .update(conversation)
        .set({ toolRules: [{ tool: 'send_letter', rule: 'always', definition }] })
        .where(eq(conversation.id, sent.conversationId)),
    )
    test.script.calls.push({ tool: 'send_letter', arguments: { to: 'Otto' } })
    await asks('And to Otto.', sent.conversationId)
  })

  it('killed or stopped while it is carried out, its end is not known, and it is not done a second time', async () => {
    wants('north')
    const sent = await asks('Open the north door.')
    const id = sent.conversationId
    // As a killed process leaves it: noted as approved, and nothing more.
    const [row] = await test.learning.db.read.select().from(message).where(eq(message.id, sent.answerId))
    await test.learning.db.write('test.killed', (tx) =>
      tx
        .update(message)
        .set({ calls: (row?.calls ?? []).map((one) => ({ ...one, status: 'approved' as const })) })
        .where(eq(message.id, sent.answerId)),
    )
    await test.restart()
    expect(await answer(id)).toMatchObject({
      status: 'interrupted',
      calls: [{ status: 'failed', result: expect.stringContaining('not known') }],
    })
    expect(done).toEqual([])

    const begun = new Promise<void>((resolve) => {
      under = { begun: resolve, end: new Promise(() => {}) }
    })
    wants('south')
    const second = await test.send('And the south door.', id)
    await test.chat.decideCall(owner, { conversationId: id, messageId: second.answerId, call: 0, decision: 'once' })
    await begun
    test.chat.stop(owner, id)
    await test.chat.idle()
    expect(await answer(id)).toMatchObject({
      status: 'stopped',
      error: null,
      calls: [{ status: 'failed', result: expect.stringContaining('not known') }],
    })
    expect(done).toEqual(['south'])
  })

  it('in a chat that only reads by now, what was approved is not done', async () => {
    wants('north')
    const sent = await asks('Open the north door.')
    await test.chat.setMode(owner, sent.conversationId, 'read_only')
    await decide(sent, 'once')
    expect(await answer(sent.conversationId)).toMatchObject({ status: 'complete', calls: [{ status: 'refused' }] })
    expect(done).toEqual([])
  })

  it('is not run by the machine without the approval of what it is, whoever calls it', async () => {
    const turn = {
      ...{ owner, conversationId: newId<ConversationId>(), messageId: newId<MessageId>() },
      ...{ userText: 'Open it.', at: test.learning.clock.now(), timeZone: 'UTC' },
    }
    const run = (approved?: string) =>
      test.learning.learning.tools.run(turn, 'open_door', { door: 'north' }, new AbortController().signal, approved)
    expect(await run()).toMatchObject({ status: 'refused' })
    expect(await run('something else')).toMatchObject({ status: 'refused' })
    expect(done).toEqual([])
  })
})

it('a tool of a store has no approval of its own: changes of memory are never allowed for good', () => {
  const store = defineStore({
    id: 'shelf',
    title: 'Shelf',
    schema: z.strictObject({}),
    tools: () => [{ ...openDoor, name: 'put_on_shelf', writes: true }],
  })
  expect(() => createTools({ tools: [] } as never, [store as never], {} as never, async () => {})).toThrow(
    'its mode says',
  )
})
