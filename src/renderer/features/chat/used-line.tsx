// One entry of what shaped an answer: its words, the facts about it, and what can be done with it.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../ui/button.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'

interface UsedLineProps {
  icon: ReactNode
  /** Null: it is gone, and `gone` says so. */
  text: string | null
  gone: string
  facts: string[]
  /** No longer used for answers. */
  struck?: boolean
  /** Where it can be looked up. */
  link: { href: string; label: string } | null
  /** Buttons. */
  children?: ReactNode
}

export function UsedLine({ icon, text, gone, facts, struck = false, link, children }: UsedLineProps) {
  const { t } = useTranslation()
  return (
    <li className="flex gap-3 border-t border-line px-3.5 py-2.5">
      <span className="mt-0.5 text-text">{icon}</span>
      <div className="min-w-0 flex-1">
        {text === null ? (
          <p className="text-dim italic">{gone}</p>
        ) : (
          <p
            dir="auto"
            className={`whitespace-pre-line [overflow-wrap:anywhere] ${struck ? 'text-dim line-through' : ''}`}
          >
            {revealHidden(text)}
          </p>
        )}
        <p className="text-xs text-dim [overflow-wrap:anywhere]">{facts.join(t('used.between'))}</p>
        {(link || children) && (
          <div className="-ms-2.5 mt-1 flex flex-wrap gap-x-1">
            {link && (
              <ButtonLink href={link.href} kind="quiet" size="small" className="underline underline-offset-2">
                {link.label}
              </ButtonLink>
            )}
            {children}
          </div>
        )}
      </div>
    </li>
  )
}
