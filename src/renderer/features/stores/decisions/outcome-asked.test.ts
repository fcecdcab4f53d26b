import { expect, it } from 'vitest'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { type MemoryId, newId } from '../../../../shared/ids.ts'
import { outcomesAsked } from './outcome-asked.ts'

function decided(text: string, createdAt: Date, data: Record<string, unknown>): StoreRow {
  return {
    ...{ id: newId<MemoryId>(), version: 1, store: 'decision_log', namespace: 'user', kind: 'decision', text, data },
    ...{ status: 'active', confidence: 1, pinned: false, author: 'extraction', validFrom: null, validTo: null },
    ...{ supersededBy: null, localOnly: false, createdAt, updatedAt: createdAt, lastUsedAt: null, useCount: 0 },
    ...{ quote: null, conversationId: null, messageId: null, conversationTitle: null },
  }
}

it('is asked when its day has come, or after three weeks; never of what is known or put off', () => {
  const now = new Date(2026, 10, 22, 12)
  const rows = [
    decided('old', new Date(2026, 10, 1), { quality: 'unknown', due: null }),
    decided('new', new Date(2026, 10, 10), { quality: 'unknown', due: null }),
    decided('due', new Date(2026, 10, 20), { quality: 'unknown', due: '2026-11-21' }),
    decided('today', new Date(2026, 10, 20), { quality: 'unknown', due: '2026-11-22' }),
    decided('put off', new Date(2026, 8, 1), { quality: 'unknown', due: '2026-12-01' }),
    decided('known', new Date(2026, 8, 1), { quality: 'good', due: '2026-10-01' }),
  ]
  expect(outcomesAsked(rows, now).map(({ text }) => text)).toEqual(['due', 'old', 'today'])
})
