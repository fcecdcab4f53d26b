// The inbox: what the assistant would remember or change, waiting for the person. Nothing of it is used before they approve it.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatNumber } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { hrefs } from '../../app/router.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Keys } from '../../ui/keys.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { InboxList } from './inbox-list.tsx'
import type { InboxPage as Page } from './inbox-pages.ts'
import { TrustOffer } from './trust-offer.tsx'
import { type InboxPart, type InboxView, useInbox } from './use-inbox.ts'

const PARTS = ['knowledge', 'instructions', 'later', 'decided'] as const satisfies readonly InboxPart[]

export function InboxPage() {
  const { t } = useTranslation()
  const [part, setPart] = useState<InboxPart>('knowledge')
  const [counts, setCounts] = useState<Page['counts']>()
  useEffect(() => {
    document.title = t('app.title', { page: t('inbox.title') })
  }, [t])
  return <Part key={part} part={part} setPart={setPart} kept={counts} keep={setCounts} />
}

interface PartProps {
  part: InboxPart
  setPart(part: InboxPart): void
  /** The counts seen last: they stay while another part is read. */
  kept: Page['counts'] | undefined
  keep(counts: Page['counts']): void
}

function Part({ part, setPart, kept, keep }: PartProps) {
  const { t } = useTranslation()
  const view = useInbox(part)
  const now = view.shown?.counts
  useEffect(() => {
    if (now) keep(now)
  }, [now, keep])
  const counts = now ?? kept
  const waiting = counts && counts.knowledge + counts.instructions
  return (
    <>
      <PageHeader
        title={t('inbox.title')}
        badge={
          waiting !== undefined && (
            <Badge>{t('inbox.waiting', { count: waiting, number: formatNumber(waiting) })}</Badge>
          )
        }
      >
        <KeyHints />
      </PageHeader>
      <div className="px-4 pt-3.5 wide:px-5">
        <div className="mx-auto max-w-180">
          <Choice<InboxPart>
            label={t('inbox.parts')}
            look="pills"
            value={part}
            onChange={setPart}
            options={PARTS.map((value) => ({ value, label: <PartWords part={value} counts={counts} /> }))}
          />
        </div>
      </div>
      <Content part={part} view={view} />
    </>
  )
}

function PartWords({ part, counts }: { part: InboxPart; counts: Page['counts'] | undefined }) {
  const { t } = useTranslation()
  const count = part === 'decided' ? 0 : (counts?.[part] ?? 0)
  return part === 'decided' || count === 0
    ? t(`inbox.part.${part}`)
    : t(`inbox.part.${part}Count`, { number: formatNumber(count) })
}

const HINTS = [
  ['A', 'approve'],
  ['E', 'edit'],
  ['D', 'decline'],
  ['L', 'later'],
  ['J K', 'move'],
] as const

function KeyHints() {
  const { t } = useTranslation()
  return (
    <span className="hidden items-center gap-3 text-xs text-dim wide:flex">
      {HINTS.map(([letters, act]) => (
        <span key={act} className="flex items-center gap-1">
          {letters.split(' ').map((letter) => (
            <Keys key={letter} spoken>
              {letter}
            </Keys>
          ))}
          {t(`inbox.keys.${act}`)}
        </span>
      ))}
    </span>
  )
}

function Content({ part, view }: { part: InboxPart; view: InboxView }) {
  const { t } = useTranslation()
  const { shown, error, retry, see, decisions } = view
  if (error) {
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-5">
        <p className="text-danger">{failureWords(t, failureOf(error))}</p>
        <Button onClick={retry}>{t('action.tryAgain')}</Button>
      </div>
    )
  }
  if (!shown) return <Skeleton lines={8} />
  // It may come at any time: above a list that is scrolled nobody would see it.
  const offer = part === 'knowledge' && (
    <div className="px-4 wide:px-5">
      <div className="mx-auto max-w-180">
        <TrustOffer />
      </div>
    </div>
  )
  if (shown.total > 0) {
    return (
      <>
        {offer}
        <InboxList shown={shown} see={see} decisions={decisions}>
          {part === 'instructions' && (
            <p className="mx-auto max-w-180 pt-4 text-sm text-dim">{t('inbox.instructionsText')}</p>
          )}
        </InboxList>
      </>
    )
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 wide:px-5">
      {offer}
      <Empty title={t(`inbox.empty.${part}`)} text={t(`inbox.emptyText.${part}`)}>
        {part === 'knowledge' && <ButtonLink href={hrefs.setting('stores')}>{t('inbox.modes')}</ButtonLink>}
      </Empty>
    </div>
  )
}
