// Files under way, those that are being fetched, and those that still wait to be.
import { useQueryClient } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ExportView } from '../../../shared/exports.ts'
import { keys, useClient } from '../../app/core.ts'
import { formatBytes, formatNumber, formatPercent } from '../../app/format.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Progress } from '../../ui/progress.tsx'
import { deliveries, useDeliveries } from './deliveries.ts'
import { useExports } from './use-exports.ts'

export function ExportList() {
  const { t } = useTranslation()
  // Where somebody else asked for it, it lies there already.
  const views = useExports().filter(({ path, state }) => path === null && state !== 'cancelled')
  if (views.length === 0) return null
  return (
    <ul aria-label={t('exports.list')} className="flex flex-col divide-y divide-line rounded-card border border-line">
      {views.map((view) => (
        <ExportRow key={view.id} view={view} />
      ))}
    </ul>
  )
}

function ExportRow({ view }: { view: ExportView }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  const share = useDeliveries()[view.id]
  const { id, name, state, done, total, bytes, encrypted, error } = view
  const discard = () =>
    void client.exports
      .discard({ id })
      .then(() => cache.invalidateQueries({ queryKey: keys.exports }))
      .catch(sayFailure)
  const fetching = state === 'ready' && share !== undefined
  return (
    <li className="flex flex-col gap-2 px-3.5 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <span className="flex min-w-0 flex-1 items-center gap-1.5 [overflow-wrap:anywhere]">
          {encrypted && <Lock role="img" aria-label={t('exports.encrypted')} className="size-3.5 shrink-0 text-dim" />}
          {name}
        </span>
        {state === 'ready' && bytes !== null && <span className="text-sm text-dim">{formatBytes(bytes)}</span>}
        {state === 'ready' && !fetching && (
          <Button size="small" kind="accent" onClick={() => deliveries.getState().want(id)}>
            {t('exports.save')}
          </Button>
        )}
        {!fetching && (
          <Button size="small" aria-label={t(`exports.discardOf.${state}`, { name })} onClick={discard}>
            {t(state === 'running' ? 'action.cancel' : 'exports.discard')}
          </Button>
        )}
      </div>
      {state === 'running' && (
        <>
          <Progress label={t('exports.working')} value={total > 0 ? Math.min(1, done / total) : null} />
          <p className="text-sm text-dim">
            {t('exports.progress', { done: formatNumber(done), total: formatNumber(total) })}
          </p>
        </>
      )}
      {fetching && (
        <>
          <Progress label={t('exports.fetching')} value={share} />
          <p className="text-sm text-dim">{t('exports.fetched', { percent: formatPercent(share) })}</p>
        </>
      )}
      <Problem text={error} />
    </li>
  )
}
