import { expect, test } from 'vitest'
import { sends } from './send-key.ts'

const enter = { key: 'Enter', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }

test('Enter sends, and Shift+Enter never does', () => {
  expect(sends(enter, 'enter')).toBe(true)
  expect(sends({ ...enter, ctrlKey: true }, 'enter')).toBe(true)
  expect(sends({ ...enter, shiftKey: true }, 'enter')).toBe(false)
  expect(sends({ ...enter, key: 'a' }, 'enter')).toBe(false)
})

test('where Enter starts a new line, it sends with Ctrl or Command', () => {
  expect(sends(enter, 'modifier_enter')).toBe(false)
  expect(sends({ ...enter, ctrlKey: true }, 'modifier_enter')).toBe(true)
  expect(sends({ ...enter, metaKey: true }, 'modifier_enter')).toBe(true)
  expect(sends({ ...enter, metaKey: true, shiftKey: true }, 'modifier_enter')).toBe(false)
})
