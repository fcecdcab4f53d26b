// Every kind of learning with what it keeps, how it learns and how much is in it; and the way to make one of one's own.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreView } from '../../../shared/contract/learning.ts'
import type { StoreOverview } from '../../../shared/contract/stores.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { ago, formatNumber, fullWhen } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useStoreWords } from '../memory/store-words.tsx'
import { ExampleList } from './builder/example-list.tsx'
import { StoreModeControl, StoreSwitch } from './store-controls.tsx'
import { useStores } from './use-stores.ts'

export function StoresPage() {
  const { t } = useTranslation()
  const app = useAppState()
  const stores = useStores()
  useEffect(() => {
    document.title = t('app.title', { page: t('storesPage.title') })
  }, [t])
  const shown = (own: boolean) =>
    (stores.data ?? []).flatMap((store) => {
      const view = app?.learning.stores.find(({ id }) => id === store.id)
      return view && (store.own !== null) === own ? [{ store, view }] : []
    })
  const made = shown(true)
  return (
    <>
      <PageHeader title={t('storesPage.title')}>
        <ButtonLink href={hrefs.newStore} kind="accent">
          <Plus className="size-4" />
          {t('storesPage.new')}
        </ButtonLink>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 py-5 wide:px-5">
        <div className="mx-auto flex max-w-5xl flex-col gap-7">
          <p className="max-w-2xl text-dim">{t('storesPage.intro')}</p>
          {app?.settings.learning === false && (
            <p role="status" className="rounded-control bg-warning-soft px-3.5 py-2.5 text-sm text-warning-text">
              {t('storesPage.learningOff')}
            </p>
          )}
          {stores.isPending && <Skeleton lines={8} />}
          {stores.error && !stores.data && (
            <div role="alert" className="flex flex-col items-start gap-3">
              <p className="text-danger">{failureWords(t, failureOf(stores.error))}</p>
              <Button onClick={() => void stores.refetch()}>{t('action.tryAgain')}</Button>
            </div>
          )}
          {made.length > 0 && <Group title={t('storesPage.own')} stores={made} />}
          {stores.data && (
            <>
              {made.length === 0 && <Make />}
              <Group title={t('storesPage.builtIn')} stores={shown(false)} />
              {made.length > 0 && <Make />}
            </>
          )}
          <Removed />
        </div>
      </div>
    </>
  )
}

interface Shown {
  store: StoreOverview
  view: StoreView
}

function Group({ title, stores }: { title: string; stores: Shown[] }) {
  return (
    <section>
      <h2 className="label-caps mb-3">{title}</h2>
      <ul className="grid gap-3 wide:grid-cols-2 split:grid-cols-3">
        {stores.map(({ store, view }) => (
          <StoreCard key={store.id} store={store} view={view} />
        ))}
      </ul>
    </section>
  )
}

function StoreCard({ store, view }: Shown) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const sentence = words.text(store.id) ?? store.own?.definition.lookFor ?? ''
  const facts = [
    t('storesPage.items', { count: store.items, number: formatNumber(store.items) }),
    ...(store.namespace === 'user' ? [] : [t('storesPage.shared')]),
  ]
  return (
    <li className="flex flex-col gap-3 rounded-card border border-line bg-raised p-4">
      <div className="flex items-start gap-2.5">
        <span className="mt-0.5 text-accent-text">{words.icon(store.id)}</span>
        <h3 className="min-w-0 flex-1 [overflow-wrap:anywhere]" dir="auto">
          <a href={hrefs.store(store.id)} className="hover:underline">
            {revealHidden(words.title(store.id))}
          </a>
        </h3>
        <StoreSwitch store={view} />
      </div>
      <p dir="auto" className="text-sm text-dim first-letter:uppercase [overflow-wrap:anywhere]">
        <MarkedText text={sentence} />
      </p>
      <div className="mt-auto flex flex-col gap-3">
        <StoreModeControl store={view} />
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line pt-2.5 text-sm text-dim">
          <span>{facts.join(' · ')}</span>
          {store.lastLearnedAt && (
            <time title={fullWhen(store.lastLearnedAt)}>
              {t('storesPage.last', { when: ago(store.lastLearnedAt, new Date()) })}
            </time>
          )}
          {view.readOnly && <Badge tone="warning">{t('storesPage.readOnlyBadge')}</Badge>}
          <a href={hrefs.store(store.id)} className="ms-auto font-medium text-accent-text hover:underline">
            {t('storesPage.open')}
            <span className="sr-only"> {words.title(store.id)}</span>
          </a>
        </p>
      </div>
    </li>
  )
}

/** Examples that are one click away from being tried. */
function Make() {
  const { t } = useTranslation()
  return (
    <section>
      <h2 className="label-caps mb-1.5">{t('storesPage.make')}</h2>
      <p className="mb-3 max-w-2xl text-sm text-dim">{t('storesPage.makeText')}</p>
      <ExampleList />
    </section>
  )
}

/** Stores that were removed, with all they hold: until the undo bar is long gone, too. */
function Removed() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  const announce = useWindow((state) => state.announce)
  const { data = [] } = useQuery({
    queryKey: [...keys.memories, 'removed'],
    queryFn: async ({ signal }) => (await client.stores.removed({}, { signal })).stores,
  })
  if (data.length === 0) return null
  return (
    <section>
      <h2 className="label-caps mb-3">{t('storesPage.removed')}</h2>
      <ul className="flex flex-col gap-2">
        {data.map(({ id, definition, items, removedAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <span dir="auto" className="font-medium [overflow-wrap:anywhere]">
              {revealHidden(definition.title)}
            </span>
            <span className="text-dim">
              {t('storesPage.removedFacts', {
                items: t('storesPage.items', { count: items, number: formatNumber(items) }),
                when: ago(removedAt, new Date()),
              })}
            </span>
            <Button
              size="small"
              aria-label={t('storesPage.bringBackOf', { store: definition.title })}
              onClick={() =>
                void client.stores
                  .restore({ id })
                  .then(() => cache.invalidateQueries({ queryKey: keys.memories }))
                  .then(() => announce(t('status.undone')), sayFailure)
              }
            >
              <Undo2 className="size-3.5" />
              {t('storesPage.bringBack')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
