// The list of items, in days where its order is one of time; keys choose several of them.
import { Pin } from 'lucide-react'
import { type KeyboardEvent, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemoryId } from '../../../shared/ids.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatNumber, fullWhen, shortWhen } from '../../app/format.ts'
import { useGroupWords } from '../../app/group-words.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { EVERY_MEMORY, type MemoryFilter } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { LinkList } from '../../ui/link-list.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { isNarrowed, searchOf } from './filter.ts'
import { type MemoryListItem, type MemoryRow, toRows } from './list-rows.ts'
import type { Selection } from './selection.ts'
import { useStoreWords } from './store-words.tsx'
import { useFilter } from './use-filter.ts'
import type { useMemories } from './use-memory.ts'

interface MemoryListProps {
  filter: MemoryFilter
  list: ReturnType<typeof useMemories>
  items: readonly MemoryListItem[]
  selection: Selection
  selected: MemoryId | null
}

/** The time a list is in the order of. */
function timeOf({ query, sort }: MemoryFilter): 'updatedAt' | 'createdAt' | null {
  if (query.trim() !== '') return null
  if (sort === 'changed') return 'updatedAt'
  return sort === 'learned' || sort === 'oldest' ? 'createdAt' : null
}

export function MemoryList({ filter, list, items, selection, selected }: MemoryListProps) {
  const { t } = useTranslation()
  const by = timeOf(filter)
  const rows = useMemo(() => toRows(items, by, new Date()), [items, by])
  const search = searchOf(filter)
  const groupWords = useGroupWords()

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

  const onKey = ({ key }: KeyboardEvent, row: MemoryRow) => {
    if (key === 'x' && row.type === 'item') selection.turn(row.item.id, false)
    else if (key === 'Escape' && selection.ids.size > 0) selection.clear()
    else return false
    return true
  }
  const onMove = (to: MemoryRow, from: MemoryRow, { shiftKey }: KeyboardEvent) => {
    if (to.type === 'heading' || from.type === 'heading') return
    if (!shiftKey) return navigate(hrefs.memory(to.item.id, search))
    if (!selection.ids.has(from.item.id)) selection.turn(from.item.id, false)
    selection.turn(to.item.id, true)
  }
  return (
    <LinkList label={t('memory.list')} rows={rows} linkOf={linkOf} list={list} onMove={onMove} onKey={onKey}>
      {(row) =>
        row.type === 'heading' ? (
          <h2 key={row.key} className="label-caps px-4 pt-4 pb-1.5 wide:px-5">
            {groupWords(row.group)}
          </h2>
        ) : (
          <Row
            key={row.key}
            item={row.item}
            at={by}
            search={search}
            selected={row.item.id === selected}
            chosen={selection.ids.has(row.item.id)}
            choosing={selection.ids.size > 0}
            onTurn={(stretch) => selection.turn(row.item.id, stretch)}
          />
        )
      }
    </LinkList>
  )
}

function rowId(id: MemoryId): string {
  return `memory-${id}`
}

function linkOf(row: MemoryRow): string | null {
  return row.type === 'item' ? rowId(row.item.id) : null
}

interface RowProps {
  item: MemoryListItem
  at: 'updatedAt' | 'createdAt' | null
  search: string
  selected: boolean
  chosen: boolean
  /** Something is chosen: what is not shows that it can be. */
  choosing: boolean
  onTurn(stretch: boolean): void
}

function Row({ item, at, search, selected, chosen, choosing, onTurn }: RowProps) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const title = useTitleWords()
  const facts = [
    words.one(item.store),
    ...(item.status === 'active' || item.status === 'superseded' ? [] : [t(`memoryStatus.${item.status}`)]),
    // What was written by hand rests on itself.
    ...(item.quote === null || item.author === 'person'
      ? []
      : [t('memory.quoted', { quote: revealHidden(item.quote) })]),
    ...(item.conversationTitle === null ? [] : [title(item.conversationTitle)]),
    ...(item.author === 'person' ? [t('memory.byHand')] : []),
    ...(item.useCount === 0
      ? []
      : [t('memory.usedShort', { count: item.useCount, number: formatNumber(item.useCount) })]),
  ]
  const when = item[at ?? 'updatedAt']
  const box = choosing
    ? 'opacity-100'
    : 'opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100'
  const icon = choosing
    ? 'opacity-0'
    : 'group-hover:opacity-0 group-has-[input:focus-visible]:opacity-0 pointer-coarse:opacity-0'
  return (
    <div className={`group flex ${chosen || selected ? 'bg-accent-soft' : 'hover:bg-hover'}`}>
      <span className="relative grid w-8 shrink-0 place-items-start justify-end pt-2.5 wide:w-9">
        <span aria-hidden="true" className={`text-dim ${icon}`}>
          {words.icon(item.store)}
        </span>
        <input
          type="checkbox"
          aria-label={t('bulk.choose', { text: revealHidden(item.text) })}
          className={`absolute end-0 top-2.5 size-4 accent-accent ${box}`}
          checked={chosen}
          onChange={() => {}}
          onClick={(event) => onTurn(event.shiftKey)}
        />
      </span>
      <a
        id={rowId(item.id)}
        href={hrefs.memory(item.id, search)}
        aria-current={selected ? 'true' : undefined}
        className="flex min-w-0 flex-1 gap-3 py-2 ms-3 pe-4 -outline-offset-2 wide:pe-5"
      >
        <span className="min-w-0 flex-1">
          <span dir="auto" className={`line-clamp-2 ${item.status === 'superseded' ? 'line-through' : ''}`}>
            <MarkedText text={item.text} />
          </span>
          <span className="mt-0.5 block truncate text-xs text-dim">{facts.join(' · ')}</span>
        </span>
        <span className="flex shrink-0 flex-col items-end gap-1 text-xs text-dim">
          <time dateTime={when.toISOString()} title={fullWhen(when)}>
            {shortWhen(when, new Date())}
          </time>
          {item.pinned && <Pin className="size-3.5" aria-label={t('memory.pinned')} />}
        </span>
      </a>
    </div>
  )
}

/** "Empty" and "nothing found" never look alike. */
function Nothing({ filter }: { filter: MemoryFilter }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const [, change] = useFilter()
  if (!isNarrowed(filter)) return <Empty title={t('memory.emptyTitle')} text={t('memory.emptyText')} />
  const status = filter.status === null ? t('memoryFilter.anyStatus') : t(`memoryStatus.${filter.status}`)
  const where = filter.store === null ? t('memory.allStores') : words.title(filter.store)
  return (
    <Empty
      title={t('memory.nothingTitle')}
      text={
        filter.query === ''
          ? t('memory.nothingInFilter', { where, status })
          : t('memory.nothingFound', { query: filter.query, where, status })
      }
    >
      <Button onClick={() => change({ ...EVERY_MEMORY, query: filter.query })}>{t('memory.widen')}</Button>
    </Empty>
  )
}
