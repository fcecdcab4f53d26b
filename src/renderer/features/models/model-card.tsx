// One model: what it is, whether it fits, where it would come from, and the one act that makes sense now.

import { clsx } from 'clsx'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DownloadState, ModelView } from '../../../shared/models.ts'
import { formatBytes, formatDuration, formatPercent } from '../../app/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useDownload, useModelActions } from './use-models.ts'

interface ModelCardProps {
  model: ModelView
  /** The card one is meant to choose. */
  main?: boolean
  /** Shown above the facts: why this one. */
  reason?: string
}

export function ModelCard({ model, main = false, reason }: ModelCardProps) {
  const { t } = useTranslation()
  const download = useDownload(model.id)
  const actions = useModelActions()
  const running = download?.state === 'running' || download?.state === 'verifying'
  const facts = [
    model.bytes === null ? t('models.sizeUnknown') : formatBytes(model.bytes),
    model.quant,
    t('models.licence', { licence: model.licence }),
    ...(model.leastMemoryBytes === null ? [] : [t('models.memory', { size: formatBytes(model.leastMemoryBytes) })]),
  ]
  return (
    <article
      aria-label={model.name}
      className={clsx(
        'flex flex-col gap-2.5 rounded-card border bg-raised p-4',
        main ? 'border-accent shadow-float' : 'border-line',
      )}
    >
      {reason && <p className="text-sm text-accent-text">{reason}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="text-[0.9375rem]">{model.name}</h3>
        {model.active && <Badge tone="accent">{t('models.inUse')}</Badge>}
        {model.path !== null && !model.active && <Badge>{t('models.onDisk')}</Badge>}
        {model.verified && <Badge>{t('models.verified')}</Badge>}
        <Badge tone={model.fit === 'too-big' || model.fit === 'slow' ? 'warning' : 'plain'}>
          {t(`fit.${model.fit}`)}
        </Badge>
      </div>
      {model.role !== null && <p className="text-sm">{model.role}</p>}
      <p className="text-sm text-dim">{facts.join(' · ')}</p>
      {model.path === null
        ? model.address !== null && (
            <p className="text-xs text-dim [overflow-wrap:anywhere]">{t('models.from', { address: model.address })}</p>
          )
        : !model.bundled && <p className="text-xs text-dim [overflow-wrap:anywhere]">{model.path}</p>}
      {running && download && <DownloadProgress download={download} name={model.name} />}
      {download?.state === 'failed' && (
        <p role="alert" className="text-sm text-danger">
          {download.error ?? t('failure.DOWNLOAD_FAILED')}
        </p>
      )}
      {actions.problem && (
        <p role="alert" className="text-sm text-danger">
          {actions.problem}
        </p>
      )}
      {model.kind === 'chat' && (running || !model.active) && (
        <div className="mt-1 flex gap-2">
          {running ? (
            <Button onClick={() => void actions.cancel(model.id)}>{t('models.cancel')}</Button>
          ) : model.path === null ? (
            <Button
              kind={main ? 'accent' : 'outline'}
              disabled={actions.busy}
              onClick={() => void actions.download(model.id)}
            >
              {downloadLabel(t, model, download)}
            </Button>
          ) : (
            !model.active && (
              <Button
                kind={main ? 'accent' : 'outline'}
                disabled={actions.busy}
                onClick={() => void actions.choose(model.id)}
              >
                {t('models.use')}
              </Button>
            )
          )}
        </div>
      )}
    </article>
  )
}

function downloadLabel(t: TFunction, model: ModelView, download: DownloadState | undefined): string {
  if (download?.state === 'failed') return t('action.tryAgain')
  if ((model.partialBytes ?? 0) > 0) return t('models.resume', { size: formatBytes(model.partialBytes ?? 0) })
  return model.bytes === null ? t('models.download') : t('models.downloadSize', { size: formatBytes(model.bytes) })
}

function DownloadProgress({ download, name }: { download: DownloadState; name: string }) {
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
  return (
    <div className="flex flex-col gap-1.5">
      <Progress label={t('models.progressOf', { model: name })} value={download.state === 'verifying' ? null : share} />
      <p className="text-xs text-dim">{words}</p>
      <p className="text-xs text-dim [overflow-wrap:anywhere]">{t('models.from', { address: download.source })}</p>
    </div>
  )
}
