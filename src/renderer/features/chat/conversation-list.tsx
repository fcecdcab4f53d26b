// The chats, newest first, by day: open, find, rename, delete with undo.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import { Ellipsis, Eraser, Pencil, Search, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type Ref, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua'
import type { ConversationView } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { type DayGroup, dayGroup } from '../../app/format.ts'
import { useGroupWords } from '../../app/group-words.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useWindow } from '../../app/window-state.ts'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useForget } from '../memory/use-forget.ts'

const PAGE = 100
const TYPING_PAUSE_MS = 150

type Row = { type: 'heading'; group: DayGroup; key: string } | { type: 'chat'; chat: ConversationView; key: string }

export function ConversationList({ current }: { current: ConversationId | null }) {
  const { t } = useTranslation()
  const query = useWindow((state) => state.chatQuery)
  const list = useConversations(query)
  const groupWords = useGroupWords()
  const handle = useRef<VirtualizerHandle>(null)
  const chats = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  const rows = useMemo(() => toRows(chats, new Date()), [chats])
  const loadMore = () => {
    const view = handle.current
    if (!view || !list.hasNextPage || list.isFetchingNextPage) return
    if (view.scrollSize - view.scrollOffset - view.viewportSize < 800) void list.fetchNextPage()
  }
  return (
    <>
      <FindChat />
      <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-3">
        {rows.length === 0 && !list.isPending && (
          <p className="px-2 py-2 text-sm text-dim">
            {query === '' ? t('chats.empty') : t('chats.nothing', { query })}
          </p>
        )}
        <Virtualizer ref={handle} onScroll={loadMore} as={List} item="li">
          {rows.map((row) =>
            row.type === 'heading' ? (
              <h2 key={row.key} className="label-caps px-2 pt-4 pb-1.5">
                {groupWords(row.group)}
              </h2>
            ) : (
              <ChatRow key={row.key} chat={row.chat} current={row.chat.id === current} />
            ),
          )}
        </Virtualizer>
      </div>
    </>
  )
}

/** The element the virtual list is made of, with a name. */
function List({ ref, style, children }: CustomContainerComponentProps & { ref?: Ref<HTMLUListElement> }) {
  const { t } = useTranslation()
  return (
    <ul ref={ref} style={style} aria-label={t('chats.title')}>
      {children}
    </ul>
  )
}

function useConversations(query: string) {
  const client = useClient()
  return useInfiniteQuery({
    queryKey: [...keys.conversations, query],
    queryFn: ({ pageParam, signal }) => client.chat.list({ query, cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
}

function toRows(chats: ConversationView[], now: Date): Row[] {
  const rows: Row[] = []
  let last = ''
  for (const chat of chats) {
    const group = dayGroup(chat.updatedAt, now)
    const key = group.kind === 'month' ? group.key : group.kind
    if (key !== last) rows.push({ type: 'heading', group, key })
    last = key
    rows.push({ type: 'chat', chat, key: chat.id })
  }
  return rows
}

function FindChat() {
  const { t } = useTranslation()
  const query = useWindow((state) => state.chatQuery)
  const set = useWindow((state) => state.set)
  const [typed, setTyped] = useState(query)
  useEffect(() => {
    if (typed === query) return
    const timer = setTimeout(() => set({ chatQuery: typed }), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, query, set])
  return (
    <div className="relative mx-2.5 mt-0.5 shrink-0">
      <Search className="pointer-events-none absolute start-2.5 top-2.5 size-4 text-dim" />
      <TextField
        type="search"
        value={typed}
        maxLength={500}
        placeholder={t('chats.find')}
        aria-label={t('chats.find')}
        className="border-transparent bg-transparent! ps-8.5 pe-2 hover:bg-hover! focus:border-edge focus:bg-raised!"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && typed !== '') {
            event.preventDefault()
            setTyped('')
          }
        }}
      />
    </div>
  )
}

function ChatRow({ chat, current }: { chat: ConversationView; current: boolean }) {
  const { t } = useTranslation()
  const [renaming, setRenaming] = useState(false)
  const trash = useTrash()
  const title = useTitleWords()(chat.title)
  const forget = useForget()
  if (renaming) return <Rename chat={chat} onDone={() => setRenaming(false)} />
  return (
    <div className="group relative pb-px">
      <a
        id={rowId(chat.id)}
        href={hrefs.chat(chat.id)}
        aria-current={current ? 'page' : undefined}
        onKeyDown={(event) => {
          if (event.key === 'F2') setRenaming(true)
          if (event.key === 'Delete') void trash(chat, current)
          moveFocus(event)
        }}
        dir="auto"
        className={clsx(
          'block truncate rounded-control border px-2 py-1 text-sm leading-5.5 -outline-offset-1 group-focus-within:pe-8 group-hover:pe-8',
          current ? 'border-line bg-raised font-medium' : 'border-transparent text-dim hover:bg-hover hover:text-text',
        )}
      >
        {title}
      </a>
      <span className="absolute end-0.5 top-0.5 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100 pointer-coarse:opacity-100">
        <Menu
          trigger={
            <IconButton label={t('chats.actions', { title })}>
              <Ellipsis className="size-4" />
            </IconButton>
          }
          entries={[
            { label: t('chats.rename'), icon: <Pencil className="size-4" />, onSelect: () => setRenaming(true) },
            {
              label: t('chats.forget'),
              icon: <Eraser className="size-4" />,
              danger: true,
              onSelect: () => forget({ conversationId: chat.id }),
            },
            {
              label: t('chats.delete'),
              icon: <Trash2 className="size-4" />,
              danger: true,
              onSelect: () => void trash(chat, current),
            },
          ]}
          // The field that renames takes the focus instead.
          onCloseFocus={(event) => renaming && event.preventDefault()}
        />
      </span>
    </div>
  )
}

function rowId(id: ConversationId): string {
  return `chat-${id}`
}

/** Up and down move through the chats that are in sight. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const links = [...(event.currentTarget.closest('ul')?.querySelectorAll<HTMLElement>('a[id]') ?? [])]
  links[links.indexOf(event.currentTarget) + step]?.focus()
}

function useTrash(): (chat: ConversationView, current: boolean) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const words = useTitleWords()
  return async (chat, current) => {
    const say = (error: unknown) => notify({ text: failureWords(t, failureOf(error)), action: null })
    try {
      await client.chat.trash({ id: chat.id })
    } catch (error) {
      say(error)
      return
    }
    if (current) navigate(hrefs.newChat)
    notify({
      text: t('chats.deleted', { title: words(chat.title) }),
      action: {
        label: t('action.undo'),
        run: () => void client.chat.restore({ id: chat.id }).then(() => navigate(hrefs.chat(chat.id)), say),
      },
    })
  }
}

function Rename({ chat, onDone }: { chat: ConversationView; onDone(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const [title, setTitle] = useState(chat.title)
  const finished = useRef(false)
  const finish = async (save: boolean) => {
    // Enter and the loss of focus that follows are one end.
    if (finished.current) return
    finished.current = true
    onDone()
    requestAnimationFrame(() => document.getElementById(rowId(chat.id))?.focus())
    if (!save || title.trim() === '' || title.trim() === chat.title) return
    try {
      await client.chat.rename({ id: chat.id, title })
    } catch (error) {
      notify({ text: failureWords(t, failureOf(error)), action: null })
    }
  }
  return (
    <div className="pb-px">
      <TextField
        autoFocus
        value={title}
        maxLength={200}
        aria-label={t('chats.renameLabel')}
        className="h-8 px-2 text-sm"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => void finish(true)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') void finish(true)
          if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            void finish(false)
          }
        }}
      />
    </div>
  )
}
