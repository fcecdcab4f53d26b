// Titles of chats as they are shown: one that was forgotten has words that say so.
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { isBlanked } from '../../shared/forgotten.ts'
import { revealHidden } from '../ui/reveal-hidden.ts'

export function useTitleWords(): (title: string) => string {
  const { t } = useTranslation()
  return useCallback((title: string) => (isBlanked(title) ? t('forgotten.title') : revealHidden(title)), [t])
}
