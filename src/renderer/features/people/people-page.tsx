// People and things: a list of all that was talked about, one of them in full, and a drawing of what is around it.
import { ArrowLeft } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityId } from '../../../shared/ids.ts'
import { useAppState } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { Badge } from '../../ui/badge.tsx'
import { Choice } from '../../ui/choice.tsx'
import { SearchField } from '../../ui/field.tsx'
import { EntityDetail } from './entity-detail.tsx'
import { EntityGraphView } from './entity-graph.tsx'
import { useTypeOptions } from './entity-words.tsx'
import { PeopleList } from './people-list.tsx'
import { usePeople } from './use-people.ts'

interface PeoplePageProps {
  selected: EntityId | null
  /** What is around the selected one is drawn. */
  graph: boolean
}

export function PeoplePage({ selected, graph }: PeoplePageProps) {
  const { t } = useTranslation()
  const filter = useWindow((state) => state.peopleFilter)
  const learning = useAppState()?.settings.learning ?? true
  const list = usePeople(filter)
  const types = list.data?.pages[0]?.types
  const total = types && Object.values(types).reduce((sum, count) => sum + count, 0)
  useEffect(() => {
    document.title = t('app.title', { page: t('people.title') })
  }, [t])
  return (
    <>
      <PageHeader
        title={t('people.title')}
        badge={
          total !== undefined &&
          filter.status === 'active' && (
            <span className="hidden wide:inline">
              <Badge>{formatNumber(total)}</Badge>
            </span>
          )
        }
        back={
          selected
            ? {
                href: graph ? hrefs.entity(selected) : hrefs.people,
                label: t('people.back'),
                icon: <ArrowLeft className="size-5 rtl:rotate-180" />,
              }
            : undefined
        }
      />
      {selected && graph ? (
        <EntityGraphView id={selected} />
      ) : (
        <div className="flex min-h-0 flex-1">
          <div className={`min-h-0 min-w-0 flex-1 flex-col ${selected ? 'hidden split:flex' : 'flex'}`}>
            <div className="flex flex-col gap-2.5 px-4 pt-3.5 pb-2 wide:px-5">
              <Filters types={types} />
              {!learning && <p className="text-sm text-dim">{t('people.learningOff')}</p>}
            </div>
            <PeopleList list={list} selected={selected} />
          </div>
          {selected && (
            <aside
              aria-label={t('people.detail')}
              className="min-h-0 w-full overflow-y-auto border-line split:w-[26rem] split:shrink-0 split:border-s"
            >
              <EntityDetail key={selected} id={selected} />
            </aside>
          )}
        </div>
      )}
    </>
  )
}

const ALL = 'all'

function Filters({ types }: { types: Partial<Record<string, number>> | undefined }) {
  const { t } = useTranslation()
  const filter = useWindow((state) => state.peopleFilter)
  const set = useWindow((state) => state.set)
  const options = useTypeOptions()
  return (
    <>
      <SearchField
        label={t('people.search')}
        value={filter.query}
        onChange={(query) => set({ peopleFilter: { ...filter, query } })}
      />
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <Choice
          look="pills"
          label={t('people.typeFilter')}
          value={filter.type ?? ALL}
          onChange={(type) =>
            set({ peopleFilter: { ...filter, type: options.find(({ value }) => value === type)?.value ?? null } })
          }
          options={[
            { value: ALL as string, label: t('people.allTypes') },
            ...options.map(({ value, label }) => ({
              value: value as string,
              label: t('people.typeCount', { type: label, number: formatNumber(types?.[value] ?? 0) }),
            })),
          ]}
        />
        <Choice
          look="pills"
          label={t('people.statusFilter')}
          value={filter.status}
          onChange={(status) => set({ peopleFilter: { ...filter, status } })}
          options={(['active', 'archived'] as const).map((status) => ({
            value: status,
            label: t(`memoryStatus.${status}`),
          }))}
        />
      </div>
    </>
  )
}
