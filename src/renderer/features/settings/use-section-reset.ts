// Puts all settings of a section back to their defaults, and offers to take that back. Data is never touched.
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { pick, resetPatch, SETTINGS, type SectionId } from './registry.ts'
import { useSetting } from './use-setting.ts'

/** @returns null when nothing of the section differs from its default */
export function useSectionReset(section: SectionId, settings: Settings): (() => void) | null {
  const { t } = useTranslation()
  const client = useClient()
  const change = useSetting()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const stores = useAppState()?.learning.stores ?? []
  const keys = SETTINGS.filter((setting) => setting.section === section).flatMap((setting) => [...setting.keys])
  const patch = resetPatch(keys, settings)
  // Modes of stores are kept apart from the other settings.
  const modes = section === 'learning' ? stores.filter(({ id }) => settings.storeModes[id] !== undefined) : []
  if (patch === null && modes.length === 0) return null

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
    } catch (error) {
      sayFailure(error)
    }
  }
  const back = async () => {
    if (patch) await change(pick(keys, settings))
    for (const { id, mode } of modes) await client.learning.setMode({ store: id, mode })
  }
  return () =>
    void attempt(async () => {
      if (patch) await change(patch)
      if (modes.length > 0) await client.learning.resetModes({ store: null })
      notify({
        text: t('settings.resetDone', { section: t(`settings.section.${section}`) }),
        action: { label: t('action.undo'), run: () => void attempt(back) },
      })
    })
}
