// Decisions as a log: first those of which it is time to hear how they went, then all of them with why and what came of it.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { formatList, fullWhen, longDay } from '../../../app/format.ts'
import { hrefs } from '../../../app/router.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Skeleton } from '../../../ui/late.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { revealHidden } from '../../../ui/reveal-hidden.ts'
import { AddText } from '../views/add-text.tsx'
import { RowSource } from '../views/row-source.tsx'
import { RowsTrouble } from '../views/rows-trouble.tsx'
import { useRows } from '../views/use-rows.ts'
import { outcomesAsked, qualityOf } from './outcome-asked.ts'
import { OutcomeForm } from './outcome-form.tsx'

const STORE = 'decision_log'
const NEWEST = { by: 'createdAt', descending: true } as const
const TONES = { good: 'accent', mixed: 'warning', bad: 'danger' } as const

export function DecisionView() {
  const { t } = useTranslation()
  const list = useRows(STORE, '', NEWEST)
  const { rows, hasMore, more } = list
  // What is to be asked may stand on any page.
  useEffect(() => {
    if (hasMore) more()
  })
  const asked = outcomesAsked(rows, new Date())
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 wide:px-5">
      <div className="mx-auto flex max-w-2xl flex-col gap-6">
        <AddText store={STORE} label={t('decisions.add')} hint={t('decisions.addHint')} />
        <RowsTrouble list={list} />
        {list.isPending && <Skeleton lines={4} />}
        {!list.isPending && !list.error && rows.length === 0 && (
          <Empty title={t('decisions.emptyTitle')} text={t('decisions.emptyText')} />
        )}
        {asked.length > 0 && (
          <section>
            <h2 className="label-caps mb-2">{t('decisions.asked')}</h2>
            <ul className="flex flex-col gap-3">
              {asked.map((row) => (
                <li key={row.id} className="rounded-card border border-line bg-raised p-4">
                  <OutcomeForm row={row} />
                </li>
              ))}
            </ul>
          </section>
        )}
        {rows.length > 0 && (
          <section>
            <h2 className="label-caps mb-1">{t('decisions.log')}</h2>
            <ul aria-label={t('decisions.log')} className="flex flex-col">
              {rows.map((row) => (
                <Decision key={row.id} row={row} />
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  )
}

function Decision({ row }: { row: StoreRow }) {
  const { t } = useTranslation()
  const quality = qualityOf(row)
  const text = (key: string) => (typeof row.data[key] === 'string' && row.data[key] !== '' ? row.data[key] : null)
  const others = Array.isArray(row.data['alternatives']) ? row.data['alternatives'].map(String) : []
  const [why, outcome] = [text('why'), text('outcome')]
  return (
    <li className="border-b border-line py-3">
      <div className="flex items-start justify-between gap-3">
        <a href={hrefs.memory(row.id)} dir="auto" className="font-medium [overflow-wrap:anywhere] hover:underline">
          <MarkedText text={row.text} />
        </a>
        <span className="flex shrink-0 gap-1.5">
          {row.kind === 'own_decision' && <Badge>{t('decisions.ofAssistant')}</Badge>}
          {quality && <Badge tone={TONES[quality]}>{t(`decisions.quality.${quality}`)}</Badge>}
        </span>
      </div>
      {why && (
        <p dir="auto" className="mt-1 text-sm [overflow-wrap:anywhere]">
          {t('decisions.because', { why: revealHidden(why) })}
        </p>
      )}
      {others.length > 0 && (
        <p dir="auto" className="mt-1 text-sm text-dim [overflow-wrap:anywhere]">
          {t('decisions.against', { others: formatList(others.map(revealHidden)) })}
        </p>
      )}
      {outcome && (
        <p dir="auto" className="mt-1 text-sm [overflow-wrap:anywhere]">
          {t('decisions.outcome', { outcome: revealHidden(outcome) })}
        </p>
      )}
      <p className="mt-1.5 text-xs text-dim">
        <time dateTime={row.createdAt.toISOString()} title={fullWhen(row.createdAt)}>
          {longDay(row.createdAt)}
        </time>
        {' · '}
        <RowSource row={row} />
      </p>
    </li>
  )
}
