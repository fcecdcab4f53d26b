import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FILTERS, hasFilters, isEmptyFind, parseFind, suggestFilters, withoutFilters } from './find-query.ts'

const now = new Date(2026, 2, 15, 14, 30)
const parse = (text: string) => parseFind(text, now)

describe('what is typed to find something', () => {
  it('is words, of which the last may still be growing', () => {
    expect(parse('green hou')).toMatchObject({ words: ['green', 'hou'], typing: true, phrases: [] })
    expect(parse('green house ')).toMatchObject({ words: ['green', 'house'], typing: false })
    expect(parse('green hou from:me')).toMatchObject({ words: ['green', 'hou'], typing: true })
  })

  it('is exact phrases between quotes of any kind, closed or not yet', () => {
    expect(parse('"red bus" late')).toMatchObject({ phrases: ['red bus'], words: ['late'] })
    expect(parse('„rotes Auto“')).toMatchObject({ phrases: ['rotes Auto'], words: [] })
    expect(parse('say "red b')).toMatchObject({ phrases: ['red b'], open: true, words: ['say'], typing: false })
  })

  it('is filters, which narrow down and are no words', () => {
    expect(parse('in:"The boat" from:ME is:pinned is:archived store:profile paint')).toMatchObject({
      in: 'The boat',
      from: 'me',
      pinned: true,
      archived: true,
      store: 'profile',
      words: ['paint'],
      unknown: [],
    })
    expect(parse('after:2026-02 before:2026-03-01')).toMatchObject({
      after: new Date(2026, 1, 1),
      before: new Date(2026, 2, 1),
    })
    expect(parse('after:yesterday').after).toEqual(new Date(2026, 2, 14))
    expect(parse('before:2025').before).toEqual(new Date(2025, 0, 1))
  })

  it('names the filters it does not understand, and searches without them', () => {
    expect(parse('from:nobody before:2026-02-30 is:blue tea')).toMatchObject({
      from: null,
      before: null,
      words: ['tea'],
      unknown: ['from:nobody', 'before:2026-02-30', 'is:blue'],
    })
  })

  it('takes an address or a time for a word, and a filter without a value for nothing', () => {
    expect(parse('http://a.b 12:30').words).toEqual(['http://a.b', '12:30'])
    expect(isEmptyFind(parse('in: from:'))).toBe(true)
    expect(isEmptyFind(parse('  '))).toBe(true)
    expect(isEmptyFind(parse('is:pinned'))).toBe(false)
  })

  it('never throws, loses no word, and is the same without its filters but for these', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(...FILTERS.map((name) => `${name}:`), '"', '“', ' ', 'from:me', 'before:2026-13', 'garden'),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join(' ')
        const query = parse(text)
        for (const word of [...query.words, ...query.phrases]) expect(text).toContain(word)
        const widened = parse(withoutFilters(text))
        expect(hasFilters(widened)).toBe(false)
        expect(widened.words).toEqual(query.words)
        expect(widened.phrases).toEqual(query.phrases)
      }),
    )
  })

  it('reads back every filter it suggests', () => {
    const names = { in: ['The boat', 'Garden "plans"'], store: ['Profile'] }
    fc.assert(
      fc.property(fc.constantFrom(...FILTERS), fc.constantFrom('', 'tea '), (name, head) => {
        for (const { text } of suggestFilters(`${head}${name}:`, names)) {
          const query = parse(text)
          expect(query.unknown).toEqual([])
          expect(hasFilters(query)).toBe(true)
          expect(query.words).toEqual(head === '' ? [] : ['tea'])
        }
      }),
    )
  })
})

describe('suggestions', () => {
  const names = { in: ['The boat', 'Garden'], store: ['Profile'] }
  const texts = (text: string) => suggestFilters(text, names).map((each) => each.text)

  it('complete a filter word, then its value', () => {
    expect(texts('tea fr')).toEqual(['tea from:'])
    expect(texts('from:')).toEqual(['from:me ', 'from:assistant '])
    expect(texts('tea from:a')).toEqual(['tea from:assistant '])
    expect(texts('in:bo')).toEqual(['in:"The boat" '])
    expect(texts('store:prof')).toEqual(['store:Profile '])
  })

  it('are none for other words, after a space, and for what is complete', () => {
    for (const text of ['', 'i', 'garden', 'from:me', 'from: ', '"fr']) expect(texts(text)).toEqual([])
  })
})
