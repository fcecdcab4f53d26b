// How each store learns.
import { useQueryClient } from '@tanstack/react-query'
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AppState } from '../../../shared/contract/app.ts'
import type { LearningState } from '../../../shared/contract/learning.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { useStoreWords } from '../memory/store-words.tsx'

export function StoreModes() {
  const { t } = useTranslation()
  const words = useStoreWords()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const stores = useAppState()?.learning.stores ?? []
  const change = async (set: () => Promise<LearningState>) => {
    try {
      const learning = await set()
      cache.setQueryData<AppState>(keys.app, (state) => state && { ...state, learning })
    } catch (error) {
      notify({ text: failureWords(t, failureOf(error)), action: null })
    }
  }
  return (
    <ul className="flex flex-col gap-4">
      {stores.map((store) => (
        <li key={store.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <span className="flex items-center gap-2.5">
            {words.icon(store.id)}
            {words.title(store.id)}
          </span>
          <Choice
            label={t('learning.modeOf', { store: words.title(store.id) })}
            value={store.mode}
            onChange={(mode) => void change(() => client.learning.setMode({ store: store.id, mode }))}
            options={store.modes.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
          />
          {store.mode !== store.defaultMode && (
            <p className="flex basis-full flex-wrap items-center gap-x-2 text-sm text-dim">
              {t('settings.default', { value: t(`mode.${store.defaultMode}`) })}
              <Button
                kind="link"
                size="inline"
                aria-label={t('settings.reset', { label: words.title(store.id) })}
                onClick={() => void change(() => client.learning.resetModes({ store: store.id }))}
              >
                <RotateCcw className="size-3.5" />
                {t('settings.resetShort')}
              </Button>
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}
