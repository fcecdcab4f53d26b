// Something said in another chat, or a stretch of a document, among what shaped an answer.
import { Bot, ClipboardPaste, FileText, MessageSquareQuote } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PassageSource, UsedPassage, Voice } from '../../../shared/memory.ts'
import { ago, formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useBar } from './use-bar.ts'
import { useReason } from './use-reason.ts'
import { UsedLine } from './used-line.tsx'

const ICONS: Record<Voice, ReactNode> = {
  person: <MessageSquareQuote className="size-4" />,
  assistant: <Bot className="size-4" />,
  quoted: <ClipboardPaste className="size-4" />,
  document: <FileText className="size-4" />,
}

export function UsedPassageItem({ item }: { item: UsedPassage }) {
  const { t } = useTranslation()
  const reason = useReason(item)
  const { source } = item
  const [removed, setRemoved] = useState(false)
  const barred = item.barred || removed
  const facts = [
    ...useSourceWords(source),
    reason,
    ...(source ? [ago(source.at, new Date())] : []),
    t('used.tokens', { count: item.tokens, tokens: formatNumber(item.tokens) }),
    ...(barred ? [t('used.barred')] : []),
  ]
  return (
    <UsedLine
      icon={ICONS[source?.voice ?? 'person']}
      text={item.text}
      gone={t('used.passageGone')}
      facts={facts}
      struck={barred}
      link={source && linkTo(source, t('used.open'))}
    >
      {source && <BarButtons source={source} barred={barred} setRemoved={setRemoved} />}
    </UsedLine>
  )
}

function linkTo({ conversationId, messageId, voice, start, end }: PassageSource, label: string) {
  if (conversationId === null || messageId === null) return null
  // An answer is shown as markdown: its offsets point at nothing there.
  return { href: hrefs.message(conversationId, messageId, voice === 'assistant' ? null : { start, end }), label }
}

/** Whose words, and where they stand. */
function useSourceWords(source: PassageSource | null): string[] {
  const { t } = useTranslation()
  if (!source) return []
  const title = revealHidden(source.conversationTitle ?? '')
  return [
    source.voice === 'document'
      ? t('voice.document', { name: revealHidden(source.documentName ?? '') })
      : t(`voice.${source.voice}`),
    ...(title === '' ? [] : [t('used.inChat', { title })]),
  ]
}

interface BarButtonsProps {
  source: PassageSource
  barred: boolean
  setRemoved(removed: boolean): void
}

/** Takes the message, all of its chat, or the document out of what answers are made from. */
function BarButtons({ source, barred, setRemoved }: BarButtonsProps) {
  const { t } = useTranslation()
  const { bar, allow, removeDocument } = useBar()
  const { conversationId, messageId, documentId } = source
  if (documentId !== null) {
    if (barred) return null
    return (
      <Button kind="quiet" size="small" onClick={() => removeDocument(documentId, setRemoved)}>
        {t('used.removeDocument')}
      </Button>
    )
  }
  if (conversationId === null || messageId === null) return null
  return (
    <>
      <Button kind="quiet" size="small" onClick={() => (barred ? allow([messageId]) : bar(conversationId, messageId))}>
        {barred ? t('used.allow') : t('used.bar')}
      </Button>
      {!barred && (
        <Button kind="quiet" size="small" onClick={() => bar(conversationId, null)}>
          {t('used.barChat')}
        </Button>
      )}
    </>
  )
}
