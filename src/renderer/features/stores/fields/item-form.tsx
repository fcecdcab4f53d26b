// An item of a store as a form, from its fields: added by hand or changed. Nothing that does not fit is sent, and what the
// core refuses is said at its field.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../../shared/contract/base.ts'
import type { MemoryView, StoreId } from '../../../../shared/memory.ts'
import { type FieldValue, fieldProblem, type StoreField, tidyValue } from '../../../../shared/store-field.ts'
import { keys, useClient } from '../../../app/core.ts'
import { failureOf, failureWords } from '../../../app/failure.ts'
import { useWindow } from '../../../app/window-state.ts'
import { GrowingText } from '../../../ui/field.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { FieldInput } from './field-input.tsx'
import { FieldValue as Shown } from './field-value.tsx'

type Item = Pick<MemoryView, 'id' | 'version' | 'text' | 'data'>

interface ItemFormProps {
  store: StoreId
  fields: readonly StoreField[]
  /** What is changed; null: something new. */
  item: Item | null
  onSaved(saved: MemoryView): void
  /** @param canSave something differs from what is kept, and all of it fits */
  buttons(canSave: boolean): ReactNode
}

export function ItemForm({ store, fields, item, onSaved, buttons }: ItemFormProps) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const textId = useId()
  // The version the person saw, not one that came meanwhile.
  const [seen] = useState(item)
  const [text, setText] = useState(item?.text ?? '')
  const [changed, setChanged] = useState<Record<string, FieldValue>>({})
  const [problem, setProblem] = useState<{ field: string | null; text: string } | null>(null)
  const [saving, setSaving] = useState(false)
  const data = Object.fromEntries(
    fields.flatMap((field) => {
      const value = changed[field.key]
      return value === undefined ? [] : [[field.key, tidyValue(field, value)]]
    }),
  )
  const fits = fields.every((field) => data[field.key] === undefined || fieldProblem(field, data[field.key]) === null)
  const differs = text.trim() !== (seen?.text ?? '') || Object.keys(data).length > 0
  const canSave = text.trim() !== '' && differs && fits && !saving

  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (!canSave) return
    setSaving(true)
    setProblem(null)
    try {
      const { memory } = seen
        ? await client.memory.edit({ id: seen.id, version: seen.version, text: text.trim(), data })
        : await client.memory.add({ store, text: text.trim(), data })
      await cache.invalidateQueries({ queryKey: keys.memories })
      announce(t('status.saved'))
      onSaved(memory)
    } catch (error) {
      const failure = failureOf(error)
      setProblem({ field: failure.field?.replace(/^data\./u, '') ?? null, text: failureWords(t, failure) })
    } finally {
      setSaving(false)
    }
  }

  const ofField = problem !== null && fields.some(({ key }) => key === problem.field)
  return (
    <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <label htmlFor={textId} className="text-sm font-medium">
          {t('fields.entry')}
        </label>
        <GrowingText
          id={textId}
          data-first-focus
          dir="auto"
          value={text}
          maxLength={MEMORY_MAX}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      {fields.map((field) =>
        field.fixed ? (
          <div key={field.key} className="flex flex-col gap-1">
            <p className="text-sm font-medium">{field.label}</p>
            <Shown field={field} value={item?.data[field.key]} />
          </div>
        ) : (
          <FieldInput
            key={field.key}
            field={field}
            value={changed[field.key] === undefined ? item?.data[field.key] : changed[field.key]}
            problem={problem?.field === field.key ? problem.text : null}
            onChange={(value) => {
              setProblem(null)
              setChanged((all) => ({ ...all, [field.key]: value }))
            }}
          />
        ),
      )}
      {problem && !ofField && <Problem text={problem.text} />}
      {buttons(canSave)}
    </form>
  )
}
