import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '../../shared/ids.ts'
import type { PromptBlock } from '../database/schema.ts'
import { buildPrompt, INSTRUCTIONS, type PromptTurn, recallBudget } from './prompt.ts'

const monday = new Date('2026-03-02T12:00:00Z')
const tuesday = new Date('2026-03-03T12:00:00Z')

function block(text: string): PromptBlock {
  return {
    text,
    tokens: 5,
    items: [
      {
        memoryId: newId(),
        version: 1,
        tokens: 5,
        line: text,
        rank: 0,
        reason: { kind: 'words', words: [], similarity: null },
      },
    ],
  }
}

const user = (text: string, at = monday, recalled: PromptBlock | null = null): PromptTurn => ({
  role: 'user',
  text,
  recalled,
  at,
})
const assistant = (text: string): PromptTurn => ({ role: 'assistant', text, recalled: null, at: monday })

describe('the prompt of a turn', () => {
  it('puts what is stable first and what was recalled right before the words', () => {
    const prompt = buildPrompt(
      block('[Profile: Ana]'),
      ['Answer in Dutch.', ' '],
      [user('Hello'), assistant('Hi.'), user('And the shop?', tuesday, block('[The shop is in Porto]'))],
      'UTC',
    )
    expect(prompt).toEqual([
      {
        role: 'system',
        text: `${INSTRUCTIONS}\n\nWhat the person wants of your answers:\nAnswer in Dutch.\n\n[Profile: Ana]`,
      },
      { role: 'user', text: '[Today is Monday 2 March 2026.]\n\nHello' },
      { role: 'assistant', text: 'Hi.' },
      { role: 'user', text: '[The shop is in Porto]\n[Today is Tuesday 3 March 2026.]\n\nAnd the shop?' },
    ])
  })

  it('keeps roles alternating after an answer that failed without a word', () => {
    const prompt = buildPrompt(null, [], [user('First'), assistant(''), user('Second')], 'UTC')
    expect(prompt.slice(1)).toEqual([{ role: 'user', text: '[Today is Monday 2 March 2026.]\n\nFirst\n\nSecond' }])
  })

  it('grows at the end only: the prompt of a turn starts with the one before', () => {
    const word = fc.string({ minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, fc.boolean()), { minLength: 1, maxLength: 8 }), (pairs) => {
        const turns = pairs.flatMap(([question, answer, recalls], index) => [
          user(question, index % 2 ? tuesday : monday, recalls ? block(`[note ${index}]`) : null),
          assistant(answer),
        ])
        for (let length = 1; length < turns.length; length += 2) {
          const shorter = buildPrompt(null, [], turns.slice(0, length), 'UTC')
          const longer = buildPrompt(null, [], turns.slice(0, length + 2), 'UTC')
          expect(longer.slice(0, shorter.length)).toEqual(shorter)
        }
      }),
    )
  })
})

describe('the budget of recalled text', () => {
  it('is the smaller of 15 % of the context and two seconds of reading', () => {
    expect(recallBudget(8192, 50)).toBe(100)
    expect(recallBudget(1000, 500)).toBe(150)
  })

  it('assumes a slow machine while nothing is measured', () => {
    expect(recallBudget(null, null)).toBe(100)
  })
})
