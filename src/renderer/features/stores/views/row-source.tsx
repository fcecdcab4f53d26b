// Where an item came from: the way to the words in the chat, or that the person wrote it.
import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { hrefs } from '../../../app/router.ts'
import { useTitleWords } from '../../../app/title-words.ts'

export function RowSource({ row }: { row: StoreRow }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const { conversationId, messageId, conversationTitle } = row
  if (!conversationId || !messageId || conversationTitle === null) {
    return <span className="text-dim">{row.author === 'person' ? t('storePage.byHand') : t('storePage.noSource')}</span>
  }
  return (
    <a
      href={hrefs.message(conversationId, messageId, null)}
      className="font-medium text-accent-text [overflow-wrap:anywhere] hover:underline"
    >
      <span className="sr-only">{t('trial.jump')} </span>
      {title(conversationTitle)}
      <ChevronRight className="inline size-3.5 rtl:rotate-180" />
    </a>
  )
}
