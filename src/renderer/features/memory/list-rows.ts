// Turns pages of items into the rows of the list: a heading wherever the day group changes.
import type { Outputs } from '../../../shared/contract/index.ts'
import { type DayGroup, dayGroup } from '../../app/format.ts'

export type MemoryListItem = Outputs['memory']['list']['items'][number]
export type MemoryRow =
  | { type: 'heading'; group: DayGroup; key: string }
  | { type: 'item'; item: MemoryListItem; key: string }

/** @param by the time the list is in the order of; null: it is in none, and days would repeat */
export function toRows(items: readonly MemoryListItem[], by: 'updatedAt' | 'createdAt' | null, now: Date): MemoryRow[] {
  const rows: MemoryRow[] = []
  let last = ''
  for (const item of items) {
    const group = dayGroup(item[by ?? 'updatedAt'], now)
    const key = group.kind === 'month' ? group.key : group.kind
    if (by !== null && key !== last) rows.push({ type: 'heading', group, key })
    last = key
    rows.push({ type: 'item', item, key: item.id })
  }
  return rows
}
