import { expect, it } from 'vitest'
import { shortcutOf } from './shortcuts.ts'

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }

it('knows its keys on every system', () => {
  expect(shortcutOf({ ...plain, key: 'n', ctrlKey: true }, true)).toBe('new-chat')
  expect(shortcutOf({ ...plain, key: 'n', metaKey: true }, false)).toBe('new-chat')
  expect(shortcutOf({ ...plain, key: 'O', ctrlKey: true, shiftKey: true }, true)).toBe('new-chat')
  expect(shortcutOf({ ...plain, key: 'n', altKey: true }, true)).toBe('new-chat')
  expect(shortcutOf({ ...plain, key: 'b', ctrlKey: true }, true)).toBe('sidebar')
  expect(shortcutOf({ ...plain, key: '/' }, false)).toBe('search')
})

it('leaves letters to the text field and other keys to the browser', () => {
  expect(shortcutOf({ ...plain, key: '/' }, true)).toBeNull()
  expect(shortcutOf({ ...plain, key: 'n' }, false)).toBeNull()
  expect(shortcutOf({ ...plain, key: 'c', ctrlKey: true }, false)).toBeNull()
  // AltGr writes letters on many keyboards.
  expect(shortcutOf({ ...plain, key: 'n', ctrlKey: true, altKey: true }, true)).toBeNull()
})
