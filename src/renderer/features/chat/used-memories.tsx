// "Used 2 memories and 1 passage": what stood in the prompt of an answer, recorded when the prompt was built, and why each was chosen.
import { ChevronDown, Sparkles } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { UsedItem } from '../../../shared/memory.ts'
import { formatNumber } from '../../app/format.ts'
import { isFile } from '../attachments/files-read.tsx'
import { UsedMemoryItem } from './used-memory.tsx'
import { UsedPassageItem } from './used-passage.tsx'

interface UsedMemoriesProps {
  message: MessageView
  stats: ReactNode
  /** Buttons at the end of the line. */
  children: ReactNode
}

export function UsedMemories({ message, stats, children }: UsedMemoriesProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const panelId = useId()
  const used = message.used.filter((item) => !isFile(item))
  const words = useCount(used)
  return (
    <div className="mt-2.5">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3.5">
        {used.length === 0 ? (
          <span className="inline-flex items-center gap-1.5 text-sm text-dim">
            <Sparkles className="size-3.5" />
            {t('used.none')}
          </span>
        ) : (
          <button
            type="button"
            aria-expanded={open}
            aria-controls={panelId}
            onClick={() => setOpen(!open)}
            className="inline-flex items-center gap-1.5 rounded-sm text-sm font-medium text-accent-text hover:underline"
          >
            <Sparkles className="size-3.5 text-dim" />
            {words}
            <ChevronDown
              className={`size-3.5 text-dim transition-transform duration-100 ${open ? 'rotate-180' : ''}`}
            />
          </button>
        )}
        {stats}
        <span className="ms-auto flex gap-1">{children}</span>
      </div>
      {open && (
        <section
          id={panelId}
          aria-label={t('used.title')}
          className="mt-2 overflow-hidden rounded-card border border-line bg-raised shadow-float"
        >
          <div className="flex justify-between px-3.5 py-2.5 text-xs text-dim">
            <span>{t('used.title')}</span>
            <span>{t('used.tokens', { count: sum(used), tokens: formatNumber(sum(used)) })}</span>
          </div>
          <ul>
            {used.map((item) =>
              item.kind === 'memory' ? (
                <UsedMemoryItem key={item.rank} answer={message.id} item={item} />
              ) : (
                <UsedPassageItem key={item.rank} item={item} />
              ),
            )}
          </ul>
        </section>
      )}
    </div>
  )
}

function sum(used: UsedItem[]): number {
  return used.reduce((total, item) => total + item.tokens, 0)
}

/** How many of what shaped the answer, in words. */
function useCount(used: UsedItem[]): string {
  const { t } = useTranslation()
  const memories = used.filter(({ kind }) => kind === 'memory').length
  const passages = used.length - memories
  if (passages === 0) return t('used.count', { count: memories })
  const words = t('used.passages', { count: passages })
  return memories === 0
    ? t('used.only', { words })
    : t('used.and', { memories: t('used.count', { count: memories }), words })
}
