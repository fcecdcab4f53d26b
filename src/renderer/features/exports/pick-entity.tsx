// One person or thing by a part of their name.
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys, useClient } from '../../app/core.ts'
import { Button } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import type { ExportDraft } from './export-draft.ts'

const NAMES = 5

interface PickEntityProps {
  value: ExportDraft['entity']
  onChange(value: ExportDraft['entity']): void
}

export function PickEntity({ value, onChange }: PickEntityProps) {
  const { t } = useTranslation()
  const client = useClient()
  const [typed, setTyped] = useState('')
  const found = useQuery({
    queryKey: [...keys.memories, 'names', typed],
    queryFn: ({ signal }) => client.entities.list({ query: typed, limit: NAMES }, { signal }),
    enabled: typed.trim() !== '',
  })
  if (value !== null) {
    const name = revealHidden(value.name)
    return (
      <div>
        <Button size="small" aria-label={t('exports.part.notAbout', { name })} onClick={() => onChange(null)}>
          {name}
          <X className="size-3.5" />
        </Button>
      </div>
    )
  }
  return (
    <div>
      <SearchField label={t('exports.part.find')} value={typed} onChange={setTyped} />
      {typed.trim() !== '' && found.data && (
        <ul aria-label={t('exports.part.found')} className="mt-1 flex flex-col">
          {found.data.items.map(({ id, name }) => (
            <li key={id}>
              <button
                type="button"
                dir="auto"
                className="min-h-8 w-full truncate rounded-control px-2 text-start hover:bg-hover"
                onClick={() => {
                  setTyped('')
                  onChange({ id, name })
                }}
              >
                <MarkedText text={name} />
              </button>
            </li>
          ))}
          {found.data.items.length === 0 && <li className="px-2 py-1 text-sm text-dim">{t('exports.part.nobody')}</li>}
        </ul>
      )}
    </div>
  )
}
