// Says "answering", "answer complete", "stopped" once each in the live region; the transcript itself is not live.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useWindow } from '../../app/window-state.ts'
import type { ChatOutline } from './chat-state.ts'

export function useTurnAnnouncements(ending: ChatOutline['ending'] | undefined): void {
  const { t } = useTranslation()
  const announce = useWindow((state) => state.announce)
  const current = ending ? `${ending.id} ${ending.asks ? 'asks' : ending.status}` : null
  const before = useRef<string | null>(null)
  useEffect(() => {
    const [id, status] = current?.split(' ') ?? []
    const known = before.current
    before.current = current
    if (current === known || !status) return
    if (status === 'asks') announce(t('phase.asking'))
    else if (status === 'pending') announce(t('status.answering'))
    // An answer that was complete when the chat was opened is no news.
    else if (known === `${id} pending` || known === `${id} asks`) {
      announce(status === 'complete' ? t('status.complete') : t(`ended.${status as 'stopped'}`))
    }
  }, [current, announce, t])
}
