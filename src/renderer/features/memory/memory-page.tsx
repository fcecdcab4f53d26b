// What was learned: a searchable list by day, and one item in full beside it. Open also when learning is off.
import { ArrowLeft, History, List, Plus, Search, User } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemoryId } from '../../../shared/ids.ts'
import { useAppState } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs, type MemoryPlace, navigate } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Keys } from '../../ui/keys.tsx'
import { AddMemory } from './add-memory.tsx'
import { EarlierList } from './earlier-list.tsx'
import { isNarrowed } from './filter.ts'
import { Filters } from './filters.tsx'
import { MemoryDetail } from './memory-detail.tsx'
import { MemoryList } from './memory-list.tsx'
import { MEMORY_SEARCH_ID } from './memory-search-id.ts'
import { ProfileView } from './profile-view.tsx'
import { useSelection } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { useFilter, useFilterOfAddress } from './use-filter.ts'
import { useMemories } from './use-memory.ts'

interface MemoryPageProps {
  selected: MemoryId | null
  view: MemoryPlace
  /** What the address narrows the list to. */
  search: string
}

export function MemoryPage({ selected, view, search }: MemoryPageProps) {
  const { t } = useTranslation()
  useFilterOfAddress(search)
  const stores = useAppState()?.learning.stores
  const active = stores?.reduce((total, store) => total + store.active, 0)
  const [adding, setAdding] = useState(false)
  useEffect(() => {
    document.title = t('app.title', { page: t('memory.title') })
  }, [t])
  return (
    <>
      <PageHeader
        title={t('memory.title')}
        badge={
          active !== undefined && (
            <span className="hidden wide:inline">
              <Badge>{t('memory.active', { count: active, number: formatNumber(active) })}</Badge>
            </span>
          )
        }
        back={
          selected
            ? { href: hrefs.memories, label: t('memory.back'), icon: <ArrowLeft className="size-5 rtl:rotate-180" /> }
            : undefined
        }
      >
        <ButtonLink kind="quiet" href={view === 'profile' ? hrefs.memories : hrefs.profile}>
          {view === 'profile' ? <List className="size-4" /> : <User className="size-4" />}
          <span className="sr-only wide:not-sr-only">{view === 'profile' ? t('memory.back') : t('profile.open')}</span>
        </ButtonLink>
        <Button
          kind="quiet"
          aria-pressed={view === 'earlier'}
          onClick={() => navigate(view === 'earlier' ? hrefs.memories : hrefs.earlier)}
        >
          <History className="size-4" />
          <span className="sr-only wide:not-sr-only">{t('earlier.open')}</span>
        </Button>
        <Button onClick={() => setAdding(true)}>
          <Plus className="size-4" />
          {t('memory.add')}
        </Button>
      </PageHeader>
      {view === 'profile' ? (
        <ProfileView />
      ) : view === 'earlier' ? (
        <EarlierList onClose={() => navigate(hrefs.memories)} />
      ) : (
        <ListAndDetail selected={selected} />
      )}
      {adding && <AddMemory onClose={() => setAdding(false)} />}
    </>
  )
}

function ListAndDetail({ selected }: { selected: MemoryId | null }) {
  const { t } = useTranslation()
  const [filter] = useFilter()
  const learning = useAppState()?.settings.learning ?? true
  const list = useMemories(filter)
  const [first] = list.data?.pages ?? []
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const ids = useMemo(() => items.map(({ id }) => id), [items])
  const selection = useSelection(ids, JSON.stringify(filter))
  return (
    <div className="flex min-h-0 flex-1">
      <div className={`min-h-0 min-w-0 flex-1 flex-col ${selected ? 'hidden split:flex' : 'flex'}`}>
        <div className="flex flex-col gap-2.5 px-4 pt-3.5 pb-2 wide:px-5">
          <SearchField />
          <Filters about={first?.about} />
          {!learning && <p className="text-sm text-dim">{t('memory.learningOff')}</p>}
          {first && isNarrowed(filter) && first.total > 0 && (
            <p className="flex flex-wrap items-center gap-x-2 text-xs text-dim" aria-live="polite">
              {first.onlyBest
                ? t('memory.onlyBest', { number: formatNumber(first.total) })
                : t('memory.matching', { count: first.total, number: formatNumber(first.total) })}
              {selection.ids.size === 0 && (
                <Button kind="link" size="inline" className="min-h-6" onClick={selection.chooseAll}>
                  {t('memory.chooseThem')}
                </Button>
              )}
            </p>
          )}
        </div>
        {selection.ids.size > 0 && (
          <SelectionBar filter={filter} selection={selection} items={items} total={first?.total ?? 0} />
        )}
        <MemoryList filter={filter} list={list} items={items} selection={selection} selected={selected} />
      </div>
      {selected && (
        <aside
          aria-label={t('memory.detail')}
          className="min-h-0 w-full overflow-y-auto border-line split:w-[24.5rem] split:shrink-0 split:border-s"
        >
          <MemoryDetail key={selected} id={selected} />
        </aside>
      )}
    </div>
  )
}

const TYPING_PAUSE_MS = 150

function SearchField() {
  const { t } = useTranslation()
  const filter = useWindow((state) => state.memoryFilter)
  const set = useWindow((state) => state.set)
  const [typed, setTyped] = useState(filter.query)
  const [known, setKnown] = useState(filter.query)
  // What is looked for was changed elsewhere: by a link, or by "show all".
  if (known !== filter.query) {
    setKnown(filter.query)
    setTyped(filter.query)
  }
  useEffect(() => {
    if (typed === filter.query) return
    const timer = setTimeout(() => {
      setKnown(typed)
      set({ memoryFilter: { ...filter, query: typed } })
    }, TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, filter, set])
  return (
    <div className="relative">
      <Search className="pointer-events-none absolute start-3 top-2.5 size-4 text-dim" />
      <TextField
        id={MEMORY_SEARCH_ID}
        type="search"
        value={typed}
        maxLength={500}
        placeholder={t('memory.search')}
        aria-label={t('memory.search')}
        className="ps-9 pe-10"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== '') {
            event.preventDefault()
            setTyped('')
          }
        }}
      />
      {typed === '' && (
        <span className="pointer-events-none absolute end-2.5 top-1.5 hidden wide:block">
          <Keys>/</Keys>
        </span>
      )}
    </div>
  )
}
