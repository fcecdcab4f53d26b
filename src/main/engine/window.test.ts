import { expect, it } from 'vitest'
import type { PromptMessage } from './engine.ts'
import { ChatWindow } from './window.ts'

/** One token a character; a message costs its text. */
const count = (messages: readonly PromptMessage[]) => messages.reduce((sum, one) => sum + one.text.length, 0)
const message = (role: PromptMessage['role'], length: number, mark = 'x'): PromptMessage => ({
  role,
  text: mark.repeat(length),
})
const talk = (exchanges: number) =>
  Array.from({ length: exchanges }, (_, index) => [
    message('user', 50, String.fromCharCode(97 + index)),
    message('assistant', 50, String.fromCharCode(97 + index)),
  ]).flat()
const limits = { contextSize: 1000, maxTokens: 200 }

it('keeps everything that fits and leaves the rest of the context to the answer', () => {
  const messages = [message('system', 100), ...talk(2), message('user', 10)]
  expect(new ChatWindow().fit(messages, limits, count)).toEqual({
    kept: messages,
    leftOut: 0,
    tokens: 310,
    maxTokens: 200,
  })
  const wide = new ChatWindow().fit(messages, { contextSize: 1000, maxTokens: 5000 }, count)
  expect(wide.maxTokens).toBe(1000 - 310 - 16)
})

it('leaves out whole exchanges, oldest first, and the same ones next time', () => {
  const window = new ChatWindow()
  const messages = [message('system', 100), ...talk(9), message('user', 10)]
  const first = window.fit(messages, limits, count)
  expect(first.leftOut % 2).toBe(0)
  expect(first.kept[0]).toBe(messages[0])
  expect(first.kept[1]?.role).toBe('user')
  expect(first.kept.at(-1)).toBe(messages.at(-1))
  expect(first.tokens).toBeLessThanOrEqual(0.6 * 784)
  const next = window.fit([...messages, message('assistant', 50), message('user', 10)], limits, count)
  expect(next.leftOut).toBe(first.leftOut)
  // Another conversation is not cut where this one was.
  expect(window.fit([message('system', 100), message('user', 20)], limits, count).leftOut).toBe(0)
})

it('refuses a message that does not fit by itself', () => {
  const tooLong = [message('system', 100), ...talk(1), message('user', 700)]
  expect(() => new ChatWindow().fit(tooLong, limits, count)).toThrow(
    expect.objectContaining({ code: 'MESSAGE_TOO_LONG' }),
  )
})
