// Thumbs under an answer. A thumb down asks what should have been, because only words make a rule of it.
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageId } from '../../../shared/ids.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { useReaction } from './use-reaction.ts'

export function useReactionButtons(answerId: MessageId) {
  const { t } = useTranslation()
  const react = useReaction()
  const [given, setGiven] = useState<'up' | 'down' | null>(null)
  const [asking, setAsking] = useState(false)
  const formId = useId()
  if (!react) return { buttons: null, form: null }
  const send = async (signal: 'up' | 'down', comment: string) => {
    setAsking(false)
    setGiven(signal)
    await react({ answerId, signal, ...(comment.trim() === '' ? {} : { comment: comment.trim() }) })
  }
  const buttons = (
    <>
      <IconButton label={t('reaction.up')} aria-pressed={given === 'up'} onClick={() => void send('up', '')}>
        <ThumbsUp className={`size-4 ${given === 'up' ? 'fill-current' : ''}`} />
      </IconButton>
      <IconButton
        label={t('reaction.down')}
        aria-pressed={given === 'down'}
        aria-expanded={asking}
        aria-controls={formId}
        onClick={() => setAsking(!asking)}
      >
        <ThumbsDown className={`size-4 ${given === 'down' ? 'fill-current' : ''}`} />
      </IconButton>
    </>
  )
  const form = asking && (
    <Remark id={formId} onSend={(comment) => void send('down', comment)} onCancel={() => setAsking(false)} />
  )
  return { buttons, form }
}

interface RemarkProps {
  id: string
  onSend(comment: string): void
  onCancel(): void
}

function Remark({ id, onSend, onCancel }: RemarkProps) {
  const { t } = useTranslation()
  const [comment, setComment] = useState('')
  return (
    <form
      id={id}
      className="mt-2 flex flex-col gap-2 rounded-card border border-line bg-raised p-3 text-sm"
      onSubmit={(event) => {
        event.preventDefault()
        onSend(comment)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onCancel()
      }}
    >
      <GrowingText
        // The person pressed the button to say this.
        autoFocus
        aria-label={t('reaction.ask')}
        placeholder={t('reaction.ask')}
        dir="auto"
        maxLength={2000}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <div className="flex flex-wrap gap-2">
        <Button kind="accent" type="submit">
          {t('reaction.send')}
        </Button>
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}
