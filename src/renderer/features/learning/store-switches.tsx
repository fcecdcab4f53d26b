// What learns, one click from any page: a switch for each store, and the way to what happened.
import { SlidersHorizontal } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreView } from '../../../shared/contract/learning.ts'
import { useAppState } from '../../app/core.ts'
import { hrefs } from '../../app/router.ts'
import { IconButton } from '../../ui/button.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { useChangeLearning } from './use-change-learning.ts'

export function StoreSwitches() {
  const { t } = useTranslation()
  const app = useAppState()
  const stores = app?.learning.stores ?? []
  return (
    <Popover
      label={t('learning.switches')}
      trigger={
        <IconButton label={t('learning.switches')}>
          <SlidersHorizontal className="size-4" />
        </IconButton>
      }
    >
      <div className="w-64 max-w-full">
        <p className="mb-2 font-medium">{t('learning.switches')}</p>
        {app?.settings.learning === false && <p className="mb-2 text-dim">{t('learning.allOff')}</p>}
        <ul className="flex max-h-[50dvh] flex-col gap-1 overflow-y-auto pe-1">
          {stores.map((store) => (
            <StoreSwitch key={store.id} store={store} />
          ))}
        </ul>
        <p className="mt-3 flex gap-4 border-t border-line pt-2.5">
          <a href={hrefs.activity} className="font-medium text-accent-text hover:underline">
            {t('activity.title')}
          </a>
          <a href={hrefs.setting('stores')} className="font-medium text-accent-text hover:underline">
            {t('learning.how')}
          </a>
        </p>
      </div>
    </Popover>
  )
}

function StoreSwitch({ store }: { store: StoreView }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const change = useChangeLearning()
  const id = useId()
  const on = store.mode !== 'off'
  // On means as the store comes; one that comes switched off asks first.
  const mode =
    store.defaultMode === 'off' ? (store.modes.find((one) => one === 'propose') ?? 'always') : store.defaultMode
  return (
    <li className="flex min-h-8 items-center gap-2.5">
      <span className="text-dim">{words.icon(store.id)}</span>
      <label htmlFor={id} className="min-w-0 flex-1">
        <span className="block truncate" dir="auto">
          {words.title(store.id)}
        </span>
        {on && <span className="block truncate text-xs text-dim">{t(`mode.${store.mode}`)}</span>}
      </label>
      <Switch
        id={id}
        checked={on}
        onChange={(next) => void change((learning) => learning.setMode({ store: store.id, mode: next ? mode : 'off' }))}
      />
    </li>
  )
}
