// An item of a store in a dialog: added by hand, or changed.
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../shared/contract/stores.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { StoreField } from '../../../shared/store-field.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { ItemForm } from './fields/item-form.tsx'

interface ItemDialogProps {
  store: StoreId
  title: string
  fields: readonly StoreField[]
  /** Null: something new. */
  item: StoreRow | null
  onClose(): void
}

export function ItemDialog({ store, title, fields, item, onClose }: ItemDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t(item ? 'storePage.editTitle' : 'storePage.addTitle', { store: title })} onClose={onClose}>
      <div className="max-h-[70dvh] overflow-y-auto p-0.5">
        <ItemForm
          store={store}
          fields={item ? fields : fields.filter(({ fixed }) => !fixed)}
          item={item}
          onSaved={onClose}
          buttons={(canSave) => (
            <DialogButtons>
              <Button onClick={onClose}>{t('action.cancel')}</Button>
              <Button kind="accent" type="submit" disabled={!canSave}>
                {t(item ? 'action.save' : 'storePage.add')}
              </Button>
            </DialogButtons>
          )}
        />
      </div>
    </Dialog>
  )
}
