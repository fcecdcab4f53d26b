// Files to look at: a list of them, and the text of one as the model reads it.
import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentView } from '../../../shared/documents.ts'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { formatNumber, fullWhen } from '../../app/format.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogButtons } from '../../ui/dialog.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { FileChip, useFileFacts } from './file-chip.tsx'

interface FilesDialogProps {
  /** One is shown at once; of several first the list. */
  files: readonly DocumentView[]
  title?: string
  onRemove(name: string, files: readonly DocumentView[]): void
  onClose(): void
}

export function FilesDialog({ files, title, onRemove, onClose }: FilesDialogProps) {
  const { t } = useTranslation()
  const facts = useFileFacts()
  const [only] = files
  const single = title === undefined && files.length === 1
  const [opened, setOpened] = useState<DocumentView | null>(single && only ? only : null)
  if (opened) {
    return (
      <FileText
        file={opened}
        onBack={single ? null : () => setOpened(null)}
        onRemove={() => {
          onRemove(opened.name, [opened])
          if (single) onClose()
          else setOpened(null)
        }}
        onClose={onClose}
      />
    )
  }
  return (
    <Dialog title={title ?? t('attachments.files', { count: files.length })} onClose={onClose}>
      {files.length === 0 ? (
        <p className="text-dim">{t('attachments.none')}</p>
      ) : (
        <ul className="flex max-h-[60vh] flex-col gap-2 overflow-y-auto">
          {files.map((file) => (
            <li key={file.id}>
              <FileChip
                icon={file.kind}
                name={file.folder === null ? file.name : `${file.folder}/${file.name}`}
                facts={[
                  facts({ root: null, files: [file] }),
                  file.conversationId === null ? t('attachments.notSent') : fullWhen(file.createdAt),
                ].join(t('used.between'))}
                onOpen={() => setOpened(file)}
              />
            </li>
          ))}
        </ul>
      )}
      <DialogButtons>
        <Button onClick={onClose}>{t('action.close')}</Button>
      </DialogButtons>
    </Dialog>
  )
}

/** A page of text: a book at once would stall the window. */
const SHOWN = 50_000

interface FileTextProps {
  file: DocumentView
  onBack: (() => void) | null
  onRemove(): void
  onClose(): void
}

function FileText({ file, onBack, onRemove, onClose }: FileTextProps) {
  const { t } = useTranslation()
  const client = useClient()
  const facts = useFileFacts()
  const [shown, setShown] = useState(SHOWN)
  const { data, error } = useQuery({
    queryKey: ['file', file.id],
    queryFn: ({ signal }) => client.documents.get({ id: file.id }, { signal }),
    gcTime: 0,
  })
  const text = data?.text
  return (
    <Dialog title={revealHidden(file.name)} shape="wide" onClose={onClose}>
      <p className="mb-1 text-sm text-dim">
        {[
          facts({ root: null, files: [file] }),
          t('attachments.characters', { count: file.characters, number: formatNumber(file.characters) }),
          ...(file.folder === null ? [] : [t('attachments.in', { folder: revealHidden(file.folder) })]),
        ].join(t('used.between'))}
      </p>
      <p className="mb-3 text-sm text-dim">{t('attachments.asRead')}</p>
      {error !== null && (
        <p role="alert" className="text-danger">
          {failureWords(t, failureOf(error))}
        </p>
      )}
      {text === undefined && error === null && <Skeleton lines={6} />}
      {text !== undefined && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a text that scrolls is scrolled with the keyboard as well
          tabIndex={0}
          aria-label={t('attachments.text')}
          className="max-h-[55vh] overflow-y-auto rounded-card border border-line bg-panel p-3.5"
        >
          <pre dir="auto" className="font-[inherit] text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">
            <MarkedText text={text.slice(0, shown)} />
          </pre>
          {text.length > shown && (
            <Button className="mt-3" onClick={() => setShown(shown + SHOWN)}>
              {t('attachments.more')}
            </Button>
          )}
        </section>
      )}
      <DialogButtons>
        {onBack && (
          <Button kind="quiet" className="me-auto" onClick={onBack}>
            <ArrowLeft className="size-4" />
            {t('attachments.back')}
          </Button>
        )}
        <Button kind="danger" onClick={onRemove}>
          {t('attachments.removeThis')}
        </Button>
        <Button data-first-focus onClick={onClose}>
          {t('action.close')}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
