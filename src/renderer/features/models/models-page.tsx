// All models: what is on disk now, what fits this machine, get it, use it.
import type { TFunction } from 'i18next'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelView } from '../../../shared/models.ts'
import { useAppState } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatBytes } from '../../app/format.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { Problem } from '../../ui/problem.tsx'
import { EmbedderChange } from './embedder-change.tsx'
import { useEngineWords } from './engine-line.tsx'
import { ModelCard } from './model-card.tsx'
import { putForward } from './recommended.ts'
import { UseFile } from './use-file.tsx'
import { useModelActions, useModels } from './use-models.ts'

export function ModelsPage() {
  const { t } = useTranslation()
  const list = useModels()
  const app = useAppState()
  useEffect(() => {
    document.title = t('app.title', { page: t('models.title') })
  }, [t])
  if (list.isPending) {
    return (
      <>
        <PageHeader title={t('models.title')} />
        <Skeleton lines={8} />
      </>
    )
  }
  if (!list.data) {
    return (
      <>
        <PageHeader title={t('models.title')} />
        <div role="alert" className="flex flex-col items-start gap-3 p-5">
          <p className="text-danger">{failureWords(t, failureOf(list.error))}</p>
          <Button onClick={() => void list.refetch()}>{t('action.tryAgain')}</Button>
        </div>
      </>
    )
  }
  const { models, machine } = list.data
  const { instead } = putForward(models, app?.downloads ?? [])
  return (
    <>
      <PageHeader title={t('models.title')} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-2xl flex-col gap-9 px-4 py-6">
          <p className="text-sm text-dim">
            {t('models.machine', {
              memory: formatBytes(machine.memoryBytes),
              count: machine.cores,
              folder: machine.modelFolder,
            })}
            {machine.freeDiskBytes !== null && ` ${t('models.free', { size: formatBytes(machine.freeDiskBytes) })}`}
          </p>
          <Engine />
          <section className="flex flex-col gap-3">
            <h2 className="label-caps">{t('models.chat')}</h2>
            {chatModels(models).map((model) => (
              <ModelCard
                key={model.id}
                model={model}
                main={model.id === instead?.id || (!instead && model.recommended && !model.active)}
                {...reasonFor(t, model, instead)}
              />
            ))}
          </section>
          <UseFile modelFolder={machine.modelFolder} />
          <section className="flex flex-col gap-3">
            <h2 className="label-caps">{t('models.embedding')}</h2>
            <p className="text-sm text-dim">{t('models.embeddingText')}</p>
            {!models.some((model) => model.kind === 'embedding' && model.active && model.path !== null) && (
              <p role="alert" className="text-sm text-warning-text">
                {t('models.embedderMissing')}
              </p>
            )}
            {app?.embedderChange && <EmbedderChange change={app.embedderChange} models={models} />}
            {models
              .filter((model) => model.kind === 'embedding')
              .map((model) => (
                <ModelCard key={model.id} model={model} />
              ))}
          </section>
        </div>
      </div>
    </>
  )
}

/** In use first, then what is on disk, then the recommended one, then by size. */
function chatModels(models: ModelView[]): ModelView[] {
  const rank = (model: ModelView) => (model.active ? 0 : model.path !== null ? 1 : model.recommended ? 2 : 3)
  return models
    .filter((model) => model.kind === 'chat')
    .sort((a, b) => rank(a) - rank(b) || (a.bytes ?? 0) - (b.bytes ?? 0))
}

function reasonFor(t: TFunction, model: ModelView, instead: ModelView | null) {
  if (model.id === instead?.id) return { reason: t('models.instead') }
  return model.recommended ? { reason: t('models.recommended') } : {}
}

function Engine() {
  const { t } = useTranslation()
  const words = useEngineWords()
  const engine = useAppState()?.engine
  const actions = useModelActions()
  if (!engine) return null
  return (
    <section className="flex flex-wrap items-center justify-between gap-3">
      <div>
        <p className="font-medium">{words(engine)}</p>
        {engine.state === 'failed' && <Problem text={failureWords(t, engine.error)} />}
        <Problem text={actions.problem} />
      </div>
      {engine.state === 'failed' && (
        <Button disabled={actions.busy} onClick={() => void actions.restart()}>
          {t('models.restart')}
        </Button>
      )}
    </section>
  )
}
