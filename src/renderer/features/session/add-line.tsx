// A field that adds one line to the thread; what could not be kept stays typed, with why.
import { Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SESSION_TEXT_MAX } from '../../../shared/contract/session.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { type LineKind, useSessionActs } from './use-session.ts'

export function AddLine({ id, kind }: { id: ConversationId; kind: LineKind }) {
  const { t } = useTranslation()
  const acts = useSessionActs(id)
  const [text, setText] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '' || busy) return
    if (await attempt(() => acts.add(kind, text))) setText('')
  }
  const label = t(`session.add.${kind}`)
  return (
    <form onSubmit={(event) => void add(event)} className="mt-1.5">
      <div className="flex gap-1.5">
        <TextField
          dir="auto"
          value={text}
          maxLength={SESSION_TEXT_MAX}
          aria-label={label}
          placeholder={label}
          className="h-8 text-sm"
          onChange={(event) => setText(event.target.value)}
        />
        <IconButton label={label} type="submit" size="icon" disabled={busy || text.trim() === ''}>
          <Plus className="size-4" />
        </IconButton>
      </div>
      <Problem text={problem} className="mt-1" />
    </form>
  )
}
