import { expect, it } from 'vitest'
import { type MemoryId, newId } from '../../../shared/ids.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { eventsOf } from './timeline.ts'

function told(text: string, kind: string, createdAt: Date): MemoryView {
  return {
    ...{ id: newId<MemoryId>(), version: 1, store: 'entity_memory', namespace: 'user', kind, text, data: {} },
    ...{ status: 'active', confidence: 1, pinned: false, author: 'extraction', validFrom: null, validTo: null },
    ...{ supersededBy: null, localOnly: false, createdAt, updatedAt: createdAt, lastUsedAt: null, useCount: 0 },
  }
}

it('events stand by the day their words name, the latest first; other facts are none', () => {
  const known = [
    told('Ana won the regatta yesterday (21 November 2026).', 'event', new Date(2026, 10, 22)),
    told('Ana likes rowing.', 'fact', new Date(2026, 10, 22)),
    told('Ana opened a shop.', 'event', new Date(2026, 10, 23, 9)),
    told('Ana was born on 3 May 1987.', 'event', new Date(2026, 10, 22)),
  ]
  expect(eventsOf(known).map(({ memory, at, day }) => [memory.text.slice(0, 12), at, day])).toEqual([
    ['Ana opened a', new Date(2026, 10, 23, 9), false],
    ['Ana won the ', new Date(2026, 10, 21), true],
    ['Ana was born', new Date(1987, 4, 3), true],
  ])
})
