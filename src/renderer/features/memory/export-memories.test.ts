import { expect, it } from 'vitest'
import { type MemoryId, newId } from '../../../shared/ids.ts'
import { fileOf } from './export-memories.ts'
import type { MemoryListItem } from './list-rows.ts'

const at = new Date('2026-03-03T10:00:00Z')
const item: MemoryListItem = {
  ...{ id: newId<MemoryId>(), version: 1, store: 'user_memory', namespace: 'user', kind: 'fact', data: {} },
  ...{ text: '=SUM(A1), "quoted"\nand more', status: 'active', confidence: 0.9, pinned: false, author: 'person' },
  ...{
    validFrom: at,
    validTo: null,
    supersededBy: null,
    localOnly: false,
    createdAt: at,
    updatedAt: at,
    lastUsedAt: null,
    useCount: 2,
  },
  ...{ quote: null, origin: 'hand', conversationTitle: null },
}

it('a table program runs nothing of what was written', () => {
  const csv = fileOf('csv', [item])
  expect(csv.startsWith('\uFEFFid,store,text')).toBe(true)
  expect(csv).toContain(`"'=SUM(A1), ""quoted""\nand more"`)
})

it('JSON holds every value as it is', () => {
  expect(JSON.parse(fileOf('json', [item])).memories).toEqual([
    expect.objectContaining({ text: item.text, pinned: false, times_used: 2, learned: at.toISOString() }),
  ])
})
