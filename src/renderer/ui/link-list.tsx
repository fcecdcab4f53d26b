// A long list of links: only rows in sight exist, more are read on the way down, arrow keys move through it.
import { createContext, type KeyboardEvent, type ReactElement, type Ref, use, useRef } from 'react'
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua'
import { focusWhenThere } from '../app/focus.ts'

interface LinkListProps<Row> {
  label: string
  rows: readonly Row[]
  /** The id of the element that is the row's link; null: a heading, which the arrows pass over. */
  linkOf(row: Row): string | null
  /** Draws a row; its element has a key. */
  children(row: Row): ReactElement
  /** What is read of the list, and how more is. */
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage(): Promise<unknown> }
  /** An arrow leads from one row to another, which gets the focus after it. */
  onMove(to: Row, from: Row, event: KeyboardEvent): void
  /** Other keys, on a row. @returns whether it meant something */
  onKey?(event: KeyboardEvent, row: Row): boolean
}

/** How near the end of what was read more is asked for, in pixels. */
const AHEAD = 1500

export function LinkList<Row>({ label, rows, linkOf, children, list, onMove, onKey }: LinkListProps<Row>) {
  const handle = useRef<VirtualizerHandle>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const link = event.target
    if (!(link instanceof HTMLAnchorElement) || event.altKey || event.ctrlKey || event.metaKey) return
    const at = rows.findIndex((row) => linkOf(row) === link.id)
    const here = rows[at]
    if (here === undefined) return
    if (onKey?.(event, here)) return event.preventDefault()
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    let to = at + step
    while (rows[to] !== undefined && linkOf(rows[to] as Row) === null) to += step
    const next = rows[to]
    const id = next === undefined ? null : linkOf(next)
    if (next === undefined || id === null) return
    onMove(next, here, event)
    handle.current?.scrollToIndex(to, { align: 'nearest' })
    // The row may come into being only through the scrolling.
    focusWhenThere(() => document.getElementById(id))
  }
  const onScroll = () => {
    const view = handle.current
    if (!view || !list.hasNextPage || list.isFetchingNextPage) return
    if (view.scrollSize - view.scrollOffset - view.viewportSize < AHEAD) void list.fetchNextPage()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the links inside, caught in one place
    <div className="min-h-0 flex-1 overflow-y-auto pb-6" onKeyDown={onKeyDown}>
      <Label value={label}>
        <Virtualizer ref={handle} onScroll={onScroll} as={List} item="li">
          {rows.map(children)}
        </Virtualizer>
      </Label>
    </div>
  )
}

/** Name of the list: what a virtual list is made of takes no property of ours. */
const Label = createContext('')

function List({ ref, style, children }: CustomContainerComponentProps & { ref?: Ref<HTMLUListElement> }) {
  return (
    <ul ref={ref} style={style} aria-label={use(Label)}>
      {children}
    </ul>
  )
}
