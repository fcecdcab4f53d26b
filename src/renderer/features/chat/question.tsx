// What the person wrote: shown as typed, never as markdown.
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { Mark } from '../../app/router.ts'
import { MarkedText } from '../../ui/marked-text.tsx'
import { SentFiles } from '../attachments/sent-files.tsx'
import { messageElementId } from './message-element.ts'

interface QuestionProps {
  message: MessageView
  /** Words to point out; `all` points at the whole message. */
  mark: Mark | 'all' | null
}

export const Question = memo(function Question({ message, mark }: QuestionProps) {
  const { t } = useTranslation()
  const { text } = message
  const part = mark === null || mark === 'all' ? null : mark
  return (
    <article
      id={messageElementId(message.id)}
      tabIndex={-1}
      aria-label={t('chat.you')}
      className={`max-w-[82%] self-end rounded-composer rounded-ee-sm border bg-panel px-4 py-2.5 ${mark === null ? 'border-line' : 'border-accent'}`}
    >
      <SentFiles files={message.attachments} />
      <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {part ? (
          <>
            <MarkedText text={text.slice(0, part.start)} />
            <mark>
              <MarkedText text={text.slice(part.start, part.end)} />
            </mark>
            <MarkedText text={text.slice(part.end)} />
          </>
        ) : (
          <MarkedText text={text} />
        )}
      </p>
    </article>
  )
})
