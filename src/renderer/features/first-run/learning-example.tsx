// One example of what each level makes of a sentence, with the words it rests on and the undo. It changes nothing.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppState } from '../../app/core.ts'
import { Button } from '../../ui/button.tsx'
import { levelOf } from '../learning/learning-level.tsx'

/** What became of the example: nothing yet, taken back, or agreed to. */
type Outcome = 'shown' | 'undone' | 'approved' | 'declined'

export function LearningExample() {
  const { t } = useTranslation()
  const app = useAppState()
  const level = app ? levelOf(app.settings) : 'by_itself'
  // Each level starts its own example.
  return (
    <figure aria-label={t('example.title')} className="flex flex-col gap-2.5 rounded-card bg-panel p-4 text-sm">
      <figcaption className="label-caps">{t('example.title')}</figcaption>
      <p className="max-w-fit self-end rounded-card border border-line bg-raised px-3 py-2">{t('example.said')}</p>
      {level === 'off' ? (
        <p className="text-dim">{t('example.off')}</p>
      ) : (
        <Learned key={level} asks={level === 'propose'} />
      )}
    </figure>
  )
}

function Learned({ asks }: { asks: boolean }) {
  const { t } = useTranslation()
  const [outcome, setOutcome] = useState<Outcome>('shown')
  const asking = asks && outcome === 'shown'
  return (
    <div className="flex flex-col gap-2 rounded-control border border-line bg-raised px-3 py-2.5">
      <p role="status">
        {asking
          ? t('example.ask')
          : outcome === 'undone' || outcome === 'declined'
            ? t('example.notKept')
            : t('example.kept')}
      </p>
      <p className="text-dim">{t('example.because')}</p>
      <div className="flex flex-wrap gap-2">
        {asking ? (
          <>
            <Button size="small" onClick={() => setOutcome('approved')}>
              {t('ask.approve')}
            </Button>
            <Button size="small" onClick={() => setOutcome('declined')}>
              {t('ask.decline')}
            </Button>
          </>
        ) : outcome === 'shown' ? (
          <Button size="small" onClick={() => setOutcome('undone')}>
            {t('action.undo')}
          </Button>
        ) : (
          <Button size="small" onClick={() => setOutcome('shown')}>
            {t('example.again')}
          </Button>
        )}
      </div>
    </div>
  )
}
