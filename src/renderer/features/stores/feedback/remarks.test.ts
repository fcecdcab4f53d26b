// What a reaction says, read from its row.
import { describe, expect, it } from 'vitest'
import { type ConversationId, type MessageId, newId } from '../../../../shared/ids.ts'
import { placeOf, saidWith, signalOf } from './remarks.ts'

const [conversationId, answer, said] = [newId<ConversationId>(), newId<MessageId>(), newId<MessageId>()]

describe('a reaction', () => {
  it('says what it should have been, colons and all', () => {
    const row = { text: 'Did not like an answer: Shorter: two lines.', data: { signal: 'down' }, quote: 'x' }
    expect(saidWith(row)).toBe('Shorter: two lines.')
    expect(saidWith({ text: 'Liked an answer', data: { signal: 'up' }, quote: 'Liked an answer' })).toBeNull()
  })

  it('shows how an answer was changed', () => {
    expect(saidWith({ text: 'Edited an answer', data: { signal: 'edit' }, quote: 'Dear Tom' })).toBe('Dear Tom')
  })

  it('leads to the answer it stands under, else to the words it was made in', () => {
    expect(placeOf({ data: { answer }, conversationId, messageId: null })).toContain(answer)
    expect(placeOf({ data: {}, conversationId, messageId: said })).toContain(said)
    expect(placeOf({ data: {}, conversationId, messageId: null })).toBeNull()
  })

  it('is none where no signal is kept', () => {
    expect(signalOf({ data: { signal: null, times: 2 } })).toBeNull()
    expect(signalOf({ data: { signal: 'down' } })).toBe('down')
  })
})
