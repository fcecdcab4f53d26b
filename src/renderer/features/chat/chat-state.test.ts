import { describe, expect, it } from 'vitest'
import type { ChatEvent, ConversationView, MessageView } from '../../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../../shared/ids.ts'
import { type ChatState, reduceChat, turnsOf } from './chat-state.ts'

const at = new Date('2026-01-02T03:04:05Z')

function aConversation(): ConversationView {
  return {
    ...{ id: newId<ConversationId>(), title: 'Trains', createdAt: at, updatedAt: at, mode: 'normal' },
    ...{ projectId: null, pinned: false, archived: false, unread: false, toolRules: [] },
  }
}

function aMessage(part: Partial<MessageView> = {}): MessageView {
  return {
    id: newId<MessageId>(),
    parentId: newId<MessageId>(),
    role: 'assistant',
    text: '',
    imported: false,
    thoughts: null,
    siblings: [],
    attachments: [],
    status: 'pending',
    error: null,
    model: null,
    createdAt: at,
    stats: null,
    used: [],
    calls: [],
    asks: [],
    learning: null,
    learned: [],
    ...part,
  }
}

function opened(...messages: MessageView[]): ChatState {
  const whole = { earlier: 0, later: 0, queue: [], deleted: false }
  return { ...whole, conversation: aConversation(), messages, phase: { phase: 'writing' } }
}

function piece(message: MessageView, offset: number, text: string): ChatEvent {
  return { type: 'text', messageId: message.id, at: offset, text }
}

function textAfter(state: ChatState, ...events: ChatEvent[]): { text: string; gap: boolean } {
  let now: ChatState | null = state
  for (const event of events) {
    const reduced = reduceChat(now, event)
    if (reduced.gap) return { text: now?.messages.at(-1)?.text ?? '', gap: true }
    now = reduced.state
  }
  return { text: now?.messages.at(-1)?.text ?? '', gap: false }
}

describe('text of an answer', () => {
  it('grows piece by piece', () => {
    const answer = aMessage()
    expect(textAfter(opened(answer), piece(answer, 0, 'Take '), piece(answer, 5, 'the train'))).toEqual({
      text: 'Take the train',
      gap: false,
    })
  })

  it('takes only the new part of a piece it has in part, and nothing of one it has', () => {
    const answer = aMessage({ text: 'Take the' })
    expect(textAfter(opened(answer), piece(answer, 0, 'Take '), piece(answer, 5, 'the train'))).toEqual({
      text: 'Take the train',
      gap: false,
    })
  })

  it('reports a gap instead of joining text that does not belong together', () => {
    const answer = aMessage({ text: 'Take' })
    expect(textAfter(opened(answer), piece(answer, 9, 'train'))).toEqual({ text: 'Take', gap: true })
  })

  it('reports a gap for a message it has never seen', () => {
    expect(reduceChat(opened(), piece(aMessage(), 0, 'x')).gap).toBe(true)
  })

  it('is final once the answer ended: late pieces change nothing', () => {
    const answer = aMessage({ text: 'Take the train.', status: 'complete' })
    expect(textAfter(opened(answer), piece(answer, 15, ' Again.'))).toEqual({ text: 'Take the train.', gap: false })
  })

  it('does not shrink when a stored copy that lags behind arrives', () => {
    const answer = aMessage({ text: 'Take the train' })
    expect(textAfter(opened(answer), { type: 'message', message: { ...answer, text: 'Take' } }).text).toBe(
      'Take the train',
    )
  })
})

describe('other events', () => {
  it('a change before any snapshot asks for one', () => {
    expect(reduceChat(null, { type: 'deleted' })).toEqual({ state: null, gap: true })
  })

  it('an answer that ended has no phase, even if the event that says so never comes', () => {
    const answer = aMessage()
    const reduced = reduceChat(opened(answer), { type: 'message', message: { ...answer, status: 'stopped' } })
    expect(reduced.state?.phase).toBeNull()
  })

  it('a fresh snapshot keeps unchanged messages the same objects, so they are not rendered again', () => {
    const done = aMessage({ text: 'Done.', status: 'complete' })
    const state = opened(done)
    const { state: after } = reduceChat(state, {
      type: 'snapshot',
      conversation: state.conversation,
      messages: [structuredClone(done), aMessage()],
      phase: null,
      ...{ earlier: 0, later: 0, queue: [] },
    })
    expect(after?.messages[0]).toBe(done)
    expect(after?.messages).toHaveLength(2)
  })

  it('a deleted chat says so', () => {
    expect(reduceChat(opened(), { type: 'deleted' }).state?.deleted).toBe(true)
  })
})

it('turns pair a question with its last answer', () => {
  const question = aMessage({ role: 'user', status: 'complete' })
  const failed = aMessage({ parentId: question.id, status: 'failed' })
  const answer = aMessage({ parentId: question.id })
  const next = aMessage({ role: 'user', status: 'complete', parentId: answer.id })
  expect(turnsOf([question, failed, answer, next])).toEqual([
    { question, answer },
    { question: next, answer: null },
  ])
})
