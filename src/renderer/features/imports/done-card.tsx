// It came in: what, where it is now, and the way back.
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { focusWhenThere } from '../../app/focus.ts'
import { Button } from '../../ui/button.tsx'
import { arrivals } from './arrivals.ts'
import { Card, CardButtons } from './card.tsx'
import { CHOOSE_ID } from './choose-import.tsx'
import { CuttingProgress } from './cutting-progress.tsx'
import { LearningProgress } from './learning-progress.tsx'
import { TakenWords } from './taken-words.tsx'
import { UndoButton } from './undo-button.tsx'

export function DoneCard({ view }: { view: ImportView }) {
  const { t } = useTranslation()
  const close = () => {
    arrivals.getState().set({ finished: null })
    focusWhenThere(() => document.getElementById(CHOOSE_ID), { preventScroll: true })
  }
  return (
    <Card title={t('imports.done', { name: view.name })}>
      <TakenWords view={view} />
      <CuttingProgress view={view} />
      <LearningProgress view={view} />
      <CardButtons>
        <Button onClick={close}>{t('action.close')}</Button>
        <UndoButton view={view} />
      </CardButtons>
    </Card>
  )
}
