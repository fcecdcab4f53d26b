// A store as cards: the sentence, the fields that hold something, and where it came from. Only cards in sight exist.
// biome-ignore-all lint/a11y/useSemanticElements: lines of cards stand between the list and its items
import { useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer } from 'virtua'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { isBlank, type StoreField } from '../../../../shared/store-field.ts'
import { fullWhen, shortWhen } from '../../../app/format.ts'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { FieldValue } from '../fields/field-value.tsx'
import { RowMenu } from './row-menu.tsx'
import { RowSource } from './row-source.tsx'
import type { Rows } from './use-rows.ts'

interface CardViewProps {
  label: string
  fields: readonly StoreField[]
  rows: Rows
  onEdit(row: StoreRow): void
}

export function CardView({ label, fields, rows, onEdit }: CardViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const across = useColumns()
  const lines = Array.from({ length: Math.ceil(rows.rows.length / across) }, (_, line) =>
    rows.rows.slice(line * across, (line + 1) * across),
  )
  const loadMore = () => {
    const { current } = scroller
    if (current && current.scrollTop + current.clientHeight * 2 > current.scrollHeight) rows.more()
  }
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-4 pb-6 wide:px-5" onScroll={loadMore}>
      <div role="list" aria-label={label}>
        <Virtualizer scrollRef={scroller}>
          {lines.map((line) => (
            <div
              key={line[0]?.id}
              className="grid gap-3 pt-3"
              style={{ gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}
            >
              {line.map((row) => (
                <Card key={row.id} row={row} fields={fields} onEdit={() => onEdit(row)} />
              ))}
            </div>
          ))}
        </Virtualizer>
      </div>
    </div>
  )
}

function Card({ row, fields, onEdit }: { row: StoreRow; fields: readonly StoreField[]; onEdit(): void }) {
  const { t } = useTranslation()
  const filled = fields.filter(({ key }) => !isBlank(row.data[key]))
  return (
    <div role="listitem" className="flex min-w-0 flex-col gap-2.5 rounded-card border border-line bg-raised p-3.5">
      <div className="flex items-start gap-2">
        <button
          type="button"
          aria-label={t('storePage.editEntry', { entry: row.text.slice(0, 80) })}
          className="line-clamp-6 min-w-0 flex-1 text-start font-medium [overflow-wrap:anywhere] hover:underline"
          onClick={onEdit}
        >
          <span dir="auto">
            <MarkedText text={row.text} />
          </span>
        </button>
        <RowMenu row={row} onEdit={onEdit} />
      </div>
      {filled.length > 0 && (
        <dl className="flex flex-col gap-1.5 text-sm">
          {filled.map((field) => (
            <div key={field.key} className="flex flex-wrap gap-x-2">
              <dt className="text-dim [overflow-wrap:anywhere]">{field.label}</dt>
              <dd className="line-clamp-6 min-w-0">
                <FieldValue field={field} value={row.data[field.key]} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="mt-auto flex flex-wrap justify-between gap-x-3 text-sm text-dim">
        <RowSource row={row} />
        <time title={fullWhen(row.updatedAt)}>{shortWhen(row.updatedAt, new Date())}</time>
      </p>
    </div>
  )
}

const BREAKPOINTS = [
  { across: 3, query: '(min-width: 72rem)' },
  { across: 2, query: '(min-width: 45rem)' },
]

/** How many cards stand side by side in this window. */
function useColumns(): number {
  return useSyncExternalStore(
    (changed) => {
      const lists = BREAKPOINTS.map(({ query }) => window.matchMedia(query))
      for (const list of lists) list.addEventListener('change', changed)
      return () => {
        for (const list of lists) list.removeEventListener('change', changed)
      }
    },
    () => BREAKPOINTS.find(({ query }) => window.matchMedia(query).matches)?.across ?? 1,
  )
}
