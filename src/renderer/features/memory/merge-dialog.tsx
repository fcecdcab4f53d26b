// Several memories become one: the person writes what it says, starting from one of them.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { useSayDone } from './use-say-done.ts'

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
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setSaving(true)
    setProblem(null)
    try {
      const { memory, batchId } = await client.memory.merge({
        items: seen.map(({ id: of, version }) => ({ id: of, version })),
        text,
      })
      onDone()
      onClose()
      navigate(hrefs.memory(memory.id))
      say(t('merge.done', { count: seen.length }), batchId)
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
      setSaving(false)
    }
  }
  return (
    <Dialog title={t('merge.title', { count: seen.length })} onClose={onClose}>
      <form onSubmit={save} className="flex flex-col gap-3">
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
        {problem && (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={saving || text.trim() === ''}>
            {t('merge.button')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
