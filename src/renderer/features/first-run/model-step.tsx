// A model: one put forward for this machine, a file of one's own, or later. A download goes on while one goes on.
import { useTranslation } from 'react-i18next'
import { isUnderWay } from '../../../shared/models.ts'
import { useAppState } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatBytes } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { useEngineWords } from '../models/engine-line.tsx'
import { ModelCard } from '../models/model-card.tsx'
import { putForward } from '../models/recommended.ts'
import { UseFile } from '../models/use-file.tsx'
import { useModels } from '../models/use-models.ts'
import { StepButtons, StepHeading } from './first-run.tsx'

export function ModelStep({ onBack, onNext }: { onBack(): void; onNext(): void }) {
  const { t } = useTranslation()
  const app = useAppState()
  const list = useModels()
  const engineWords = useEngineWords()
  const { first, instead } = putForward(list.data?.models ?? [], app?.downloads ?? [])
  const running = app?.downloads.some(isUnderWay) ?? false
  const engine = app?.engine
  const chosen = engine !== undefined && engine.state !== 'none' && engine.state !== 'failed'
  return (
    <>
      <div className="flex flex-col gap-2">
        <StepHeading>{t('firstRun.model')}</StepHeading>
        <p>{t('firstRun.modelText')}</p>
        {list.data && (
          <p className="text-sm text-dim">
            {t('firstRun.machine', {
              memory: formatBytes(list.data.machine.memoryBytes),
              count: list.data.machine.cores,
            })}
          </p>
        )}
      </div>
      {engine && chosen && (
        <p role="status" className="rounded-control bg-accent-soft px-3.5 py-2.5 font-medium text-accent-text">
          {engineWords(engine)}
        </p>
      )}
      <section className="flex flex-col gap-3">
        {list.isPending && <Skeleton lines={4} />}
        {list.error && (
          <p role="alert" className="text-danger">
            {failureWords(t, failureOf(list.error))}
          </p>
        )}
        {instead && <ModelCard model={instead} main reason={t('models.instead')} />}
        {first && <ModelCard model={first} main={!instead && !chosen} reason={t('models.recommended')} />}
        <p>
          <a href={hrefs.models} className="text-sm font-medium text-accent-text hover:underline">
            {t('firstRun.others')}
          </a>
        </p>
      </section>
      <UseFile modelFolder={list.data?.machine.modelFolder ?? null} />
      <StepButtons>
        <Button onClick={onBack}>{t('firstRun.back')}</Button>
        <Button kind={chosen || running ? 'accent' : 'outline'} onClick={onNext}>
          {chosen || running ? t('firstRun.next') : t('firstRun.noModel')}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-sm text-dim">
          {running ? t('firstRun.continueText') : chosen ? null : t('firstRun.skipText')}
        </p>
      </StepButtons>
    </>
  )
}
