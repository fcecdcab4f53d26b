// Editing a message that was sent: it is sent anew in a branch of its own, and the old one stays.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../../../shared/ids.ts'
import { useAppState, useClient } from '../../app/core.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { messageElementId } from './message-element.ts'
import { sends } from './send-key.ts'
import { useAct } from './use-act.ts'

export function QuestionEdit({ conversation, message }: { conversation: ConversationId; message: MessageView }) {
  const { t } = useTranslation()
  const client = useClient()
  const set = useWindow((state) => state.set)
  const sendWith = useAppState()?.settings.sendWith ?? 'enter'
  const [text, setText] = useState(message.text)
  const { busy, act } = useAct()
  const frame = useRef<HTMLDivElement>(null)
  const fresh = useRef(newId<MessageId>())
  useEffect(() => {
    const area = frame.current?.querySelector('textarea')
    area?.focus()
    area?.setSelectionRange(area.value.length, area.value.length)
  }, [])

  const close = () => {
    set({ editing: null })
    focusWhenThere(() => document.getElementById(messageElementId(message.id)), { preventScroll: true })
  }
  const send = async () => {
    const documents = message.attachments.map(({ id }) => id)
    const sent = await act(() =>
      client.chat.send({
        conversationId: conversation,
        messageId: fresh.current,
        replaces: message.id,
        text,
        ...(documents.length > 0 ? { documents } : {}),
      }),
    )
    if (sent) close()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (sends(event, sendWith)) {
      event.preventDefault()
      if (text.trim() !== '' && !busy) void send()
    }
  }
  return (
    <div ref={frame} className="flex w-full flex-col gap-2">
      <GrowingText
        value={text}
        aria-label={t('question.editLabel')}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p className="me-auto text-sm text-dim">{t('question.editText')}</p>
        <Button onClick={close}>{t('action.cancel')}</Button>
        <Button kind="accent" disabled={busy || text.trim() === ''} onClick={() => void send()}>
          {t('composer.send')}
        </Button>
      </div>
    </div>
  )
}
