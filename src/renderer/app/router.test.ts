import { expect, it } from 'vitest'
import { type ConversationId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import { hrefs, parseRoute } from './router.ts'

const conversation = newId<ConversationId>()
const message = newId<MessageId>()
const memory = newId<MemoryId>()

it('reads back every address the window makes', () => {
  expect(parseRoute(hrefs.message(conversation, message, { start: 3, end: 17 }))).toEqual({
    page: 'chat',
    conversation,
    message,
    mark: { start: 3, end: 17 },
  })
  expect(parseRoute(hrefs.chat(conversation))).toEqual({ page: 'chat', conversation, message: null, mark: null })
  expect(parseRoute(hrefs.memory(memory))).toEqual({ page: 'memory', memory, view: 'list', search: '' })
  expect(parseRoute(hrefs.incognito)).toEqual({ page: 'incognito' })
  expect(parseRoute(hrefs.models)).toEqual({ page: 'models' })
  expect(parseRoute(hrefs.settings)).toEqual({ page: 'settings', target: null, find: '' })
  expect(parseRoute(hrefs.setting('theme'))).toEqual({ page: 'settings', target: 'theme', find: '' })
  expect(parseRoute(hrefs.findSettings('text & size'))).toEqual({ page: 'settings', target: null, find: 'text & size' })
})

it('takes what it cannot read for a new chat', () => {
  for (const hash of ['', '#/', '#/chat/nonsense', '#/elsewhere', '#main', '#/chat/%00']) {
    expect(parseRoute(hash)).toEqual({ page: 'chat', conversation: null, message: null, mark: null })
  }
})

it('ignores a mark that is none', () => {
  expect(parseRoute(`#/chat/${conversation}/${message}?mark=<b>`)).toMatchObject({ message, mark: null })
})
