// The list of items: only rows in sight exist, more pages are read on the way down, arrow keys move through it.
import { Pin } from 'lucide-react'
import { type KeyboardEvent, type Ref, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua'
import type { MemoryId } from '../../../shared/ids.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { fullWhen, shortWhen } from '../../app/format.ts'
import { useGroupWords } from '../../app/group-words.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { type MemoryFilter, useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { type MemoryListItem, toRows } from './list-rows.ts'
import { useStoreWords } from './store-words.tsx'
import type { useMemories } from './use-memory.ts'

interface MemoryListProps {
  filter: MemoryFilter
  list: ReturnType<typeof useMemories>
  selected: MemoryId | null
}

export function MemoryList({ filter, list, selected }: MemoryListProps) {
  const { t } = useTranslation()
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const rows = useMemo(() => toRows(items, filter.query.trim() === '', new Date()), [items, filter.query])
  const groupWords = useGroupWords()
  const handle = useRef<VirtualizerHandle>(null)

  if (list.error && items.length === 0) {
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-5">
        <p className="text-danger">{failureWords(t, failureOf(list.error))}</p>
        <Button onClick={() => void list.refetch()}>{t('action.tryAgain')}</Button>
      </div>
    )
  }
  if (list.isPending) return <Skeleton lines={8} />
  if (items.length === 0) return <Nothing filter={filter} />

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const link = event.target
    if (!step || !(link instanceof HTMLAnchorElement)) return
    event.preventDefault()
    const at = items.findIndex((item) => item.id === link.dataset['memory'])
    const next = items[at + step]
    if (!next) return
    navigate(hrefs.memory(next.id))
    handle.current?.scrollToIndex(
      rows.findIndex((row) => row.key === next.id),
      { align: 'nearest' },
    )
    // The row may come into being only through the scrolling.
    requestAnimationFrame(() => document.getElementById(rowId(next.id))?.focus())
  }
  const loadMore = () => {
    const view = handle.current
    if (!view || !list.hasNextPage || list.isFetchingNextPage) return
    if (view.scrollSize - view.scrollOffset - view.viewportSize < 1500) void list.fetchNextPage()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the links inside, caught in one place
    <div className="min-h-0 flex-1 overflow-y-auto pb-6" onKeyDown={move}>
      <Virtualizer ref={handle} onScroll={loadMore} as={List} item="li">
        {rows.map((row) =>
          row.type === 'heading' ? (
            <h2 key={row.key} className="label-caps px-4 pt-4 pb-1.5 wide:px-5">
              {groupWords(row.group)}
            </h2>
          ) : (
            <Row key={row.key} item={row.item} selected={row.item.id === selected} />
          ),
        )}
      </Virtualizer>
    </div>
  )
}

/** The element the virtual list is made of, with a name. */
function List({ ref, style, children }: CustomContainerComponentProps & { ref?: Ref<HTMLUListElement> }) {
  const { t } = useTranslation()
  return (
    <ul ref={ref} style={style} aria-label={t('memory.list')}>
      {children}
    </ul>
  )
}

function rowId(id: MemoryId): string {
  return `memory-${id}`
}

function Row({ item, selected }: { item: MemoryListItem; selected: boolean }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const title = useTitleWords()
  const facts = [
    words.one(item.store),
    ...(item.quote === null ? [] : [t('memory.quoted', { quote: revealHidden(item.quote) })]),
    ...(item.conversationTitle === null ? [] : [title(item.conversationTitle)]),
    ...(item.author === 'person' ? [t('memory.byHand')] : []),
  ]
  return (
    <a
      id={rowId(item.id)}
      data-memory={item.id}
      href={hrefs.memory(item.id)}
      aria-current={selected ? 'true' : undefined}
      className={`flex gap-3 px-4 py-2 -outline-offset-2 wide:px-5 ${selected ? 'bg-accent-soft' : 'hover:bg-hover'}`}
    >
      <span className="mt-0.5">{words.icon(item.store)}</span>
      <span className="min-w-0 flex-1">
        <span dir="auto" className={`line-clamp-2 ${item.status === 'superseded' ? 'line-through' : ''}`}>
          <MarkedText text={item.text} />
        </span>
        <span className="mt-0.5 block truncate text-xs text-dim">{facts.join(' · ')}</span>
      </span>
      <span className="flex shrink-0 flex-col items-end gap-1 text-xs text-dim">
        <time dateTime={item.updatedAt.toISOString()} title={fullWhen(item.updatedAt)}>
          {shortWhen(item.updatedAt, new Date())}
        </time>
        {item.pinned && <Pin className="size-3.5" aria-label={t('memory.pinned')} />}
      </span>
    </a>
  )
}

/** "Empty" and "nothing found" never look alike. */
function Nothing({ filter }: { filter: MemoryFilter }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const set = useWindow((state) => state.set)
  const narrowed = filter.query !== '' || filter.store !== null || filter.status !== 'active'
  if (!narrowed) return <Empty title={t('memory.emptyTitle')} text={t('memory.emptyText')} />
  const where = filter.store === null ? t('memory.allStores') : words.title(filter.store)
  return (
    <Empty
      title={t('memory.nothingTitle')}
      text={
        filter.query === ''
          ? t('memory.nothingInFilter', { where, status: t(`memoryStatus.${filter.status}`) })
          : t('memory.nothingFound', { query: filter.query, where, status: t(`memoryStatus.${filter.status}`) })
      }
    >
      <Button onClick={() => set({ memoryFilter: { query: filter.query, store: null, status: 'active' } })}>
        {t('memory.widen')}
      </Button>
    </Empty>
  )
}
