// What learning made of a turn: one quiet chip under it, with undo and edit. It never takes the focus.
import { Check, ChevronDown, TriangleAlert, Undo2 } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { BatchId } from '../../../shared/ids.ts'
import type { LearnedChange } from '../../../shared/memory.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { useUndo } from '../../app/use-undo.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useRetryLearning } from '../learning/use-retry-learning.ts'
import { EditMemory } from '../memory/edit-memory.tsx'
import { useForget } from '../memory/use-forget.ts'
import { viewLearned } from './learned.ts'

export const LearnedChip = memo(function LearnedChip({ message }: { message: MessageView }) {
  const { t } = useTranslation()
  useLearnedAnnouncement(message)
  const { lines } = viewLearned(message.learned)
  if (message.learning === 'queued' || message.learning === 'running') {
    return <p className="text-xs text-dim">{t('learned.running')}</p>
  }
  if (message.learning === 'failed') return <Failed />
  return lines.length === 0 ? null : <Chip changes={message.learned} />
})

function Failed() {
  const { t } = useTranslation()
  const retry = useRetryLearning()
  return (
    <div className="flex w-fit max-w-full flex-wrap items-center gap-2 rounded-composer bg-warning-soft px-3.5 py-1.5 text-sm text-warning-text">
      <TriangleAlert className="size-4" />
      {t('learned.failed')}
      <Button kind="pill" size="small" onClick={retry}>
        {t('action.tryAgain')}
      </Button>
    </div>
  )
}

function Chip({ changes }: { changes: LearnedChange[] }) {
  const { t } = useTranslation()
  const { lines, batches, folded } = viewLearned(changes)
  const [open, setOpen] = useState(!folded)
  const undo = useUndo()
  const [only] = batches
  return (
    <section
      aria-label={t('learned.label')}
      className="flex w-fit max-w-full flex-col gap-1 rounded-composer bg-accent-soft px-3.5 py-1.5 text-sm text-accent-text"
    >
      {folded && (
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex items-center gap-2 font-medium"
        >
          <Check className="size-4" />
          {t('learned.many', { count: lines.length })}
          <ChevronDown className={`size-4 ${open ? 'rotate-180' : ''}`} />
        </button>
      )}
      {open && (
        <ul className="flex flex-col gap-1">
          {lines.map((line) => (
            <Line
              key={`${line.memoryId} ${line.batchId}`}
              line={line}
              // A batch is taken back as a whole; several lines of one batch share the button below.
              undo={lines.filter((other) => other.batchId === line.batchId).length === 1 ? undo : null}
            />
          ))}
        </ul>
      )}
      {lines.length > 1 && batches.length === 1 && only && open && (
        <div>
          <Button kind="pill" size="small" onClick={() => undo(only)}>
            <Undo2 className="size-3.5" />
            {t('learned.undoAll')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Line({ line, undo }: { line: LearnedChange; undo: ((batch: BatchId) => void) | null }) {
  const { t } = useTranslation()
  const [editing, setEditing] = useState(false)
  const editButton = useRef<HTMLButtonElement>(null)
  const forget = useForget()
  const { text } = line
  if (text === null) return <li className="italic">{t('learned.forgotten')}</li>
  const done = () => {
    setEditing(false)
    focusWhenThere(() => editButton.current)
  }
  if (editing) {
    return (
      <li className="w-[min(28rem,80vw)] py-1 text-text">
        <EditMemory id={line.memoryId} onDone={done} />
      </li>
    )
  }
  const shown = revealHidden(text)
  return (
    <li className="flex items-start gap-2">
      {line.undone ? <Undo2 className="mt-1 size-4" /> : <Check className="mt-1 size-4" />}
      <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
        <span
          dir="auto"
          className={`min-w-0 py-0.5 font-medium [overflow-wrap:anywhere] ${line.undone ? 'line-through' : ''}`}
        >
          {line.action === 'retire' ? t('learned.retired', { text: shown }) : t('learned.one', { text: shown })}
          {line.replaced !== null && ` ${t('learned.was', { text: revealHidden(line.replaced) })}`}
        </span>
        {line.undone ? (
          <span>{t('learned.undone')}</span>
        ) : (
          <span className="flex gap-2">
            {undo ? (
              <Button kind="pill" size="small" onClick={() => undo(line.batchId)}>
                {t('learned.undo')}
              </Button>
            ) : (
              <Button kind="pill" size="small" onClick={() => forget({ ids: [line.memoryId] })}>
                {t('learned.forget')}
              </Button>
            )}
            <Button ref={editButton} kind="pill" size="small" onClick={() => setEditing(true)}>
              {t('learned.edit')}
            </Button>
          </span>
        )}
      </span>
    </li>
  )
}

/** Said once, when learning finished while the chat was open. */
function useLearnedAnnouncement(message: MessageView): void {
  const { t } = useTranslation()
  const announce = useWindow((state) => state.announce)
  const before = useRef(message.learning)
  useEffect(() => {
    const was = before.current
    before.current = message.learning
    if (was === message.learning) return
    const { lines } = viewLearned(message.learned)
    if (message.learning === 'failed') announce(t('learned.failed'))
    if (message.learning === 'done' && lines.length > 0) announce(t('learned.many', { count: lines.length }))
  }, [message.learning, message.learned, announce, t])
}
