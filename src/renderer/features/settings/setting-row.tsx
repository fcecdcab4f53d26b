// One setting: its name, one sentence, its control, and what it was at first when it differs.
import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import type { SettingText } from './registry.ts'

interface SettingRowProps {
  setting: SettingText
  /** Id of the control the name belongs to, where it is one control that a label may name. */
  controlId?: string | undefined
  /** The control stands below the words, at full width. */
  wide: boolean
  /** Present when the setting is not at its default. */
  reset?: { value: string; run(): void } | undefined
  children: ReactNode
}

/** Where a link to a setting leads. */
export function settingElementId(id: string): string {
  return `setting-${id}`
}

export function SettingRow({ setting, controlId, wide, reset, children }: SettingRowProps) {
  const { t } = useTranslation()
  return (
    <div
      id={settingElementId(setting.id)}
      tabIndex={-1}
      className="-mx-3 flex scroll-mt-4 flex-col gap-1.5 rounded-card px-3 py-2.5 target:bg-panel focus-visible:bg-panel"
    >
      <div className={wide ? 'flex flex-col gap-3' : 'flex flex-wrap items-center justify-between gap-x-6 gap-y-2'}>
        <div className={wide ? '' : 'min-w-0 flex-1 basis-64'}>
          {controlId ? (
            <label htmlFor={controlId} className="font-medium">
              {setting.label}
            </label>
          ) : (
            <h3 className="text-base font-medium tracking-normal">{setting.label}</h3>
          )}
          {setting.text !== '' && <p className="text-sm text-dim">{setting.text}</p>}
        </div>
        {children}
      </div>
      {reset && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-dim">
          {t('settings.default', { value: reset.value })}
          <Button
            kind="link"
            size="inline"
            aria-label={t('settings.reset', { label: setting.label })}
            onClick={reset.run}
          >
            <RotateCcw className="size-3.5" />
            {t('settings.resetShort')}
          </Button>
        </p>
      )}
    </div>
  )
}
