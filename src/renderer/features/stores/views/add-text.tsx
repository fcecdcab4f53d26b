// Writes an item of a store by hand, in words alone; what could not be kept stays typed, with why.
import { useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../../shared/contract/base.ts'
import type { StoreId } from '../../../../shared/memory.ts'
import { keys, useClient } from '../../../app/core.ts'
import { useAttempt } from '../../../app/use-attempt.ts'
import { useWindow } from '../../../app/window-state.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Problem } from '../../../ui/problem.tsx'

interface AddTextProps {
  store: StoreId
  label: string
  hint: string
}

export function AddText({ store, label, hint }: AddTextProps) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const hintId = useId()
  const [text, setText] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '' || busy) return
    await attempt(async () => {
      await client.memory.add({ store, text: text.trim() })
      await cache.invalidateQueries({ queryKey: keys.memories })
      announce(t('status.saved'))
      setText('')
    })
  }
  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-col gap-1.5 pt-1">
      <div className="flex flex-wrap gap-2">
        <TextField
          dir="auto"
          value={text}
          maxLength={MEMORY_MAX}
          aria-label={label}
          aria-describedby={hintId}
          placeholder={label}
          className="min-w-52 flex-1"
          onChange={(event) => setText(event.target.value)}
        />
        <Button kind="accent" type="submit" disabled={busy || text.trim() === ''} className="min-h-9">
          <Plus className="size-4" />
          {t('storePage.add')}
        </Button>
      </div>
      <p id={hintId} className="text-sm text-dim">
        {hint}
      </p>
      <Problem text={problem} />
    </form>
  )
}
