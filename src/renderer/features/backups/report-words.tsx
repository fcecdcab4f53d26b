// What the last restore or repair came to, in words.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RestoreReport } from '../../../shared/contract/backups.ts'
import { keys, useClient } from '../../app/core.ts'
import { formatList, formatNumber, fullWhen } from '../../app/format.ts'
import { TOLD_KINDS } from './use-backups.ts'

export function useLastReport(): RestoreReport | null {
  const client = useClient()
  const { data } = useQuery({
    queryKey: [...keys.backups, 'report'],
    queryFn: ({ signal }) => client.backups.report({}, { signal }),
  })
  return data?.report ?? null
}

/** On the page of backups; stays until the next restore. */
export function LastReport() {
  const { t } = useTranslation()
  const report = useLastReport()
  if (!report) return null
  return (
    <section
      aria-labelledby="backups-report"
      className="flex flex-col gap-1.5 rounded-card border border-line px-3.5 py-3"
    >
      <h3 id="backups-report" className="font-medium">
        {t(`backups.report.${report.kind}`, { when: fullWhen(report.at) })}
      </h3>
      <ReportLines report={report} />
    </section>
  )
}

function ReportLines({ report }: { report: RestoreReport }) {
  const { t } = useTranslation()
  const { backup, aside, forgottenAgain, replayed, fromHistory, lost, kind } = report
  const brought = TOLD_KINDS.flatMap((name) => {
    const count = replayed[name] ?? 0
    return count > 0 ? [t(`backups.count.${name}`, { count, number: formatNumber(count) })] : []
  })
  const pages = Object.values(lost).reduce((sum, of) => sum + of.pages, 0)
  const rows = Object.values(lost).reduce((sum, of) => sum + of.rows, 0)
  const lines = [
    backup
      ? t('backups.report.from', { when: backup.at ? fullWhen(backup.at) : backup.name })
      : t('backups.report.fromNothing'),
    ...(kind === 'repaired'
      ? [
          brought.length > 0
            ? t('backups.report.replayed', { what: formatList(brought) })
            : t('backups.report.noReplay'),
        ]
      : []),
    ...(fromHistory > 0
      ? [t('backups.report.history', { count: fromHistory, number: formatNumber(fromHistory) })]
      : []),
    ...(pages > 0 ? [t('backups.report.pages', { count: pages, number: formatNumber(pages) })] : []),
    ...(rows > 0 ? [t('backups.report.rows', { count: rows, number: formatNumber(rows) })] : []),
    ...(kind === 'repaired' && pages + rows === 0 && brought.length > 0 ? [t('backups.report.nothingLost')] : []),
    ...(forgottenAgain
      ? [t('backups.report.forgotten', { count: forgottenAgain, number: formatNumber(forgottenAgain) })]
      : []),
    ...(aside ? [t('backups.report.aside')] : []),
  ]
  return (
    <ul className="flex flex-col gap-1 text-sm text-dim">
      {lines.map((line) => (
        <li key={line} className="[overflow-wrap:anywhere]">
          {line}
        </li>
      ))}
    </ul>
  )
}
