// A store one item after the other, each as a form.
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreId } from '../../../../shared/memory.ts'
import type { StoreField } from '../../../../shared/store-field.ts'
import { formatNumber } from '../../../app/format.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { ItemForm } from '../fields/item-form.tsx'
import { RowMenu } from './row-menu.tsx'
import { RowSource } from './row-source.tsx'
import type { Rows } from './use-rows.ts'

export function FormView({ store, fields, rows }: { store: StoreId; fields: readonly StoreField[]; rows: Rows }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const index = Math.min(at, rows.rows.length - 1)
  const row = rows.rows[index]
  if (!row) return null
  const go = (to: number) => {
    setAt(to)
    if (to > rows.rows.length - 10) rows.more()
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-8 wide:px-5">
      <div className="mx-auto flex max-w-xl flex-col gap-4">
        <div className="flex items-center gap-1.5">
          <IconButton label={t('storePage.previous')} disabled={index === 0} onClick={() => go(index - 1)}>
            <ChevronLeft className="size-4 rtl:rotate-180" />
          </IconButton>
          <span role="status" className="text-sm text-dim">
            {t('storePage.place', { number: formatNumber(index + 1), total: formatNumber(rows.total) })}
          </span>
          <IconButton label={t('storePage.next')} disabled={index >= rows.total - 1} onClick={() => go(index + 1)}>
            <ChevronRight className="size-4 rtl:rotate-180" />
          </IconButton>
          <span className="ms-auto flex items-center gap-2 text-sm">
            <RowSource row={row} />
            <RowMenu row={row} onEdit={() => document.querySelector<HTMLElement>('#main form textarea')?.focus()} />
          </span>
        </div>
        <ItemForm
          key={`${row.id} ${row.version}`}
          store={store}
          fields={fields}
          item={row}
          onSaved={() => {}}
          buttons={(canSave) => (
            <Button kind="accent" type="submit" disabled={!canSave} className="self-start">
              {t('action.save')}
            </Button>
          )}
        />
      </div>
    </div>
  )
}
