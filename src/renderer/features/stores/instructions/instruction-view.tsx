// What the assistant now does differently, in plain sentences: instructions the person approved, each with its versions, and
// rules that came of how they reacted to answers.
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { useAppState, useClient } from '../../../app/core.ts'
import { formatNumber, fullWhen, longDay } from '../../../app/format.ts'
import { hrefs } from '../../../app/router.ts'
import { useSayDone } from '../../../app/use-say-done.ts'
import { useSayFailure } from '../../../app/use-say-failure.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Skeleton } from '../../../ui/late.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { ChangedText } from '../../memory/changed-text.tsx'
import { AddText } from '../views/add-text.tsx'
import { RowSource } from '../views/row-source.tsx'
import { RowsTrouble } from '../views/rows-trouble.tsx'
import { useRows, useSaveRow } from '../views/use-rows.ts'

const STORE = 'self_improvement'
const NEWEST = { by: 'createdAt', descending: true } as const
/** Signals and hints are no rules yet. */
const RULES = ['rule']

export function InstructionView() {
  const { t } = useTranslation()
  const instructions = useRows(STORE, '', NEWEST)
  const rules = useRows('feedback', '', NEWEST, RULES)
  const waiting = (useAppState()?.learning.waiting ?? 0) > 0
  const nothing = !instructions.isPending && instructions.rows.length + rules.rows.length === 0
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 wide:px-5">
      <div className="mx-auto flex max-w-2xl flex-col gap-6">
        <AddText store={STORE} label={t('instructions.add')} hint={t('instructions.addHint')} />
        {waiting && (
          <p className="text-sm text-dim">
            {t('instructions.waiting')}{' '}
            <a href={hrefs.inbox} className="font-medium text-accent-text hover:underline">
              {t('instructions.toInbox')}
            </a>
          </p>
        )}
        <RowsTrouble list={instructions} />
        {instructions.isPending && <Skeleton lines={4} />}
        {nothing && <Empty title={t('instructions.emptyTitle')} text={t('instructions.emptyText')} />}
        {instructions.rows.length > 0 && (
          <section>
            <h2 className="label-caps mb-1">{t('instructions.now')}</h2>
            <ul aria-label={t('instructions.now')} className="flex flex-col">
              {instructions.rows.map((row) => (
                <Instruction key={row.id} row={row} />
              ))}
            </ul>
          </section>
        )}
        {rules.rows.length > 0 && (
          <section>
            <h2 className="label-caps mb-1">{t('instructions.rules')}</h2>
            <ul aria-label={t('instructions.rules')} className="flex flex-col">
              {rules.rows.map((row) => (
                <li key={row.id} className="border-b border-line py-3">
                  <a href={hrefs.memory(row.id)} dir="auto" className="[overflow-wrap:anywhere] hover:underline">
                    <MarkedText text={row.text} />
                  </a>
                  <p className="mt-1 text-xs text-dim">
                    {t('instructions.times', { count: timesOf(row), number: formatNumber(timesOf(row)) })}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        )}
        <p>
          <ButtonLink href={hrefs.store('feedback')} kind="quiet" size="small">
            {t('instructions.toFeedback')}
          </ButtonLink>
        </p>
      </div>
    </div>
  )
}

/** How often the remark was made that became a rule. */
function timesOf(row: StoreRow): number {
  return typeof row.data['times'] === 'number' ? row.data['times'] : 1
}

function Instruction({ row }: { row: StoreRow }) {
  const { t } = useTranslation()
  const client = useClient()
  const save = useSaveRow()
  const say = useSayDone()
  const sayFailure = useSayFailure()
  const before = typeof row.data['before'] === 'string' && row.data['before'] !== '' ? row.data['before'] : null
  const version = typeof row.data['version'] === 'number' ? row.data['version'] : 1
  const stop = () =>
    client.memory
      .changeMany({ ids: [row.id], act: 'archive' })
      .then(({ batchId }) => say(t('instructions.stopped'), batchId), sayFailure)
  return (
    <li className="border-b border-line py-3">
      <div className="flex items-start justify-between gap-3">
        <a href={hrefs.memory(row.id)} dir="auto" className="[overflow-wrap:anywhere] hover:underline">
          <MarkedText text={row.text} />
        </a>
        {version > 1 && <Badge>{t('instructions.version', { number: formatNumber(version) })}</Badge>}
      </div>
      {before !== null && (
        <p className="mt-1 text-sm text-dim">
          {t('instructions.changed')} <ChangedText before={before} after={row.text} />
        </p>
      )}
      <p className="mt-1.5 text-xs text-dim">
        <time dateTime={row.createdAt.toISOString()} title={fullWhen(row.createdAt)}>
          {t('instructions.since', { day: longDay(row.createdAt) })}
        </time>
        {' · '}
        <RowSource row={row} />
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {before !== null && (
          <Button size="small" onClick={() => void save(row, { text: before })}>
            {t('instructions.revert')}
          </Button>
        )}
        <Button size="small" onClick={() => void stop()}>
          {t('instructions.stop')}
        </Button>
      </div>
    </li>
  )
}
