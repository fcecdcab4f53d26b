import { expect, test } from 'vitest'
import { defaultSettings, type SettingsPatch, settingsPatch } from '../../../shared/settings.ts'
import en from '../../app/locales/en.json'
import { findSettings, resetPatch, SECTIONS, SETTINGS } from './registry.ts'

/** Changed through the window and no setting of the page. */
const NO_SETTING: (keyof SettingsPatch)[] = ['firstRunDone', 'shortcuts']

test('every value a person may change is a setting of the page, and stands there once', () => {
  const keys: string[] = SETTINGS.flatMap(({ keys }) => [...keys])
  expect(keys).toHaveLength(new Set(keys).size)
  expect([...keys, ...NO_SETTING].sort()).toEqual(Object.keys(settingsPatch.shape).sort())
})

test('every setting has its words, and every section a setting', () => {
  for (const { id } of SETTINGS) expect(Object.keys(en.settings.item[id])).toEqual(['label', 'text', 'keywords'])
  expect(Object.keys(en.settings.item).sort()).toEqual(SETTINGS.map(({ id }) => id).sort())
  expect([...new Set(SETTINGS.map(({ section }) => section))]).toEqual([...SECTIONS])
})

test('found by the words of the label, the sentence and related words, in any order and spelling', () => {
  const settings = SETTINGS.map(({ id }) => ({ id, words: Object.values(en.settings.item[id]).join(' ') }))
  const found = (query: string) => findSettings(settings, query).map(({ id }) => id)
  expect(found('THEME')).toEqual(['theme'])
  expect(found('night')).toEqual(['theme'])
  expect(found('message new line')).toEqual(['sendWith'])
  expect(found('  zóom ')).toEqual(['textSize'])
  expect(found('blockchain')).toEqual([])
  expect(found(' ')).toHaveLength(SETTINGS.length)
})

test('a reset names only what differs, and nothing else', () => {
  expect(resetPatch(['theme', 'density'], defaultSettings)).toBeNull()
  expect(resetPatch(['theme', 'density'], { ...defaultSettings, theme: 'dark', textSize: 120 })).toEqual({
    theme: 'system',
  })
})
