// What can be done with one item, in every view.
import { Ellipsis, Info, Pencil, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { hrefs, navigate } from '../../../app/router.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { useForget } from '../../memory/use-forget.ts'

export function RowMenu({ row, onEdit }: { row: StoreRow; onEdit(): void }) {
  const { t } = useTranslation()
  const forget = useForget()
  return (
    <Menu
      trigger={
        <IconButton label={t('storePage.actions', { entry: row.text.slice(0, 80) })}>
          <Ellipsis className="size-4" />
        </IconButton>
      }
      entries={[
        { label: t('memory.edit'), icon: <Pencil className="size-4" />, onSelect: onEdit },
        {
          label: t('storePage.why'),
          icon: <Info className="size-4" />,
          onSelect: () => navigate(hrefs.memory(row.id)),
        },
        {
          label: t('memory.forget'),
          icon: <Trash2 className="size-4" />,
          danger: true,
          onSelect: () => forget({ ids: [row.id] }),
        },
      ]}
    />
  )
}
