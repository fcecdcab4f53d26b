// The buttons of one person or thing, and the dialogs they open.
import { Archive, ArchiveRestore, Ellipsis, Merge, Pencil, Split, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useForget } from '../memory/use-forget.ts'
import { EditEntityDialog } from './edit-entity-dialog.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { SplitDialog } from './split-dialog.tsx'
import { useEntityActs } from './use-entity-acts.ts'
import type { Person } from './use-people.ts'

export function EntityActs({ person }: { person: Person }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'edit' | 'merge' | 'split' | null>(null)
  const acts = useEntityActs()
  const forget = useForget()
  const { entity } = person
  const archived = entity.status === 'archived'
  const close = () => setOpen(null)
  return (
    <>
      <Button onClick={() => setOpen('edit')}>
        <Pencil className="size-4" />
        {t('people.edit')}
      </Button>
      <Button kind="danger" onClick={() => forget({ entityId: entity.id })}>
        <Trash2 className="size-4" />
        {t('people.forget')}
      </Button>
      <Menu
        trigger={
          <IconButton label={t('people.moreActs')} kind="outline" size="icon">
            <Ellipsis className="size-4" />
          </IconButton>
        }
        entries={[
          { label: t('people.merge'), icon: <Merge className="size-4" />, onSelect: () => setOpen('merge') },
          { label: t('people.split'), icon: <Split className="size-4" />, onSelect: () => setOpen('split') },
          {
            label: archived ? t('people.bringBack') : t('people.archive'),
            icon: archived ? <ArchiveRestore className="size-4" /> : <Archive className="size-4" />,
            onSelect: () => void acts.archive(entity, !archived),
          },
        ]}
      />
      {open === 'edit' && <EditEntityDialog entity={entity} merged={person.merged} onClose={close} />}
      {open === 'merge' && <MergeDialog entity={entity} onClose={close} />}
      {open === 'split' && <SplitDialog person={person} onClose={close} />}
    </>
  )
}
