// How a store learns, in plain words: on or off, by itself or by asking, and whether it is only used.
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreView } from '../../../shared/contract/learning.ts'
import type { StoreMode } from '../../../shared/memory.ts'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useChangeLearning } from '../learning/use-change-learning.ts'
import { useStoreWords } from '../memory/store-words.tsx'

/** The mode a store is switched on with. */
function onMode({ modes, defaultMode }: StoreView): StoreMode {
  if (defaultMode !== 'off') return defaultMode
  return modes.includes('always') ? 'always' : (modes.find((mode) => mode !== 'off') ?? 'off')
}

export function StoreSwitch({ store }: { store: StoreView }) {
  const { t } = useTranslation()
  const id = useId()
  const title = useStoreWords().title(store.id)
  const change = useChangeLearning()
  const on = store.mode !== 'off'
  return (
    <span className="flex items-center gap-2 text-sm text-dim">
      <label htmlFor={id}>
        <span aria-hidden="true">{t(on ? 'storesPage.on' : 'storesPage.off')}</span>
        <span className="sr-only">{t('storesPage.learns', { store: title })}</span>
      </label>
      <Switch
        id={id}
        checked={on}
        onChange={(checked) =>
          void change((learning) => learning.setMode({ store: store.id, mode: checked ? onMode(store) : 'off' }))
        }
      />
    </span>
  )
}

export function StoreModeControl({ store }: { store: StoreView }) {
  const { t } = useTranslation()
  const modeId = useId()
  const readOnlyId = useId()
  const title = useStoreWords().title(store.id)
  const change = useChangeLearning()
  if (store.mode === 'off') return <p className="text-sm text-dim">{t('storesPage.offText')}</p>
  return (
    <div className="flex flex-col gap-2">
      <Select
        id={modeId}
        aria-label={t('learning.modeOf', { store: title })}
        aria-describedby={`${modeId}-text`}
        value={store.mode}
        className="max-w-60"
        onChange={(mode) => void change((learning) => learning.setMode({ store: store.id, mode }))}
        options={store.modes
          .filter((mode) => mode !== 'off')
          .map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
      />
      <p id={`${modeId}-text`} className="text-sm text-dim">
        {store.readOnly ? t('storesPage.readOnlyText') : t(`modeText.${store.mode}`)}
      </p>
      <span className="flex items-center gap-2 text-sm">
        <Switch
          id={readOnlyId}
          checked={store.readOnly}
          onChange={(readOnly) => void change((learning) => learning.setReadOnly({ store: store.id, readOnly }))}
        />
        <label htmlFor={readOnlyId}>
          {t('storesPage.readOnly')}
          <span className="sr-only"> {title}</span>
        </label>
      </span>
    </div>
  )
}
