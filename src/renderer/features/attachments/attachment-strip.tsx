// The files that go with the next message: those that are there, those on their way, and what could not be attached.
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentView } from '../../../shared/documents.ts'
import { formatBytes, formatList, formatNumber, formatPercent } from '../../app/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { groupFiles, type Skip } from './choose.ts'
import { FileChip, groupLook, useFileFacts } from './file-chip.tsx'
import { FilesDialog } from './files-dialog.tsx'
import type { FolderNote, Upload } from './uploads.ts'
import type { Attachments } from './use-attachments.ts'

export function AttachmentStrip({ attachments }: { attachments: Attachments }) {
  const { t } = useTranslation()
  const facts = useFileFacts()
  const [shown, setShown] = useState<readonly DocumentView[] | null>(null)
  const { staged, uploads, notes, remove, dismiss, dropNote } = attachments
  if (staged.length + uploads.length + notes.length === 0) return null
  // Of a folder's files on their way one line is enough.
  const groups = groupFiles(uploads)
  return (
    <div className="mb-3">
      <ul aria-label={t('attachments.strip')} className="flex max-h-52 flex-wrap gap-2 overflow-y-auto">
        {groupFiles(staged).map((group) => {
          const { icon, name } = groupLook(group)
          return (
            <li key={group.files[0].id} className="max-w-full min-w-0 wide:max-w-64">
              <FileChip icon={icon} name={name} facts={facts(group)} onOpen={() => setShown(group.files)}>
                <Remove name={name} onClick={() => remove(name, group.files)} />
              </FileChip>
            </li>
          )
        })}
        {groups.map(({ root, files }) => (
          <li key={files[0].id} className="max-w-full min-w-0 wide:max-w-80">
            {root === null ? (
              <OneUpload upload={files[0]} onDismiss={() => dismiss(files[0])} />
            ) : (
              <FileChip icon="folder" name={root} facts={t('attachments.left', { count: files.length })}>
                <Remove name={root} onClick={() => files.forEach(dismiss)} />
              </FileChip>
            )}
          </li>
        ))}
      </ul>
      {notes.map((note) => (
        <FolderLine key={note.id} note={note} onClose={() => dropNote(note)} />
      ))}
      {shown && <FilesDialog files={shown} onRemove={remove} onClose={() => setShown(null)} />}
    </div>
  )
}

function OneUpload({ upload, onDismiss }: { upload: Upload; onDismiss(): void }) {
  const { t } = useTranslation()
  const skipWords = useSkipWords()
  const { name, bytes, progress, problem } = upload
  if (problem !== null) {
    const words = problem.kind === 'words' ? problem.words : skipWords(problem.why)
    return (
      <FileChip
        icon="problem"
        name={name}
        facts={
          <span role="alert" className="text-danger">
            {words}
          </span>
        }
      >
        <Remove name={name} onClick={onDismiss} />
      </FileChip>
    )
  }
  const reading = progress === 1
  const label = reading ? t('attachments.reading', { name }) : t('attachments.carrying', { name })
  return (
    <FileChip
      icon={upload.pasted ? 'pasted' : 'text'}
      name={name}
      facts={
        <span className="block w-40">
          <span className="mb-1 block">
            {reading
              ? t('attachments.readingShort')
              : t('attachments.carryingShort', { percent: formatPercent(progress ?? 0), size: formatBytes(bytes) })}
          </span>
          <Progress label={label} value={reading ? null : (progress ?? 0)} />
        </span>
      }
    >
      <Remove name={name} onClick={onDismiss} />
    </FileChip>
  )
}

function Remove({ name, onClick }: { name: string; onClick(): void }) {
  const { t } = useTranslation()
  return (
    <IconButton
      label={t('attachments.remove', { name: revealHidden(name) })}
      className="me-1 shrink-0"
      onClick={onClick}
    >
      <X className="size-4" />
    </IconButton>
  )
}

/** What became of a folder: how many of its files were left out, and why. */
function FolderLine({ note, onClose }: { note: FolderNote; onClose(): void }) {
  const { t } = useTranslation()
  const counts = Object.entries(note.skipped) as [Skip, number][]
  const left = counts.reduce((sum, [, count]) => sum + count, 0)
  if (left === 0 && note.taken > 0) return null
  const why = counts.map(([skip, count]) => t(`attachments.skipped.${skip}`, { count, number: formatNumber(count) }))
  const words =
    left === 0
      ? t('attachments.folderEmpty', { name: revealHidden(note.root) })
      : t('attachments.folder', { count: left, name: revealHidden(note.root), why: formatList(why) })
  return (
    <p className="mt-2 flex items-center gap-2 text-sm text-dim">
      <span className="min-w-0 flex-1">{words}</span>
      <IconButton label={t('action.close')} onClick={onClose}>
        <X className="size-4" />
      </IconButton>
    </p>
  )
}

/** Why a file that came alone is refused. */
function useSkipWords(): (why: Skip) => string {
  const { t } = useTranslation()
  return (why) => t(`attachments.refused.${why}`)
}
