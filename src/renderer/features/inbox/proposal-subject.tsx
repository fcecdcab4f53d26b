// What a suggestion is about: the new words, the difference, what would end, or what would become one; and the values beside
// the words, where a store has such.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreId } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { ChangedText } from '../memory/changed-text.tsx'
import type { InboxItem } from './inbox-pages.ts'

/** Characters that are shown at once: what is longer can be opened. */
const SHORT = 1200

export function Subject({ item }: { item: InboxItem }) {
  const { t } = useTranslation()
  const { merges, before, after, store, data } = item
  if (before === null && after === null && merges.length === 0) {
    return <p className="text-sm text-dim">{t('inbox.wordsGone')}</p>
  }
  return (
    <>
      {merges.length > 0 && (
        <ul className="flex flex-col gap-1 text-sm">
          {merges.map(({ memoryId, text }) => (
            <li key={`${memoryId} ${text}`} dir="auto" className="[overflow-wrap:anywhere]">
              {memoryId ? (
                <a href={hrefs.memory(memoryId)} className="text-dim underline decoration-line underline-offset-2">
                  <Long text={text} />
                </a>
              ) : (
                <span className="font-medium">{revealHidden(text)}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {(merges.length === 0 || merges[0]?.memoryId) && (
        <p dir="auto" className="[overflow-wrap:anywhere] whitespace-pre-wrap">
          <Words before={merges.length > 0 ? null : before} after={after} />
        </p>
      )}
      {store.startsWith('custom:') && <Fields store={store} before={data.before} after={data.after} />}
    </>
  )
}

function Words({ before, after }: { before: string | null; after: string | null }): ReactNode {
  if (before !== null && after !== null) return <ChangedText before={before} after={after} />
  if (after === null) {
    return (
      <del className="rounded-sm bg-removed px-0.5">
        <Long text={before ?? ''} />
      </del>
    )
  }
  return (
    <ins className="rounded-sm bg-added px-0.5 no-underline">
      <Long text={after} />
    </ins>
  )
}

/** The beginning of a very long text, and all of it when asked for. */
function Long({ text }: { text: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (text.length <= SHORT || open) return revealHidden(text)
  return (
    <>
      {`${revealHidden(text.slice(0, SHORT))}… `}
      <Button kind="link" size="inline" onClick={() => setOpen(true)}>
        {t('inbox.showAll')}
      </Button>
    </>
  )
}

interface FieldsProps {
  store: StoreId
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/** The values of a store the person made, under the names they gave them. */
function Fields({ store, before, after }: FieldsProps) {
  const client = useClient()
  const { data } = useQuery({
    queryKey: keys.stores,
    queryFn: ({ signal }) => client.stores.list({}, { signal }),
  })
  const fields = data?.stores.find(({ id }) => id === store)?.definition.fields ?? []
  const rows = fields.flatMap(({ key, label }) => {
    const values = [inWords(before?.[key]), inWords((after ?? before)?.[key])] as const
    return values.every((value) => value === '') ? [] : [{ key, label, values }]
  })
  if (rows.length === 0) return null
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-0.5 text-sm">
      {rows.map(({ key, label, values: [was, is] }) => (
        <div key={key} className="contents">
          <dt className="text-dim">{revealHidden(label)}</dt>
          <dd dir="auto" className="[overflow-wrap:anywhere]">
            {was !== '' && was !== is ? <ChangedText before={was} after={is} /> : revealHidden(is)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.map(String).join(', ') : String(value)
}
