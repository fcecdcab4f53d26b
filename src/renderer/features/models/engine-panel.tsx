// What the engine is doing right now and with what, in words; each line leads to where more is to be seen.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppState } from '../../../shared/contract/app.ts'
import type { EngineActivity } from '../../../shared/contract/models.ts'
import { keys, useAppState, useClient } from '../../app/core.ts'
import { failureWords } from '../../app/failure.ts'
import { formatBytes, formatNumber, formatPercent } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { useModelActions } from './use-models.ts'

const LOOK_AGAIN_MS = 2000

/** @param onLeave called when a link in it is followed */
export function EnginePanel({ text, onLeave }: { text: string; onLeave(): void }) {
  const { t } = useTranslation()
  const client = useClient()
  const app = useAppState()
  const actions = useModelActions()
  const activity = useQuery({
    queryKey: [...keys.models, 'activity'],
    queryFn: ({ signal }) => client.models.activity({}, { signal }),
    refetchInterval: LOOK_AGAIN_MS,
  })
  const engine = app?.engine
  const work = app ? <Work app={app} activity={activity.data} onLeave={onLeave} /> : null
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="font-medium [overflow-wrap:anywhere]">{text}</p>
      {engine?.state === 'failed' && (
        <div role="alert" className="flex flex-col items-start gap-2">
          <p className="text-danger">{failureWords(t, engine.error)}</p>
          <Button disabled={actions.busy} onClick={() => void actions.restart()}>
            {t('models.restart')}
          </Button>
        </div>
      )}
      <section className="flex flex-col gap-1">
        <h2 className="label-caps">{t('engine.now')}</h2>
        {work}
      </section>
      {activity.data && <Facts activity={activity.data} />}
      <a
        href={hrefs.models}
        onClick={onLeave}
        className="self-start font-medium text-accent-text underline-offset-2 hover:underline"
      >
        {t('engine.toModels')}
      </a>
    </div>
  )
}

interface WorkProps {
  app: AppState
  activity: EngineActivity | undefined
  onLeave(): void
}

function Work({ app, activity, onLeave }: WorkProps) {
  const { t } = useTranslation()
  const { engine, learning, embedderChange, downloads } = app
  const lines: { key: string; line: ReactNode }[] = []
  if (engine.state === 'loading') {
    lines.push({ key: 'load', line: t('engine.doing.loading', { percent: formatPercent(engine.progress) }) })
  }
  for (const { id, title } of activity?.answering ?? []) {
    lines.push({
      key: id,
      line: (
        <a href={hrefs.chat(id)} onClick={onLeave} className="underline-offset-2 hover:underline">
          {t('engine.doing.answering', { title })}
        </a>
      ),
    })
  }
  const turns = learning.queued + learning.running
  if (turns > 0) lines.push({ key: 'learn', line: t('engine.doing.learning', { count: turns }) })
  if (embedderChange) {
    const percent = formatPercent(embedderChange.total === 0 ? 1 : embedderChange.done / embedderChange.total)
    const name = embedderChange.paused ? 'paused' : 'embedding'
    lines.push({ key: 'embed', line: t(`engine.doing.${name}`, { percent }) })
  }
  for (const { modelId, state, receivedBytes, totalBytes } of downloads) {
    if (state === 'waiting') {
      lines.push({ key: `download-${modelId}`, line: t('engine.doing.downloadWaits', { model: modelId }) })
    }
    if (state !== 'running' && state !== 'verifying') continue
    const percent = totalBytes ? formatPercent(receivedBytes / totalBytes) : formatBytes(receivedBytes)
    lines.push({ key: `download-${modelId}`, line: t('engine.doing.download', { model: modelId, percent }) })
  }
  if (lines.length === 0) return <p className="text-dim">{t('engine.doing.nothing')}</p>
  return (
    <ul className="flex flex-col gap-1">
      {lines.map(({ key, line }) => (
        <li key={key} className="[overflow-wrap:anywhere]">
          {line}
        </li>
      ))}
    </ul>
  )
}

function Facts({ activity }: { activity: EngineActivity }) {
  const { t } = useTranslation()
  const perSecond = (speed: number) => t('models.perSecond', { number: formatNumber(Math.round(speed)) })
  const facts = [
    ...(activity.writing === null ? [] : [[t('engine.fact.writing'), perSecond(activity.writing)]]),
    ...(activity.reading === null ? [] : [[t('engine.fact.reading'), perSecond(activity.reading)]]),
    ...(activity.contextTokens === null
      ? []
      : [[t('engine.fact.context'), t('models.tokens', { number: formatNumber(activity.contextTokens) })]]),
    ...(activity.memoryBytes === null ? [] : [[t('engine.fact.memory'), formatBytes(activity.memoryBytes)]]),
    ...(activity.memoryBytes === null ? [] : [[t('engine.fact.gpu'), activity.gpu ?? t('engine.fact.processor')]]),
  ]
  if (facts.length === 0) return null
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t border-line pt-3">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-dim">{name}</dt>
          <dd className="text-end">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
