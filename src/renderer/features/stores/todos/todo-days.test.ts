// What a due day means today.
import { expect, it } from 'vitest'
import { urgencyOf } from './todo-days.ts'

it.each([
  [null, null],
  ['2026-02-28', 'overdue'],
  ['2026-03-01', 'today'],
  ['2026-03-02', 'tomorrow'],
  ['2026-03-03', null],
] as const)('%s on 1 March 2026 just before midnight', (due, urgency) => {
  expect(urgencyOf(due, new Date(2026, 2, 1, 23, 59))).toBe(urgency)
})
