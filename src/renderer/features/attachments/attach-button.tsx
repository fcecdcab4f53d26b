// The paperclip: files, or a folder with what is in it.
import { FolderUp, Paperclip, Upload } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { FoundFile } from './choose.ts'
import { chosenFiles } from './dropped.ts'

export function AttachButton({ onFiles }: { onFiles(found: FoundFile[]): void }) {
  const { t } = useTranslation()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // React knows no attribute of this name.
    folder.current?.setAttribute('webkitdirectory', '')
  }, [])
  const field = (ref: typeof files, label: string) => (
    <input
      ref={ref}
      type="file"
      multiple
      hidden
      tabIndex={-1}
      aria-label={label}
      onChange={({ target }) => {
        if (target.files) onFiles(chosenFiles(target.files))
        // The same file chosen again is a change again.
        target.value = ''
      }}
    />
  )
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('attachments.attach')} size="icon">
            <Paperclip className="size-4.5" />
          </IconButton>
        }
        entries={[
          {
            label: t('attachments.chooseFiles'),
            icon: <Upload className="size-4" />,
            onSelect: () => files.current?.click(),
          },
          {
            label: t('attachments.chooseFolder'),
            icon: <FolderUp className="size-4" />,
            onSelect: () => folder.current?.click(),
          },
        ]}
      />
      {field(files, t('attachments.chooseFiles'))}
      {field(folder, t('attachments.chooseFolder'))}
    </>
  )
}
