// A store as a table: a column for every field, sorted by any of them, edited in place. Only rows in sight exist.
// biome-ignore-all lint/a11y/useSemanticElements: rows that are made and unmade on the way cannot stand in a table element
import { clsx } from 'clsx'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer } from 'virtua'
import { MEMORY_MAX } from '../../../../shared/contract/base.ts'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import {
  asWritten,
  fieldProblem,
  isBlank,
  type StoreField,
  tidyValue,
  type FieldValue as Value,
} from '../../../../shared/store-field.ts'
import { focusWhenThere } from '../../../app/focus.ts'
import { fullWhen, shortWhen } from '../../../app/format.ts'
import { GrowingText } from '../../../ui/field.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { FieldInput } from '../fields/field-input.tsx'
import { FieldValue } from '../fields/field-value.tsx'
import { PersonLink } from '../fields/person-name.tsx'
import type { RowOrder } from '../use-stores.ts'
import { RowMenu } from './row-menu.tsx'
import { type Rows, useSaveRow } from './use-rows.ts'

interface TableViewProps {
  label: string
  fields: readonly StoreField[]
  rows: Rows
  sort: RowOrder
  onSort(sort: RowOrder): void
  onEdit(row: StoreRow): void
}

/** Rem: the sentence, a field, the day, the menu. */
const WIDTHS = { text: 16, field: 8.5, day: 6, menu: 3 }

export function TableView({ label, fields, rows, sort, onSort, onEdit }: TableViewProps) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const columns = {
    gridTemplateColumns: `minmax(${WIDTHS.text}rem, 2fr) ${fields.map(() => `minmax(${WIDTHS.field}rem, 1fr)`).join(' ')} ${WIDTHS.day}rem ${WIDTHS.menu}rem`,
    minWidth: `${WIDTHS.text + fields.length * WIDTHS.field + WIDTHS.day + WIDTHS.menu}rem`,
  }
  const heads = [
    { key: 'text', label: t('fields.entry') },
    ...fields.map(({ key, label }) => ({ key, label })),
    { key: 'updatedAt', label: t('storePage.changed') },
  ]
  const loadMore = () => {
    const { current } = scroller
    if (current && current.scrollTop + current.clientHeight * 2 > current.scrollHeight) rows.more()
  }
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keys
      tabIndex={0}
      role="region"
      aria-label={label}
      className="min-h-0 flex-1 overflow-auto"
      onScroll={loadMore}
    >
      <div role="table" aria-label={label} aria-rowcount={rows.total + 1}>
        <div role="rowgroup" className="sticky top-0 z-10" style={{ minWidth: columns.minWidth }}>
          {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons in it are */}
          <div role="row" aria-rowindex={1} className="grid border-b border-line bg-background" style={columns}>
            {heads.map((head) => {
              const sorted = sort.by === head.key
              return (
                // biome-ignore lint/a11y/useFocusableInteractive: its button is
                <div
                  key={head.key}
                  role="columnheader"
                  aria-sort={sorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                  className="min-w-0 px-2 py-1.5 first:ps-4 wide:first:ps-5"
                >
                  <button
                    type="button"
                    className="flex min-h-6 max-w-full items-center gap-1 text-sm text-dim hover:text-text"
                    onClick={() =>
                      onSort({ by: head.key, descending: sorted ? !sort.descending : head.key === 'updatedAt' })
                    }
                  >
                    <span className="truncate">{head.label}</span>
                    {sorted &&
                      (sort.descending ? <ArrowDown className="size-3.5" /> : <ArrowUp className="size-3.5" />)}
                  </button>
                </div>
              )
            })}
            {/* biome-ignore lint/a11y/useFocusableInteractive: it holds nothing */}
            <div role="columnheader">
              <span className="sr-only">{t('storePage.acts')}</span>
            </div>
          </div>
        </div>
        <div role="rowgroup" style={{ minWidth: columns.minWidth }}>
          <Virtualizer scrollRef={scroller} startMargin={37}>
            {rows.rows.map((row, index) => (
              <Row key={row.id} row={row} index={index} fields={fields} columns={columns} onEdit={() => onEdit(row)} />
            ))}
          </Virtualizer>
        </div>
      </div>
    </div>
  )
}

interface RowProps {
  row: StoreRow
  index: number
  fields: readonly StoreField[]
  columns: { gridTemplateColumns: string; minWidth: string }
  onEdit(): void
}

function Row({ row, index, fields, columns, onEdit }: RowProps) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: what can be done is in its cells
    <div role="row" aria-rowindex={index + 2} className="grid border-b border-line hover:bg-hover/50" style={columns}>
      <Cell row={row} field={null} label={t('fields.entry')} />
      {fields.map((field) => (
        <Cell key={field.key} row={row} field={field} label={field.label} />
      ))}
      <div role="cell" className="px-2 py-2 text-sm text-dim">
        <time title={fullWhen(row.updatedAt)}>{shortWhen(row.updatedAt, new Date())}</time>
      </div>
      <div role="cell" className="py-1">
        <RowMenu row={row} onEdit={onEdit} />
      </div>
    </div>
  )
}

/** One value: a click or Enter changes it in place. @param props.field null: the sentence */
function Cell({ row, field, label }: { row: StoreRow; field: StoreField | null; label: string }) {
  const { t } = useTranslation()
  const save = useSaveRow()
  const button = useRef<HTMLButtonElement>(null)
  const [draft, setDraft] = useState<Value | undefined>(undefined)
  const [editing, setEditing] = useState(false)
  const kept = field ? row.data[field.key] : row.text
  const padding = clsx('min-w-0 px-2 py-2', field === null && 'ps-4 wide:ps-5')
  if (field?.fixed) {
    return (
      <div role="cell" className={clsx(padding, 'text-sm')}>
        <FieldValue field={field} value={kept} />
      </div>
    )
  }
  const end = (focus: boolean) => {
    setEditing(false)
    setDraft(undefined)
    if (focus) focusWhenThere(() => button.current)
  }
  const commit = async (focus: boolean) => {
    if (draft === undefined) return end(focus)
    if (field) {
      const value = tidyValue(field, draft)
      // What does not fit says so and waits to be put right.
      if (fieldProblem(field, value) !== null) return
      await save(row, { data: { [field.key]: value } })
    } else {
      const text = String(draft ?? '').trim()
      if (text !== '' && text !== row.text) await save(row, { text })
    }
    end(focus)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      event.stopPropagation()
      end(true)
    }
    // In a list a new line is a new entry.
    if (event.key === 'Enter' && !event.shiftKey && field?.type !== 'list') {
      event.preventDefault()
      void commit(true)
    }
  }
  return (
    <div role="cell" className={clsx(padding, field && 'text-sm')}>
      {editing ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: keys and focus of the control inside, caught in one place
        <div
          onKeyDown={onKeyDown}
          onBlur={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget)) void commit(false)
          }}
        >
          {field ? (
            <FieldInput field={field} value={draft === undefined ? kept : draft} bare focused onChange={setDraft} />
          ) : (
            <TextCell label={label} value={draft === undefined ? row.text : String(draft)} onChange={setDraft} />
          )}
        </div>
      ) : (
        <div className="flex items-start gap-1">
          <button
            ref={button}
            type="button"
            aria-label={t('storePage.editCell', { field: label, entry: row.text.slice(0, 80) })}
            className="line-clamp-4 block min-h-6 min-w-0 flex-1 rounded-sm text-start [overflow-wrap:anywhere]"
            onClick={() => setEditing(true)}
          >
            {field ? (
              <FieldValue field={field} value={kept} plain />
            ) : (
              <span dir="auto">
                <MarkedText text={row.text} />
              </span>
            )}
          </button>
          {field?.type === 'person' && !isBlank(kept) && <PersonLink name={asWritten(kept)} />}
        </div>
      )}
    </div>
  )
}

function TextCell({ label, value, onChange }: { label: string; value: string; onChange(value: string): void }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const area = box.current?.querySelector('textarea')
    area?.focus()
    area?.setSelectionRange(area.value.length, area.value.length)
  }, [])
  return (
    <div ref={box}>
      <GrowingText
        aria-label={label}
        dir="auto"
        value={value}
        maxLength={MEMORY_MAX}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}
