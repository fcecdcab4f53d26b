// Why nothing came of it. Nothing was taken over.
import { useTranslation } from 'react-i18next'
import type { ImportId } from '../../../shared/ids.ts'
import { Button } from '../../ui/button.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Card, CardButtons } from './card.tsx'
import { useDropImport } from './use-drop-import.ts'

export function FailedCard({ id, name, problem }: { id: ImportId; name: string; problem: string | null }) {
  const { t } = useTranslation()
  const drop = useDropImport()
  return (
    <Card title={t('imports.failed', { name })}>
      <Problem text={problem ?? t('imports.failedText')} />
      <CardButtons>
        <Button onClick={() => drop(id)}>{t('imports.chooseOther')}</Button>
      </CardButtons>
    </Card>
  )
}
