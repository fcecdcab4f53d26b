// What a newcomer sees above the composer: what this is, where data lives, one model put forward. All can be skipped.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppState } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatBytes } from '../../app/format.ts'
import { focusComposer } from '../../app/new-chat.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { ModelCard } from './model-card.tsx'
import { putForward } from './recommended.ts'
import { UseFile } from './use-file.tsx'
import { useModels } from './use-models.ts'

export function FirstRun() {
  const { t } = useTranslation()
  const app = useAppState()
  const list = useModels()
  const change = useSetting()
  // When this makes room, what had the focus here is gone.
  useEffect(() => focusComposer, [])
  const { first, instead } = putForward(list.data?.models ?? [], app?.downloads ?? [])
  const running = app?.downloads.some((download) => download.state === 'running' || download.state === 'verifying')
  return (
    <div className="mx-auto flex max-w-xl flex-col gap-8 px-4 pt-10 pb-12">
      <div className="flex flex-col gap-3">
        <h2 className="text-xl">{t('firstRun.heading')}</h2>
        <p>{t('firstRun.what')}</p>
        <p className="text-sm text-dim">
          {t('firstRun.where')} <span className="font-mono [overflow-wrap:anywhere]">{app?.profileFolder}</span>
        </p>
      </div>
      <section className="flex flex-col gap-3">
        <h2 className="label-caps">{t('firstRun.model')}</h2>
        {list.isPending && <Skeleton lines={4} />}
        {list.error && (
          <p role="alert" className="text-danger">
            {failureWords(t, failureOf(list.error))}
          </p>
        )}
        {list.data && (
          <p className="text-sm text-dim">
            {t('firstRun.machine', {
              memory: formatBytes(list.data.machine.memoryBytes),
              count: list.data.machine.cores,
            })}
          </p>
        )}
        {instead && <ModelCard model={instead} main reason={t('models.instead')} />}
        {first && <ModelCard model={first} main={!instead} reason={t('models.recommended')} />}
        <p>
          <a href={hrefs.models} className="text-sm font-medium text-accent-text hover:underline">
            {t('firstRun.others')}
          </a>
        </p>
      </section>
      <UseFile />
      <div className="flex flex-wrap items-center gap-3 border-t border-line pt-5">
        <Button onClick={() => void change({ firstRunDone: true })}>
          {running ? t('firstRun.continue') : t('firstRun.skip')}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-sm text-dim">
          {running ? t('firstRun.continueText') : t('firstRun.skipText')}
        </p>
      </div>
    </div>
  )
}
