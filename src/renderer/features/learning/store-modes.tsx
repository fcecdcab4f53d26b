// How each store learns.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AppState } from '../../../shared/contract/app.ts'
import type { StoreId, StoreMode } from '../../../shared/memory.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Choice } from '../../ui/choice.tsx'
import { useStoreWords } from '../memory/store-words.tsx'

export function StoreModes() {
  const { t } = useTranslation()
  const words = useStoreWords()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const stores = useAppState()?.learning.stores ?? []
  const setMode = async (store: StoreId, mode: StoreMode) => {
    try {
      const learning = await client.learning.setMode({ store, mode })
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
            onChange={(mode) => void setMode(store.id, mode)}
            options={store.modes.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
          />
        </li>
      ))}
    </ul>
  )
}
