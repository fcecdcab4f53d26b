// The chats, newest first, by day: open, rename, delete with undo. The palette finds them.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Archive, ArrowLeft } from 'lucide-react'
import { type Ref, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua'
import type { ConversationView } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { type DayGroup, dayGroup } from '../../app/format.ts'
import { useGroupWords } from '../../app/group-words.ts'
import { useWindow } from '../../app/window-state.ts'
import { ConversationRow } from './conversation-row.tsx'

const PAGE = 100

type Row =
  | { type: 'heading'; group: DayGroup | 'pinned'; key: string }
  | { type: 'chat'; chat: ConversationView; key: string }

export function ConversationList({ current }: { current: ConversationId | null }) {
  const { t } = useTranslation()
  const archived = useWindow((state) => state.archivedChats)
  const set = useWindow((state) => state.set)
  const list = useConversations(archived)
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
    <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-3">
      {rows.length === 0 && !list.isPending && (
        <>
          <h2 className="label-caps px-2 pt-4 pb-1.5">{archived ? t('chats.archived') : t('chats.heading')}</h2>
          <p className="px-2 py-2 text-sm text-dim">{archived ? t('chats.noneArchived') : t('chats.empty')}</p>
        </>
      )}
      <Virtualizer ref={handle} onScroll={loadMore} as={List} item="li">
        {rows.map((row) =>
          row.type === 'heading' ? (
            <h2 key={row.key} className="label-caps px-2 pt-4 pb-1.5">
              {row.group === 'pinned' ? t('chats.pinned') : groupWords(row.group)}
            </h2>
          ) : (
            <ConversationRow key={row.key} chat={row.chat} current={row.chat.id === current} />
          ),
        )}
      </Virtualizer>
      <button
        type="button"
        onClick={() => set({ archivedChats: !archived })}
        className="mt-3 flex min-h-7 items-center gap-2 rounded-control px-2 text-sm text-dim hover:text-text"
      >
        {archived ? (
          <ArrowLeft aria-hidden="true" className="size-3.5" />
        ) : (
          <Archive aria-hidden="true" className="size-3.5" />
        )}
        {archived ? t('chats.backToAll') : t('chats.archived')}
      </button>
    </div>
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

function useConversations(archived: boolean) {
  const client = useClient()
  return useInfiniteQuery({
    queryKey: [...keys.conversations, archived ? 'archived' : 'list'],
    queryFn: ({ pageParam, signal }) => client.chat.list({ archived, cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })
}

function toRows(chats: ConversationView[], now: Date): Row[] {
  const rows: Row[] = []
  let last = ''
  for (const chat of chats) {
    const group = chat.pinned ? 'pinned' : dayGroup(chat.updatedAt, now)
    const key = group === 'pinned' ? group : group.kind === 'month' ? group.key : group.kind
    if (key !== last) rows.push({ type: 'heading', group, key })
    last = key
    rows.push({ type: 'chat', chat, key: chat.id })
  }
  return rows
}
