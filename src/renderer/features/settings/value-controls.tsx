// The controls of settings that are one stored value.
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { formatPercent } from '../../app/format.ts'
import { Choice } from '../../ui/choice.tsx'
import { Switch } from '../../ui/switch.tsx'
import { useSetting } from './use-setting.ts'

const THEMES = ['system', 'light', 'dark'] as const satisfies Settings['theme'][]
const DENSITIES = ['comfortable', 'compact'] as const satisfies Settings['density'][]
const SEND_KEYS = ['enter', 'modifier_enter'] as const satisfies Settings['sendWith'][]
const TEXT_SIZES = [90, 100, 110, 120, 130, 140]

interface ControlProps {
  settings: Settings
}

export function ThemeControl({ settings }: ControlProps) {
  const { t } = useTranslation()
  const change = useSetting()
  return (
    <Choice
      label={t('settings.item.theme.label')}
      value={settings.theme}
      onChange={(theme) => void change({ theme })}
      options={THEMES.map((theme) => ({ value: theme, label: t(`theme.${theme}`) }))}
    />
  )
}

export function DensityControl({ settings }: ControlProps) {
  const { t } = useTranslation()
  const change = useSetting()
  return (
    <Choice
      label={t('settings.item.density.label')}
      value={settings.density}
      onChange={(density) => void change({ density })}
      options={DENSITIES.map((density) => ({ value: density, label: t(`density.${density}`) }))}
    />
  )
}

export function TextSizeControl({ settings }: ControlProps) {
  const { t } = useTranslation()
  const change = useSetting()
  return (
    <Choice
      label={t('settings.item.textSize.label')}
      value={`${settings.textSize}`}
      onChange={(size) => void change({ textSize: Number(size) })}
      options={TEXT_SIZES.map((size) => ({ value: `${size}`, label: formatPercent(size / 100) }))}
    />
  )
}

export function SendWithControl({ settings }: ControlProps) {
  const { t } = useTranslation()
  const change = useSetting()
  return (
    <Choice
      label={t('settings.item.sendWith.label')}
      value={settings.sendWith}
      onChange={(sendWith) => void change({ sendWith })}
      options={SEND_KEYS.map((keys) => ({ value: keys, label: t(`sendWith.${keys}`) }))}
    />
  )
}

/** @param id of the switch, which the label of its setting points to */
export function SwitchControl({
  id,
  name,
  settings,
}: ControlProps & { id: string; name: 'learnByItself' | 'tidyByItself' }) {
  const change = useSetting()
  return (
    <Switch
      id={id}
      checked={settings[name]}
      onChange={(on) => void change(name === 'learnByItself' ? { learnByItself: on } : { tidyByItself: on })}
    />
  )
}
