// How each store learns.
import { RotateCcw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useAppState } from '../../app/core.ts'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { useChangeLearning } from './use-change-learning.ts'

export function StoreModes() {
  const { t } = useTranslation()
  const words = useStoreWords()
  const stores = useAppState()?.learning.stores ?? []
  const change = useChangeLearning()
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
            onChange={(mode) => void change((learning) => learning.setMode({ store: store.id, mode }))}
            options={store.modes.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
          />
          {store.mode !== store.defaultMode && (
            <p className="flex basis-full flex-wrap items-center gap-x-2 text-sm text-dim">
              {t('settings.default', { value: t(`mode.${store.defaultMode}`) })}
              <Button
                kind="link"
                size="inline"
                aria-label={t('settings.reset', { label: words.title(store.id) })}
                onClick={() => void change((learning) => learning.resetModes({ store: store.id }))}
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
