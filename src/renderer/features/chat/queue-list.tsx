// Messages that wait until the answer before them is written: seen, edited, taken out, and sent by hand after a stop.
import { Clock, Pencil, SendHorizontal, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueuedMessage } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { focusComposer } from '../../app/new-chat.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { useAct } from './use-act.ts'

interface QueueListProps {
  conversation: ConversationId
  queue: QueuedMessage[]
  answering: boolean
}

export function QueueList({ conversation, queue, answering }: QueueListProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { busy, act } = useAct()
  if (queue.length === 0) return null
  return (
    <section aria-label={t('queue.label')} className="mb-2 flex flex-col gap-1.5 px-2 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <p className="text-dim">{answering ? t('queue.waits') : t('queue.held')}</p>
        {!answering && (
          <Button
            size="small"
            disabled={busy}
            onClick={() => void act(() => client.chat.sendQueued({ conversationId: conversation }))}
          >
            <SendHorizontal className="size-3.5" />
            {t('queue.send')}
          </Button>
        )}
      </div>
      <ul className="flex max-h-48 flex-col gap-1 overflow-y-auto">
        {queue.map((message) => (
          <Queued key={message.id} message={message} />
        ))}
      </ul>
    </section>
  )
}

function Queued({ message }: { message: QueuedMessage }) {
  const { t } = useTranslation()
  const client = useClient()
  const { busy, act } = useAct()
  const [draft, setDraft] = useState<string | null>(null)
  const { id: messageId, text } = message
  const save = async () => {
    if (draft === null || draft.trim() === '') return
    const saved = draft === text || (await act(() => client.chat.changeQueued({ messageId, text: draft })))
    if (saved) setDraft(null)
  }
  const remove = async () => {
    await act(() => client.chat.removeQueued({ messageId }))
    focusComposer()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      setDraft(null)
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      void save()
    }
  }
  return (
    <li className="flex items-start gap-2 rounded-control border border-line bg-panel px-2.5 py-1">
      <Clock aria-hidden="true" className="mt-1.5 size-3.5 shrink-0 text-dim" />
      {draft === null ? (
        <p dir="auto" className="line-clamp-3 min-w-0 flex-1 py-1 whitespace-pre-wrap [overflow-wrap:anywhere]">
          <MarkedText text={text} />
        </p>
      ) : (
        <GrowingText
          autoFocus
          value={draft}
          aria-label={t('queue.editLabel')}
          dir="auto"
          onFocus={({ target }) => target.setSelectionRange(target.value.length, target.value.length)}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
        />
      )}
      {draft === null ? (
        <IconButton label={t('queue.edit')} onClick={() => setDraft(text)}>
          <Pencil className="size-4" />
        </IconButton>
      ) : (
        <Button size="small" disabled={busy} onClick={() => void save()}>
          {t('action.save')}
        </Button>
      )}
      <IconButton label={t('queue.remove')} disabled={busy} onClick={() => void remove()}>
        <X className="size-4" />
      </IconButton>
    </li>
  )
}
