// Which part of the data goes into an archive: what is not chosen does not narrow it.

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Namespace, StoreId } from '../../../shared/memory.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { dayField } from '../../app/format.ts'
import { useScopeWords } from '../../app/scope-words.ts'
import { Choices } from '../../ui/choice.tsx'
import { TextField } from '../../ui/field.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { Select } from '../../ui/select.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { useProjects } from '../projects/use-projects.ts'
import type { ExportDraft } from './export-draft.ts'
import { PickEntity } from './pick-entity.tsx'

const ALL = 'all'

interface PartFieldsProps {
  draft: ExportDraft
  onChange(change: Partial<ExportDraft>): void
}

export function PartFields({ draft, onChange }: PartFieldsProps) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const stores = useAppState()?.learning.stores ?? []
  const projects = useProjects().data ?? []
  const namespaces = useNamespaces()
  const scopeWords = useScopeWords()
  const id = useId()
  return (
    <div className="flex flex-col gap-4 border-s-2 border-line ps-4">
      <Part label={t('exports.part.stores')} text={t('exports.part.storesText')}>
        <Choices
          label={t('exports.part.stores')}
          chosen={draft.stores}
          options={stores.map((store) => ({ value: store.id, label: words.title(store.id) }))}
          onChange={(chosen: StoreId[]) => onChange({ stores: chosen })}
        />
      </Part>
      <Part label={t('exports.part.entity')}>
        <PickEntity value={draft.entity} onChange={(entity) => onChange({ entity })} />
      </Part>
      <div className="flex flex-wrap gap-x-5 gap-y-4">
        {projects.length > 0 && (
          <Part label={t('exports.part.project')} htmlFor={`${id}-project`}>
            <Select
              id={`${id}-project`}
              value={(draft.project ?? ALL) as string}
              onChange={(value) => onChange({ project: projects.find((one) => one.id === value)?.id ?? null })}
              options={[
                { value: ALL, label: t('exports.part.anyProject') },
                ...projects.map((one) => ({ value: one.id as string, label: revealHidden(one.name) })),
              ]}
            />
          </Part>
        )}
        {namespaces.length > 1 && (
          <Part label={t('exports.part.scope')} htmlFor={`${id}-scope`}>
            <Select
              id={`${id}-scope`}
              value={draft.namespace ?? ALL}
              onChange={(value) => onChange({ namespace: value === ALL ? null : value })}
              options={[
                { value: ALL, label: t('exports.part.anyScope') },
                ...namespaces.map((value) => ({
                  value,
                  label: revealHidden(scopeWords(value) ?? t('exports.part.mineAlone')),
                })),
              ]}
            />
          </Part>
        )}
        {(['from', 'to'] as const).map((end) => (
          <Part key={end} label={t(`exports.part.${end}`)} htmlFor={`${id}-${end}`}>
            <TextField
              id={`${id}-${end}`}
              type="date"
              max={dayField(new Date())}
              className="w-40"
              value={draft[end]}
              onChange={(event) => onChange({ [end]: event.target.value })}
            />
          </Part>
        ))}
      </div>
    </div>
  )
}

/** Where memories of the person stand; one place is no choice. */
function useNamespaces(): readonly Namespace[] {
  const client = useClient()
  const { data } = useQuery({
    queryKey: [...keys.memories, 'namespaces'],
    queryFn: ({ signal }) => client.exports.namespaces({}, { signal }),
  })
  return data?.namespaces ?? []
}

interface PartProps {
  label: string
  text?: string
  /** The control it names; without one the control names itself. */
  htmlFor?: string
  children: ReactNode
}

function Part({ label, text, htmlFor, children }: PartProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {htmlFor ? (
        <label htmlFor={htmlFor} className="text-sm font-medium">
          {label}
        </label>
      ) : (
        <p className="text-sm font-medium">{label}</p>
      )}
      {text && <p className="text-sm text-dim">{text}</p>}
      {children}
    </div>
  )
}
