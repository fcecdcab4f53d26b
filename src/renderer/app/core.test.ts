import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import type { AppState } from '../../shared/contract/app.ts'
import type { Settings, SettingsPatch } from '../../shared/settings.ts'
import { applyAppEvent, keys } from './core.ts'

const settings = (more: Partial<Settings>) => ({ firstRunDone: false, theme: 'system', ...more }) as Settings

it('shows what the person has just set, though the core tells of settings from before', () => {
  const cache = new QueryClient()
  cache.setQueryData(keys.app, { settings: settings({}) } as AppState)
  cache.setQueryData<SettingsPatch[]>(keys.settingsUnderWay, [{ firstRunDone: true }])
  const shown = () => cache.getQueryData<AppState>(keys.app)?.settings
  applyAppEvent(cache, { type: 'settings', settings: settings({ theme: 'dark' }) })
  expect(shown()).toMatchObject({ firstRunDone: true, theme: 'dark' })
  applyAppEvent(cache, { type: 'state', state: { settings: settings({ theme: 'light' }) } as AppState })
  expect(shown()).toMatchObject({ firstRunDone: true, theme: 'light' })

  cache.setQueryData<SettingsPatch[]>(keys.settingsUnderWay, [])
  applyAppEvent(cache, { type: 'settings', settings: settings({}) })
  expect(shown()).toMatchObject({ firstRunDone: false, theme: 'system' })
})
