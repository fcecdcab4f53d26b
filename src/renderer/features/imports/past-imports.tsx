// Imports that are over, the newest first, each with what came in and the way back.
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { fullWhen } from '../../app/format.ts'
import { Badge } from '../../ui/badge.tsx'
import { LearningProgress } from './learning-progress.tsx'
import { TakenWords } from './taken-words.tsx'
import { pastImportId, UndoButton } from './undo-button.tsx'

export function PastImports({ views }: { views: readonly ImportView[] }) {
  const { t } = useTranslation()
  const id = useId()
  if (views.length === 0) return null
  return (
    <div className="flex flex-col gap-2">
      <h3 id={id} className="font-medium">
        {t('imports.past')}
      </h3>
      <ul aria-labelledby={id} className="flex flex-col divide-y divide-line rounded-card border border-line bg-raised">
        {views.map((view) => (
          <li key={view.id} id={pastImportId(view.id)} tabIndex={-1} className="flex flex-col gap-2 px-3.5 py-3">
            <div className="flex items-start gap-3">
              <div className="min-w-0 flex-1">
                <p dir="auto" className="[overflow-wrap:anywhere]">
                  {view.name}
                </p>
                <p className="text-sm text-dim">
                  {t(`imports.format.${view.format}`)} · {fullWhen(view.publishedAt ?? view.createdAt)}
                </p>
              </div>
              {view.state === 'undone' ? <Badge>{t('imports.isUndone')}</Badge> : <UndoButton view={view} />}
            </div>
            {view.state === 'done' && <TakenWords view={view} past />}
            <LearningProgress view={view} />
          </li>
        ))}
      </ul>
    </div>
  )
}
