import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuse } from './fusion.ts'

const ids = fc.uniqueArray(fc.nat(50), { maxLength: 20 })
const weight = fc.double({ min: 0.1, max: 3, noNaN: true })

describe('reciprocal rank fusion', () => {
  it('has every id of the lists once, and keeps the order of a single list', () => {
    fc.assert(
      fc.property(ids, ids, weight, weight, (a, b, one, two) => {
        const scores = fuse([
          { ids: a, weight: one },
          { ids: b, weight: two },
        ])
        expect([...scores.keys()].sort()).toEqual([...new Set([...a, ...b])].sort())
        const alone = fuse([{ ids: a, weight: one }])
        expect([...alone].sort((x, y) => y[1] - x[1]).map(([id]) => id)).toEqual(a)
      }),
    )
  })

  it('does not depend on the order of the lists, and a further list never takes a score away', () => {
    fc.assert(
      fc.property(ids, ids, weight, weight, (a, b, one, two) => {
        const lists = [
          { ids: a, weight: one },
          { ids: b, weight: two },
        ]
        const scores = fuse(lists)
        const reversed = fuse(lists.toReversed())
        for (const [id, score] of scores) {
          expect(reversed.get(id)).toBeCloseTo(score, 12)
          expect(score).toBeGreaterThanOrEqual(fuse([lists[0] as never]).get(id) ?? 0)
        }
      }),
    )
  })

  it('ranks what both lists have above what only one has at the same places', () => {
    const scores = fuse([
      { ids: ['x', 'both'], weight: 1 },
      { ids: ['y', 'both'], weight: 1 },
    ])
    expect(scores.get('both')).toBeGreaterThan(scores.get('x') ?? 0)
  })
})
