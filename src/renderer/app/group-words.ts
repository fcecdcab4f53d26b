// Headings of dated lists.
import { useTranslation } from 'react-i18next'
import type { DayGroup } from './format.ts'

export function useGroupWords(): (group: DayGroup) => string {
  const { t } = useTranslation()
  return (group) => (group.kind === 'month' ? group.label : t(`group.${group.kind}`))
}
