// Moving to-dos about by hand.
import { describe, expect, it } from 'vitest'
import { type MemoryId, newId } from '../../../../shared/ids.ts'
import { byHand, placeFor } from './todo-order.ts'

interface Row {
  id: MemoryId
  data: Record<string, unknown>
}

function list(count: number): Row[] {
  return Array.from({ length: count }, () => ({ id: newId<MemoryId>(), data: {} }))
}

/** Moves one, and shows the list as it is then read. */
function move(rows: readonly Row[], from: number, to: number): Row[] {
  const row = rows[from] as Row
  const place = placeFor(rows, row, to)
  return byHand(rows.map((one) => (one.id === row.id ? { ...one, data: { place } } : one)))
}

describe('the order by hand', () => {
  it('is that of their age where nothing was moved', () => {
    const rows = list(5)
    expect(byHand(rows.toReversed())).toEqual(rows)
  })

  it('puts one where it was moved to and changes no other, however often and wherever', () => {
    let rows = list(9)
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let step = 0; step < 2_000; step++) {
      const [from, to] = [random(9), random(9)]
      const wanted = rows.map(({ id }) => id)
      wanted.splice(to, 0, ...wanted.splice(from, 1))
      rows = move(rows, from, to)
      expect(rows.map(({ id }) => id)).toEqual(wanted)
    }
  })

  it('gets on with two that were put at the same place at once', () => {
    const rows = byHand(list(3).map((row, at) => (at === 0 ? row : { ...row, data: { place: 'f8' } })))
    const [first, second, third] = rows.map(({ id }) => id)
    expect(move(rows, 0, 1).map(({ id }) => id)).toEqual([second, third, first])
    expect(move(rows, 2, 0).map(({ id }) => id)).toEqual([third, first, second])
  })

  it('has room between two neighbours for ever', () => {
    let rows = list(3)
    // The last goes between the first two, again and again.
    for (let step = 0; step < 150; step++) rows = move(rows, 2, 1)
    const places = rows.map(({ data }) => String(data['place'] ?? ''))
    expect(new Set(places).size).toBe(3)
    expect(Math.max(...places.map((place) => place.length))).toBeLessThanOrEqual(200)
  })
})
