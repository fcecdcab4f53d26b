// Lines that say what happened and offer to take it back, and the one polite live region.
import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../ui/button.tsx'
import { formatDuration } from './format.ts'
import { type Notice, useWindow } from './window-state.ts'

export function Notices() {
  const { t } = useTranslation()
  const notices = useWindow((state) => state.notices)
  return (
    <Toast.Provider label={t('notice.label')} swipeDirection="down">
      {notices.map((notice) => (
        <NoticeBar key={notice.id} notice={notice} />
      ))}
      <Toast.Viewport
        label={t('notice.region')}
        className="fixed inset-x-0 bottom-28 z-50 mx-auto flex w-fit max-w-[calc(100vw-1.5rem)] flex-col gap-2 outline-none"
      />
    </Toast.Provider>
  )
}

function NoticeBar({ notice }: { notice: Notice }) {
  const { t } = useTranslation()
  const dismiss = useWindow((state) => state.dismiss)
  const { action } = notice
  // Escape that closes a dialog is meant for the dialog: the way back stays.
  const forDialog = useRef(false)
  return (
    <Toast.Root
      open
      duration={notice.duration}
      onEscapeKeyDown={() => {
        forDialog.current = document.querySelector('dialog[open]') !== null
      }}
      onOpenChange={(open) => {
        if (!open && !forDialog.current) dismiss(notice.id)
        forDialog.current = false
      }}
      className="flex items-center gap-3 rounded-card border border-line bg-raised py-2 ps-4 pe-2 text-sm shadow-float"
    >
      <Toast.Description>{notice.text}</Toast.Description>
      {notice.until && <TimeLeft until={notice.until} />}
      {action && (
        <Toast.Action altText={action.label} asChild>
          <Button onClick={action.run}>{action.label}</Button>
        </Toast.Action>
      )}
      <Toast.Close asChild>
        <IconButton label={t('action.close')}>
          <X className="size-4" />
        </IconButton>
      </Toast.Close>
    </Toast.Root>
  )
}

/** Seconds left, for the eye: read aloud each second they would drown everything else. */
function TimeLeft({ until }: { until: Date }) {
  const left = () => Math.max(0, Math.ceil((until.getTime() - Date.now()) / 1000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    const timer = setInterval(() => setSeconds(left()), 1000)
    return () => clearInterval(timer)
  })
  return (
    <span aria-hidden="true" className="shrink-0 text-xs text-dim tabular-nums">
      {formatDuration(seconds)}
    </span>
  )
}

export function LiveRegion() {
  const { text, count } = useWindow((state) => state.announcement)
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {/* A new element, so that the same words said again are heard again. */}
      <span key={count}>{text}</span>
    </div>
  )
}
