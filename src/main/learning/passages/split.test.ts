import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitMessage, splitText } from './split.ts'

const sentence = 'The greenhouse needs a new pane of glass before the frost comes in from the north.'

/** One half of a character that takes two. */
const HALF = /\p{Surrogate}/u

describe('passages of a text', () => {
  it('never cuts a short message', () => {
    const text = `${sentence} ${sentence}\n\n${sentence}`
    expect(splitMessage(text)).toEqual([{ voice: 'person', text, start: 0, end: text.length }])
  })

  it('cuts a long answer at ends of sentences into stretches of about equal size', () => {
    const text = Array.from({ length: 30 }, (_, index) => `${index}: ${sentence}`).join(' ')
    const pieces = splitText(text, 'assistant')
    expect(pieces.length).toBeGreaterThan(3)
    for (const piece of pieces) {
      expect(piece.text).toMatch(/^\d+: .*\.$/s)
      const words = piece.text.split(' ').length
      expect(words).toBeGreaterThanOrEqual(50)
      expect(words).toBeLessThanOrEqual(125)
    }
    expect(pieces.map((piece) => piece.text).join(' ')).toBe(text)
  })

  it('keeps what the person says apart from what they pasted', () => {
    const mail = 'From: Ilse Brandt\nSubject: Rent\n\nThe rent for the flat goes up by forty euros in May.'
    const pieces = splitMessage(`I moved into the flat in January. What should I answer to this?\n\n${mail}`)
    const said = (voice: string) =>
      pieces
        .filter((piece) => piece.voice === voice)
        .map((piece) => piece.text)
        .join('\n')
    expect(said('person')).toContain('I moved into the flat')
    expect(said('person')).not.toContain('forty euros')
    expect(said('quoted')).toContain('forty euros')
    expect(said('quoted')).not.toContain('I moved')
  })

  it('keeps what stands before and after a quoted smiley whole', () => {
    const pieces = splitMessage('I live in Porto.\n> quoted 😀 😀\n\n😀 My sister lives in Lisbon.')
    expect(pieces.map((piece) => piece.text)).toEqual([
      'I live in Porto.',
      '> quoted 😀 😀',
      '😀 My sister lives in Lisbon.',
    ])
  })

  it('keeps code apart from the words around it', () => {
    const pieces = splitMessage('My build fails on Fridays.\n```js\nconst secret = plan()\n```\nIt worked last week.')
    expect(pieces.find((piece) => piece.text.includes('secret'))?.voice).toBe('quoted')
    expect(pieces.filter((piece) => piece.voice === 'person').map((piece) => piece.text)).toEqual([
      'My build fails on Fridays.',
      'It worked last week.',
    ])
  })

  it('loses no word, says where each stretch stands, and never halves a character', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 3000 }),
      fc
        .array(fc.constantFrom('word', 'Word.', '\n\n', '> quoted', '```', '😀', '東京に住んでいます。', ' '), {
          maxLength: 600,
        })
        .map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(text, (source) => {
        for (const pieces of [splitMessage(source), splitText(source, 'document')]) {
          for (const piece of pieces) {
            expect(source.slice(piece.start, piece.end)).toBe(piece.text)
            if (!HALF.test(source)) expect(piece.text).not.toMatch(HALF)
          }
          const letters = (said: string) => said.replace(/[^\p{L}]/gu, '')
          expect(letters(pieces.map((piece) => piece.text).join(''))).toBe(letters(source))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('cuts a text of 100 kB without a single space or full stop', () => {
    const pieces = splitText('x'.repeat(100_000), 'document')
    expect(pieces.length).toBeGreaterThan(100)
    expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThan(1200)
  })
})
