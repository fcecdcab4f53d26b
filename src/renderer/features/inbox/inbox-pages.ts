// What waits, held in stretches that are read when they come into sight: the list may be very long. What was just decided is
// left out of all of them until the core's own answer does.
import type { Outputs } from '../../../shared/contract/index.ts'
import type { ProposalId } from '../../../shared/ids.ts'
import type { ProposalGroup } from '../../../shared/proposals.ts'

export type InboxPage = Outputs['proposals']['list']
export type InboxItem = InboxPage['items'][number]

/** Suggestions of one stretch. */
export const PAGE = 50

export interface Shown {
  total: number
  counts: InboxPage['counts']
  groups: ReadonlyMap<string, ProposalGroup>
  /** The suggestion at a place of the list; undefined while it is not read. */
  at(index: number): InboxItem | undefined
  /** Its place among those that are read, -1 when it is not there. */
  indexOf(id: ProposalId): number
}

/**
 * @param pages stretches that were read, by their number
 * @param hides whether a suggestion of a page was decided since that was read
 * @returns null before anything was read
 */
export function showPages(
  pages: ReadonlyMap<number, InboxPage>,
  hides: (id: ProposalId, page: InboxPage) => boolean,
): Shown | null {
  const numbers = [...pages.keys()].sort((one, two) => one - two)
  const newest = pages.get(numbers[0] ?? -1)
  if (!newest) return null
  const items: InboxItem[] = []
  const places = new Map<number, InboxItem>()
  const groups = new Map<string, ProposalGroup>()
  let gone = 0
  for (const number of numbers) {
    const page = pages.get(number)
    if (!page) continue
    for (const group of page.groups) if (!groups.has(group.key)) groups.set(group.key, group)
    // The group of one that went begins with the next of it.
    let begins: string | null = null
    for (const [index, item] of page.items.entries()) {
      if (hides(item.id, page)) {
        gone += 1
        if (item.first) begins = item.group
        if (item.group !== null) groups.set(item.group, without(groups.get(item.group), item.id))
        continue
      }
      const shown: InboxItem = begins !== null && item.group === begins ? { ...item, first: true } : item
      begins = null
      places.set(number * PAGE + index - gone, shown)
      items.push(shown)
    }
  }
  const indexes = new Map([...places].map(([index, { id }]) => [id, index]))
  return {
    total: Math.max(0, newest.total - gone),
    counts: newest.counts,
    groups,
    at: (index) => places.get(index),
    indexOf: (id) => indexes.get(id) ?? -1,
  }
}

function without(group: ProposalGroup | undefined, id: ProposalId): ProposalGroup {
  if (!group) throw new Error('A suggestion has a group that is not told of.')
  return {
    ...group,
    waiting: group.waiting - 1,
    ids: group.ids.filter((one) => one !== id),
    together: group.together.filter((one) => one !== id),
  }
}
