// Changes a setting at once; when the core refuses, the window shows the old value again and says why.
import { useQueryClient } from '@tanstack/react-query'
import type { AppState } from '../../../shared/contract/app.ts'
import type { Settings, SettingsPatch } from '../../../shared/settings.ts'
import { keys, useClient, withSettingsUnderWay } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'

type Defined = { [Key in keyof SettingsPatch]-?: Exclude<SettingsPatch[Key], undefined> }

export function useSetting(): (patch: Partial<Defined>) => Promise<void> {
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  return async (patch) => {
    const before = cache.getQueryData<AppState>(keys.app)?.settings
    const show = (settings: Settings | undefined) => {
      if (!settings) return
      const shown = withSettingsUnderWay(cache, settings)
      cache.setQueryData<AppState>(keys.app, (state) => state && { ...state, settings: shown })
    }
    const underWay = (change: (all: SettingsPatch[]) => SettingsPatch[]) => {
      cache.setQueryData<SettingsPatch[]>(keys.settingsUnderWay, (all = []) => change(all))
    }
    underWay((all) => [...all, patch])
    show(before)
    try {
      const settings = await client.app.updateSettings(patch)
      underWay((all) => all.filter((one) => one !== patch))
      show(settings)
    } catch (error) {
      underWay((all) => all.filter((one) => one !== patch))
      show(before)
      sayFailure(error)
    }
  }
}
