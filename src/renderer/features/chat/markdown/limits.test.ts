import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isParsable, plainPieces, shownLength } from './limits.ts'

it('takes what people and models write', () => {
  const table = `| a | b |\n|---|---|\n${'| some cell | another *cell* |\n'.repeat(100)}`
  const list = Array.from({ length: 8 }, (_, depth) => `${'  '.repeat(depth)}- [link](https://example.org) **bold**`)
  for (const block of [table, list.join('\n'), '> > > quote', 'word '.repeat(1_000)])
    expect(isParsable(block)).toBe(true)
})

it('counts what a parser pays for', () => {
  for (const block of [
    '> '.repeat(30),
    '['.repeat(500),
    '*a '.repeat(2_000),
    'a'.repeat(30_000),
    `${' '.repeat(200)}- a`,
  ]) {
    expect(isParsable(block)).toBe(false)
  }
})

describe('plain pieces', () => {
  it('give the text again, and cut no character in half', () => {
    const unit = fc.constantFrom('a', '\n', '😀', ' ')
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 50 }), fc.integer({ min: 1, max: 800 }), (units, times) => {
        const text = units.join('').repeat(times)
        const pieces = plainPieces(text)
        expect(pieces.join('')).toBe(text)
        for (const piece of pieces) expect(() => encodeURIComponent(piece)).not.toThrow()
      }),
    )
  })

  it('stay the same while the text grows, but for the last', () => {
    const text = `${'line of words\n'.repeat(3_000)}`
    const before = plainPieces(text.slice(0, 30_000))
    expect(plainPieces(text).slice(0, before.length - 1)).toEqual(before.slice(0, -1))
  })
})

it('shows all of a short block, and never less of a longer one', () => {
  fc.assert(
    fc.property(fc.nat(30_000), fc.nat(300), (length, more) => {
      const shown = shownLength(length)
      expect(shown).toBeLessThanOrEqual(length)
      expect(length - shown).toBeLessThanOrEqual(length / 32)
      expect(shownLength(length + more)).toBeGreaterThanOrEqual(shown)
    }),
  )
  expect(shownLength(999)).toBe(999)
})
