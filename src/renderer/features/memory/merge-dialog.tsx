// Several memories become one: the person writes what it says, starting from one of them.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { useClient } from '../../app/core.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'

interface MergeDialogProps {
  items: readonly MemoryView[]
  onClose(): void
  onDone(): void
}

export function MergeDialog({ items, onClose, onDone }: MergeDialogProps) {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const id = useId()
  // What the person looks at is what is merged, whatever comes meanwhile.
  const [seen] = useState(items)
  const [text, setText] = useState(seen[0]?.text ?? '')
  const { busy, problem, attempt } = useAttempt()
  const save = (event: FormEvent) => {
    event.preventDefault()
    return attempt(async () => {
      const { memory, batchId } = await client.memory.merge({
        items: seen.map(({ id: of, version }) => ({ id: of, version })),
        text,
      })
      onDone()
      onClose()
      navigate(hrefs.memory(memory.id))
      say(t('merge.done', { count: seen.length }), batchId)
    })
  }
  return (
    <Dialog title={t('merge.title', { count: seen.length })} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
        <p className="text-sm text-dim">{t('merge.text')}</p>
        <ul className="flex max-h-56 flex-col overflow-y-auto rounded-control border border-line">
          {seen.map((item) => (
            <li key={item.id} className="flex items-start gap-2 border-b border-line px-3 py-2 text-sm last:border-b-0">
              <span dir="auto" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                <MarkedText text={item.text} />
              </span>
              <Button kind="link" size="inline" onClick={() => setText(item.text)}>
                {t('merge.take')}
              </Button>
            </li>
          ))}
        </ul>
        <label htmlFor={id} className="text-sm font-medium">
          {t('merge.label')}
        </label>
        <GrowingText
          id={id}
          data-first-focus
          dir="auto"
          value={text}
          maxLength={MEMORY_MAX}
          className="min-h-20"
          onChange={(event) => setText(event.target.value)}
        />
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || text.trim() === ''}>
            {t('merge.button')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
