// "Used N memories": what stood in the prompt of an answer, recorded when the prompt was built, and why each was chosen.
import { ChevronDown, Sparkles } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView } from '../../../shared/chat.ts'
import type { UsedMemory } from '../../../shared/memory.ts'
import { ago, formatList, formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { useStoreWords } from '../memory/store-words.tsx'

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
  const { used } = message
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
            {t('used.count', { count: used.length })}
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
            {used.map((item) => (
              <UsedItem key={`${item.section} ${item.rank}`} item={item} />
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

function sum(used: UsedMemory[]): number {
  return used.reduce((total, item) => total + item.tokens, 0)
}

function UsedItem({ item }: { item: UsedMemory }) {
  const { t } = useTranslation()
  const stores = useStoreWords()
  const facts = [
    stores.one(item.store),
    useReason(item),
    ...(item.learnedAt ? [t('used.learned', { ago: ago(item.learnedAt, new Date()) })] : []),
    t('used.tokens', { count: item.tokens, tokens: formatNumber(item.tokens) }),
  ]
  return (
    <li className="flex gap-3 border-t border-line px-3.5 py-2.5">
      <span className="mt-0.5 text-text">{stores.icon(item.store)}</span>
      <div className="min-w-0">
        {item.text === null ? (
          <p className="text-dim italic">{t('used.forgotten')}</p>
        ) : (
          <p dir="auto" className="[overflow-wrap:anywhere]">
            {revealHidden(item.text)}
          </p>
        )}
        <p className="text-xs text-dim">
          {facts.join(' · ')}
          {item.memoryId && (
            <>
              {' · '}
              <a href={hrefs.memory(item.memoryId)} className="underline underline-offset-2 hover:text-text">
                {t('used.why')}
              </a>
            </>
          )}
        </p>
      </div>
    </li>
  )
}

/** Why recall chose it, in words. */
function useReason(item: UsedMemory): string {
  const { t } = useTranslation()
  const { kind, words } = item.reason
  const quoted = formatList(words.map((word) => t('used.quoted', { word: revealHidden(word) })))
  if (item.section === 'carried' || kind === 'carried') return t('reason.carried')
  if (kind === 'words' || kind === 'both') {
    if (words.length === 0) return t('reason.wordsUnnamed')
    return kind === 'words' ? t('reason.words', { words: quoted }) : t('reason.both', { words: quoted })
  }
  return t(`reason.${kind}`)
}
