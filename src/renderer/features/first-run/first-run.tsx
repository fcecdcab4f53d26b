// What a newcomer sees in the place of the first chat: what this is and where data lives, a model, and what to call them
// and how to learn. Each step can be skipped, and what runs goes on while they do.
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppState } from '../../app/core.ts'
import { focusComposer } from '../../app/new-chat.ts'
import { PageHeader } from '../../app/page-header.tsx'
import { useWindow } from '../../app/window-state.ts'
import { Button } from '../../ui/button.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { ModelStep } from './model-step.tsx'
import { PersonStep } from './person-step.tsx'

const STEPS = 3

export function FirstRun() {
  const { t } = useTranslation()
  const step = useWindow((state) => state.firstRunStep)
  const set = useWindow((state) => state.set)
  const change = useSetting()
  const title = t('firstRun.title')
  useEffect(() => {
    document.title = t('app.title', { page: title })
  }, [t, title])
  // When this makes room, what had the focus here is gone.
  useEffect(() => focusComposer, [])
  const go = (to: number) => set({ firstRunStep: to })
  const finish = async () => {
    await change({ firstRunDone: true })
    go(1)
  }
  return (
    <>
      <PageHeader title={title}>
        <Button kind="quiet" onClick={() => void finish()}>
          {t('firstRun.skip')}
        </Button>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-xl flex-col gap-7 px-4 pt-8 pb-12 wide:pt-12">
          <Progress step={step} />
          {step === 1 && <AboutStep onNext={() => go(2)} />}
          {step === 2 && <ModelStep onBack={() => go(1)} onNext={() => go(3)} />}
          {step === 3 && <PersonStep onBack={() => go(2)} onFinish={finish} />}
        </div>
      </div>
    </>
  )
}

function Progress({ step }: { step: number }) {
  const { t } = useTranslation()
  return (
    <div className="flex items-center gap-3">
      <p className="label-caps">{t('firstRun.step', { step, steps: STEPS })}</p>
      <span aria-hidden="true" className="flex gap-1.5">
        {Array.from({ length: STEPS }, (_, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: marks that are all the same
            key={index}
            className={`block h-1 w-7 rounded-full ${index < step ? 'bg-accent' : 'bg-line'}`}
          />
        ))}
      </span>
    </div>
  )
}

/** The heading of a step, which gets the focus when one comes to it: what follows is read from there. */
export function StepHeading({ children }: { children: ReactNode }) {
  const element = useRef<HTMLHeadingElement>(null)
  useEffect(() => element.current?.focus(), [])
  return (
    <h2 ref={element} tabIndex={-1} className="text-xl outline-none">
      {children}
    </h2>
  )
}

/** The row that ends a step. */
export function StepButtons({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2.5 border-t border-line pt-5">{children}</div>
}

/** The three things that make it different, each with a sentence. */
const PROMISES = ['local', 'learns', 'yours'] as const

function AboutStep({ onNext }: { onNext(): void }) {
  const { t } = useTranslation()
  const app = useAppState()
  return (
    <>
      <div className="flex flex-col gap-3">
        <StepHeading>{t('firstRun.heading')}</StepHeading>
        <p>{t('firstRun.what')}</p>
      </div>
      <ul className="flex flex-col gap-4">
        {PROMISES.map((name) => (
          <li key={name} className="flex flex-col gap-0.5 border-s-2 border-accent ps-3.5">
            <p className="font-medium">{t(`firstRun.promise.${name}.title`)}</p>
            <p className="text-sm text-dim">{t(`firstRun.promise.${name}.text`)}</p>
          </li>
        ))}
      </ul>
      <div className="flex flex-col gap-1.5">
        <p className="text-sm text-dim">{t('firstRun.where')}</p>
        <p className="rounded-control bg-panel px-3 py-2 font-mono text-sm [overflow-wrap:anywhere]">
          {app?.profileFolder}
        </p>
      </div>
      <StepButtons>
        <Button kind="accent" onClick={onNext}>
          {t('firstRun.next')}
        </Button>
      </StepButtons>
    </>
  )
}
