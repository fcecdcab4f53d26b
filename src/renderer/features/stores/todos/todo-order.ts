// The order a person gives their to-dos by hand. Each stands at a place; one that is moved gets a place between two others,
// so that a move changes one row. Places are hexadecimal digits, compared like words, of which none ends in a zero: there is
// always one between two of them.
import type { StoreRow } from '../../../../shared/contract/stores.ts'

type Placed = Pick<StoreRow, 'id' | 'data'>

/** @returns where it was put; one that was never moved stands by its age, which its id begins with */
export function placeOf({ id, data }: Placed): string {
  const place = data['place']
  return typeof place === 'string' && place !== '' ? place : `${id.replaceAll('-', '')}8`
}

/** @returns the rows in the order of their places */
export function byHand<Row extends Placed>(rows: readonly Row[]): Row[] {
  return rows
    .map((row) => ({ row, place: placeOf(row) }))
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .map(({ row }) => row)
}

/**
 * @param rows in the order of their places
 * @param to where it is to stand among them, from 0
 * @returns the place it needs for that
 */
export function placeFor(rows: readonly Placed[], moved: Placed, to: number): string {
  const others = rows.filter(({ id }) => id !== moved.id)
  const low = others[to - 1] ? placeOf(others[to - 1] as Placed) : ''
  // Two windows may have put two at the same place: nothing fits between these.
  const high = others
    .slice(to)
    .map(placeOf)
    .find((place) => place > low)
  return between(low, high ?? null)
}

const BASE = 16

/** @returns digits that compare after `low` and before `high`; null: after `low` alone */
function between(low: string, high: string | null): string {
  let digits = ''
  for (let at = 0; ; at++) {
    const from = digitAt(low, at)
    const to = high === null ? BASE : digitAt(high, at)
    if (to - from > 1) return digits + Math.floor((from + to) / 2).toString(BASE)
    digits += from.toString(BASE)
    // Less than `high` from here on, whatever follows.
    if (to > from) high = null
  }
}

function digitAt(place: string, at: number): number {
  return at < place.length ? Number.parseInt(place[at] ?? '0', BASE) : 0
}
