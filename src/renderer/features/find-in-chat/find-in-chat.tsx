// Finds words in the open chat: the whole of it, of which the window may hold only a stretch. Enter goes on, Shift+Enter back.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs, replaceRoute } from '../../app/router.ts'
import { useCommand } from '../../app/use-command.ts'
import { useWindow } from '../../app/window-state.ts'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { useFoundWords, whenThere } from './found-words.ts'
import { phrasePattern, pointOut, rangesOf } from './point-out.ts'

/** @param id null: a chat in which nothing was said yet */
export function FindInChat({ id, shown }: { id: ConversationId | null; shown: MessageId | null }) {
  const query = useWindow((state) => state.findInChat)
  const set = useWindow((state) => state.set)
  const opened = useRef<Element | null>(null)
  const field = useRef<HTMLInputElement>(null)
  useFoundWords(shown)
  useCommand(
    'findInChat',
    id === null
      ? null
      : () => {
          if (query === null) opened.current = document.activeElement
          set({ findInChat: query ?? '' })
          field.current?.select()
        },
  )
  // Another chat begins without.
  useEffect(() => () => set({ findInChat: null }), [set])
  if (id === null || query === null) return null
  return (
    <Bar
      id={id}
      query={query}
      field={field}
      onClose={() => {
        set({ findInChat: null })
        if (opened.current instanceof HTMLElement) opened.current.focus()
      }}
    />
  )
}

interface BarProps {
  id: ConversationId
  query: string
  field: React.RefObject<HTMLInputElement | null>
  onClose(): void
}

function Bar({ id, query, field, onClose }: BarProps) {
  const { t } = useTranslation()
  const set = useWindow((state) => state.set)
  const found = usePlacesIn(id, query)
  const [at, setAt] = useState(0)
  const places = found?.places ?? []
  const total = found?.total ?? 0
  const current = places[at]
  useShown(id, query, places, at)
  const step = (by: number) => places.length > 0 && setAt((at + by + places.length) % places.length)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const count =
    query.trim() === '' || !found
      ? ''
      : current
        ? t('findInChat.count', { at: formatNumber(at + 1), total: formatNumber(total) })
        : t('findInChat.none')
  return (
    <search
      aria-label={t('findInChat.title')}
      data-keeps-focus=""
      className="flex shrink-0 items-center gap-1.5 border-b border-line bg-panel px-4 py-1.5 wide:px-5"
    >
      <TextField
        ref={field}
        autoFocus
        type="search"
        value={query}
        maxLength={500}
        aria-label={t('findInChat.title')}
        placeholder={t('findInChat.title')}
        className="max-w-sm flex-1"
        onChange={(event) => {
          setAt(0)
          set({ findInChat: event.target.value })
        }}
        onKeyDown={onKeyDown}
      />
      <p role="status" className="min-w-16 px-1 text-sm text-dim">
        {count}
      </p>
      <IconButton label={t('findInChat.previous')} disabled={places.length === 0} onClick={() => step(-1)}>
        <ChevronUp className="size-4" />
      </IconButton>
      <IconButton label={t('findInChat.next')} disabled={places.length === 0} onClick={() => step(1)}>
        <ChevronDown className="size-4" />
      </IconButton>
      <span className="ms-auto">
        <IconButton label={t('findInChat.close')} onClick={onClose}>
          <X className="size-4" />
        </IconButton>
      </span>
    </search>
  )
}

function usePlacesIn(id: ConversationId, query: string) {
  const client = useClient()
  const { data } = useQuery({
    queryKey: ['find', 'in', id, query],
    queryFn: ({ signal }) => client.search.inConversation({ conversationId: id, query }, { signal }),
    enabled: query.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  return query.trim() === '' ? undefined : data
}

type Places = { messageId: MessageId; start: number; end: number }[]

/** Leads the page to the place, and points out all that is in its message. */
function useShown(id: ConversationId, query: string, places: Places, at: number): void {
  const place = places[at]
  const message = place?.messageId
  const start = place?.start
  const end = place?.end
  const inMessage = places.slice(0, at).filter((each) => each.messageId === message).length
  useEffect(() => {
    if (!message || start === undefined || end === undefined) return
    replaceRoute(hrefs.message(id, message, { start, end }))
    const pattern = phrasePattern(query)
    if (!pattern) return
    return whenThere(message, (element) => {
      const ranges = rangesOf(element, pattern)
      pointOut(ranges)
      // In a long message the place itself may be out of sight. What is written in markdown may stand there once less.
      ranges
        .at(Math.min(inMessage, ranges.length - 1))
        ?.startContainer.parentElement?.scrollIntoView({ block: 'center' })
    })
  }, [id, query, message, start, end, inMessage])
}
