// How much of what came in recall finds already; the rest is made ready in the background.
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { formatNumber } from '../../app/format.ts'
import { Progress } from '../../ui/progress.tsx'

export function CuttingProgress({ view: { cutting } }: { view: ImportView }) {
  const { t } = useTranslation()
  if (cutting === null) return null
  const { done, total } = cutting
  return (
    <div className="flex flex-col gap-2">
      <Progress label={t('imports.cutting.bar')} value={total > 0 ? done / total : null} />
      <p className="text-sm text-dim">
        {t('imports.cutting.progress', { count: total, done: formatNumber(done), total: formatNumber(total) })}
      </p>
    </div>
  )
}
