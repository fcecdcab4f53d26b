// One model: what it is, whether it fits, how fast it is, where it would come from, and the acts that make sense now.
import { clsx } from 'clsx'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isUnderWay, type ModelView } from '../../../shared/models.ts'
import { formatBytes } from '../../app/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { Problem } from '../../ui/problem.tsx'
import { DownloadProgress } from './download-progress.tsx'
import { ModelActs } from './model-acts.tsx'
import { useModelFacts } from './model-facts.ts'
import { ModelSettingsForm } from './model-settings-form.tsx'
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
  const words = useModelFacts()
  const [setting, setSetting] = useState(false)
  const running = isUnderWay(download)
  const set = Object.values(model.settings ?? {}).some((value) => value !== null)
  const facts = [
    model.bytes === null ? t('models.sizeUnknown') : formatBytes(model.bytes),
    ...(model.quant === '' ? [] : [model.quant]),
    ...(model.licence === '' ? [] : [t('models.licence', { licence: model.licence })]),
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
        <h3 className="text-[0.9375rem] [overflow-wrap:anywhere]">{model.name}</h3>
        {model.active && <Badge tone="accent">{t('models.inUse')}</Badge>}
        {model.path !== null && !model.active && <Badge>{t('models.onDisk')}</Badge>}
        {model.verified && <Badge>{t('models.verified')}</Badge>}
        <Badge tone={model.fit === 'too-big' || model.fit === 'slow' ? 'warning' : 'plain'}>
          {t(`fit.${model.fit}`)}
        </Badge>
        {set && <Badge>{t('models.isSet')}</Badge>}
      </div>
      {model.role !== null && <p className="text-sm">{model.role}</p>}
      <div className="flex flex-col gap-0.5 text-sm text-dim">
        <p>{facts.join(' · ')}</p>
        {model.details && <p>{words.details(model.details, model.kind)}</p>}
        {model.speed && <p>{words.speed(model.speed)}</p>}
      </div>
      {model.kind === 'chat' && model.details?.chatTemplate === false && (
        <p className="text-sm text-warning-text">{t('models.noTemplate')}</p>
      )}
      {model.path === null
        ? !running &&
          model.address !== null && (
            <p className="text-xs text-dim [overflow-wrap:anywhere]">{t('models.from', { address: model.address })}</p>
          )
        : !model.bundled && <p className="text-xs text-dim [overflow-wrap:anywhere]">{model.path}</p>}
      {running && download && <DownloadProgress download={download} name={model.name} />}
      {download?.state === 'failed' && <Problem text={download.error ?? t('failure.DOWNLOAD_FAILED')} />}
      <Problem text={actions.problem} />
      <ModelActs
        model={model}
        main={main}
        download={download}
        actions={actions}
        onSettings={() => setSetting(!setting)}
        settingsOpen={setting}
      />
      {setting && <ModelSettingsForm model={model} onDone={() => setSetting(false)} />}
    </article>
  )
}
