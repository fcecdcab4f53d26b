// The settings with their words, for the page, its search and the palette.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { SETTINGS, type SettingText } from './registry.ts'

export function useSettingTexts(): SettingText[] {
  const { t } = useTranslation()
  return useMemo(
    () =>
      SETTINGS.map(({ id, section }) => {
        const label = t(`settings.item.${id}.label`)
        const text = t(`settings.item.${id}.text`)
        const words = [label, text, t(`settings.item.${id}.keywords`), t(`settings.section.${section}`)].join(' ')
        return { id, section, label, text, words }
      }),
    [t],
  )
}
