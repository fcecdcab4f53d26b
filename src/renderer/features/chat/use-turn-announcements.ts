// Says "answering", "answer complete", "stopped" once each in the live region; the transcript itself is not live.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useWindow } from '../../app/window-state.ts'
import type { ChatState } from './chat-state.ts'

export function useTurnAnnouncements(chat: ChatState | undefined): void {
  const { t } = useTranslation()
  const announce = useWindow((state) => state.announce)
  const last = chat?.messages.at(-1)
  const current = last?.role === 'assistant' ? `${last.id} ${last.status}` : null
  const before = useRef<string | null>(null)
  useEffect(() => {
    const [id, status] = current?.split(' ') ?? []
    const known = before.current
    before.current = current
    if (current === known || !status) return
    if (status === 'pending') announce(t('status.answering'))
    // An answer that was complete when the chat was opened is no news.
    else if (known === `${id} pending`) {
      announce(status === 'complete' ? t('status.complete') : t(`ended.${status as 'stopped'}`))
    }
  }, [current, announce, t])
}
