import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import type { ChatEvent, MessageView } from '../../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../../shared/ids.ts'
import { keys } from '../../app/core.ts'
import { type ChatState, outlineOf, reduceChat } from './chat-state.ts'
import { chatPart } from './use-chat.ts'

const at = new Date('2026-01-02T03:04:05Z')
const id = newId<ConversationId>()

function aMessage(part: Partial<MessageView>): MessageView {
  return {
    ...{ id: newId<MessageId>(), parentId: newId<MessageId>(), role: 'assistant', text: '' },
    ...{ imported: false, thoughts: null },
    ...{ siblings: [], attachments: [], status: 'pending', error: null, model: null, createdAt: at, stats: null },
    ...{ used: [], calls: [], asks: [], learning: null, learned: [] },
    ...part,
  }
}

/** A chat whose answer is being written, and how often each part of the page was told of a change. */
function watched() {
  const question = aMessage({ role: 'user', status: 'complete', text: 'And what then?' })
  const answer = aMessage({ parentId: question.id, text: 'First' })
  const opened: ChatState = {
    conversation: {
      ...{ id, title: 'Trains', createdAt: at, updatedAt: at, mode: 'normal', projectId: null },
      ...{ pinned: false, archived: false, unread: false, toolRules: [] },
    },
    ...{ messages: [question, answer], earlier: 0, later: 0, phase: { phase: 'writing' }, queue: [], deleted: false },
  }
  const cache = new QueryClient()
  cache.setQueryData(keys.chat(id), opened)
  const count = <Part>(part: (chat: ChatState) => Part) => {
    const told = { times: 0 }
    const observer = new QueryObserver(cache, { ...chatPart(id, part), notifyOnChangeProps: ['data'] })
    observer.subscribe(() => {
      told.times += 1
    })
    return told
  }
  const happen = async (event: ChatEvent) => {
    const { state } = reduceChat(cache.getQueryData<ChatState>(keys.chat(id)) ?? null, event)
    cache.setQueryData(keys.chat(id), state)
    // Observers are told after the current task.
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { answer, happen, outline: count(outlineOf), messages: count((chat) => chat.messages) }
}

it('words of an answer reach the messages alone: header and composer are not drawn again', async () => {
  const { answer, happen, outline, messages } = watched()
  await happen({ type: 'text', messageId: answer.id, at: 5, text: ' this' })
  await happen({ type: 'text', messageId: answer.id, at: 10, text: ' and' })
  await happen({ type: 'thoughts', messageId: answer.id, at: 0, text: 'Trains?' })
  expect(messages.times).toBe(3)
  expect(outline.times).toBe(0)
})

it('the end of an answer and a message that waits reach header and composer too', async () => {
  const { answer, happen, outline } = watched()
  await happen({ type: 'message', message: { ...answer, status: 'complete' } })
  expect(outline.times).toBe(1)
  await happen({ type: 'queue', queue: [{ id: newId<MessageId>(), text: 'And next?', documents: [] }] })
  expect(outline.times).toBe(2)
})
