// Who the person is, as a page they can read and write in: a field a line, each an item of the profile with its own sources.
import { useQuery } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../shared/contract/base.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { MemoryView } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { useForget } from './use-forget.ts'

const STORE = 'user_profile'
/** In the order they are read. */
const FIELDS = [
  'name',
  'preferred_name',
  'role',
  'organisation',
  'place',
  'language',
  'time_zone',
  'answer_style',
  'diet',
] as const
type Field = (typeof FIELDS)[number]

function isField(kind: string): kind is Field {
  return FIELDS.some((field) => field === kind)
}

/** What a field holds, without the words in front of it. */
function valueIn({ data, text }: MemoryView): string {
  return typeof data['value'] === 'string' ? data['value'] : text
}

export function ProfileView() {
  const { t } = useTranslation()
  const client = useClient()
  const profile = useQuery({
    queryKey: [...keys.memories, 'profile'],
    queryFn: async ({ signal }) =>
      (await client.memory.list({ store: STORE, sort: 'oldest', limit: 200 }, { signal })).items,
  })
  const items = profile.data ?? []
  const own = [...new Set(items.map(({ kind }) => kind))].filter((kind) => !isField(kind) && kind !== 'about')
  const label = (kind: string) =>
    isField(kind) || kind === 'about' ? t(`profile.field.${kind}`) : kind.replaceAll('_', ' ')
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 py-6 wide:px-6">
        <h2 className="text-lg">{t('profile.title')}</h2>
        <p className="mt-1 mb-5 text-sm text-dim">{t('profile.text')}</p>
        {profile.error && (
          <p role="alert" className="text-danger">
            {failureWords(t, failureOf(profile.error))}
          </p>
        )}
        {profile.isPending ? (
          <Skeleton lines={6} />
        ) : (
          <dl className="divide-y divide-line rounded-card border border-line bg-raised">
            {[...FIELDS, ...own, 'about'].map((kind) => (
              <FieldLine
                key={kind}
                kind={kind}
                label={label(kind)}
                items={items.filter((item) => item.kind === kind)}
              />
            ))}
          </dl>
        )}
      </div>
    </div>
  )
}

function FieldLine({ kind, label, items }: { kind: string; label: string; items: readonly MemoryView[] }) {
  const { t } = useTranslation()
  const [writing, setWriting] = useState<MemoryId | 'new' | null>(null)
  const several = kind === 'about' || items.length > 1
  return (
    <div className="grid grid-cols-1 gap-x-4 gap-y-1 px-4 py-3 wide:grid-cols-[11rem_1fr]">
      <dt className="text-sm text-dim first-letter:uppercase" dir="auto">
        {label}
      </dt>
      <dd className="flex min-w-0 flex-col gap-1.5">
        {items.map((item) =>
          writing === item.id ? (
            <Writing key={item.id} kind={kind} label={label} item={item} onDone={() => setWriting(null)} />
          ) : (
            <Value key={item.id} item={item} label={label} onWrite={() => setWriting(item.id)} />
          ),
        )}
        {writing === 'new' ? (
          <Writing kind={kind} label={label} item={null} onDone={() => setWriting(null)} />
        ) : (
          (items.length === 0 || several) && (
            <Button
              kind="link"
              size="inline"
              className="self-start justify-start"
              aria-label={t('profile.addTo', { field: label })}
              onClick={() => setWriting('new')}
            >
              {items.length === 0 && kind !== 'about' ? t('profile.add') : t('profile.addMore')}
            </Button>
          )
        )}
      </dd>
    </div>
  )
}

function Value({ item, label, onWrite }: { item: MemoryView; label: string; onWrite(): void }) {
  const { t } = useTranslation()
  return (
    <div className="flex items-start gap-1">
      <div className="min-w-0 flex-1">
        <p dir="auto" className="[overflow-wrap:anywhere]">
          <MarkedText text={valueIn(item)} />
        </p>
        <p className="text-xs text-dim">
          {item.author === 'person'
            ? t('profile.written', { when: shortWhen(item.updatedAt, new Date()) })
            : t('profile.learned', { when: shortWhen(item.updatedAt, new Date()) })}{' '}
          <a href={hrefs.memory(item.id)} className="font-medium text-accent-text hover:underline">
            {t('used.why')}
          </a>
        </p>
      </div>
      <IconButton label={t('profile.change', { field: label })} onClick={onWrite}>
        <Pencil className="size-4" />
      </IconButton>
    </div>
  )
}

interface WritingProps {
  kind: string
  label: string
  /** Null: a new one. */
  item: MemoryView | null
  onDone(): void
}

function Writing({ kind, label, item, onDone }: WritingProps) {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const forget = useForget()
  const id = useId()
  const [seen] = useState(item)
  const [value, setValue] = useState(seen ? valueIn(seen) : '')
  const { busy, problem, attempt } = useAttempt()
  const save = (event: FormEvent) => {
    event.preventDefault()
    const text = value.trim()
    if (seen && text === valueIn(seen)) return onDone()
    return attempt(async () => {
      const { batchId } = seen
        ? await client.memory.edit({ id: seen.id, version: seen.version, text: inFrontOf(seen) + text })
        : await client.memory.add({
            store: STORE,
            text: kind === 'about' ? text : `${kind.replaceAll('_', ' ')}: ${text}`,
          })
      say(t('status.saved'), batchId)
      onDone()
    })
  }
  return (
    <form
      onSubmit={(event) => void save(event)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') {
          event.stopPropagation()
          onDone()
        }
        if (event.key === 'Enter' && !event.shiftKey && value.trim() !== '') void save(event)
      }}
    >
      <GrowingText
        id={id}
        // The person has just asked to write here.
        autoFocus
        dir="auto"
        value={value}
        maxLength={MEMORY_MAX}
        aria-label={label}
        onChange={(event) => setValue(event.target.value)}
      />
      <Problem text={problem} className="mt-1" />
      <div className="mt-2 flex flex-wrap gap-2">
        <Button kind="accent" type="submit" disabled={busy || value.trim() === ''}>
          {t('action.save')}
        </Button>
        <Button onClick={onDone}>{t('action.cancel')}</Button>
        {seen && (
          <Button kind="danger" onClick={() => forget({ ids: [seen.id] })}>
            {t('memory.forget')}
          </Button>
        )}
      </div>
    </form>
  )
}

/** The words by which the core knows the field: "Lives in ", "Shoe size: ". */
function inFrontOf(item: MemoryView): string {
  const value = valueIn(item)
  return item.text.endsWith(value) ? item.text.slice(0, item.text.length - value.length) : ''
}
