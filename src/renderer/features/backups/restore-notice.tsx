// After a restore or a repair, once: that it was done, and the way to what it came to.
import { useQueryClient } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keys, useClient } from '../../app/core.ts'
import { fullWhen } from '../../app/format.ts'
import { hrefs, navigate } from '../../app/router.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Button } from '../../ui/button.tsx'
import { useLastReport } from './report-words.tsx'

export function RestoreNotice() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  const report = useLastReport()
  if (!report || report.seen) return null
  const read = async () => {
    try {
      await client.backups.reportSeen({})
      await cache.invalidateQueries({ queryKey: keys.backups })
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-2.5 bg-accent-soft px-4 py-2 text-sm text-accent-text"
    >
      <History className="size-4" />
      <span className="min-w-0 flex-1 basis-60">
        {report.backup
          ? t(`backups.notice.${report.kind}`, {
              when: report.backup.at ? fullWhen(report.backup.at) : report.backup.name,
            })
          : t('backups.notice.saved')}
      </span>
      <Button
        size="small"
        onClick={() => {
          void read()
          navigate(hrefs.dataPart('backups'))
        }}
      >
        {t('backups.notice.show')}
      </Button>
      <Button size="small" onClick={() => void read()}>
        {t('backups.notice.close')}
      </Button>
    </div>
  )
}
