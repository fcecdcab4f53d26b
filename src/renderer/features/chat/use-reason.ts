// Why recall chose something, in words.
import { useTranslation } from 'react-i18next'
import type { UsedItem } from '../../../shared/memory.ts'
import { formatList } from '../../app/format.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'

export function useReason({ section, reason: { kind, words } }: UsedItem): string {
  const { t } = useTranslation()
  const quoted = formatList(words.map((word) => t('used.quoted', { word: revealHidden(word) })))
  if (section === 'carried' || kind === 'carried') return t('reason.carried')
  if (kind === 'words' || kind === 'both') {
    if (words.length === 0) return t('reason.wordsUnnamed')
    return kind === 'words' ? t('reason.words', { words: quoted }) : t('reason.both', { words: quoted })
  }
  return t(`reason.${kind}`)
}
