// The dry run, or the taking over, while it is under way.
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { formatNumber } from '../../app/format.ts'
import { Button } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { Card, CardButtons } from './card.tsx'
import { useDropImport } from './use-drop-import.ts'

export function RunningCard({ view }: { view: ImportView }) {
  const { t } = useTranslation()
  const drop = useDropImport()
  const { id, name, progress } = view
  const reading = view.state === 'reading'
  const share = progress?.total ? Math.min(1, progress.done / progress.total) : null
  return (
    <Card title={t(reading ? 'imports.reading' : 'imports.publishing', { name })}>
      <Progress label={t(reading ? 'imports.readingBar' : 'imports.publishingBar')} value={share} />
      <p className="text-sm text-dim">
        {reading && progress && progress.done > 0
          ? t('imports.readRows', { count: progress.done, number: formatNumber(progress.done) })
          : t(reading ? 'imports.readingText' : 'imports.publishingText')}
      </p>
      {reading && (
        <CardButtons>
          <Button onClick={() => drop(id)}>{t('action.cancel')}</Button>
        </CardButtons>
      )}
    </Card>
  )
}
