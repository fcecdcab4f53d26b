import { expect, it } from 'vitest'
import { restAfter } from './use-paced.ts'

it('a block that is drawn quickly is drawn with every piece; one that takes long takes a small share of the time', () => {
  expect(restAfter(3)).toBe(0)
  for (const cost of [10, 40, 200]) expect(cost / (cost + restAfter(cost))).toBeLessThan(0.04)
})
