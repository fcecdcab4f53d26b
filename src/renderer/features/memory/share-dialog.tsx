// Sharing is looked at before it is done: the words others would get, which can be changed, and what cannot be shared and why.
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import type { BatchId } from '../../../shared/ids.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatList } from '../../app/format.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'

/** With everyone whose profile is in this database. */
const EVERYONE = 'global'

interface ShareDialogProps {
  items: readonly MemoryView[]
  onClose(): void
}

export function ShareDialog({ items, onClose }: ShareDialogProps) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const say = useSayDone()
  const { busy, problem, attempt } = useAttempt()
  // What the person looks at is what is shared, whatever comes meanwhile.
  const [seen] = useState(items)
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const previews = useQueries({
    queries: seen.map(({ id }) => ({
      queryKey: [...keys.memories, 'share', id],
      queryFn: () => client.memory.sharePreview({ id, namespace: EVERYONE }),
      retry: false,
    })),
  })
  const shown = seen.map((item, index) => ({ item, preview: previews[index]?.data, error: previews[index]?.error }))
  const ready = shown.flatMap(({ item, preview }) => {
    const text = typed[item.id] ?? preview?.text
    return text === undefined || text.trim() === '' ? [] : { id: item.id, text: text.trim() }
  })
  const share = (event: FormEvent) => {
    event.preventDefault()
    return attempt(async () => {
      const batches: BatchId[] = []
      try {
        for (const { id, text } of ready) {
          batches.push((await client.memory.share({ id, namespace: EVERYONE, text })).batchId)
        }
        onClose()
      } finally {
        // What was shared before one was refused is shared, and can be taken back.
        if (batches.length > 0) say(t('share.done', { count: batches.length }), batches)
        await cache.invalidateQueries({ queryKey: keys.memories })
      }
    })
  }
  return (
    <Dialog title={t('share.title', { count: seen.length })} shape="wide" onClose={onClose}>
      <form onSubmit={(event) => void share(event)} className="flex flex-col gap-3">
        <p className="text-sm text-dim">{t('share.text')}</p>
        <ul className="flex max-h-[50dvh] flex-col gap-3 overflow-y-auto">
          {shown.map(({ item, preview, error }, index) => (
            <li key={item.id} className="flex flex-col gap-1">
              {error ? (
                <Refused item={item} why={failureWords(t, failureOf(error))} />
              ) : (
                <>
                  <GrowingText
                    dir="auto"
                    aria-label={t('share.words', { number: index + 1 })}
                    {...(index === 0 ? { 'data-first-focus': true } : {})}
                    value={typed[item.id] ?? preview?.text ?? item.text}
                    maxLength={MEMORY_MAX}
                    onChange={(event) => setTyped({ ...typed, [item.id]: event.target.value })}
                  />
                  {preview && <Consequences preview={preview} />}
                </>
              )}
            </li>
          ))}
        </ul>
        <Problem text={problem} />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="accent" type="submit" disabled={busy || ready.length === 0}>
            {t('share.button', { count: ready.length })}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function Refused({ item, why }: { item: MemoryView; why: string }) {
  return (
    <div className="rounded-control border border-line px-3 py-2">
      <p dir="auto" className="text-dim [overflow-wrap:anywhere]">
        <MarkedText text={item.text} />
      </p>
      <p className="mt-1 text-sm text-warning-text">{why}</p>
    </div>
  )
}

interface ConsequencesProps {
  preview: { entities: { name: string }[]; flags: string[]; narrowed: boolean }
}

/** What comes with the words, and what to look at twice. */
function Consequences({ preview }: ConsequencesProps) {
  const { t } = useTranslation()
  const { entities, flags, narrowed } = preview
  const notes = [
    ...(entities.length > 0
      ? [t('share.entities', { names: formatList(entities.map(({ name }) => revealHidden(name))) })]
      : []),
    ...(narrowed ? [t('share.narrowed')] : []),
    ...(flags.length > 0 ? [t('share.look')] : []),
  ]
  return notes.length === 0 ? null : <p className="text-sm text-dim">{notes.join(' ')}</p>
}
