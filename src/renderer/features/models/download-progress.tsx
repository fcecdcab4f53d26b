// How far a download is, from where, and how long it may take.
import { useTranslation } from 'react-i18next'
import type { DownloadState } from '../../../shared/models.ts'
import { formatBytes, formatDuration, formatPercent } from '../../app/format.ts'
import { Progress } from '../../ui/progress.tsx'

export function DownloadProgress({ download, name }: { download: DownloadState; name: string }) {
  const { t } = useTranslation()
  const { receivedBytes, totalBytes, bytesPerSecond } = download
  const share = totalBytes ? receivedBytes / totalBytes : null
  const left = totalBytes && bytesPerSecond ? (totalBytes - receivedBytes) / bytesPerSecond : null
  const words =
    download.state === 'verifying'
      ? t('models.verifying')
      : [
          share === null
            ? t('models.received', { size: formatBytes(receivedBytes) })
            : t('models.receivedOf', {
                percent: formatPercent(share),
                size: formatBytes(receivedBytes),
                total: formatBytes(totalBytes ?? 0),
              }),
          ...(bytesPerSecond ? [t('models.speed', { size: formatBytes(bytesPerSecond) })] : []),
          ...(left === null ? [] : [t('models.left', { time: formatDuration(left) })]),
        ].join(' · ')
  const waits = download.state === 'waiting'
  return (
    <div className="flex flex-col gap-1.5">
      <Progress label={t('models.progressOf', { model: name })} value={download.state === 'verifying' ? null : share} />
      <p className="text-xs text-dim">{words}</p>
      {waits && <p className="text-sm text-warning-text">{t('models.waiting')}</p>}
      {waits && download.error !== null && (
        <p className="text-xs text-dim [overflow-wrap:anywhere]">{t('models.waitingWhy', { why: download.error })}</p>
      )}
      <p className="text-xs text-dim [overflow-wrap:anywhere]">{t('models.from', { address: download.source })}</p>
    </div>
  )
}
