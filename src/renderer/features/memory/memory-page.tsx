// What was learned: a searchable list by day, and one item in full beside it. Open also when learning is off.
import { ArrowLeft, History, Plus, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemoryId } from '../../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../../shared/memory.ts'
import { useAppState } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { TextField } from '../../ui/field.tsx'
import { Keys } from '../../ui/keys.tsx'
import { AddMemory } from './add-memory.tsx'
import { EarlierList } from './earlier-list.tsx'
import { MemoryDetail } from './memory-detail.tsx'
import { MemoryList } from './memory-list.tsx'
import { MEMORY_SEARCH_ID } from './memory-search-id.ts'
import { useStoreWords } from './store-words.tsx'
import { useMemories } from './use-memory.ts'

export function MemoryPage({ selected }: { selected: MemoryId | null }) {
  const { t } = useTranslation()
  const filter = useWindow((state) => state.memoryFilter)
  const learning = useAppState()?.settings.learning ?? true
  const list = useMemories(filter)
  const [adding, setAdding] = useState(false)
  const [earlier, setEarlier] = useState(false)
  const counts = list.data?.pages[0]?.counts
  const active = counts && Object.values(counts).reduce((total, count) => total + count, 0)
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
        <Button kind="quiet" aria-pressed={earlier} onClick={() => setEarlier(!earlier)}>
          <History className="size-4" />
          {t('earlier.open')}
        </Button>
        <Button onClick={() => setAdding(true)}>
          <Plus className="size-4" />
          {t('memory.add')}
        </Button>
      </PageHeader>
      <div className="flex min-h-0 flex-1">
        <div className={`min-h-0 min-w-0 flex-1 flex-col ${selected ? 'hidden split:flex' : 'flex'}`}>
          {earlier ? (
            <EarlierList onClose={() => setEarlier(false)} />
          ) : (
            <>
              <div className="flex flex-col gap-2.5 px-4 pt-3.5 pb-2 wide:px-5">
                <SearchField />
                <Filters counts={counts} />
                {!learning && <p className="text-sm text-dim">{t('memory.learningOff')}</p>}
              </div>
              <MemoryList filter={filter} list={list} selected={selected} />
            </>
          )}
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
      {adding && <AddMemory onClose={() => setAdding(false)} />}
    </>
  )
}

const TYPING_PAUSE_MS = 150

function SearchField() {
  const { t } = useTranslation()
  const filter = useWindow((state) => state.memoryFilter)
  const set = useWindow((state) => state.set)
  const [typed, setTyped] = useState(filter.query)
  useEffect(() => {
    if (typed === filter.query) return
    const timer = setTimeout(() => set({ memoryFilter: { ...filter, query: typed } }), TYPING_PAUSE_MS)
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

const STATUSES = ['active', 'superseded', 'archived'] as const satisfies MemoryStatus[]
const ALL = 'all'

function Filters({ counts }: { counts: Record<StoreId, number> | undefined }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const filter = useWindow((state) => state.memoryFilter)
  const set = useWindow((state) => state.set)
  const known = useAppState()?.learning.stores ?? []
  // A store that is off and holds nothing is no place to look; the chosen one stays in sight.
  const stores = [...new Set([...known.map(({ id }) => id), ...Object.keys(counts ?? {})])].filter(
    (id) =>
      (counts?.[id] ?? 0) > 0 || id === filter.store || known.some((store) => store.id === id && store.mode !== 'off'),
  )
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <Choice
        look="pills"
        label={t('memory.storeFilter')}
        value={filter.store ?? ALL}
        onChange={(store) => set({ memoryFilter: { ...filter, store: store === ALL ? null : store } })}
        options={[
          { value: ALL as string, label: t('memory.allStores') },
          ...stores.map((store) => ({
            value: store,
            label: t('memory.storeCount', { store: words.title(store), number: formatNumber(counts?.[store] ?? 0) }),
          })),
        ]}
      />
      <Choice
        look="pills"
        label={t('memory.statusFilter')}
        value={filter.status}
        onChange={(status) => set({ memoryFilter: { ...filter, status } })}
        options={STATUSES.map((status) => ({ value: status as MemoryStatus, label: t(`memoryStatus.${status}`) }))}
      />
    </div>
  )
}
