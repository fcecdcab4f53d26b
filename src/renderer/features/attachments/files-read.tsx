// Which files an answer read, and whether whole or in parts that were found in them.
import { FileCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { UsedItem, UsedPassage } from '../../../shared/memory.ts'
import { formatList } from '../../app/format.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'

/** A file of this chat in the prompt, or a part of one; everything else was recalled. */
export function isFile(item: UsedItem): boolean {
  return item.kind === 'passage' && (item.section === 'whole' || item.section === 'part' || isCarried(item))
}

function isCarried({ section, reason }: UsedItem): boolean {
  return section === 'carried' && reason.kind === 'attached'
}

/** More are counted, not named. */
const NAMED = 4

export function FilesRead({ used }: { used: readonly UsedItem[] }) {
  const { t } = useTranslation()
  const files = used.flatMap((item) => (item.kind === 'passage' && isFile(item) ? item : []))
  if (files.length === 0) return null
  const byName = (wanted: (item: UsedPassage) => boolean) => {
    const counts = new Map<string, number>()
    for (const item of files.filter(wanted)) {
      const name = item.source?.documentName
      if (name) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return [...counts]
  }
  const whole = byName(({ section }) => section === 'whole')
  const parts = byName(({ section }) => section === 'part')
  const carried = byName(isCarried)
  const names = (list: [string, number][]) => {
    const shown = list.slice(0, NAMED).map(([name]) => revealHidden(name))
    return formatList(
      list.length > NAMED ? [...shown, t('attachments.moreFiles', { count: list.length - NAMED })] : shown,
    )
  }
  const lines = [
    ...(whole.length > 0 ? [t('attachments.readWhole', { count: whole.length, names: names(whole) })] : []),
    ...parts.slice(0, NAMED).map(([name, count]) => t('attachments.readParts', { count, name: revealHidden(name) })),
    ...(parts.length > NAMED ? [t('attachments.readMore', { count: parts.length - NAMED })] : []),
    ...(carried.length > 0 ? [t('attachments.readBefore', { names: names(carried) })] : []),
  ]
  return (
    <ul aria-label={t('attachments.read')} className="mt-2.5 text-sm text-dim">
      {lines.map((line) => (
        <li key={line} className="flex items-start gap-1.5">
          <FileCheck aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{line}</span>
        </li>
      ))}
    </ul>
  )
}
