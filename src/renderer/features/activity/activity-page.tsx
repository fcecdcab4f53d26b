// Everything that happened to what was learned: learned, changed, used, forgotten, newest first, each with its way back.
import { History } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { type ActivityEntry, activityActor, activityKind } from '../../../shared/contract/activity.ts'
import { useAppState } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { type DayGroup, dayField, dayGroup } from '../../app/format.ts'
import { useGroupWords } from '../../app/group-words.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Select } from '../../ui/select.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { EntryLine } from './entry-line.tsx'
import { type ActivityFilter, ALL_ACTIVITY, useActivity } from './use-activity.ts'

const ALL = 'all'

export function ActivityPage() {
  const { t } = useTranslation()
  const [filter, setFilter] = useState(ALL_ACTIVITY)
  useEffect(() => {
    document.title = t('app.title', { page: t('activity.title') })
  }, [t])
  return (
    <>
      <PageHeader title={t('activity.title')}>
        <ButtonLink href={hrefs.earlier}>
          <History className="size-4" />
          {t('activity.earlier')}
        </ButtonLink>
      </PageHeader>
      <Filters filter={filter} onChange={(part) => setFilter({ ...filter, ...part })} />
      <Log filter={filter} />
    </>
  )
}

interface FiltersProps {
  filter: ActivityFilter
  onChange(part: Partial<ActivityFilter>): void
}

function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const stores = useAppState()?.learning.stores ?? []
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3.5 pb-2 wide:px-5">
      <Choice
        look="pills"
        label={t('activity.what')}
        value={filter.kind ?? ALL}
        onChange={(kind) => onChange({ kind: activityKind.safeParse(kind).data ?? null })}
        options={[
          { value: ALL as string, label: t('activity.all') },
          ...activityKind.options.map((kind) => ({ value: kind as string, label: t(`activity.kind.${kind}`) })),
        ]}
      />
      <span className="flex flex-wrap items-center gap-2 wide:ms-auto">
        <Select
          aria-label={t('activity.store')}
          value={filter.store ?? ALL}
          onChange={(store) => onChange({ store: store === ALL ? null : store })}
          options={[
            { value: ALL, label: t('memory.allStores') },
            ...stores.map(({ id }) => ({ value: id, label: words.title(id) })),
          ]}
        />
        <Select
          aria-label={t('activity.who')}
          value={(filter.actor ?? ALL) as string}
          onChange={(actor) => onChange({ actor: activityActor.safeParse(actor).data ?? null })}
          options={[
            { value: ALL, label: t('activity.anybody') },
            ...activityActor.options.map((actor) => ({ value: actor as string, label: t(`activity.actor.${actor}`) })),
          ]}
        />
        <TextField
          type="date"
          className="w-40!"
          aria-label={t('activity.until')}
          title={t('activity.until')}
          value={filter.until ?? ''}
          max={dayField(new Date())}
          onChange={(event) => onChange({ until: event.target.value === '' ? null : event.target.value })}
        />
      </span>
    </div>
  )
}

type Row = { type: 'heading'; group: DayGroup; key: string } | { type: 'entry'; entry: ActivityEntry; key: string }

function rowsOf(entries: readonly ActivityEntry[], now: Date): Row[] {
  const rows: Row[] = []
  let last = ''
  for (const entry of entries) {
    const group = dayGroup(entry.at, now)
    const key = group.kind === 'month' ? group.key : group.kind
    if (key !== last) rows.push({ type: 'heading', group, key: `heading ${key}` })
    last = key
    rows.push({ type: 'entry', entry, key: entry.type === 'use' ? entry.messageId : entry.batchId })
  }
  return rows
}

function Log({ filter }: { filter: ActivityFilter }) {
  const { t } = useTranslation()
  const groupWords = useGroupWords()
  const log = useActivity(filter)
  const handle = useRef<VirtualizerHandle>(null)
  const entries = useMemo(() => log.data?.pages.flatMap((page) => page.entries) ?? [], [log.data])
  const rows = useMemo(() => rowsOf(entries, new Date()), [entries])
  if (log.error && entries.length === 0) {
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-5">
        <p className="text-danger">{failureWords(t, failureOf(log.error))}</p>
        <Button onClick={() => void log.refetch()}>{t('action.tryAgain')}</Button>
      </div>
    )
  }
  if (log.isPending) return <Skeleton lines={8} />
  if (entries.length === 0) {
    const narrowed = JSON.stringify(filter) !== JSON.stringify(ALL_ACTIVITY)
    return (
      <Empty
        title={narrowed ? t('activity.nothingTitle') : t('activity.emptyTitle')}
        text={narrowed ? t('activity.nothingText') : t('activity.emptyText')}
      />
    )
  }
  const more = () => {
    const view = handle.current
    if (!view || !log.hasNextPage || log.isFetchingNextPage) return
    if (view.scrollSize - view.scrollOffset - view.viewportSize < 1500) void log.fetchNextPage()
  }
  return (
    <section aria-label={t('activity.title')} className="min-h-0 flex-1 overflow-y-auto pb-6">
      <Virtualizer ref={handle} onScroll={more}>
        {rows.map((row) =>
          row.type === 'heading' ? (
            <h2 key={row.key} className="label-caps px-4 pt-4 pb-1.5 wide:px-5">
              {groupWords(row.group)}
            </h2>
          ) : (
            <EntryLine key={row.key} entry={row.entry} />
          ),
        )}
      </Virtualizer>
      {log.hasNextPage && (
        <div className="px-4 py-3 wide:px-5">
          <Button onClick={() => void log.fetchNextPage()} disabled={log.isFetchingNextPage}>
            {t('earlier.more')}
          </Button>
        </div>
      )}
    </section>
  )
}
