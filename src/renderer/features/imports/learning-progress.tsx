// Learning from chats that came in: how far it is, and to pause or end it. What it finds waits in the inbox.
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { keys, useClient } from '../../app/core.ts'
import { formatDuration, formatNumber } from '../../app/format.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { Button } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { canLearnFrom } from './verdicts.ts'

export function LearningProgress({ view }: { view: ImportView }) {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  const { id, learning } = view
  const act = (call: Promise<unknown>) =>
    void call.then(() => cache.invalidateQueries({ queryKey: keys.imports })).catch(sayFailure)
  if (view.state !== 'done') return null
  if (learning === null) {
    if (!canLearnFrom(view)) return null
    return (
      <div>
        <Button size="small" onClick={() => act(client.imports.resumeLearning({ id }))}>
          {t('imports.learning.begin')}
        </Button>
      </div>
    )
  }
  const { done, total, paused, leftMs, waitsFor } = learning
  const counts = { count: total, done: formatNumber(done), total: formatNumber(total) }
  if (done >= total) return <p className="text-sm text-dim">{t('imports.learning.done', counts)}</p>
  return (
    <div className="flex flex-col gap-2">
      <Progress label={t('imports.learning.bar')} value={total > 0 ? done / total : null} />
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-0 flex-1 text-sm text-dim">
          {t(paused ? 'imports.learning.paused' : 'imports.learning.progress', counts)}
          {waitsFor !== null && ` ${t('imports.learning.waits', { why: waitsFor })}`}
          {!paused && waitsFor === null && leftMs !== null && (
            <> {t('imports.learning.left', { time: formatDuration(leftMs / 1000) })}</>
          )}
        </p>
        {paused ? (
          <Button size="small" onClick={() => act(client.imports.resumeLearning({ id }))}>
            {t('imports.learning.resume')}
          </Button>
        ) : (
          <Button size="small" onClick={() => act(client.imports.pauseLearning({ id }))}>
            {t('imports.learning.pause')}
          </Button>
        )}
        <Button size="small" onClick={() => act(client.imports.stopLearning({ id }))}>
          {t('imports.learning.stop')}
        </Button>
      </div>
    </div>
  )
}
