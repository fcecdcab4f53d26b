// One line of the log: what happened, to what, by whom, from which chat, and its way back or why there is none.
import { CornerUpLeft, GraduationCap, type LucideIcon, MessageSquare, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActivityEntry, ActivityKind } from '../../../shared/contract/activity.ts'
import { useClient } from '../../app/core.ts'
import { formatNumber, fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useTitleWords } from '../../app/title-words.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { ChangedText } from '../memory/changed-text.tsx'
import { useStoreWords } from '../memory/store-words.tsx'

const ICONS: Record<ActivityKind, LucideIcon> = {
  learned: GraduationCap,
  changed: Pencil,
  forgotten: Trash2,
  undone: CornerUpLeft,
  used: MessageSquare,
}

type Change = Extract<ActivityEntry, { type: 'change' }>
type Use = Extract<ActivityEntry, { type: 'use' }>

export function EntryLine({ entry }: { entry: ActivityEntry }) {
  const { t } = useTranslation()
  const kind = entry.type === 'use' ? 'used' : entry.kind
  const Icon = ICONS[kind]
  const undone = entry.type === 'change' && entry.undo === 'undone'
  return (
    <article className="flex gap-3 px-4 py-2.5 wide:px-5">
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-dim" />
      <div className="min-w-0 flex-1">
        <h3 className="text-xs font-medium text-dim">
          {entry.type === 'use'
            ? t('activity.usedIn', { count: entry.count, number: formatNumber(entry.count) })
            : t(`activity.did.${entry.kind}`, { count: entry.count, number: formatNumber(entry.count) })}
        </h3>
        <ul className={`flex flex-col gap-0.5 ${undone ? 'line-through' : ''}`}>
          {entry.type === 'use'
            ? entry.items.map((item) => <UsedItem key={item.memoryId} item={item} />)
            : entry.items.map((item) => <ChangedItem key={item.seq} item={item} />)}
        </ul>
        {entry.items.length === 0 && (
          <p>{t('activity.people', { count: entry.count, number: formatNumber(entry.count) })}</p>
        )}
        {entry.count > entry.items.length && entry.items.length > 0 && (
          <p className="text-sm text-dim">
            {t('activity.more', {
              count: entry.count - entry.items.length,
              number: formatNumber(entry.count - entry.items.length),
            })}
          </p>
        )}
        <Facts entry={entry} />
      </div>
      <div className="flex shrink-0 flex-col items-end gap-1 text-xs text-dim">
        <time dateTime={entry.at.toISOString()} title={fullWhen(entry.at)}>
          {shortWhen(entry.at, new Date())}
        </time>
        {entry.type === 'change' && <WayBack entry={entry} />}
      </div>
    </article>
  )
}

function ChangedItem({ item }: { item: Change['items'][number] }) {
  const { t } = useTranslation()
  const { before, after, memoryId, isThere } = item
  const differs = before !== null && after !== null && before !== after
  const text = after ?? before
  if (text === null) return <li className="text-dim">{t('activity.gone')}</li>
  return (
    <li dir="auto" className="[overflow-wrap:anywhere]">
      {isThere ? (
        <a href={hrefs.memory(memoryId)} className="hover:underline">
          {differs ? <ChangedText before={before} after={after} /> : <MarkedText text={text} />}
        </a>
      ) : (
        <MarkedText text={text} />
      )}{' '}
      <span className="text-xs text-dim no-underline">{t(`change.${item.action}`)}</span>
    </li>
  )
}

function UsedItem({ item }: { item: Use['items'][number] }) {
  const { t } = useTranslation()
  if (item.after === null) return <li className="text-dim">{t('used.forgotten')}</li>
  return (
    <li dir="auto" className="[overflow-wrap:anywhere]">
      <a href={hrefs.memory(item.memoryId)} className="hover:underline">
        <MarkedText text={item.after} />
      </a>
    </li>
  )
}

/** Who did it, in which store, and from which chat. */
function Facts({ entry }: { entry: ActivityEntry }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const words = useStoreWords()
  const stores = [...new Set(entry.items.map(({ store }) => store))].map((store) => words.title(store))
  const facts = [...(entry.type === 'use' ? [] : [t(`activity.actor.${entry.actor}`)]), ...stores.slice(0, 2)]
  const { conversationId, conversationTitle, messageId } = entry
  return (
    <p className="mt-0.5 text-xs text-dim">
      {facts.join(' · ')}
      {conversationId && conversationTitle !== null && (
        <>
          {facts.length > 0 && ' · '}
          <a
            href={messageId ? hrefs.message(conversationId, messageId, null) : hrefs.chat(conversationId)}
            className="font-medium text-accent-text hover:underline"
            dir="auto"
          >
            {conversationTitle === '' ? t('memory.inChat') : title(conversationTitle)}
          </a>
        </>
      )}
    </p>
  )
}

function WayBack({ entry }: { entry: Change }) {
  const { t } = useTranslation()
  const client = useClient()
  const sayFailure = useSayFailure()
  const announce = useWindow((state) => state.announce)
  const [busy, setBusy] = useState(false)
  if (entry.undo !== 'possible') return entry.undo === 'never' ? null : <span>{t(`activity.undo.${entry.undo}`)}</span>
  const undo = async () => {
    setBusy(true)
    try {
      await client.memory.undo({ batchId: entry.batchId })
      announce(t('status.undone'))
    } catch (error) {
      sayFailure(error)
    }
    setBusy(false)
  }
  return (
    <Button kind="link" size="inline" onClick={() => void undo()} disabled={busy}>
      {t('learned.undo')}
    </Button>
  )
}
