// To-dos as a list: what is open by its day, what was done, and from which words it came.
import { useQueryClient } from '@tanstack/react-query'
import { CalendarDays, ChevronDown, ChevronUp, Plus, Trash2 } from 'lucide-react'
import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MEMORY_MAX } from '../../../../shared/contract/base.ts'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import type { FieldValue } from '../../../../shared/store-field.ts'
import { keys, useClient } from '../../../app/core.ts'
import { focusWhenThere } from '../../../app/focus.ts'
import { clockTime, dayField, formatNumber, shortDay } from '../../../app/format.ts'
import { useAttempt } from '../../../app/use-attempt.ts'
import { useSayFailure } from '../../../app/use-say-failure.ts'
import { type TodoOrder, useWindow } from '../../../app/window-state.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { GrowingText, TextField } from '../../../ui/field.tsx'
import { Skeleton } from '../../../ui/late.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { Select } from '../../../ui/select.tsx'
import type { RowOrder } from '../use-stores.ts'
import { RowSource } from '../views/row-source.tsx'
import { RowsTrouble } from '../views/rows-trouble.tsx'
import { useRows, useSaveRow } from '../views/use-rows.ts'
import { urgencyOf } from './todo-days.ts'
import { byHand, placeFor } from './todo-order.ts'

const STORE = 'todos'
const ORDERS: Record<TodoOrder, RowOrder> = {
  due: { by: 'due', descending: false },
  hand: { by: 'createdAt', descending: false },
  newest: { by: 'createdAt', descending: true },
  name: { by: 'text', descending: false },
}

export function TodoList() {
  const { t } = useTranslation()
  const orderId = useId()
  const order = useWindow((state) => state.todoOrder)
  const set = useWindow((state) => state.set)
  const [showDone, setShowDone] = useState(false)
  const list = useRows(STORE, '', ORDERS[order])
  const { rows, hasMore, more } = list
  // A list of to-dos is short, and its open ones are to be seen whatever page they stand on.
  useEffect(() => {
    if (hasMore) more()
  })
  const unsorted = rows.filter(({ data }) => dayOf(data['done']) === null)
  const open = order === 'hand' ? byHand(unsorted) : unsorted
  const move = useMove(open)
  const done = rows
    .filter(({ data }) => dayOf(data['done']) !== null)
    .sort((a, b) => (dayOf(b.data['done']) ?? '').localeCompare(dayOf(a.data['done']) ?? ''))
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 wide:px-5">
      <div className="mx-auto flex max-w-2xl flex-col gap-4">
        <AddTodo />
        <RowsTrouble list={list} />
        {list.isPending && <Skeleton lines={4} />}
        {!list.isPending && !list.error && rows.length === 0 && (
          <Empty title={t('todos.emptyTitle')} text={t('todos.emptyText')} />
        )}
        {open.length > 1 && (
          <div className="flex items-center gap-2 self-end text-sm text-dim">
            <label htmlFor={orderId}>{t('todos.order')}</label>
            <Select<TodoOrder>
              id={orderId}
              value={order}
              onChange={(chosen) => set({ todoOrder: chosen })}
              options={[
                { value: 'due', label: t('todos.byDue') },
                { value: 'hand', label: t('todos.byHand') },
                { value: 'newest', label: t('todos.byNewest') },
                { value: 'name', label: t('todos.byName') },
              ]}
            />
          </div>
        )}
        {open.length > 0 && (
          <ul aria-label={t('todos.open')} className="flex flex-col">
            {open.map((row, at) => (
              <Todo
                key={row.id}
                row={row}
                mover={
                  order === 'hand' && <Mover row={row} first={at === 0} last={at === open.length - 1} onMove={move} />
                }
              />
            ))}
          </ul>
        )}
        {rows.length > 0 && open.length === 0 && <p className="text-dim">{t('todos.allDone')}</p>}
        {done.length > 0 && (
          <section>
            <Button kind="quiet" size="small" aria-expanded={showDone} onClick={() => setShowDone(!showDone)}>
              {t('todos.done', { count: done.length, number: formatNumber(done.length) })}
            </Button>
            {showDone && (
              <ul aria-label={t('todos.doneList')} className="mt-1 flex flex-col">
                {done.map((row) => (
                  <Todo key={row.id} row={row} />
                ))}
              </ul>
            )}
          </section>
        )}
      </div>
    </div>
  )
}

function AddTodo() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const announce = useWindow((state) => state.announce)
  const id = useId()
  const [text, setText] = useState('')
  const [due, setDue] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '' || busy) return
    await attempt(async () => {
      // Without a picked day the words may name one: "by Friday".
      await client.memory.add({ store: STORE, text: text.trim(), ...(due === '' ? {} : { data: { due } }) })
      await cache.invalidateQueries({ queryKey: keys.memories })
      announce(t('status.saved'))
      setText('')
      setDue('')
    })
  }
  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-col gap-1.5 pt-1">
      <div className="flex flex-wrap gap-2">
        <TextField
          dir="auto"
          value={text}
          maxLength={500}
          aria-label={t('todos.add')}
          aria-describedby={`${id}-hint`}
          placeholder={t('todos.addPlaceholder')}
          className="min-w-52 flex-1"
          onChange={(event) => setText(event.target.value)}
        />
        <span className="w-38">
          <TextField
            type="date"
            value={due}
            max="9999-12-31"
            aria-label={t('todos.due')}
            onChange={(event) => setDue(event.target.value)}
          />
        </span>
        <Button kind="accent" type="submit" disabled={busy || text.trim() === ''} className="min-h-9">
          <Plus className="size-4" />
          {t('storePage.add')}
        </Button>
      </div>
      <p id={`${id}-hint`} className="text-sm text-dim">
        {t('todos.addHint')}
      </p>
      <Problem text={problem} />
    </form>
  )
}

function dayOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

type Move = (row: StoreRow, by: 1 | -1) => void

/** @returns moves one of the open ones up or down by one */
function useMove(open: readonly StoreRow[]): Move {
  const { t } = useTranslation()
  const save = useSaveRow()
  const announce = useWindow((state) => state.announce)
  const moving = useRef(false)
  const move = async (row: StoreRow, by: 1 | -1) => {
    const to = open.findIndex(({ id }) => id === row.id) + by
    // A second move counts from where the first one led.
    if (moving.current || to < 0 || to >= open.length) return
    moving.current = true
    const moved = await save(row, { data: { place: placeFor(open, row, to) } })
    moving.current = false
    if (!moved) return
    announce(t('todos.moved', { place: formatNumber(to + 1), count: open.length, number: formatNumber(open.length) }))
    // The row left the page for a moment, and the focus with it.
    focusWhenThere(() => document.getElementById(moveId(row, by)))
  }
  return (row, by) => void move(row, by)
}

const moveId = ({ id }: StoreRow, by: 1 | -1) => `${by < 0 ? 'up' : 'down'}-${id}`

function Mover({ row, first, last, onMove }: { row: StoreRow; first: boolean; last: boolean; onMove: Move }) {
  const { t } = useTranslation()
  const todo = row.text.slice(0, 120)
  // Not `disabled`: one that was moved to an end keeps the focus.
  return (
    <span className="flex flex-col wide:flex-row">
      <IconButton
        id={moveId(row, -1)}
        label={t('todos.moveUp', { todo })}
        aria-disabled={first}
        className="aria-disabled:opacity-40"
        onClick={() => onMove(row, -1)}
      >
        <ChevronUp className="size-4" />
      </IconButton>
      <IconButton
        id={moveId(row, 1)}
        label={t('todos.moveDown', { todo })}
        aria-disabled={last}
        className="aria-disabled:opacity-40"
        onClick={() => onMove(row, 1)}
      >
        <ChevronDown className="size-4" />
      </IconButton>
    </span>
  )
}

function Todo({ row, mover }: { row: StoreRow; mover?: ReactNode }) {
  const { t } = useTranslation()
  const id = useId()
  const save = useSaveRow()
  const remove = useRemoveTodo()
  const [editing, setEditing] = useState(false)
  const now = new Date()
  const [due, done] = [dayOf(row.data['due']), dayOf(row.data['done'])]
  const urgency = done ? null : urgencyOf(due, now)
  const set = (data: Record<string, FieldValue>) => save(row, { data })
  // The tick is seen at once; what is kept takes over, whichever way it went.
  const [ticked, setTicked] = useState<boolean | null>(null)
  const tick = async (checked: boolean) => {
    setTicked(checked)
    await set({ done: checked ? dayField(now) : null })
    setTicked(null)
  }
  return (
    <li className="group flex items-start gap-3 border-b border-line py-2.5">
      <input
        id={`${id}-done`}
        type="checkbox"
        checked={ticked ?? done !== null}
        aria-label={t(done ? 'todos.reopen' : 'todos.markDone', { todo: row.text.slice(0, 120) })}
        onChange={(event) => void tick(event.target.checked)}
        className="mt-1 size-4.5 shrink-0 accent-(--accent)"
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {editing ? (
          <EditTodo row={row} onEnd={() => setEditing(false)} />
        ) : (
          <button
            type="button"
            aria-label={t('storePage.editEntry', { entry: row.text.slice(0, 120) })}
            className={`min-h-6 text-start [overflow-wrap:anywhere] ${done ? 'text-dim line-through' : ''}`}
            onClick={() => setEditing(true)}
          >
            <span dir="auto">
              <MarkedText text={row.text} />
            </span>
          </button>
        )}
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm text-dim">
          {urgency === 'overdue' && <Badge tone="danger">{t('todos.overdue')}</Badge>}
          {urgency === 'today' && <Badge tone="warning">{t('todos.today')}</Badge>}
          {urgency === 'tomorrow' && <Badge>{t('todos.tomorrow')}</Badge>}
          {done && <span>{t('todos.doneOn', { day: shortDay(done, now) })}</span>}
          {!done && <DueDay due={due} todo={row.text} onChange={(day) => void set({ due: day })} />}
          <RowSource row={row} />
        </p>
      </div>
      {mover}
      <IconButton label={t('todos.delete', { todo: row.text.slice(0, 120) })} onClick={() => void remove(row)}>
        <Trash2 className="size-4" />
      </IconButton>
    </li>
  )
}

function DueDay({ due, todo, onChange }: { due: string | null; todo: string; onChange(due: string | null): void }) {
  const { t } = useTranslation()
  const [picking, setPicking] = useState(false)
  const [day, setDay] = useState(due ?? '')
  const end = () => {
    setPicking(false)
    const next = day === '' ? null : day
    if (next !== due) onChange(next)
  }
  if (!picking) {
    return (
      <button
        type="button"
        aria-label={t('todos.changeDue', { todo: todo.slice(0, 120) })}
        className="inline-flex min-h-6 items-center gap-1 hover:text-text hover:underline"
        onClick={() => {
          setDay(due ?? '')
          setPicking(true)
        }}
      >
        <CalendarDays className="size-3.5" />
        {due ? t('todos.dueOn', { day: shortDay(due, new Date()) }) : t('todos.noDue')}
      </button>
    )
  }
  return (
    <span className="w-38">
      <TextField
        autoFocus
        type="date"
        value={day}
        max="9999-12-31"
        aria-label={t('todos.due')}
        onChange={(event) => setDay(event.target.value)}
        onBlur={end}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end()
          if (event.key === 'Escape') setPicking(false)
        }}
      />
    </span>
  )
}

function EditTodo({ row, onEnd }: { row: StoreRow; onEnd(): void }) {
  const { t } = useTranslation()
  const save = useSaveRow()
  const [text, setText] = useState(row.text)
  const commit = async () => {
    if (text.trim() !== '' && text.trim() !== row.text) await save(row, { text: text.trim() })
    onEnd()
  }
  return (
    <GrowingText
      autoFocus
      dir="auto"
      value={text}
      maxLength={MEMORY_MAX}
      aria-label={t('fields.entry')}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => void commit()}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') onEnd()
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault()
          void commit()
        }
      }}
    />
  )
}

/** A to-do goes at once, with undo: what it came from stays in the chat. */
function useRemoveTodo(): (row: StoreRow) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const refresh = () => cache.invalidateQueries({ queryKey: keys.memories })
  return async ({ id }) => {
    try {
      const { batchId, finalAt } = await client.memory.forget({ ids: [id], mode: 'learned' })
      await refresh()
      notify({
        text: t('todos.deleted', { time: clockTime(finalAt) }),
        duration: finalAt.getTime() - Date.now(),
        until: finalAt,
        action: {
          label: t('action.undo'),
          run: () => void client.memory.undo({ batchId }).then(refresh).catch(sayFailure),
        },
      })
    } catch (error) {
      sayFailure(error)
    }
  }
}
