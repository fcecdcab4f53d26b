// Of a message that came with an import: it was said elsewhere, and never typed here.
import { Import } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { fullWhen, longDay } from '../../app/format.ts'

export function ImportedMark({ at }: { at: Date }) {
  const { t } = useTranslation()
  return (
    <p title={fullWhen(at)} className="flex items-center gap-1.5 text-xs text-dim">
      <Import aria-hidden="true" className="size-3.5" />
      {t('chat.imported', { day: longDay(at) })}
    </p>
  )
}
