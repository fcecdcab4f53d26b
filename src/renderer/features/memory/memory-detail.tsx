// One item in full: what it says, why it is known, what happened to it, and what can be done with it.
import { ChevronRight, Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { EvidenceView, HistoryEntry, MemoryView } from '../../../shared/memory.ts'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { ago, formatNumber, fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useScopeWords } from '../../app/scope-words.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { EntityLink } from '../people/entity-link.tsx'
import { Related, Uses } from './around.tsx'
import { ChangedText } from './changed-text.tsx'
import { EditMemory } from './edit-memory.tsx'
import { ItemFields } from './item-fields.tsx'
import { MoreActs } from './more-acts.tsx'
import { useStoreWords } from './store-words.tsx'
import { useForget } from './use-forget.ts'
import { useMemory } from './use-memory.ts'
import { useRestore } from './use-restore.ts'
import { WhyKnown } from './why-known.tsx'

export function MemoryDetail({ id }: { id: MemoryId }) {
  const { t } = useTranslation()
  const { data, error, isPending } = useMemory(id)
  if (isPending) return <Skeleton lines={6} />
  if (!data) {
    const failure = failureOf(error)
    if (failure.code !== 'NOT_FOUND') {
      return (
        <p role="alert" className="p-5 text-danger">
          {failureWords(t, failure)}
        </p>
      )
    }
    return (
      <Empty title={t('memory.goneTitle')} text={t('memory.goneText')}>
        <ButtonLink href={hrefs.memories}>{t('memory.back')}</ButtonLink>
      </Empty>
    )
  }
  return <Detail {...data} />
}

function Detail({ memory, evidence, history, why, replaces, replacedBy, about }: Outputs['memory']['get']) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const scope = useScopeWords()
  return (
    <div className="flex flex-col gap-8 px-4 py-5 wide:px-5.5">
      <div>
        <div className="flex flex-wrap gap-2">
          <Badge tone={memory.status === 'active' ? 'accent' : 'plain'}>{t(`memoryStatus.${memory.status}`)}</Badge>
          <Badge>{words.one(memory.store)}</Badge>
          {memory.pinned && <Badge>{t('memory.pinned')}</Badge>}
          {memory.localOnly && <Badge>{t('share.onlyHere')}</Badge>}
          {memory.namespace !== 'user' && <Badge>{scope(memory.namespace)}</Badge>}
          {evidence.some((piece) => piece.origin === 'hand') && <Badge>{t('memory.byHand')}</Badge>}
        </div>
        <Statement memory={memory} />
        <ItemFields memory={memory} />
        {about.length > 0 && (
          <ul aria-label={t('memory.about')} className="mt-3 flex flex-wrap items-center gap-1.5">
            {about.map((entity) => (
              <li key={entity.id} className="max-w-full">
                <EntityLink entity={entity} />
              </li>
            ))}
          </ul>
        )}
        {memory.localOnly && <p className="mt-2 text-sm text-dim">{t('share.onlyHereText')}</p>}
        {memory.status !== 'active' && <p className="mt-2 text-sm text-dim">{t('memory.notActive')}</p>}
      </div>
      <Section title={t('memory.why')}>
        <WhyKnown why={why} />
        {evidence.length === 0 ? (
          <p className="text-sm text-dim">{t('memory.noEvidence')}</p>
        ) : (
          evidence.map((piece) => <Evidence key={piece.id} evidence={piece} />)
        )}
      </Section>
      {(replaces || replacedBy) && (
        <Section title={t('memory.versions')}>
          {replaces && <Linked label={t('memory.replaces')} memory={replaces} />}
          {replacedBy && <Linked label={t('memory.replacedBy')} memory={replacedBy} />}
        </Section>
      )}
      <Section title={t('memory.history')}>
        <ol className="flex flex-col gap-3">
          {history.map((entry) => (
            <HistoryLine key={entry.seq} id={memory.id} entry={entry} />
          ))}
        </ol>
      </Section>
      <Section title={t('memory.used')}>
        <p className="text-sm text-dim">
          {memory.useCount === 0 || memory.lastUsedAt === null
            ? t('memory.neverUsed')
            : t('memory.usedTimes', {
                count: memory.useCount,
                number: formatNumber(memory.useCount),
                last: ago(memory.lastUsedAt, new Date()),
              })}
        </p>
        {memory.useCount > 0 && <Uses id={memory.id} />}
      </Section>
      <Related id={memory.id} />
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="label-caps mb-2.5">{title}</h3>
      {children}
    </section>
  )
}

/** The item's words with its acts. */
function Statement({ memory }: { memory: MemoryView }) {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const forget = useForget()
  const [editing, setEditing] = useState(false)
  const [busy, setBusy] = useState(false)
  const editButton = useRef<HTMLButtonElement>(null)
  const doneEditing = () => {
    setEditing(false)
    focusWhenThere(() => editButton.current)
  }
  const pin = async () => {
    setBusy(true)
    await client.memory.pin({ id: memory.id, pinned: !memory.pinned }).catch(sayFailure)
    setBusy(false)
  }
  if (editing) {
    return (
      <div className="mt-3">
        <EditMemory id={memory.id} onDone={doneEditing} />
      </div>
    )
  }
  const changeable = ['active', 'paused', 'archived'].includes(memory.status)
  return (
    <>
      <h2
        dir="auto"
        className={`mt-3 text-lg [overflow-wrap:anywhere] ${memory.status === 'superseded' ? 'line-through' : ''}`}
      >
        <MarkedText text={memory.text} />
      </h2>
      {memory.status !== 'trashed' && (
        <div className="mt-3 flex flex-wrap gap-2">
          {changeable && (
            <>
              <Button ref={editButton} onClick={() => setEditing(true)}>
                <Pencil className="size-4" />
                {t('memory.edit')}
              </Button>
              <Button onClick={pin} disabled={busy}>
                {memory.pinned ? <PinOff className="size-4" /> : <Pin className="size-4" />}
                {memory.pinned ? t('memory.unpin') : t('memory.pin')}
              </Button>
            </>
          )}
          <Button kind="danger" onClick={() => forget({ ids: [memory.id] })} disabled={busy}>
            <Trash2 className="size-4" />
            {t('memory.forget')}
          </Button>
          <MoreActs memory={memory} />
        </div>
      )}
    </>
  )
}

function Evidence({ evidence }: { evidence: EvidenceView }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const { conversationId, messageId, start, end } = evidence
  const when = shortWhen(evidence.at, new Date())
  return (
    <div className="mb-4 last:mb-0">
      <blockquote dir="auto" className="border-s-2 border-accent ps-3.5 [overflow-wrap:anywhere]">
        <mark>
          <MarkedText text={evidence.quote} />
        </mark>
      </blockquote>
      <p className="mt-2 text-sm text-dim">
        <time title={fullWhen(evidence.at)}>{t(`origin.${evidence.origin}`, { when })}</time>
        {evidence.sourceGone ? (
          <> {t('memory.sourceGone')}</>
        ) : (
          conversationId &&
          messageId && (
            <>
              {' '}
              <a
                href={hrefs.message(conversationId, messageId, start === null || end === null ? null : { start, end })}
                className="font-medium text-accent-text hover:underline"
              >
                {evidence.conversationTitle === null ? t('memory.inChat') : title(evidence.conversationTitle)}
                <ChevronRight className="inline size-3.5 rtl:rotate-180" />
              </a>
            </>
          )
        )}
      </p>
    </div>
  )
}

function Linked({ label, memory }: { label: string; memory: MemoryView }) {
  return (
    <p className="text-sm text-dim">
      {label}{' '}
      <a href={hrefs.memory(memory.id)} className="font-medium text-accent-text hover:underline">
        {revealHidden(memory.text)}
      </a>
    </p>
  )
}

/** Reasons of the core that say something to a person. */
const REASONS = [
  'wrong',
  'split',
  'merged',
  'restored',
  'accepted',
  'corrected',
  'activated',
  'shared',
  'kept-here',
  'may-share',
  'outdated',
] as const
type Reason = (typeof REASONS)[number]

function isKnownReason(reason: string | null): reason is Reason {
  return REASONS.some((known) => known === reason)
}

/** Who made a change, as far as the window has words for it. */
function actorOf(actor: string): 'person' | 'job' | null {
  if (actor === 'person') return 'person'
  return actor.startsWith('job:') ? 'job' : null
}

function HistoryLine({ id, entry }: { id: MemoryId; entry: HistoryEntry }) {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const [busy, setBusy] = useState(false)
  const actor = actorOf(entry.actor)
  const facts = [
    t(`change.${entry.action}`),
    ...(actor ? [t(`actor.${actor}`)] : []),
    ...(isKnownReason(entry.reason) ? [t(`changeReason.${entry.reason}`)] : []),
    ...(entry.undone ? [t('learned.undone')] : []),
  ]
  const undo = async () => {
    setBusy(true)
    await client.memory.undo({ batchId: entry.batchId }).catch(sayFailure)
    setBusy(false)
  }
  const restore = useRestore()
  const changed = entry.before !== null && entry.after !== null && entry.before !== entry.after
  return (
    <li className="grid grid-cols-[4rem_1fr] gap-x-2 text-sm">
      <time className="text-dim" title={fullWhen(entry.at)}>
        {shortWhen(entry.at, new Date())}
      </time>
      <div>
        <p className={entry.undone ? 'line-through' : ''}>
          {changed ? (
            <ChangedText before={entry.before ?? ''} after={entry.after ?? ''} />
          ) : (
            <MarkedText text={entry.after ?? entry.before ?? t('memory.erasedVersion')} />
          )}
        </p>
        <p className="text-dim">
          {facts.join(' · ')}
          {entry.undoable && !entry.undone && (
            <>
              {' · '}
              <Button kind="link" size="inline" onClick={undo} disabled={busy}>
                {t('learned.undo')}
              </Button>
            </>
          )}
          {entry.restorable && !entry.undoable && (
            <>
              {' · '}
              <Button
                kind="link"
                size="inline"
                onClick={() => void restore({ version: { id, seq: entry.seq } })}
                disabled={busy}
              >
                {t('memory.restoreVersion')}
              </Button>
            </>
          )}
        </p>
      </div>
    </li>
  )
}
