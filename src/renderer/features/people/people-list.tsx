// The list of people and things, the latest spoken of first: only rows in sight exist, more are read on the way down.
import type { KeyboardEvent, Ref } from 'react'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua'
import type { EntityId } from '../../../shared/ids.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { formatList, formatNumber, fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { EVERYBODY, useWindow } from '../../app/window-state.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityIcon } from './entity-words.tsx'
import type { ListedEntity, usePeople } from './use-people.ts'

interface PeopleListProps {
  list: ReturnType<typeof usePeople>
  selected: EntityId | null
}

/** How near the end of what was read more is asked for, in pixels. */
const AHEAD = 1500

export function PeopleList({ list, selected }: PeopleListProps) {
  const { t } = useTranslation()
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
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
  if (items.length === 0) return <Nothing />

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const link = event.target
    if (!step || !(link instanceof HTMLAnchorElement)) return
    event.preventDefault()
    const at = items.findIndex(({ id }) => id === link.dataset['entity']) + step
    const next = items[at]
    if (!next) return
    navigate(hrefs.entity(next.id))
    handle.current?.scrollToIndex(at, { align: 'nearest' })
    // The row may come into being only through the scrolling.
    focusWhenThere(() => document.getElementById(rowId(next.id)))
  }
  const loadMore = () => {
    const view = handle.current
    if (!view || !list.hasNextPage || list.isFetchingNextPage) return
    if (view.scrollSize - view.scrollOffset - view.viewportSize < AHEAD) void list.fetchNextPage()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the links inside, caught in one place
    <div className="min-h-0 flex-1 overflow-y-auto pb-6" onKeyDown={move}>
      <Virtualizer ref={handle} onScroll={loadMore} as={List} item="li">
        {items.map((item) => (
          <Row key={item.id} item={item} selected={item.id === selected} />
        ))}
      </Virtualizer>
    </div>
  )
}

/** The element the virtual list is made of, with a name. */
function List({ ref, style, children }: CustomContainerComponentProps & { ref?: Ref<HTMLUListElement> }) {
  const { t } = useTranslation()
  return (
    <ul ref={ref} style={style} aria-label={t('people.title')}>
      {children}
    </ul>
  )
}

const rowId = (id: EntityId) => `entity-${id}`

function Row({ item, selected }: { item: ListedEntity; selected: boolean }) {
  const { t } = useTranslation()
  const facts = [
    t(`entityType.${item.type}`),
    ...(item.aliases.length > 0 ? [t('people.also', { names: formatList(item.aliases.map(revealHidden)) })] : []),
    t('people.known', { count: item.known, number: formatNumber(item.known) }),
  ]
  return (
    <a
      id={rowId(item.id)}
      data-entity={item.id}
      href={hrefs.entity(item.id)}
      aria-current={selected ? 'true' : undefined}
      className={`flex gap-3 px-4 py-2 -outline-offset-2 wide:px-5 ${selected ? 'bg-accent-soft' : 'hover:bg-hover'}`}
    >
      <span className="mt-0.5 text-dim">
        <EntityIcon type={item.type} />
      </span>
      <span className="min-w-0 flex-1">
        <span dir="auto" className="line-clamp-1 [overflow-wrap:anywhere]">
          {revealHidden(item.name)}
        </span>
        <span className="mt-0.5 block truncate text-xs text-dim">{facts.join(' · ')}</span>
      </span>
      <span className="flex shrink-0 flex-col items-end gap-1 text-xs text-dim">
        <time dateTime={item.mentionedAt.toISOString()} title={fullWhen(item.mentionedAt)}>
          {shortWhen(item.mentionedAt, new Date())}
        </time>
        {item.status === 'archived' && <Badge>{t('memoryStatus.archived')}</Badge>}
      </span>
    </a>
  )
}

/** "Empty" and "nothing found" never look alike. */
function Nothing() {
  const { t } = useTranslation()
  const filter = useWindow((state) => state.peopleFilter)
  const set = useWindow((state) => state.set)
  if (filter.query === '' && filter.type === null && filter.status === 'active') {
    return <Empty title={t('people.emptyTitle')} text={t('people.emptyText')} />
  }
  return (
    <Empty
      title={t('people.nothingTitle')}
      text={filter.query === '' ? t('people.nothingText') : t('people.nothingFound', { query: filter.query })}
    >
      <Button onClick={() => set({ peopleFilter: EVERYBODY })}>{t('people.showAll')}</Button>
    </Empty>
  )
}
