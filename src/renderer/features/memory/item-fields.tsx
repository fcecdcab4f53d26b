// The fields of one memory beside its sentence, as its store has them.
import { useTranslation } from 'react-i18next'
import type { MemoryView, StoreId } from '../../../shared/memory.ts'
import { isBlank, type StoreField } from '../../../shared/store-field.ts'
import { FieldValue } from '../stores/fields/field-value.tsx'
import { useStores } from '../stores/use-stores.ts'

/** @returns the fields that can be edited beside the text; undefined while they are not read */
export function useFields(store: StoreId | null): readonly StoreField[] | undefined {
  const stores = useStores()
  if (stores.isError) return []
  const fields = stores.data?.find(({ id }) => id === store)?.fields
  if (!fields) return stores.data ? [] : undefined
  return fields.some(({ fixed }) => !fixed) ? fields : []
}

export function ItemFields({ memory }: { memory: MemoryView }) {
  const { t } = useTranslation()
  const fields = useFields(memory.store) ?? []
  const filled = fields.filter(({ key }) => !isBlank(memory.data[key]))
  if (filled.length === 0) return null
  return (
    <dl aria-label={t('memory.fields')} className="mt-3 flex flex-col gap-1.5 text-sm">
      {filled.map((field) => (
        <div key={field.key} className="grid grid-cols-[8rem_1fr] gap-2">
          <dt className="truncate text-dim" dir="auto">
            {field.label}
          </dt>
          <dd className="min-w-0">
            <FieldValue field={field} value={memory.data[field.key]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
