// Branches, forks, the queue and pages of a conversation, on a real database and a real learning machine.
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../shared/chat.ts'
import { type ConversationId, type MessageId, newId, type ProjectId } from '../../shared/ids.ts'
import { conversation, message } from '../database/schema.ts'
import { openTestChat, type TestChat } from './testing.ts'

let test: TestChat
let owner = ''
let people = 0
beforeAll(async () => {
  test = await openTestChat(() => owner)
})
afterAll(() => test.close())
beforeEach(() => {
  owner = `talks-${people++}`
  Object.assign(test.script, { answer: 'Very well.', stop: 'end', hold: null })
})

const texts = async (id: ConversationId) => (await test.messages(id)).map(({ text }) => text)

async function snapshot(id: ConversationId, around: MessageId | null = null) {
  for await (const event of test.chat.watch(owner, id, undefined, around)) if (event.type === 'snapshot') return event
  throw new Error('no snapshot')
}

/** An answer that is being written until `end` is called. */
async function writing(text: string, id = newId<ConversationId>()) {
  let end = () => {}
  test.script.hold = new Promise((resolve) => {
    end = resolve
  })
  const messageId = newId<MessageId>()
  const answerId = await test.chat.send(owner, { conversationId: id, messageId, text })
  return { id, messageId, answerId, end }
}

describe('branches', () => {
  it('an edited message begins another branch; both stay, and either can be shown', async () => {
    const { conversationId, messageId } = await test.send('The first question')
    await test.send('And the second', conversationId)
    test.script.answer = 'Another answer.'
    const edited = newId<MessageId>()
    await test.chat.send(owner, { conversationId, messageId: edited, text: 'The edited question', replaces: messageId })
    await test.chat.idle()
    expect(await texts(conversationId)).toEqual(['The edited question', 'Another answer.'])
    expect((await test.messages(conversationId))[0]?.siblings).toEqual([messageId, edited])

    await test.chat.showBranch(owner, { conversationId, messageId })
    expect(await texts(conversationId)).toEqual(['The first question', 'Very well.', 'And the second', 'Very well.'])
    await test.send('A third', conversationId)
    await test.chat.showBranch(owner, { conversationId, messageId: edited })
    await test.chat.showBranch(owner, { conversationId, messageId })
    expect((await texts(conversationId)).at(-2)).toBe('A third')
  })

  it('another answer stands beside the first, of a complete one too, and the prompt has only the shown branch', async () => {
    const { conversationId, answerId } = await test.send('Which colour?')
    test.script.answer = 'Blue.'
    const second = await test.chat.retry(owner, { conversationId, messageId: answerId })
    await test.chat.idle()
    expect((await test.messages(conversationId)).at(-1)).toMatchObject({
      text: 'Blue.',
      siblings: [answerId, second],
    })
    await test.send('Why?', conversationId)
    const prompt = JSON.stringify(test.asked.at(-1)?.messages)
    expect(prompt).toContain('Blue.')
    expect(prompt).not.toContain('Very well.')
  })

  it('an answer without memories reads nothing that was learned and changes nothing of what stands', async () => {
    await test.send('My boat is called Heron.')
    const { conversationId, answerId } = await test.send('What is my boat called?')
    const used = (await test.messages(conversationId)).at(-1)?.used
    expect(used).not.toEqual([])
    expect(JSON.stringify(test.asked.at(-1)?.messages)).toContain('Heron')
    await test.chat.retry(owner, { conversationId, messageId: answerId, withoutMemories: true })
    await test.chat.idle()
    expect(JSON.stringify(test.asked.at(-1)?.messages)).not.toContain('Heron')
    expect((await test.messages(conversationId)).at(-1)?.used).toEqual([])
    await test.chat.showBranch(owner, { conversationId, messageId: answerId })
    expect((await test.messages(conversationId)).at(-1)?.used).toEqual(used)
  })

  it('an answer that was cut goes on where it ended, in the same prompt', async () => {
    Object.assign(test.script, { answer: 'One, two,', stop: 'cut' })
    const { conversationId, answerId } = await test.send('Count to four')
    Object.assign(test.script, { answer: ' three, four.', stop: 'end' })
    await test.chat.goOn(owner, { conversationId, messageId: answerId })
    await test.chat.idle()
    const last = (await test.messages(conversationId)).at(-1)
    expect(last).toMatchObject({ id: answerId, text: 'One, two, three, four.', status: 'complete' })
    const [before, after] = test.asked.filter(({ schema }) => !schema).slice(-2)
    expect(after?.messages).toEqual([...(before?.messages ?? []), { role: 'assistant', text: 'One, two,' }])
    await expect(test.chat.goOn(owner, { conversationId, messageId: answerId })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })

  it('a fork has everything up to its message, leads its own life, and teaches nothing twice', async () => {
    await test.send('My boat is called Heron.')
    const { conversationId, answerId } = await test.send('What is my boat called?')
    await test.send('And its colour?', conversationId)
    const known = await test.learning.texts(owner)
    const fork = await test.chat.fork(owner, { conversationId, messageId: answerId })
    expect(await texts(fork.id)).toEqual(['What is my boat called?', 'Very well.'])
    expect((await test.messages(fork.id)).at(-1)?.used).toEqual(
      (await test.messages(conversationId)).find(({ id }) => id === answerId)?.used,
    )
    await test.send('Only here', fork.id)
    expect(await texts(conversationId)).not.toContain('Only here')
    expect(await test.learning.texts(owner)).toEqual(known)
  })

  it('refuses what is not there, and leaves the tree as it is', async () => {
    const { conversationId, answerId } = await test.send('Hello')
    const nowhere = newId<MessageId>()
    const send = { conversationId, messageId: newId<MessageId>(), text: 'x', replaces: answerId }
    const asked = [
      test.chat.send(owner, send),
      test.chat.retry(owner, { conversationId, messageId: nowhere }),
      test.chat.showBranch(owner, { conversationId, messageId: nowhere }),
      test.chat.fork(owner, { conversationId, messageId: nowhere }),
      test.chat.fork('another', { conversationId, messageId: answerId }),
    ]
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: expect.stringMatching(/NOT_FOUND|BUSY/) } })
    }
    expect(await texts(conversationId)).toEqual(['Hello', 'Very well.'])
  })
})

describe('a message while an answer is written', () => {
  it('waits, can be changed and taken out, and is sent when the answer is there', async () => {
    const { id, end } = await writing('First')
    const [second, third, fourth] = [newId<MessageId>(), newId<MessageId>(), newId<MessageId>()]
    const queue = (messageId: MessageId, text: string) =>
      test.chat.sendOrQueue(owner, { conversationId: id, messageId, text })
    expect(await queue(second, 'Secnod')).toBeNull()
    expect(await queue(second, 'Secnod')).toBeNull()
    await queue(third, 'Third')
    await queue(fourth, 'Never mind')
    await test.chat.changeQueued(owner, second, 'Second')
    await test.chat.removeQueued(owner, fourth)
    await test.chat.removeQueued(owner, fourth)
    expect((await snapshot(id)).queue.map(({ text }) => text)).toEqual(['Second', 'Third'])
    test.script.hold = null
    end()
    await untilQuiet(id)
    expect(await texts(id)).toEqual(['First', 'Very well.', 'Second', 'Very well.', 'Third', 'Very well.'])
    expect(await queue(second, 'Second')).not.toBeNull()
    expect(await texts(id)).toHaveLength(6)
  })

  it('stays when the answer is stopped, which keeps what was seen of it; outlives the app, and is sent by hand', async () => {
    const { id } = await writing('First')
    await test.chat.sendOrQueue(owner, { conversationId: id, messageId: newId(), text: 'Second' })
    for await (const event of test.chat.watch(owner, id, undefined)) {
      if (event.type === 'text' || (event.type === 'snapshot' && event.messages.at(-1)?.text)) break
    }
    test.chat.stop(owner, id)
    await test.chat.idle()
    expect(await texts(id)).toEqual(['First', 'Very well.'])
    expect((await snapshot(id)).queue.map(({ text }) => text)).toEqual(['Second'])
    test.script.hold = null
    await test.restart()
    expect((await snapshot(id)).queue.map(({ text }) => text)).toEqual(['Second'])
    await test.chat.sendQueued(owner, id)
    await untilQuiet(id)
    expect((await texts(id)).slice(2)).toEqual(['Second', 'Very well.'])
  })

  it('a new message never goes before those that wait since a stop: it joins them, and all are sent in order', async () => {
    const { id } = await writing('First')
    const send = (text: string) => test.chat.sendOrQueue(owner, { conversationId: id, messageId: newId(), text })
    await send('Second')
    await send('Third')
    test.chat.stop(owner, id)
    await test.chat.idle()
    test.script.hold = null
    expect(await send('Fourth')).toBeNull()
    await untilQuiet(id)
    expect((await texts(id)).slice(2)).toEqual(['Second', 'Very well.', 'Third', 'Very well.', 'Fourth', 'Very well.'])
  })

  it('two messages at once are two messages: the second waits for the first', async () => {
    const { conversationId } = await test.send('First')
    const send = (text: string) => test.chat.sendOrQueue(owner, { conversationId, messageId: newId(), text })
    const answers = await Promise.all([send('Second'), send('Third')])
    await untilQuiet(conversationId)
    expect(answers.filter((answer) => answer === null)).toHaveLength(1)
    expect(await texts(conversationId)).toHaveLength(6)
  })

  /** Until nothing is written and nothing waits. */
  async function untilQuiet(id: ConversationId) {
    do await test.chat.idle()
    while ((await snapshot(id)).queue.length > 0)
    await test.chat.idle()
  }
})

describe('a long conversation', () => {
  it('is read in stretches: its end, what lies before and after, and around a message asked for', async () => {
    const { conversationId } = await test.send('Question 1')
    const ids = await grow(conversationId, 300)
    const end = await snapshot(conversationId)
    expect([end.messages.length, end.earlier, end.later]).toEqual([30, 272, 0])
    expect(end.messages.at(-1)?.id).toBe(ids.at(-1))

    const first = end.messages[0]?.id as MessageId
    const query = { conversationId, messageId: first, direction: 'before', limit: 50 } as const
    const before = await test.chat.page(owner, query)
    expect([before.messages.length, before.earlier]).toEqual([50, 222])
    expect(before.messages.at(-1)?.id).toBe(end.messages[0]?.parentId)

    const wanted = ids[99] as MessageId
    const middle = await snapshot(conversationId, wanted)
    expect(middle.messages.map(({ id }) => id)).toContain(wanted)
    expect(middle.earlier + middle.messages.length + middle.later).toBe(302)
    const last = middle.messages.at(-1)?.id as MessageId
    const after = await test.chat.page(owner, { conversationId, messageId: last, direction: 'after', limit: 200 })
    expect([after.later, after.messages.at(-1)?.id]).toEqual([middle.later - after.messages.length, ids.at(-1)])
  })

  it('outgrows what a turn reads: the rest is counted as left out', async () => {
    const { conversationId } = await test.send('Question 1')
    await grow(conversationId, 100, 'x'.repeat(2000))
    await test.send('And now?', conversationId)
    const asked = test.asked.at(-1)?.messages ?? []
    const left = (await test.messages(conversationId)).at(-1)?.stats?.leftOutMessages ?? 0
    expect(left).toBeGreaterThan(0)
    expect(asked.filter(({ role }) => role !== 'system')).toHaveLength(103 - left)
    expect(asked.at(-1)?.text).toContain('And now?')
  })

  /** More messages, in pairs, written past the chat. */
  async function grow(conversationId: ConversationId, count: number, text = 'Message'): Promise<MessageId[]> {
    const [row] = await test.learning.db.read.select().from(conversation).where(eq(conversation.id, conversationId))
    let parentId = row?.headId as MessageId
    const rows = Array.from({ length: count }, (_, index): typeof message.$inferInsert => {
      const [id, role] = [newId<MessageId>(), index % 2 === 0 ? ('user' as const) : ('assistant' as const)]
      const made = { id, owner, conversationId, parentId, role, text, status: 'complete' as const }
      parentId = id
      return { ...made, createdAt: new Date(Date.parse('2026-01-01') + index) }
    })
    await test.learning.db.write('test', async (tx) => {
      await tx.insert(message).values(rows)
      await tx.update(conversation).set({ headId: parentId }).where(eq(conversation.id, conversationId))
    })
    return rows.map(({ id }) => id)
  }
})

describe('order in the list', () => {
  it('pinned ones come first, archived ones apart, page by page; nothing of it moves a chat in time', async () => {
    const ids: ConversationId[] = []
    for (const text of ['One', 'Two', 'Three', 'Four']) ids.push((await test.send(text)).conversationId)
    const [one, two, , four] = ids as [ConversationId, ConversationId, ConversationId, ConversationId]
    await test.chat.change(owner, { id: one, pinned: true })
    await test.chat.change(owner, { id: four, pinned: true, archived: true })
    await test.chat.rename(owner, two, 'Zwei')
    const listed: string[] = []
    let cursor: string | null = null
    do {
      const page = await test.chat.list(owner, { limit: 1, cursor })
      listed.push(...page.items.map(({ title }) => title))
      cursor = page.nextCursor
    } while (cursor)
    expect(listed).toEqual(['One', 'Three', 'Zwei'])
    expect((await test.chat.list(owner, { archived: true })).items).toMatchObject([{ id: four, pinned: false }])
  })

  it('an answer that came while nobody looked is marked until somebody does', async () => {
    const { conversationId } = await test.send('Hello')
    const unread = async () => (await test.chat.list(owner, {})).items[0]?.unread
    expect(await unread()).toBe(true)
    const leave = await test.look(conversationId)
    expect(await unread()).toBe(false)
    await test.send('Again', conversationId)
    expect(await unread()).toBe(false)
    await leave()
  })
})

describe('a project', () => {
  it('gives its instructions to every answer in it, as they are now, and to no other', async () => {
    const id = newId<ProjectId>()
    await test.chat.projects.create(owner, { id, name: 'Thesis', instructions: 'Answer in Dutch.' })
    await test.chat.projects.create(owner, { id, name: 'Again' })
    const conversationId = newId<ConversationId>()
    await test.chat.send(owner, { conversationId, messageId: newId(), text: 'Hello', projectId: id })
    await test.chat.idle()
    const system = () => test.asked.at(-1)?.messages[0]?.text
    expect(system()).toContain('Answer in Dutch.')
    await test.chat.projects.change(owner, { id, instructions: 'Answer in Frisian.' })
    await test.send('And now?', conversationId)
    expect(system()).toContain('Answer in Frisian.')
    expect(await test.chat.projects.list(owner)).toMatchObject([{ name: 'Thesis', conversations: 1 }])
    expect((await test.chat.list(owner, { projectId: id })).items).toMatchObject([{ id: conversationId }])
    await test.send('Elsewhere')
    expect(system()).not.toContain('Frisian')

    await test.chat.projects.trash(owner, id)
    await test.send('Still here?', conversationId)
    expect(system()).not.toContain('Frisian')
    await test.chat.projects.restore(owner, id)
    await test.chat.change(owner, { id: conversationId, projectId: null })
    expect(await test.chat.projects.list(owner)).toMatchObject([{ name: 'Thesis', conversations: 0 }])
  })

  it('begins each chat with the thread of its others, and no chat outside of it does', async () => {
    const id = newId<ProjectId>()
    await test.chat.projects.create(owner, { id, name: 'Thesis' })
    await test.learning.learning.setLevel(owner, 'by_itself')
    const say = async (text: string, projectId: ProjectId | null) => {
      const conversationId = newId<ConversationId>()
      await test.chat.send(owner, { conversationId, messageId: newId(), text, projectId })
      await test.chat.idle()
      await test.learning.learning.idle()
      return test.asked.filter(({ schema }) => !schema).at(-1)?.messages[0]?.text
    }
    await say('My goal here is to finish the chapter on tides.', id)
    const next = await say('What shall we do?', id)
    expect(next).toContain('[Other conversations of this project, in short:')
    expect(next).toContain('chapter on tides')
    expect(await say('What shall we do?', null)).not.toContain('tides')
  })

  it('is its owner’s alone', async () => {
    const id = newId<ProjectId>()
    await test.chat.projects.create(owner, { id, name: 'Mine', instructions: 'Be kind.' })
    const send = { conversationId: newId<ConversationId>(), messageId: newId<MessageId>(), text: 'Hi', projectId: id }
    await expect(test.chat.send('another', send)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(test.chat.projects.change('another', { id, name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await test.chat.projects.list(owner)).toMatchObject([{ name: 'Mine' }])
  })
})

it('what is watched hears of the queue and of a branch that is shown', async () => {
  const { id, messageId, end } = await writing('First')
  const heard: ChatEvent['type'][] = []
  const stop = new AbortController()
  const stream = test.chat.watch(owner, id, stop.signal)
  await stream.next()
  const listening = (async () => {
    for await (const event of stream) heard.push(event.type)
  })().catch(() => {})
  await test.chat.sendOrQueue(owner, { conversationId: id, messageId: newId(), text: 'Second' })
  const queued = (await snapshot(id)).queue[0]?.id as MessageId
  await test.chat.removeQueued(owner, queued)
  end()
  await test.chat.idle()
  await test.chat.showBranch(owner, { conversationId: id, messageId })
  stop.abort()
  await listening
  expect(heard.filter((type) => type === 'queue')).toHaveLength(2)
  expect(heard.at(-1)).toBe('snapshot')
})
