// The files that came with a message of the person.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentView } from '../../../shared/documents.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { groupFiles } from './choose.ts'
import { FileChip, groupLook, useFileFacts } from './file-chip.tsx'
import { FilesDialog } from './files-dialog.tsx'
import { useRemoveFiles } from './use-remove-files.ts'

export function SentFiles({ files }: { files: readonly DocumentView[] }) {
  const { t } = useTranslation()
  const facts = useFileFacts()
  const [shown, setShown] = useState<readonly DocumentView[] | null>(null)
  const conversation = files[0]?.conversationId
  if (!conversation) return null
  return (
    <>
      <ul aria-label={t('attachments.sent')} className="mb-2 flex flex-wrap gap-2">
        {groupFiles(files).map((group) => {
          const { icon, name } = groupLook(group)
          return (
            <li key={group.files[0].id} className="max-w-full min-w-0 wide:max-w-72">
              <FileChip icon={icon} name={name} facts={facts(group)} onOpen={() => setShown(group.files)} />
            </li>
          )
        })}
      </ul>
      {shown && <ShownFiles conversation={conversation} files={shown} onClose={() => setShown(null)} />}
    </>
  )
}

interface ShownFilesProps {
  conversation: ConversationId
  files: readonly DocumentView[]
  onClose(): void
}

function ShownFiles({ conversation, files, onClose }: ShownFilesProps) {
  const remove = useRemoveFiles(conversation)
  return <FilesDialog files={files} onRemove={remove} onClose={onClose} />
}
