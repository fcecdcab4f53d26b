// The control of a field, by its kind: one renderer for the table, the form, the cards and the memory detail.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  asWritten,
  FIELD_TEXT_MAX,
  type FieldValue,
  fieldProblem,
  LIST_ENTRIES_MAX,
  LIST_ENTRY_MAX,
  type StoreField,
  tidyValue,
} from '../../../../shared/store-field.ts'
import { keys, useClient } from '../../../app/core.ts'
import { formatList } from '../../../app/format.ts'
import { Choice } from '../../../ui/choice.tsx'
import { GrowingText, TextField } from '../../../ui/field.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { Select } from '../../../ui/select.tsx'

interface FieldInputProps {
  field: StoreField
  /** As it is kept or was typed; it need not fit. */
  value: unknown
  /** What the core has against it. */
  problem?: string | null
  /** The label stands elsewhere already, as in the head of a table. */
  bare?: boolean
  /** Takes the focus when it comes. */
  focused?: boolean
  onChange(value: FieldValue): void
}

export function FieldInput({ field, value, problem = null, bare = false, focused = false, onChange }: FieldInputProps) {
  const { t } = useTranslation()
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  // What was kept before anything was typed: a value that no longer fits is shown beside the empty control.
  const [kept] = useState(value)
  const misfit = value === kept && fieldProblem(field, kept) !== null
  const typed = misfit ? null : fieldProblem(field, tidyValue(field, value))
  const said = problem ?? (typed ? t(`fields.problem.${typed}`) : null)
  useEffect(() => {
    if (focused) box.current?.querySelector<HTMLElement>('input, textarea, select, button')?.focus()
  }, [focused])
  const described = said ? `${id}-problem` : misfit ? `${id}-misfit` : undefined
  const control = {
    id,
    'aria-label': bare ? field.label : undefined,
    'aria-invalid': said ? (true as const) : undefined,
    'aria-describedby': described,
  }
  return (
    <div ref={box} className="flex min-w-0 flex-col gap-1">
      {!bare && (
        <label htmlFor={id} id={`${id}-label`} className="text-sm font-medium [overflow-wrap:anywhere]">
          {field.label}
        </label>
      )}
      <Control field={field} value={misfit ? null : value} control={control} onChange={onChange} />
      {misfit && (
        <p id={`${id}-misfit`} className="text-sm text-warning-text">
          {t('fields.written')}{' '}
          <span dir="auto" className="font-medium [overflow-wrap:anywhere]">
            {asWritten(kept)}
          </span>
        </p>
      )}
      <Problem id={`${id}-problem`} text={said} />
    </div>
  )
}

interface ControlProps {
  field: StoreField
  value: unknown
  control: {
    id: string
    'aria-label': string | undefined
    'aria-invalid': true | undefined
    'aria-describedby': string | undefined
  }
  onChange(value: FieldValue): void
}

function Control({ field, value, control, onChange }: ControlProps) {
  const { t } = useTranslation()
  const text = asWritten(value)
  switch (field.type) {
    case 'number':
      return (
        <TextField
          {...control}
          inputMode="decimal"
          value={text}
          maxLength={40}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        />
      )
    case 'date':
      return (
        <TextField
          {...control}
          type="date"
          value={text}
          max="9999-12-31"
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        />
      )
    case 'choice':
      return (
        <Select
          {...control}
          value={text}
          options={[
            { value: '', label: t('fields.none') },
            ...field.choices.map((choice) => ({ value: choice, label: choice })),
          ]}
          onChange={(choice) => onChange(choice === '' ? null : choice)}
        />
      )
    case 'yes_no':
      return (
        <Choice
          label={field.label}
          value={value === true ? 'yes' : value === false ? 'no' : 'none'}
          onChange={(choice) => onChange(choice === 'none' ? null : choice === 'yes')}
          options={[
            { value: 'yes' as 'yes' | 'no' | 'none', label: t('fields.yes') },
            { value: 'no', label: t('fields.no') },
            { value: 'none', label: t('fields.none') },
          ]}
        />
      )
    case 'list':
      return (
        <GrowingText
          {...control}
          dir="auto"
          value={Array.isArray(value) ? value.join('\n') : text}
          maxLength={LIST_ENTRIES_MAX * (LIST_ENTRY_MAX + 1)}
          placeholder={t('fields.onePerLine')}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value.split('\n'))}
        />
      )
    case 'person':
      return <PersonInput control={control} value={text} onChange={onChange} />
    case 'text':
      return (
        <GrowingText
          {...control}
          dir="auto"
          value={text}
          maxLength={FIELD_TEXT_MAX}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        />
      )
  }
}

/** So many of the people that could be meant are on offer. */
const OFFERED = 30
/** Longest part of a name the core looks for. */
const QUERY_MAX = 200

/** A name, with the people that are known on offer. */
function PersonInput({
  control,
  value,
  onChange,
}: {
  control: ControlProps['control']
  value: string
  onChange(value: FieldValue): void
}) {
  const client = useClient()
  const query = value.trim().slice(0, QUERY_MAX)
  const { data } = useQuery({
    queryKey: [...keys.memories, 'people', query],
    queryFn: async ({ signal }) =>
      (await client.entities.list({ type: 'person', query, limit: OFFERED }, { signal })).items,
    placeholderData: keepPreviousData,
  })
  const list = `${control.id}-people`
  return (
    <>
      <TextField
        {...control}
        dir="auto"
        list={list}
        value={value}
        maxLength={FIELD_TEXT_MAX}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      />
      <datalist id={list}>
        {data?.map((person) => (
          // Found by another of their names, they are offered by it too.
          <option
            key={person.id}
            value={person.name}
            label={person.aliases.length > 0 ? formatList([person.name, ...person.aliases]) : undefined}
          />
        ))}
      </datalist>
    </>
  )
}
