// What came of an import, what did not come in, and the ways to it.
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useKindWords } from '../data/kind-words.ts'

interface TakenWordsProps {
  view: ImportView
  /** It is over for a while: what waited may be decided, and everything is known where it went. */
  past?: boolean
}

export function TakenWords({ view, past = false }: TakenWordsProps) {
  const { t } = useTranslation()
  const words = useKindWords()
  const taken = view.report?.taken
  if (!taken) return null
  const added = words(taken.added)
  const { proposed, replaced, leftOut } = taken
  const numbers = (count: number) => ({ count, number: formatNumber(count) })
  const left = leftOut.reduce((sum, { count }) => sum + count, 0)
  const lines = [
    added !== '' && t('imports.taken.added', { what: added }),
    replaced > 0 && t('imports.taken.replaced', numbers(replaced)),
    proposed > 0 && t(past ? 'imports.taken.wasProposed' : 'imports.taken.proposed', numbers(proposed)),
    left > 0 && t('imports.taken.left', numbers(left)),
  ].filter((line) => line !== false)
  return (
    <div className="flex flex-col gap-1 text-sm">
      {lines.length === 0 ? <p>{t('imports.taken.nothing')}</p> : lines.map((line) => <p key={line}>{line}</p>)}
      {!past && left > 0 && (
        <ul className="flex list-disc flex-col gap-0.5 ps-5 text-dim">
          {leftOut.map(({ reason, count }) => (
            <li key={reason}>{count > 1 ? t('imports.taken.leftMany', { ...numbers(count), reason }) : reason}</li>
          ))}
        </ul>
      )}
      {!past && (
        <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
          {proposed > 0 && (
            <a className="py-0.5 text-accent-text underline underline-offset-2" href={hrefs.inbox}>
              {t('imports.taken.toInbox')}
            </a>
          )}
          {(taken.added.memory ?? 0) > 0 && (
            <a className="py-0.5 text-accent-text underline underline-offset-2" href={hrefs.memories}>
              {t('imports.taken.toMemory')}
            </a>
          )}
          {(taken.added.conversation ?? 0) > 0 && <span className="text-dim">{t('imports.taken.chats')}</span>}
        </p>
      )}
    </div>
  )
}
