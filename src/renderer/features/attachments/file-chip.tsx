// A file as a small card: what it is called, the facts about it, and what can be done with it.
import { FileCode, FileText, FileWarning, Folder, ScrollText } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentKind, DocumentView } from '../../../shared/documents.ts'
import { formatBytes, formatNumber } from '../../app/format.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import type { FileGroup } from './choose.ts'

const ICONS = {
  text: <FileText className="size-4" />,
  markdown: <FileText className="size-4" />,
  pdf: <FileText className="size-4" />,
  code: <FileCode className="size-4" />,
  pasted: <ScrollText className="size-4" />,
  folder: <Folder className="size-4" />,
  problem: <FileWarning className="size-4" />,
} satisfies Record<DocumentKind | 'folder' | 'problem', ReactNode>

interface FileChipProps {
  icon: keyof typeof ICONS
  name: string
  /** Below the name. */
  facts: ReactNode
  /** Opens it. */
  onOpen?: (() => void) | undefined
  /** Behind the text: a button to remove it. */
  children?: ReactNode
}

export function FileChip({ icon, name, facts, onOpen, children }: FileChipProps) {
  const { t } = useTranslation()
  const plain = revealHidden(name)
  const text = (
    <>
      <span aria-hidden="true" className={icon === 'problem' ? 'text-danger' : 'text-dim'}>
        {ICONS[icon]}
      </span>
      <span className="min-w-0 flex-1 text-start">
        <span dir="auto" className="block truncate text-sm font-medium" title={plain}>
          {plain}
        </span>
        <span className="block text-xs text-dim">{facts}</span>
      </span>
    </>
  )
  const look = 'flex min-w-0 flex-1 items-center gap-2.5 rounded-control py-1.5 ps-2.5 pe-2'
  return (
    <div className="flex max-w-full min-w-0 items-center rounded-card border border-line bg-panel">
      {onOpen ? (
        <button
          type="button"
          onClick={onOpen}
          aria-label={t('attachments.open', { name: plain })}
          className={`${look} hover:bg-hover`}
        >
          {text}
        </button>
      ) : (
        <div className={look}>{text}</div>
      )}
      {children}
    </div>
  )
}

/** The icon and the name of one file, or of a folder with its files. */
export function groupLook({ root, files }: FileGroup<DocumentView>): { icon: FileChipProps['icon']; name: string } {
  return root === null ? { icon: files[0].kind, name: files[0].name } : { icon: 'folder', name: root }
}

/** "PDF, 3 pages, 120 kB"; of a folder how many files it has. */
export function useFileFacts(): (group: Pick<FileGroup<DocumentView>, 'root' | 'files'>) => string {
  const { t } = useTranslation()
  return ({ root, files }) => {
    const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0)
    const [first] = files
    const what =
      root === null
        ? [
            t(`attachments.kind.${first.kind}`),
            ...(first.pages === null ? [] : [t('attachments.pages', { count: first.pages })]),
          ]
        : [t('attachments.files', { count: files.length })]
    const size =
      bytes > 0
        ? formatBytes(bytes)
        : t('attachments.characters', { count: first.characters, number: formatNumber(first.characters) })
    return [...what, size].join(t('used.between'))
  }
}
