// Which rows of the list are chosen: one by one, a stretch, or all that match.
import { useState } from 'react'
import type { MemoryId } from '../../../shared/ids.ts'

export interface Selection {
  ids: ReadonlySet<MemoryId>
  /** All that the filter lists, beyond those that were read. */
  all: boolean
  /** @param stretch with all between this one and the one chosen before */
  turn(id: MemoryId, stretch: boolean): void
  chooseAll(): void
  clear(): void
}

/**
 * @param listed ids of the rows that were read, in order
 * @param key of what is listed: another list has no rows of this one
 */
export function useSelection(listed: readonly MemoryId[], key: string): Selection {
  const [state, setState] = useState<{ key: string; ids: ReadonlySet<MemoryId>; all: boolean; last: MemoryId | null }>({
    ...{ key, ids: new Set(), all: false, last: null },
  })
  const now = state.key === key ? state : { key, ids: new Set<MemoryId>(), all: false, last: null }
  // What was forgotten or left the list meanwhile is chosen no more.
  const there = new Set(listed)
  const ids = now.all ? there : new Set([...now.ids].filter((id) => there.has(id)))
  return {
    ids,
    all: now.all,
    turn: (id, stretch) => {
      const next = new Set(ids)
      if (stretch && now.last) for (const one of between(listed, now.last, id)) next.add(one)
      else if (!next.delete(id)) next.add(id)
      setState({ key, ids: next, all: false, last: id })
    },
    chooseAll: () => setState({ key, ids: there, all: true, last: null }),
    clear: () => setState({ key, ids: new Set(), all: false, last: null }),
  }
}

/** The rows from one to another, both included, whichever comes first. */
export function between(listed: readonly MemoryId[], one: MemoryId, other: MemoryId): readonly MemoryId[] {
  const [from, to] = [listed.indexOf(one), listed.indexOf(other)].sort((a, b) => a - b)
  return from === undefined || to === undefined || from < 0 ? [other] : listed.slice(from, to + 1)
}
