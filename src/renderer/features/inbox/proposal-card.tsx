// One suggestion: what would be kept or changed, the words it rests on, why, and what the person can do with it. Nothing of
// it is used in an answer before they approve it.
import { Ban, Check, Clock, Pencil, Undo2 } from 'lucide-react'
import { memo, type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProposalId } from '../../../shared/ids.ts'
import { fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { Keys } from '../../ui/keys.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useStoreWords } from '../memory/store-words.tsx'
import type { InboxItem } from './inbox-pages.ts'
import { Near, Quotes, Trial } from './proposal-grounds.tsx'
import { Subject } from './proposal-subject.tsx'
import type { Decisions } from './use-inbox.ts'
import { useProposalWords } from './use-proposal-words.ts'

const DAY_MS = 86_400_000

interface ProposalCardProps {
  item: InboxItem
  decisions: Decisions
  /** The words are being changed. */
  editing: boolean
  setEditing(id: ProposalId, editing: boolean): void
  /** Where words that are being typed are known beyond the card; null: none are. */
  typed: RefObject<string | null>
  /** The keys work on this one: they are shown. */
  current: boolean
}

export function canApprove({ gone }: InboxItem): boolean {
  return !gone
}

/** Whether its words can be changed before it is approved. */
export function canReword({ after, action, status, gone }: InboxItem): boolean {
  return status === 'open' && !gone && after !== null && action !== 'merge' && action !== 'link'
}

export const ProposalCard = memo(function ProposalCard(props: ProposalCardProps) {
  const { item, decisions, editing, setEditing, typed, current } = props
  const { t } = useTranslation()
  const stores = useStoreWords()
  const words = useProposalWords()
  const reason = words.reason(item)
  const scope = words.scope(item.namespace)
  const said = item.after ?? item.before
  // Below the heading of a group, or a heading itself.
  const Title = item.group === null ? 'h2' : 'h3'
  return (
    <article
      id={cardId(item)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys work while it has the focus
      tabIndex={0}
      data-proposal=""
      aria-label={said === null ? words.title(item) : `${words.title(item)}: ${revealHidden(said).slice(0, 300)}`}
      className={`mb-3 overflow-hidden rounded-card border bg-panel ${current ? 'border-accent' : 'border-line'}`}
    >
      <div className="flex flex-col gap-2 px-4 py-3">
        <div className="flex flex-wrap items-center gap-2">
          <span className="text-dim">{stores.icon(item.store)}</span>
          <Title className="text-base font-medium">{words.title(item)}</Title>
          <Badge>{stores.title(item.store)}</Badge>
          {scope && <Badge tone="accent">{scope}</Badge>}
          {item.flags.map((flag) => (
            <Badge key={flag} tone="warning">
              {words.flag(flag)}
            </Badge>
          ))}
        </div>
        {editing ? (
          <Reword item={item} decisions={decisions} typed={typed} close={() => setEditing(item.id, false)} />
        ) : (
          <Subject item={item} />
        )}
        {item.gone ? (
          <p className="text-sm text-warning-text">{t('inbox.gone')}</p>
        ) : (
          item.stale && <p className="text-sm text-warning-text">{t('inbox.stale')}</p>
        )}
        <Quotes evidence={item.evidence} />
        {current && item.status === 'open' && item.action === 'add' && <Near id={item.id} />}
        {reason && <p className="text-xs text-dim">{reason}</p>}
        {item.trial.length > 0 && <Trial cases={item.trial} />}
      </div>
      {!editing && (
        <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2.5">
          {item.status === 'open' ? (
            <Acts item={item} decisions={decisions} current={current} edit={() => setEditing(item.id, true)} />
          ) : (
            <Decided item={item} decisions={decisions} />
          )}
        </div>
      )}
    </article>
  )
})

export function cardId({ id }: { id: string }): string {
  return `proposal-${id}`
}

interface RewordProps {
  item: InboxItem
  decisions: Decisions
  typed: RefObject<string | null>
  close(): void
}

function Reword({ item, decisions, typed, close }: RewordProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(item.after ?? '')
  const empty = text.trim() === ''
  const save = () => {
    if (empty) return
    close()
    void decisions.accept(item, text.trim() === item.after ? undefined : text)
  }
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <GrowingText
        value={text}
        aria-label={t('ask.words')}
        dir="auto"
        autoFocus
        onChange={(event) => {
          typed.current = event.target.value
          setText(event.target.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') close()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
        }}
      />
      <div className="flex gap-2">
        <Button kind="accent" type="submit" disabled={empty}>
          {t('ask.approveEdited')}
        </Button>
        <Button onClick={close}>{t('action.cancel')}</Button>
      </div>
    </form>
  )
}

interface ActsProps {
  item: InboxItem
  decisions: Decisions
  current: boolean
  edit(): void
}

function Acts({ item, decisions, current, edit }: ActsProps) {
  const { t } = useTranslation()
  const words = useProposalWords()
  // Its place is kept: a press makes the card the current one, and the button may not move away under it.
  const key = (letter: string) => (
    <span className={`hidden wide:inline ${current ? '' : 'invisible'}`}>
      <Keys>{letter}</Keys>
    </span>
  )
  const answers = words.answers(item)
  return (
    <>
      {canApprove(item) && (
        <Button kind={current ? 'accent' : 'outline'} onClick={() => void decisions.accept(item)}>
          <Check aria-hidden="true" className="size-4" />
          {answers.yes}
          {key('A')}
        </Button>
      )}
      {canReword(item) && (
        <Button onClick={edit}>
          <Pencil aria-hidden="true" className="size-3.5" />
          {t('ask.edit')}
          {key('E')}
        </Button>
      )}
      <Button onClick={() => void decisions.decline(item, false)}>
        {answers.no}
        {key('D')}
      </Button>
      <span className="ms-auto flex flex-wrap gap-1">
        {item.snoozedUntil && item.snoozedUntil > new Date() ? (
          <Button kind="quiet" size="small" onClick={() => void decisions.snooze([item.id], null)}>
            {t('inbox.now')}
          </Button>
        ) : (
          <Button kind="quiet" size="small" onClick={() => void decisions.snooze([item.id], laterOn())}>
            <Clock aria-hidden="true" className="size-3.5" />
            {t('inbox.later')}
            {key('L')}
          </Button>
        )}
        {!item.gone && (
          <Button kind="quiet" size="small" onClick={() => void decisions.decline(item, true)}>
            <Ban aria-hidden="true" className="size-3.5" />
            {t('inbox.never')}
          </Button>
        )}
      </span>
      {item.snoozedUntil && item.snoozedUntil > new Date() && (
        <p className="basis-full text-xs text-dim">{t('inbox.until', { when: fullWhen(item.snoozedUntil) })}</p>
      )}
    </>
  )
}

/** How it ended, when, and what takes that back. */
function Decided({ item, decisions }: { item: InboxItem; decisions: Decisions }) {
  const { t } = useTranslation()
  const { batchId, decidedAt, status, memoryId } = item
  if (status === 'open') return null
  return (
    <>
      <span className="text-sm text-dim">
        {t(`inbox.status.${status}`)}
        {decidedAt && (
          <>
            {' · '}
            <time dateTime={decidedAt.toISOString()} title={fullWhen(decidedAt)}>
              {shortWhen(decidedAt, new Date())}
            </time>
          </>
        )}
        {status === 'accepted' && memoryId && (
          <>
            {' · '}
            <a href={hrefs.memory(memoryId)} className="text-accent-text underline underline-offset-2">
              {t('inbox.showMemory')}
            </a>
          </>
        )}
      </span>
      {batchId && (
        <Button kind="quiet" className="ms-auto" onClick={() => decisions.undo(batchId)}>
          <Undo2 aria-hidden="true" className="size-4" />
          {t('action.undo')}
        </Button>
      )}
    </>
  )
}

/** When what is put off waits again: the next day. */
export function laterOn(): Date {
  return new Date(Date.now() + DAY_MS)
}
