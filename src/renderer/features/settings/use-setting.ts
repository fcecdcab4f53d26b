// Changes a setting at once; when the core refuses, the window shows the old value again and says why.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AppState } from '../../../shared/contract/app.ts'
import type { SettingsPatch } from '../../../shared/settings.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'

type Defined = { [Key in keyof SettingsPatch]-?: Exclude<SettingsPatch[Key], undefined> }

export function useSetting(): (patch: Partial<Defined>) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  return async (patch) => {
    const before = cache.getQueryData<AppState>(keys.app)
    cache.setQueryData<AppState>(keys.app, (state) => state && { ...state, settings: { ...state.settings, ...patch } })
    try {
      const settings = await client.app.updateSettings(patch)
      cache.setQueryData<AppState>(keys.app, (state) => state && { ...state, settings })
    } catch (error) {
      cache.setQueryData<AppState>(keys.app, (state) => state && before && { ...state, settings: before.settings })
      notify({ text: failureWords(t, failureOf(error)), action: null })
    }
  }
}
