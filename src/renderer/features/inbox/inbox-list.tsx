// What waits, by where it came from. One card is the current one: the letters work on it, and after a decision the next is.
// Only cards in sight exist, and only what is near is read: the list may be very long.
import { MoreHorizontal } from 'lucide-react'
import { type ReactNode, type Ref, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from 'virtua'
import type { ProposalId } from '../../../shared/ids.ts'
import type { ProposalGroup } from '../../../shared/proposals.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { hrefs } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import type { Shown } from './inbox-pages.ts'
import { keyAct } from './keys.ts'
import { canApprove, canReword, cardId, laterOn, ProposalCard } from './proposal-card.tsx'
import type { Decisions } from './use-inbox.ts'

interface InboxListProps {
  shown: Shown
  see(from: number, to: number): void
  decisions: Decisions
  /** What stands above the first card. */
  children?: ReactNode
}

/** While it is empty it has no height, and would be taken for out of sight. */
const KEPT = [0]
const WIDTH = 'mx-auto max-w-180'
/** The first row is what stands above the cards. */
const ABOVE = 1
/** How long words that have no card any more stay in sight. */
const WORDS_LEFT_MS = 60_000
/** Height of a card that is not read yet, in pixels. */
const UNREAD = 190

export function InboxList({ shown, see, decisions, children }: InboxListProps) {
  const handle = useRef<VirtualizerHandle>(null)
  const { t } = useTranslation()
  const notify = useWindow((state) => state.notify)
  const [editing, setEditing] = useState<ProposalId | null>(null)
  const typed = useRef<string | null>(null)
  const { total } = shown
  const rows = useMemo(() => ({ length: total + ABOVE }), [total])
  const edit = useCallback((id: ProposalId, on: boolean) => {
    setEditing(on ? id : null)
    typed.current = null
    if (!on) focusWhenThere(() => document.getElementById(cardId({ id })))
  }, [])
  const look = useCallback(() => {
    const view = handle.current
    if (!view) return
    const [from, to] = [view.scrollOffset, view.scrollOffset + view.viewportSize]
    see(view.findItemIndex(from) - ABOVE, view.findItemIndex(to) - ABOVE)
  }, [see])
  const { current, at, focus } = useCurrent(shown, (index) =>
    handle.current?.scrollToIndex(index + ABOVE, { align: 'nearest' }),
  )
  // The end of a long list came near because cards before it went.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the length
  useEffect(look, [look, total])

  // Words that are being typed stay, wherever the list is scrolled.
  const edited = editing === null ? -1 : shown.indexOf(editing)
  const lost = editing !== null && edited < 0
  /** Another window decided it meanwhile, or the list is left: what was typed here is the person's all the same. */
  const sayTyped = useCallback(() => {
    const words = typed.current
    if (words !== null) notify({ text: t('inbox.wordsLeft', { words }), duration: WORDS_LEFT_MS, action: null })
    typed.current = null
  }, [notify, t])
  useEffect(() => {
    if (!lost) return
    sayTyped()
    setEditing(null)
  }, [lost, sayTyped])
  useEffect(() => sayTyped, [sayTyped])
  const kept = useMemo(() => (edited < 0 ? KEPT : [...KEPT, edited + ABOVE]), [edited])

  const act = (event: KeyboardEvent) => {
    const key = keyAct(event)
    if (!key) return
    const onCard = event.target instanceof Element && event.target.closest('[data-proposal]') !== null
    if (key === 'next' || key === 'previous') {
      // Elsewhere the arrows scroll.
      if (!onCard && event.key.startsWith('Arrow')) return
      event.preventDefault()
      // The first step from elsewhere leads to the current card.
      focus(onCard ? at + (key === 'next' ? 1 : -1) : at)
      return
    }
    const item = shown.at(at)
    if (!onCard || item?.status !== 'open') return
    const run = {
      approve: canApprove(item) ? () => void decisions.accept(item) : null,
      edit: canReword(item) ? () => setEditing(item.id) : null,
      decline: () => void decisions.decline(item, false),
      later: () => void decisions.snooze([item.id], laterOn()),
    }[key]
    if (!run) return
    event.preventDefault()
    run()
  }
  useKeys(act)
  return (
    // The list finds what it is scrolled in by being the only child of that.
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-24 wide:px-5">
      <Virtualizer ref={handle} data={rows} onScroll={look} as={List} item="li" itemSize={UNREAD} keepMounted={kept}>
        {(_, row) => {
          if (row < ABOVE) return <div key="above">{children}</div>
          const index = row - ABOVE
          const item = shown.at(index)
          if (!item) {
            return (
              <div key={`unread ${index}`} aria-hidden="true" className={`${WIDTH} mb-3 h-44 rounded-card bg-panel`} />
            )
          }
          const group = item.first && item.group !== null ? shown.groups.get(item.group) : undefined
          return (
            <div key={item.id} className={`${WIDTH} ${item.group === null && index === 0 ? 'pt-3' : ''}`}>
              {group && <Heading group={group} decisions={decisions} />}
              <ProposalCard
                item={item}
                decisions={decisions}
                editing={editing === item.id}
                setEditing={edit}
                typed={typed}
                current={item.id === current}
              />
            </div>
          )
        }}
      </Virtualizer>
    </div>
  )
}

/** Hears keys of the whole page. */
function useKeys(act: (event: KeyboardEvent) => void): void {
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent) => latest.current(event)
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}

/** The current card: the one with the focus, and when it goes the one that takes its place. */
function useCurrent(shown: Shown, reveal: (index: number) => void) {
  const [chosen, setChosen] = useState<{ id: ProposalId; at: number } | null>(null)
  const [wanted, setWanted] = useState<number | null>(null)
  const found = chosen ? shown.indexOf(chosen.id) : -1
  const at = found >= 0 ? found : Math.max(0, Math.min(chosen?.at ?? 0, shown.total - 1))
  const current = shown.at(at)?.id ?? null
  const focus = (to: number) => {
    if (to < 0 || to >= shown.total) return
    reveal(to)
    setWanted(to)
  }
  useEffect(() => {
    // The card may come into being only through the scrolling, and what is in it may have to be read first.
    if (wanted === null) return
    const frame = requestAnimationFrame(() => {
      const item = shown.at(wanted)
      const card = item && document.getElementById(cardId(item))
      if (!card) return
      card.focus()
      setWanted(null)
    })
    return () => cancelAnimationFrame(frame)
  })
  useEffect(() => {
    const chose = (event: FocusEvent) => {
      const id = event.target instanceof Element ? event.target.closest('[data-proposal]')?.id : undefined
      const index = id === undefined ? -1 : shown.indexOf(id.slice(cardId({ id: '' }).length) as ProposalId)
      const item = shown.at(index)
      if (item) setChosen({ id: item.id, at: index })
    }
    document.addEventListener('focusin', chose)
    return () => document.removeEventListener('focusin', chose)
  }, [shown])
  const gone = chosen !== null && found < 0
  useEffect(() => {
    // The card that had the focus was decided: the next one gets it.
    if (gone && current && document.activeElement === document.body) {
      document.getElementById(cardId({ id: current }))?.focus()
    }
  }, [gone, current])
  return { current, at, focus }
}

function Heading({ group, decisions }: { group: ProposalGroup; decisions: Decisions }) {
  const { t } = useTranslation()
  const titles = useTitleWords()
  const title = group.title === null ? null : group.conversationId ? titles(group.title) : revealHidden(group.title)
  const words = title === null ? t('inbox.fromNowhere') : t('inbox.from', { title })
  const { ids, together } = group
  return (
    <div className="flex min-h-12 items-center gap-2 pt-3 pb-1">
      <h2 className="label-caps me-auto min-w-0 truncate">
        {group.flagged && `${t('inbox.look')} · `}
        {group.conversationId ? (
          <a href={hrefs.chat(group.conversationId)} className="hover:underline">
            {words}
          </a>
        ) : (
          words
        )}
        {group.waiting > 1 && ` · ${group.waiting}`}
      </h2>
      {together.length > 1 && (
        <Button kind="quiet" size="small" onClick={() => void decisions.acceptAll(together)}>
          {t('inbox.approveTogether', { count: together.length })}
        </Button>
      )}
      {ids.length > 1 && (
        <Menu
          trigger={
            <IconButton label={t('inbox.all', { from: words })}>
              <MoreHorizontal className="size-4" />
            </IconButton>
          }
          entries={[
            {
              label: t('inbox.laterTogether', { count: ids.length }),
              onSelect: () => void decisions.snooze(ids, laterOn()),
            },
            {
              label: t('inbox.declineTogether', { count: ids.length }),
              onSelect: () => void decisions.declineAll(ids),
            },
          ]}
        />
      )}
    </div>
  )
}

/** The element the virtual list is made of, with a name. */
function List({ ref, style, children }: CustomContainerComponentProps & { ref?: Ref<HTMLUListElement> }) {
  const { t } = useTranslation()
  return (
    <ul ref={ref} style={style} aria-label={t('inbox.list')}>
      {children}
    </ul>
  )
}
