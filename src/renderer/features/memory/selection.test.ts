import { expect, it } from 'vitest'
import { type MemoryId, newId } from '../../../shared/ids.ts'
import { between } from './selection.ts'

it('a stretch holds both of its ends, whichever is above', () => {
  const ids = Array.from({ length: 5 }, () => newId<MemoryId>())
  const [, one, , other] = ids as [MemoryId, MemoryId, MemoryId, MemoryId]
  expect(between(ids, one, other)).toEqual(ids.slice(1, 4))
  expect(between(ids, other, one)).toEqual(ids.slice(1, 4))
  expect(between(ids, one, one)).toEqual([one])
  // The one chosen before has left the list.
  expect(between(ids, newId<MemoryId>(), one)).toEqual([one])
})
