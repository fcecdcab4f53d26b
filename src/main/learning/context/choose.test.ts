import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, type CountTokens, choose } from './choose.ts'

/** Four characters a token: what a line costs. */
const count: CountTokens = async () => (text) => Math.ceil(text.length / 4) + 1

function candidate(text: string, source: string | null, own = true): Candidate<string> {
  const to = (characters: number) => ({ item: text, line: text.slice(0, characters) })
  return { item: text, line: text, source, own, shorten: source === null ? null : { characters: text.length, to } }
}

const anyCandidate = fc
  .tuple(
    fc.integer({ min: 0, max: 900 }),
    fc.option(fc.constantFrom('letter', 'mail', 'report'), { nil: null }),
    fc.boolean(),
    fc.nat(),
  )
  .map(([length, source, own, n]) => candidate(`${n} `.padEnd(length, 'word '), source, own))

describe('what goes into the prompt', () => {
  it('never costs more than the budget, and no source more than its share, whatever the items', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCandidate, { maxLength: 40 }),
        fc.integer({ min: -20, max: 700 }),
        fc.integer({ min: 0, max: 15 }),
        async (candidates, budget, most) => {
          const chosen = await choose(candidates, budget, most, count)
          const cost = await count([])
          expect(chosen.length).toBeLessThanOrEqual(most)
          for (const { line, tokens } of chosen) expect(tokens).toBe(cost(line))
          expect(chosen.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(Math.max(budget, 0))
          for (const source of ['letter', 'mail', 'report']) {
            const of = chosen.filter(({ item }) => candidates.find((one) => one.item === item)?.source === source)
            const sum = of.reduce((total, { tokens }) => total + tokens, 0)
            const own = candidates.some((one) => one.item === of[0]?.item && one.own)
            expect(sum).toBeLessThanOrEqual(Math.max(0, own && of.length === 1 ? budget / 2 : budget / 3))
          }
        },
      ),
    )
  })

  it('keeps the order, and takes a shorter item where a longer one does not fit', async () => {
    const items = [candidate('a'.repeat(40), null), candidate('b'.repeat(400), null), candidate('c'.repeat(40), null)]
    const chosen = await choose(items, 30, 10, count)
    expect(chosen.map(({ line }) => line[0])).toEqual(['a', 'c'])
  })

  it('shortens a long stretch of a source to its share instead of leaving it out', async () => {
    const [only] = await choose([candidate('word '.repeat(200), 'report', false)], 120, 10, count)
    expect(only?.tokens).toBeGreaterThan(25)
    expect(only?.tokens).toBeLessThanOrEqual(40)
  })

  it('leaves room for others: one document does not fill the prompt however much of it matches', async () => {
    const report = Array.from({ length: 10 }, (_, n) =>
      candidate(`${n} from the report`.padEnd(80, '.'), 'report', false),
    )
    const chosen = await choose([...report, candidate('said by the person', null)], 150, 12, count)
    expect(chosen.map(({ line }) => line)).toContain('said by the person')
    expect(chosen.length).toBe(3)
  })
})
