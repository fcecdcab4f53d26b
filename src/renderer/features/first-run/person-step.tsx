// What to call the person, which becomes a memory they wrote by hand, and how to learn, shown with one example.
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../app/core.ts'
import { hrefs } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Problem } from '../../ui/problem.tsx'
import { LearningLevel } from '../learning/learning-level.tsx'
import { StepButtons, StepHeading } from './first-run.tsx'
import { LearningExample } from './learning-example.tsx'

const NAME_MAX = 60

/** How the profile names its fields; the words after it are the person's. */
const CALLED = 'preferred_name: '

export function PersonStep({ onBack, onFinish }: { onBack(): void; onFinish(): Promise<void> }) {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const [name, setName] = useState('')
  const nameId = useId()
  const { busy, problem, attempt } = useAttempt()
  const finish = (event: FormEvent) => {
    event.preventDefault()
    const called = name.trim().replaceAll(/\s+/g, ' ')
    return attempt(async () => {
      if (called !== '') {
        const { batchId } = await client.memory.add({ store: 'user_profile', text: CALLED + called })
        say(t('firstRun.calledNotice', { name: called }), batchId)
      }
      await onFinish()
    })
  }
  return (
    <form onSubmit={(event) => void finish(event)} className="flex flex-col gap-7">
      <StepHeading>{t('firstRun.person')}</StepHeading>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={nameId} className="font-medium">
          {t('firstRun.name')}
        </label>
        <p className="text-sm text-dim">{t('firstRun.nameText')}</p>
        <TextField
          id={nameId}
          dir="auto"
          value={name}
          maxLength={NAME_MAX}
          className="max-w-72"
          autoComplete="nickname"
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="flex flex-col gap-3">
        <h3 className="font-medium">{t('firstRun.level')}</h3>
        <LearningLevel />
        <LearningExample />
      </div>
      <p className="text-sm">
        {t('firstRun.elsewhere')}{' '}
        <a className="text-accent-text underline underline-offset-2" href={hrefs.dataPart('import')}>
          {t('firstRun.bringMemories')}
        </a>
      </p>
      <Problem text={problem} />
      <StepButtons>
        <Button onClick={onBack}>{t('firstRun.back')}</Button>
        <Button kind="accent" type="submit" disabled={busy}>
          {t('firstRun.start')}
        </Button>
        <p className="min-w-0 flex-1 basis-60 text-sm text-dim">{t('firstRun.changeLater')}</p>
      </StepButtons>
    </form>
  )
}
