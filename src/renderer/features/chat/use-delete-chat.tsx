// Deleting a chat: at once, with the way back in the notice. Where something was learned from it the person says first what
// becomes of that.
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationView } from '../../../shared/chat.ts'
import { useClient } from '../../app/core.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { EVERY_MEMORY, useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceCards } from '../../ui/choice-cards.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { useForget } from '../memory/use-forget.ts'
import { rowId } from './row-id.ts'
import { useAct } from './use-act.ts'

/** @param current whether it is the chat that is open */
export function useDeleteChat(chat: ConversationView, current: boolean): { ask(): Promise<void>; dialog: ReactNode } {
  const client = useClient()
  const { act } = useAct()
  const trash = useTrash(chat, current)
  const [learned, setLearned] = useState<number | null>(null)
  return {
    async ask() {
      const answer = await act(() => client.memory.learnedFrom({ conversationId: chat.id }))
      if (!answer) return
      if (answer.count > 0) setLearned(answer.count)
      else await trash(false)
    },
    dialog: learned !== null && (
      <DeleteDialog chat={chat} learned={learned} onKeep={() => trash(true)} onClose={() => setLearned(null)} />
    ),
  }
}

const FATES = ['keep', 'look', 'forget'] as const
type Fate = (typeof FATES)[number]

interface DeleteDialogProps {
  chat: ConversationView
  /** How many memories rest on it. */
  learned: number
  onKeep(): Promise<void>
  onClose(): void
}

function DeleteDialog({ chat, learned, onKeep, onClose }: DeleteDialogProps) {
  const { t } = useTranslation()
  const words = useTitleWords()
  const forget = useForget()
  const set = useWindow((state) => state.set)
  const [fate, setFate] = useState<Fate>('keep')
  const title = words(chat.title)
  const go = () => {
    onClose()
    if (fate === 'keep') void onKeep()
    // What goes, the chat with it, is shown in full before anything does; it goes, and comes back, as one.
    else if (fate === 'forget') forget({ conversationId: chat.id }, 'everywhere')
    else {
      set({ memoryFilter: { ...EVERY_MEMORY, from: chat.id } })
      navigate(hrefs.memories)
    }
  }
  return (
    <Dialog title={t('deleteChat.title', { title })} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <p className="text-sm">{t('deleteChat.learned', { count: learned, number: formatNumber(learned) })}</p>
        <ChoiceCards
          label={t('deleteChat.choice')}
          value={fate}
          onChange={(chosen) => setFate(chosen)}
          options={FATES.map((value) => ({
            value,
            label: t(`deleteChat.fate.${value}`),
            text: t(`deleteChat.fateText.${value}`),
          }))}
        />
        <DialogButtons>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind={fate === 'look' ? 'accent' : 'danger'} type="submit" data-first-focus>
            {t(`deleteChat.go.${fate}`)}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

/** @returns moves the chat to the bin; `kept`: what was learned from it stays, which the notice says */
function useTrash({ id, title }: ConversationView, current: boolean): (kept: boolean) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const words = useTitleWords()
  const { act } = useAct()
  return async (kept) => {
    const next = neighbour(id)
    if (!(await act(() => client.chat.trash({ id })))) return
    if (current) navigate(hrefs.newChat)
    // The row that had the focus is gone.
    else (next ?? document.getElementById('main'))?.focus()
    notify({
      text: t(kept ? 'chats.deletedKept' : 'chats.deleted', { title: words(title) }),
      action: {
        label: t('action.undo'),
        run: () => void client.chat.restore({ id }).then(() => navigate(hrefs.chat(id)), sayFailure),
      },
    })
  }
}

/** The chat in the list after this one, or before it. */
function neighbour(id: ConversationView['id']): HTMLElement | null {
  const row = document.getElementById(rowId(id))
  if (!row) return null
  const links = [...(row.closest('ul')?.querySelectorAll<HTMLElement>('a[id]') ?? [])]
  const place = links.indexOf(row)
  return links[place + 1] ?? links[place - 1] ?? null
}
