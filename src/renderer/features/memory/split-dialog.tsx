// One memory becomes several: a field for each part, filled with its sentences.
import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import { PARTS_MAX } from '../../../shared/contract/memory.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { useClient } from '../../app/core.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'

interface Part {
  key: number
  text: string
}

/** Its sentences, where it has several; else the whole and an empty one. */
function partsOf(text: string): Part[] {
  const sentences = text.match(/[^.!?]+(?:[.!?]+|$)/gu)?.map((sentence) => sentence.trim()) ?? []
  const parts = sentences.length > 1 && sentences.length <= PARTS_MAX ? sentences : [text, '']
  return parts.map((part, key) => ({ key, text: part }))
}

export function SplitDialog({ memory, onClose }: { memory: MemoryView; onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const [seen] = useState(memory)
  const [parts, setParts] = useState(() => partsOf(memory.text))
  const { busy, problem, attempt } = useAttempt()
  const texts = parts.map(({ text }) => text.trim()).filter((text) => text !== '')
  const save = (event: FormEvent) => {
    event.preventDefault()
    return attempt(async () => {
      const { memory: first, batchId } = await client.memory.split({ id: seen.id, version: seen.version, texts })
      onClose()
      navigate(hrefs.memory(first.id))
      say(t('split.done', { count: texts.length }), batchId)
    })
  }
  return (
    <Dialog title={t('split.title')} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-3">
        <p className="text-sm text-dim">{t('split.text')}</p>
        {parts.map((part, index) => (
          <div key={part.key} className="flex items-start gap-1.5">
            <GrowingText
              value={part.text}
              dir="auto"
              maxLength={MEMORY_MAX}
              aria-label={t('split.part', { number: index + 1 })}
              {...(index === 0 ? { 'data-first-focus': true } : {})}
              onChange={(event) =>
                setParts(parts.map((one) => (one.key === part.key ? { ...one, text: event.target.value } : one)))
              }
            />
            {parts.length > 2 && (
              <IconButton
                label={t('split.remove', { number: index + 1 })}
                onClick={() => setParts(parts.filter(({ key }) => key !== part.key))}
              >
                <X className="size-4" />
              </IconButton>
            )}
          </div>
        ))}
        {parts.length < PARTS_MAX && (
          <Button
            kind="quiet"
            className="self-start"
            onClick={() => setParts([...parts, { key: Math.max(...parts.map(({ key }) => key)) + 1, text: '' }])}
          >
            <Plus className="size-4" />
            {t('split.more')}
          </Button>
        )}
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || texts.length < 2}>
            {t('split.button')}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
