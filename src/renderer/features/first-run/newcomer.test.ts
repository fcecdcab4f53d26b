import { expect, test } from 'vitest'
import { defaultSettings } from '../../../shared/settings.ts'
import { isNewcomer } from './newcomer.ts'

test('the introduction is for who has no model, and goes on to its end once begun', () => {
  expect(isNewcomer(defaultSettings, 1)).toBe(true)
  expect(isNewcomer({ ...defaultSettings, chatModel: 'file:own' }, 1)).toBe(false)
  expect(isNewcomer({ ...defaultSettings, chatModel: 'file:own' }, 2)).toBe(true)
  expect(isNewcomer({ ...defaultSettings, firstRunDone: true }, 3)).toBe(false)
})
