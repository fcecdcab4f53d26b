// All files of a chat, from its header.
import { Files } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationId } from '../../../shared/ids.ts'
import { IconButton } from '../../ui/button.tsx'
import { FilesDialog } from './files-dialog.tsx'
import { useFiles } from './use-attachments.ts'
import { useRemoveFiles } from './use-remove-files.ts'

export function ChatFiles({ id }: { id: ConversationId }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { staged, sent } = useFiles(id)
  const remove = useRemoveFiles(id)
  const files = [...staged.toReversed(), ...sent]
  if (files.length === 0 && !open) return null
  return (
    <>
      <IconButton label={t('attachments.ofChat')} size="icon" onClick={() => setOpen(true)}>
        <Files className="size-4.5" />
      </IconButton>
      {open && (
        <FilesDialog title={t('attachments.ofChat')} files={files} onRemove={remove} onClose={() => setOpen(false)} />
      )}
    </>
  )
}
