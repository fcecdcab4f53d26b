// The fields of a store while it is made: name, kind, choices, order.
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FIELDS_MAX } from '../../../../shared/custom-store.ts'
import { fieldType } from '../../../../shared/store-field.ts'
import { focusWhenThere } from '../../../app/focus.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { Select } from '../../../ui/select.tsx'
import { type DraftField, type Faults, newField } from './draft.ts'

interface FieldListProps {
  fields: DraftField[]
  faults: Faults['fields'] | null
  onChange(fields: DraftField[]): void
}

export function FieldList({ fields, faults, onChange }: FieldListProps) {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const add = () => {
    const field = newField(fields)
    onChange([...fields, field])
    // The row is there after this render.
    focusWhenThere(() => list.current?.querySelector<HTMLElement>(`[data-field="${field.id}"]`))
  }
  const move = (from: number, to: number) => {
    const moved = fields.toSpliced(from, 1)
    onChange(moved.toSpliced(to, 0, ...fields.slice(from, from + 1)))
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">{t('builder.fields')}</legend>
      <p className="mb-1 text-sm text-dim">{t('builder.fieldsText')}</p>
      <ul ref={list} className="flex flex-col gap-2">
        {fields.map((field, index) => {
          const fault = faults?.get(field.id)
          const set = (change: Partial<DraftField>) =>
            onChange(fields.map((one) => (one.id === field.id ? { ...one, ...change } : one)))
          const name = field.label || t('builder.fieldNumber', { number: index + 1 })
          return (
            <li key={field.id} className="flex flex-col gap-2 rounded-card border border-line bg-raised p-2.5">
              <div className="flex flex-wrap items-center gap-2">
                <TextField
                  data-field={field.id}
                  dir="auto"
                  value={field.label}
                  maxLength={60}
                  aria-label={t('builder.fieldName', { number: index + 1 })}
                  aria-invalid={fault === 'label' || fault === 'twice' ? true : undefined}
                  aria-describedby={fault ? `fault-${field.id}` : undefined}
                  placeholder={t('builder.fieldPlaceholder')}
                  className="min-w-28 flex-1"
                  onChange={(event) => set({ label: event.target.value })}
                />
                <Select
                  value={field.type}
                  aria-label={t('builder.fieldType', { field: name })}
                  className="w-36"
                  onChange={(type) => set({ type })}
                  options={fieldType.options.map((type) => ({ value: type, label: t(`fields.type.${type}`) }))}
                />
                <span className="ms-auto flex">
                  <IconButton
                    label={t('builder.up', { field: name })}
                    disabled={index === 0}
                    onClick={() => move(index, index - 1)}
                  >
                    <ArrowUp className="size-4" />
                  </IconButton>
                  <IconButton
                    label={t('builder.down', { field: name })}
                    disabled={index === fields.length - 1}
                    onClick={() => move(index, index + 1)}
                  >
                    <ArrowDown className="size-4" />
                  </IconButton>
                  <IconButton
                    label={t('builder.removeField', { field: name })}
                    onClick={() => onChange(fields.filter(({ id }) => id !== field.id))}
                  >
                    <Trash2 className="size-4" />
                  </IconButton>
                </span>
              </div>
              {field.type === 'choice' && (
                <TextField
                  dir="auto"
                  value={field.choices}
                  maxLength={1300}
                  aria-label={t('builder.choicesOf', { field: name })}
                  aria-invalid={fault === 'choices' || fault === 'manyChoices' ? true : undefined}
                  aria-describedby={fault ? `fault-${field.id}` : undefined}
                  placeholder={t('builder.choices')}
                  onChange={(event) => set({ choices: event.target.value })}
                />
              )}
              {fault && <Problem id={`fault-${field.id}`} text={t(`builder.fault.${fault}`)} />}
            </li>
          )
        })}
      </ul>
      {fields.length < FIELDS_MAX ? (
        <Button kind="link" size="inline" className="mt-1 self-start" onClick={add}>
          <Plus className="size-4" />
          {t('builder.addField')}
        </Button>
      ) : (
        <p className="text-sm text-dim">{t('builder.mostFields', { count: FIELDS_MAX })}</p>
      )}
    </fieldset>
  )
}
