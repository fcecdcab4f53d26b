// What the list is narrowed to: stores as ovals, the rest in a panel, and what is chosen there as chips that can be taken off.
import { useQuery } from '@tanstack/react-query'
import { SlidersHorizontal, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../shared/contract/index.ts'
import { memorySort } from '../../../shared/contract/memory.ts'
import { type MemoryStatus, origin } from '../../../shared/memory.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { dayField, formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { EVERY_MEMORY, type MemoryFilter } from '../../app/window-state.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { SearchField, TextField } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Popover } from '../../ui/popover.tsx'
import { Select } from '../../ui/select.tsx'
import { useProjects } from '../projects/use-projects.ts'
import { CHIPS, type Chip, isNarrowed } from './filter.ts'
import { useStoreWords } from './store-words.tsx'
import { useFilter } from './use-filter.ts'

type About = Outputs['memory']['list']['about']

const STATUSES = ['active', 'superseded', 'archived'] as const satisfies MemoryStatus[]
const ALL = 'all'
const NONE = ''

export function Filters({ about }: { about: About | undefined }) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <Stores />
        <More />
      </div>
      <Chips about={about} />
    </div>
  )
}

function Stores() {
  const { t } = useTranslation()
  const words = useStoreWords()
  const [filter, change] = useFilter()
  const known = useAppState()?.learning.stores ?? []
  // A store that is off and holds nothing is no place to look; the chosen one stays in sight.
  const stores = known.filter(({ id, active, mode }) => active > 0 || mode !== 'off' || id === filter.store)
  return (
    <Choice
      look="pills"
      label={t('memory.storeFilter')}
      value={filter.store ?? ALL}
      onChange={(store) => change({ store: store === ALL ? null : store })}
      options={[
        { value: ALL as string, label: t('memory.allStores') },
        ...stores.map(({ id, active }) => ({
          value: id,
          label: t('memory.storeCount', { store: words.title(id), number: formatNumber(active) }),
        })),
      ]}
    />
  )
}

function More() {
  const { t } = useTranslation()
  const [filter, change] = useFilter()
  const ids = { order: useId(), origin: useId(), project: useId(), since: useId(), until: useId(), pinned: useId() }
  const projects = useProjects().data ?? []
  return (
    <Popover
      label={t('memoryFilter.title')}
      trigger={
        <Button size="small">
          <SlidersHorizontal className="size-3.5" />
          {t('memoryFilter.open')}
        </Button>
      }
    >
      <div className="flex max-h-[min(34rem,70dvh)] w-72 max-w-full flex-col gap-3.5 overflow-y-auto p-0.5">
        <div>
          <p className="mb-1 font-medium">{t('memory.statusFilter')}</p>
          <Choice
            look="pills"
            label={t('memory.statusFilter')}
            value={filter.status ?? ALL}
            onChange={(status) => change({ status: status === ALL ? null : (status as MemoryStatus) })}
            options={[
              ...STATUSES.map((status) => ({ value: status as string, label: t(`memoryStatus.${status}`) })),
              { value: ALL, label: t('memoryFilter.anyStatus') },
            ]}
          />
        </div>
        <Labelled id={ids.order} label={t('memoryFilter.order')}>
          <Select
            id={ids.order}
            value={filter.sort}
            onChange={(sort) => change({ sort })}
            options={memorySort.options.map((sort) => ({ value: sort, label: t(`memoryFilter.sort.${sort}`) }))}
          />
        </Labelled>
        <Labelled id={ids.origin} label={t('memoryFilter.origin')}>
          <Select
            id={ids.origin}
            value={filter.origin ?? NONE}
            onChange={(value) => change({ origin: value === NONE ? null : value })}
            options={[
              { value: NONE, label: t('memoryFilter.anyOrigin') },
              ...origin.options.map((value) => ({ value, label: t(`memoryFilter.from.${value}`) })),
            ]}
          />
        </Labelled>
        {projects.length > 0 && (
          <Labelled id={ids.project} label={t('memoryFilter.project')}>
            <Select
              id={ids.project}
              value={(filter.project ?? NONE) as string}
              onChange={(value) => change({ project: projects.find((project) => project.id === value)?.id ?? null })}
              options={[
                { value: NONE, label: t('memoryFilter.anyProject') },
                ...projects.map(({ id, name }) => ({ value: id as string, label: name })),
              ]}
            />
          </Labelled>
        )}
        <PickEntity />
        <div className="flex gap-2">
          {(['since', 'until'] as const).map((end) => (
            <Labelled key={end} id={ids[end]} label={t(`memoryFilter.${end}`)}>
              <TextField
                id={ids[end]}
                type="date"
                max={dayField(new Date())}
                value={filter[end] ?? ''}
                onChange={(event) => change({ [end]: event.target.value === '' ? null : event.target.value })}
              />
            </Labelled>
          ))}
        </div>
        <label htmlFor={ids.pinned} className="flex items-center gap-2.5">
          <input
            id={ids.pinned}
            type="checkbox"
            className="accent-accent"
            checked={filter.pinned}
            onChange={(event) => change({ pinned: event.target.checked })}
          />
          {t('memoryFilter.pinned')}
        </label>
      </div>
    </Popover>
  )
}

function Labelled({ id, label, children }: { id: string; label: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0 flex-1">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <div className="flex flex-col">{children}</div>
    </div>
  )
}

const NAMES = 5

/** People and things by a part of their name. */
function PickEntity() {
  const { t } = useTranslation()
  const client = useClient()
  const [filter, change] = useFilter()
  const [typed, setTyped] = useState('')
  const found = useQuery({
    queryKey: [...keys.memories, 'names', typed],
    queryFn: ({ signal }) => client.entities.list({ query: typed, limit: NAMES }, { signal }),
    enabled: typed.trim() !== '',
  })
  if (filter.entity !== null) return null
  return (
    <div>
      <p className="mb-1 font-medium">{t('memoryFilter.entity')}</p>
      <SearchField label={t('memoryFilter.findEntity')} value={typed} onChange={setTyped} />
      {typed.trim() !== '' && found.data && (
        <ul aria-label={t('memoryFilter.entity')} className="mt-1 flex flex-col">
          {found.data.items.map((entity) => (
            <li key={entity.id}>
              <button
                type="button"
                dir="auto"
                className="min-h-8 w-full truncate rounded-control px-2 text-start hover:bg-hover"
                onClick={() => {
                  setTyped('')
                  change({ entity: entity.id })
                }}
              >
                <MarkedText text={entity.name} />
              </button>
            </li>
          ))}
          {found.data.items.length === 0 && <li className="px-2 py-1 text-dim">{t('memoryFilter.noEntity')}</li>}
        </ul>
      )}
    </div>
  )
}

/** What narrows the list beside store and words, each with a way to take it off. */
function Chips({ about }: { about: About | undefined }) {
  const { t } = useTranslation()
  const [filter, change] = useFilter()
  const name = useChipName(about)
  const chips = CHIPS.filter((chip) => filter[chip] !== null && filter[chip] !== false)
  const statuses = filter.status === EVERY_MEMORY.status ? [] : [filter.status]
  if (chips.length + statuses.length === 0) return null
  return (
    <ul aria-label={t('memoryFilter.chips')} className="flex flex-wrap items-center gap-1.5">
      {statuses.map((status) => (
        <ChipItem
          key="status"
          name={status === null ? t('memoryFilter.anyStatus') : t(`memoryStatus.${status}`)}
          onRemove={() => change({ status: EVERY_MEMORY.status })}
        />
      ))}
      {chips.map((chip) => (
        <ChipItem key={chip} name={name(chip, filter)} onRemove={() => change({ [chip]: EVERY_MEMORY[chip] })} />
      ))}
      {filter.from && (
        <li>
          <ButtonLink size="small" kind="quiet" href={hrefs.chat(filter.from)}>
            {t('memory.openChat')}
          </ButtonLink>
        </li>
      )}
      {isNarrowed(filter) && chips.length + statuses.length > 1 && (
        <li>
          <Button
            size="small"
            kind="quiet"
            onClick={() => change({ ...EVERY_MEMORY, query: filter.query, sort: filter.sort })}
          >
            {t('memoryFilter.clear')}
          </Button>
        </li>
      )}
    </ul>
  )
}

function ChipItem({ name, onRemove }: { name: string; onRemove(): void }) {
  const { t } = useTranslation()
  return (
    <li className="inline-flex max-w-full items-center gap-1 rounded-full bg-accent-soft ps-2.5 text-xs font-medium text-accent-text">
      <span dir="auto" className="truncate">
        <MarkedText text={name} />
      </span>
      <button
        type="button"
        aria-label={t('memoryFilter.remove', { name })}
        title={t('memoryFilter.remove', { name })}
        className="grid size-6 shrink-0 place-items-center rounded-full hover:bg-hover"
        onClick={onRemove}
      >
        <X className="size-3.5" />
      </button>
    </li>
  )
}

function useChipName(about: About | undefined): (chip: Chip, filter: MemoryFilter) => string {
  const { t } = useTranslation()
  const title = useTitleWords()
  return (chip, filter) => {
    switch (chip) {
      case 'from':
        return about?.conversation ? t('memoryFilter.chat', { title: title(about.conversation) }) : t('memory.fromChat')
      case 'entity':
        return about?.entity ?? t('memoryFilter.entity')
      case 'project':
        return about?.project ?? t('memoryFilter.project')
      case 'since':
      case 'until':
        return t(`memoryFilter.chip.${chip}`, { day: filter[chip] })
      case 'origin':
        return filter.origin ? t(`memoryFilter.from.${filter.origin}`) : ''
      case 'pinned':
        return t('memory.pinned')
    }
  }
}
