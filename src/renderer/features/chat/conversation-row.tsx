// One chat in the list: open, rename, pin, move, archive, delete with undo.
import { clsx } from 'clsx'
import { Archive, ArchiveRestore, Download, Ellipsis, Eraser, Folder, Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationView } from '../../../shared/chat.ts'
import { useClient } from '../../app/core.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { hrefs } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useBeginExport } from '../exports/use-begin-export.ts'
import { useForget } from '../memory/use-forget.ts'
import { MoveDialog } from '../projects/move-dialog.tsx'
import { rowId } from './row-id.ts'
import { useAct } from './use-act.ts'
import { useDeleteChat } from './use-delete-chat.tsx'

export function ConversationRow({ chat, current }: { chat: ConversationView; current: boolean }) {
  const { t } = useTranslation()
  const client = useClient()
  const [renaming, setRenaming] = useState(false)
  const [moving, setMoving] = useState(false)
  const { act } = useAct()
  const archive = useArchive()
  const remove = useDeleteChat(chat, current)
  const title = useTitleWords()(chat.title)
  const forget = useForget()
  const beginExport = useBeginExport()
  const sayFailure = useSayFailure()
  if (renaming) return <Rename chat={chat} onDone={() => setRenaming(false)} />
  return (
    <div className="group relative pb-px">
      <a
        id={rowId(chat.id)}
        href={hrefs.chat(chat.id)}
        aria-current={current ? 'page' : undefined}
        onKeyDown={(event) => {
          if (event.key === 'F2') setRenaming(true)
          if (event.key === 'Delete') void remove.ask()
          moveFocus(event)
        }}
        dir="auto"
        className={clsx(
          chat.unread && 'font-semibold text-text',
          'block truncate rounded-control border px-2 py-1 text-sm leading-5.5 -outline-offset-1 group-focus-within:pe-8 group-hover:pe-8',
          current ? 'border-line bg-raised font-medium' : 'border-transparent text-dim hover:bg-hover hover:text-text',
        )}
      >
        {chat.unread && (
          <span className="me-1.5 inline-block size-1.5 rounded-full bg-accent align-middle">
            <span className="sr-only">{t('chats.unread')}</span>
          </span>
        )}
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
            ...(chat.archived
              ? []
              : [
                  {
                    label: chat.pinned ? t('chats.unpin') : t('chats.pin'),
                    icon: chat.pinned ? <PinOff className="size-4" /> : <Pin className="size-4" />,
                    onSelect: () => void act(() => client.chat.change({ id: chat.id, pinned: !chat.pinned })),
                  },
                ]),
            { label: t('projects.moveChat'), icon: <Folder className="size-4" />, onSelect: () => setMoving(true) },
            ...(['markdown', 'json'] as const).map((format) => ({
              label: t(`chats.export.${format}`),
              icon: <Download className="size-4" />,
              onSelect: () => void beginExport({ type: 'conversation', id: chat.id, format }).catch(sayFailure),
            })),
            {
              label: chat.archived ? t('chats.unarchive') : t('chats.archive'),
              icon: chat.archived ? <ArchiveRestore className="size-4" /> : <Archive className="size-4" />,
              onSelect: () => void archive(chat),
            },
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
              onSelect: () => void remove.ask(),
            },
          ]}
          // The field that renames takes the focus instead.
          onCloseFocus={(event) => renaming && event.preventDefault()}
        />
      </span>
      {moving && <MoveDialog chat={chat} onClose={() => setMoving(false)} />}
      {remove.dialog}
    </div>
  )
}

/** Up and down move through the chats that are in sight. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  event.preventDefault()
  const links = [...(event.currentTarget.closest('ul')?.querySelectorAll<HTMLElement>('a[id]') ?? [])]
  links[links.indexOf(event.currentTarget) + step]?.focus()
}

/** Out of the list, with the way back in the notice. */
function useArchive(): (chat: ConversationView) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const words = useTitleWords()
  const { act } = useAct()
  return async ({ id, archived, title }) => {
    const set = (to: boolean) => act(() => client.chat.change({ id, archived: to }))
    if (!(await set(!archived))) return
    notify({
      text: t(archived ? 'chats.unarchived' : 'chats.archivedOne', { title: words(title) }),
      action: { label: t('action.undo'), run: () => void set(archived) },
    })
  }
}

function Rename({ chat, onDone }: { chat: ConversationView; onDone(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const [title, setTitle] = useState(chat.title)
  const finished = useRef(false)
  const finish = async (save: boolean) => {
    // Enter and the loss of focus that follows are one end.
    if (finished.current) return
    finished.current = true
    onDone()
    focusWhenThere(() => document.getElementById(rowId(chat.id)))
    if (!save || title.trim() === '' || title.trim() === chat.title) return
    try {
      await client.chat.rename({ id: chat.id, title })
    } catch (error) {
      sayFailure(error)
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
