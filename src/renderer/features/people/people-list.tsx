// The list of people and things, the latest spoken of first.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityId } from '../../../shared/ids.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatList, formatNumber, fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { EVERYBODY, useWindow } from '../../app/window-state.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { LinkList } from '../../ui/link-list.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityIcon } from './entity-words.tsx'
import type { ListedEntity, usePeople } from './use-people.ts'

interface PeopleListProps {
  list: ReturnType<typeof usePeople>
  selected: EntityId | null
}

export function PeopleList({ list, selected }: PeopleListProps) {
  const { t } = useTranslation()
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
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

  return (
    <LinkList
      label={t('people.title')}
      rows={items}
      linkOf={({ id }) => rowId(id)}
      list={list}
      onMove={({ id }) => navigate(hrefs.entity(id))}
    >
      {(item) => <Row key={item.id} item={item} selected={item.id === selected} />}
    </LinkList>
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
