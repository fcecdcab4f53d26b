// A change of the embedding model while it goes on: how far it is, what serves meanwhile, and how to halt it.
import { useTranslation } from 'react-i18next'
import type { EmbedderChangeView, ModelView } from '../../../shared/models.ts'
import { formatNumber } from '../../app/format.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useModelActions } from './use-models.ts'

/** @param props.models of the page, for their names and the one that serves meanwhile */
export function EmbedderChange({ change, models }: { change: EmbedderChangeView; models: readonly ModelView[] }) {
  const { t } = useTranslation()
  const actions = useModelActions()
  const inUse = models.find((model) => model.kind === 'embedding' && model.active)
  const name = models.find((model) => model.id === change.modelId)?.name ?? change.modelId
  const counts = { done: formatNumber(change.done), total: formatNumber(change.total) }
  const problem = actions.problem ?? change.problem
  return (
    <div className="flex flex-col gap-2 rounded-card border border-accent bg-raised p-4">
      <h3 className="text-[0.9375rem]">{t('models.change.title', { name })}</h3>
      <Progress
        label={t('models.change.title', { name })}
        value={change.total === 0 ? 1 : change.done / change.total}
      />
      <p className="text-sm text-dim" role="status">
        {change.paused ? t('models.change.paused', counts) : t('models.change.running', counts)}
      </p>
      <p className="text-sm text-dim">{t('models.change.meanwhile', { name: inUse?.name ?? '' })}</p>
      <Problem text={problem} />
      <div className="flex flex-wrap gap-2">
        {change.paused || change.problem ? (
          <Button kind="accent" disabled={actions.busy} onClick={() => void actions.resumeEmbedder()}>
            {t('models.change.resume')}
          </Button>
        ) : (
          <Button disabled={actions.busy} onClick={() => void actions.pauseEmbedder()}>
            {t('models.change.pause')}
          </Button>
        )}
        {inUse && (
          <Button disabled={actions.busy} onClick={() => void actions.chooseEmbedder(inUse.id)}>
            {t('models.change.stop', { name: inUse.name })}
          </Button>
        )}
      </div>
    </div>
  )
}
