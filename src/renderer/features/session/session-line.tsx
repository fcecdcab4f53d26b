// One line of the thread: read, ticked off where it is a step, reworded and taken out in place.
import { Pencil, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionItem } from '../../../shared/contract/session.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { IconButton } from '../../ui/button.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EditMemory } from '../memory/edit-memory.tsx'
import { useSessionActs } from './use-session.ts'

export function SessionLine({ conversation, item }: { conversation: ConversationId; item: SessionItem }) {
  const { t } = useTranslation()
  const acts = useSessionActs(conversation)
  const textId = useId()
  const edit = useRef<HTMLButtonElement>(null)
  const [editing, setEditing] = useState(false)
  const { memory, kind, done, field } = item
  // The tick is seen at once; what is kept takes over, whichever way it went.
  const [ticked, setTicked] = useState<boolean | null>(null)
  const tick = async (checked: boolean) => {
    setTicked(checked)
    await acts.check(item, checked)
    setTicked(null)
  }
  if (editing) {
    return (
      <li className="py-1">
        <EditMemory
          id={memory.id}
          onDone={() => {
            setEditing(false)
            focusWhenThere(() => edit.current)
          }}
        />
      </li>
    )
  }
  return (
    <li className="group flex items-start gap-2 text-sm">
      {kind === 'step' && (
        <input
          type="checkbox"
          aria-labelledby={textId}
          checked={ticked ?? done !== null}
          onChange={(event) => void tick(event.target.checked)}
          className="mt-1 size-4 shrink-0 accent-accent"
        />
      )}
      <span
        id={textId}
        dir="auto"
        className={`min-w-0 flex-1 py-0.5 [overflow-wrap:anywhere] ${done === null ? '' : 'text-dim line-through'}`}
      >
        {field !== null && <span className="text-dim">{t('session.field', { field: revealHidden(field) })} </span>}
        <MarkedText text={memory.text} />
      </span>
      <span className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
        <IconButton ref={edit} label={t('session.edit')} aria-describedby={textId} onClick={() => setEditing(true)}>
          <Pencil className="size-3.5" />
        </IconButton>
        <IconButton label={t('session.remove')} aria-describedby={textId} onClick={() => void acts.remove(item)}>
          <X className="size-3.5" />
        </IconButton>
      </span>
    </li>
  )
}
