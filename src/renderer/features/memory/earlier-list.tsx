// What was known at the end of a day, read from the journal, with the way back to it.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../shared/contract/index.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { dayField, endOfDay, formatNumber, longDay } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextField } from '../../ui/field.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Problem } from '../../ui/problem.tsx'
import { ChangedText } from './changed-text.tsx'
import { useStoreWords } from './store-words.tsx'
import { useRestore } from './use-restore.ts'

const PAGE = 100
type Item = Outputs['memory']['stateAt']['items'][number]

/** @param onClose back to what is known now */
export function EarlierList({ onClose }: { onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const dayId = useId()
  const [day, setDay] = useState(() => dayField(new Date()))
  const [restoring, setRestoring] = useState(false)
  const at = endOfDay(day, new Date())
  const list = useInfiniteQuery({
    queryKey: [...keys.memories, 'at', day],
    queryFn: ({ pageParam, signal }) =>
      client.memory.stateAt({ at: endOfDay(day, new Date()), cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const [first] = list.data?.pages ?? []
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <div className="flex flex-wrap items-end gap-3 px-4 pt-3.5 pb-2 wide:px-5">
        <div>
          <label htmlFor={dayId} className="mb-1 block text-sm font-medium">
            {t('earlier.day')}
          </label>
          <TextField
            id={dayId}
            type="date"
            className="w-44"
            value={day}
            max={dayField(new Date())}
            min={first?.earliest ? dayField(first.earliest) : undefined}
            onChange={(event) => event.target.value !== '' && setDay(event.target.value)}
          />
        </div>
        <Button onClick={() => setRestoring(true)} disabled={!first}>
          <History className="size-4" />
          {t('earlier.restore')}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t('earlier.close')}
        </Button>
        {first && (
          <p className="w-full text-sm text-dim" aria-live="polite">
            {t('earlier.count', { count: first.total, number: formatNumber(first.total), day: longDay(at) })}
          </p>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        {list.error ? (
          <p role="alert" className="p-5 text-danger">
            {failureWords(t, failureOf(list.error))}
          </p>
        ) : list.isPending ? (
          <Skeleton lines={8} />
        ) : items.length === 0 ? (
          <Empty title={t('earlier.emptyTitle')} text={t('earlier.emptyText')} />
        ) : (
          <ul aria-label={t('earlier.list')}>
            {items.map((item) => (
              <Line key={item.id} item={item} />
            ))}
          </ul>
        )}
        {list.hasNextPage && (
          <div className="px-5 py-3">
            <Button onClick={() => void list.fetchNextPage()} disabled={list.isFetchingNextPage}>
              {t('earlier.more')}
            </Button>
          </div>
        )}
      </div>
      {restoring && <RestoreDialog at={at} onClose={() => setRestoring(false)} />}
    </>
  )
}

function Line({ item }: { item: Item }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const text = (
    <span dir="auto" className="[overflow-wrap:anywhere]">
      <MarkedText text={item.text} />
    </span>
  )
  return (
    <li className="flex gap-3 px-4 py-2 wide:px-5">
      <span className="mt-0.5">{words.icon(item.store)}</span>
      <span className="min-w-0 flex-1">
        {item.since === 'gone' ? (
          text
        ) : (
          <a href={hrefs.memory(item.id)} className="hover:underline">
            {text}
          </a>
        )}
        <span className="mt-0.5 block text-xs text-dim">{words.one(item.store)}</span>
      </span>
      {item.since !== 'same' && <Badge>{t(`earlier.since.${item.since}`)}</Badge>}
    </li>
  )
}

function RestoreDialog({ at, onClose }: { at: Date; onClose(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const restore = useRestore()
  const [busy, setBusy] = useState(false)
  const [time] = useState(at)
  const preview = useQuery({
    queryKey: [...keys.memories, 'restore', time.getTime()],
    queryFn: ({ signal }) => client.memory.restorePreview({ at: time }, { signal }),
  })
  const onRestore = async () => {
    setBusy(true)
    if (await restore({ at: time })) onClose()
    else setBusy(false)
  }
  const { data } = preview
  return (
    <Dialog title={t('restore.title', { day: longDay(time) })} onClose={onClose}>
      {preview.error && <Problem text={failureWords(t, failureOf(preview.error))} />}
      {preview.isPending && <Skeleton lines={4} />}
      {data && (
        <>
          <p className="text-sm text-dim">
            {data.count === 0 ? t('restore.nothing') : t('restore.explain')}
            {data.entities > 0 &&
              ` ${t('restore.entities', { count: data.entities, number: formatNumber(data.entities) })}`}
          </p>
          {data.changes.length > 0 && (
            <ul
              className="mt-3 flex max-h-72 flex-col overflow-y-auto rounded-control border border-line"
              tabIndex={-1}
            >
              {data.changes.map((change) => (
                <li key={change.memoryId} className="border-b border-line px-3 py-2 text-sm last:border-b-0">
                  {change.now !== null && change.was !== null && change.now !== change.was ? (
                    <ChangedText before={change.now} after={change.was} />
                  ) : (
                    <span className={change.change === 'removed' ? 'line-through' : ''}>
                      <MarkedText text={change.was ?? change.now ?? ''} />
                    </span>
                  )}
                  <span className="block text-xs text-dim">{t(`restore.change.${change.change}`)}</span>
                </li>
              ))}
            </ul>
          )}
          {data.changes.length < data.count && (
            <p className="mt-2 text-sm text-dim">
              {t('restore.more', {
                count: data.count - data.changes.length,
                number: formatNumber(data.count - data.changes.length),
              })}
            </p>
          )}
        </>
      )}
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button
          kind="accent"
          onClick={() => void onRestore()}
          disabled={busy || !data || data.count + data.entities === 0}
        >
          {t('restore.button')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
