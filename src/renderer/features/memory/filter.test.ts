import { expect, it } from 'vitest'
import { type EntityId, newId } from '../../../shared/ids.ts'
import { EVERY_MEMORY, type MemoryFilter } from '../../app/window-state.ts'
import { filterOf, inputOf, isNarrowed, searchOf } from './filter.ts'

it('an address keeps a filter without the words that were typed, and says nothing of one that narrows nothing', () => {
  const filter: MemoryFilter = {
    ...EVERY_MEMORY,
    query: 'secret words',
    store: 'custom:0123456789abcdef',
    status: null,
    entity: newId<EntityId>(),
    since: '2026-03-01',
    pinned: true,
    origin: 'user',
    sort: 'often',
  }
  expect(searchOf(filter)).not.toContain('secret')
  expect(filterOf(searchOf(filter))).toEqual({ ...filter, query: '' })
  expect(searchOf(EVERY_MEMORY)).toBe('')
  expect(filterOf('')).toEqual(EVERY_MEMORY)
  expect([isNarrowed(EVERY_MEMORY), isNarrowed({ ...EVERY_MEMORY, sort: 'often' }), isNarrowed(filter)]).toEqual([
    false,
    false,
    true,
  ])
})

it('an address somebody made up narrows nothing', () => {
  expect(filterOf('store=%3Cscript%3E&status=nonsense&entity=1&since=soon&sort=worst&origin=mars')).toEqual(
    EVERY_MEMORY,
  )
})

it('a span holds both of its days', () => {
  const { learnedFrom, learnedTo } = inputOf({ ...EVERY_MEMORY, since: '2026-03-01', until: '2026-03-31' })
  expect([learnedFrom, learnedTo]).toEqual([new Date(2026, 2, 1), new Date(2026, 3, 1)])
})
