// Before an archive this profile did not make is restored as the person's own: what that means.
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'

export function OwnDialog({ onConfirm, onClose }: { onConfirm(): void; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('imports.own.title')} onClose={onClose}>
      <ul className="flex list-disc flex-col gap-1.5 ps-5">
        {(['used', 'rules', 'undo'] as const).map((line) => (
          <li key={line}>{t(`imports.own.${line}`)}</li>
        ))}
      </ul>
      <DialogButtons>
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button kind="accent" onClick={onConfirm}>
          {t('imports.own.confirm')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
