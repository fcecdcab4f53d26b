// Before the fields of a store that holds something are changed: what becomes of the values that are there.
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../../shared/contract/index.ts'
import { formatList, formatNumber } from '../../../app/format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../../ui/dialog.tsx'
import { revealHidden } from '../../../ui/reveal-hidden.ts'

export type FieldChanges = Outputs['stores']['previewChange']

/** Whether the change touches values, so that it is shown first. */
export function touchesValues({ fields }: FieldChanges): boolean {
  return fields.some(({ change, values, misfits }) => misfits > 0 || (change === 'removed' && values > 0))
}

interface ChangeDialogProps {
  changes: FieldChanges
  onConfirm(): void
  onClose(): void
}

export function ChangeDialog({ changes, onConfirm, onClose }: ChangeDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('builder.change.title')} shape="wide" onClose={onClose}>
      <p className="text-dim">
        {t('builder.change.text', { count: changes.items, number: formatNumber(changes.items) })}
      </p>
      <ul className="mt-4 flex max-h-[50dvh] flex-col gap-3 overflow-y-auto">
        {changes.fields.map(({ key, label, before, after, change, values, misfits, samples }) => (
          <li key={key} className="rounded-control border border-line p-3">
            <p className="font-medium [overflow-wrap:anywhere]" dir="auto">
              {revealHidden(label)}
            </p>
            <p className="text-sm text-dim">
              {change === 'added' && t('builder.change.added')}
              {change === 'renamed' && t('builder.change.renamed', { before: before?.label ?? '' })}
              {change === 'removed' && t('builder.change.removed', { count: values, number: formatNumber(values) })}
              {change === 'retyped' &&
                before &&
                after &&
                t('builder.change.retyped', {
                  before: t(`fields.type.${before.type}`),
                  after: t(`fields.type.${after.type}`),
                })}
              {change === 'choices' && t('builder.change.choices')}
            </p>
            {misfits > 0 && (
              <p className="mt-1 text-sm text-warning-text">
                {t('builder.change.misfits', {
                  count: misfits,
                  number: formatNumber(misfits),
                  values: formatNumber(values),
                })}
              </p>
            )}
            {samples.length > 0 && (
              <p className="mt-1 text-sm [overflow-wrap:anywhere]" dir="auto">
                {t('builder.change.samples', {
                  samples: formatList(samples.map((sample) => `“${revealHidden(sample)}”`)),
                })}
              </p>
            )}
          </li>
        ))}
      </ul>
      <p className="mt-4 text-sm">{t('builder.change.kept')}</p>
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="accent" onClick={onConfirm}>
          {t('builder.change.confirm')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
