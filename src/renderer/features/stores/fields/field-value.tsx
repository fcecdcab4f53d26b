// The value of a field as it is read, in a table, on a card or in a form. One that does not fit its field any more is shown
// as it was written, and says so.
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asWritten, fieldProblem, isBlank, type StoreField } from '../../../../shared/store-field.ts'
import { formatNumber, shortDay } from '../../../app/format.ts'
import { Badge } from '../../../ui/badge.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { PersonName } from './person-name.tsx'

interface FieldValueProps {
  field: Pick<StoreField, 'type' | 'choices'>
  value: unknown
  /** Without a link in it, inside of what is pressed itself. */
  plain?: boolean
}

export function FieldValue({ field, value, plain = false }: FieldValueProps) {
  const { t } = useTranslation()
  if (isBlank(value)) {
    return (
      <span className="text-dim">
        <span aria-hidden="true">–</span>
        <span className="sr-only">{t('fields.empty')}</span>
      </span>
    )
  }
  if (fieldProblem(field, value) !== null) {
    return (
      <span title={t('fields.misfit')} className="inline-flex min-w-0 items-start gap-1.5 [overflow-wrap:anywhere]">
        <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 text-warning-text" />
        <span className="sr-only">{t('fields.misfit')}</span>
        <span dir="auto">
          <MarkedText text={asWritten(value)} />
        </span>
      </span>
    )
  }
  switch (field.type) {
    case 'number':
      return <span className="tabular-nums">{formatNumber(Number(value), 6)}</span>
    case 'date':
      return <span>{shortDay(asWritten(value), new Date())}</span>
    case 'yes_no':
      return <span>{t(value === true ? 'fields.yes' : 'fields.no')}</span>
    case 'choice':
      return <Badge tone="accent">{asWritten(value)}</Badge>
    case 'list':
      return (
        <span className="flex flex-wrap gap-1">
          {(value as string[]).map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries may be alike and have no name but their place
            <Badge key={index}>{entry}</Badge>
          ))}
        </span>
      )
    case 'person':
      return plain ? <Words text={asWritten(value)} /> : <PersonName name={asWritten(value)} />
    case 'text':
      return <Words text={asWritten(value)} />
  }
}

function Words({ text }: { text: string }) {
  return (
    <span dir="auto" className="[overflow-wrap:anywhere]">
      <MarkedText text={text} />
    </span>
  )
}
