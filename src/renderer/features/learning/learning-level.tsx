// What it does with what it is told: nothing, ask each time, or keep it and show it.
import { useTranslation } from 'react-i18next'
import type { Settings } from '../../../shared/settings.ts'
import { useAppState } from '../../app/core.ts'
import { ChoiceCards } from '../../ui/choice-cards.tsx'
import { useSetting } from '../settings/use-setting.ts'

const LEVELS = ['off', 'propose', 'by_itself'] as const
export type Level = (typeof LEVELS)[number]

export function levelOf({ learning, proposeEverything }: Settings): Level {
  if (!learning) return 'off'
  return proposeEverything ? 'propose' : 'by_itself'
}

export function LearningLevel() {
  const { t } = useTranslation()
  const app = useAppState()
  const change = useSetting()
  if (!app) return null
  return (
    <ChoiceCards
      label={t('settings.item.level.label')}
      value={levelOf(app.settings)}
      onChange={(level) =>
        void change(
          // The way it asks is kept while it is off.
          level === 'off' ? { learning: false } : { learning: true, proposeEverything: level === 'propose' },
        )
      }
      options={LEVELS.map((level) => ({
        value: level,
        label: t(`level.${level}.label`),
        text: t(`level.${level}.text`),
      }))}
    />
  )
}
