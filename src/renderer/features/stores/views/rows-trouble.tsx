// Why the rows of a store could not be read, and another try.
import { useTranslation } from 'react-i18next'
import { failureOf, failureWords } from '../../../app/failure.ts'
import { Button } from '../../../ui/button.tsx'
import type { Rows } from './use-rows.ts'

export function RowsTrouble({ list, className = '' }: { list: Rows; className?: string }) {
  const { t } = useTranslation()
  if (!list.error) return null
  return (
    <div role="alert" className={`flex flex-col items-start gap-3 ${className}`}>
      <p className="text-danger">{failureWords(t, failureOf(list.error))}</p>
      <Button onClick={list.retry}>{t('action.tryAgain')}</Button>
    </div>
  )
}
