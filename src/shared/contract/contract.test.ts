import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { newId } from '../ids.ts'
import { MESSAGE_MAX } from './base.ts'
import { chat } from './chat.ts'
import { contract } from './index.ts'

function inputOf(procedure: { '~orpc': { inputSchema?: unknown } }): z.ZodType {
  return procedure['~orpc'].inputSchema as z.ZodType
}

const send = inputOf(chat.send)
const message = (text: string) => ({ conversationId: newId(), messageId: newId(), text })

describe('the edge of the contract', () => {
  it('every procedure names its input and its output, and refuses keys it does not know', () => {
    for (const [feature, procedures] of Object.entries(contract)) {
      for (const [name, procedure] of Object.entries(procedures)) {
        const definition = procedure['~orpc']
        expect(definition.outputSchema, `${feature}.${name} output`).toBeDefined()
        const refused = inputOf(procedure).safeParse({ unknownKey: 1 })
        expect(refused.success, `${feature}.${name} takes an unknown key`).toBe(false)
      }
    }
  })

  it('names the field that is wrong', () => {
    const empty = send.safeParse(message('  \n '))
    expect(empty.error?.issues).toMatchObject([{ path: ['text'], message: 'The message is empty.' }])
    const long = send.safeParse(message('x'.repeat(MESSAGE_MAX + 1)))
    expect(long.error?.issues).toMatchObject([{ path: ['text'], message: 'The message is too long.' }])
  })

  it('keeps every character of a message but NUL, which no database takes', () => {
    const text = 'a\u0000b \u200f\u{1F469}\u200d\u{1F680} \t c'
    expect(send.parse(message(text))).toMatchObject({ text: text.replace('\u0000', '') })
  })
})
