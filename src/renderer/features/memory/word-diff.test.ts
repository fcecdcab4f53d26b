import fc from 'fast-check'
import { expect, it } from 'vitest'
import { diffPhrases } from './word-diff.ts'

it('shows a changed phrase as one', () => {
  expect(diffPhrases('The shop runs on AWS, eu-central-1', 'The shop runs at Hetzner, Falkenstein')).toEqual([
    { kind: 'same', text: 'The shop runs ' },
    { kind: 'removed', text: 'on AWS, eu-central-1' },
    { kind: 'added', text: 'at Hetzner, Falkenstein' },
  ])
})

it('keeps changes apart that have a word between them', () => {
  expect(diffPhrases('red house and car', 'blue house and bike').map((part) => part.kind)).toEqual([
    'removed',
    'added',
    'same',
    'removed',
    'added',
  ])
})

it('loses nothing of either version', () => {
  const sentence = fc
    .array(fc.constantFrom('a', 'b,', 'word', '.', '(', '42'), { maxLength: 12 })
    .map((w) => w.join(' '))
  fc.assert(
    fc.property(sentence, sentence, (before, after) => {
      const parts = diffPhrases(before, after)
      const join = (not: string) =>
        parts
          .filter((part) => part.kind !== not)
          .map((part) => part.text)
          .join('')
      expect([join('added'), join('removed')]).toEqual([before, after])
    }),
  )
})
