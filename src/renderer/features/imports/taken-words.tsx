// What came of an import, and the ways to it.
import { useTranslation } from 'react-i18next'
import type { ImportView } from '../../../shared/imports.ts'
import { formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useKindWords } from '../data/kind-words.ts'

export function TakenWords({ view }: { view: ImportView }) {
  const { t } = useTranslation()
  const words = useKindWords()
  const taken = view.report?.taken
  if (!taken) return null
  const added = words(taken.added)
  const { proposed, replaced } = taken
  const lines = [
    added !== '' && t('imports.taken.added', { what: added }),
    replaced > 0 && t('imports.taken.replaced', { count: replaced, number: formatNumber(replaced) }),
    proposed > 0 && t('imports.taken.proposed', { count: proposed, number: formatNumber(proposed) }),
  ].filter((line) => line !== false)
  return (
    <div className="flex flex-col gap-1 text-sm">
      {lines.length === 0 ? <p>{t('imports.taken.nothing')}</p> : lines.map((line) => <p key={line}>{line}</p>)}
      {view.state === 'done' && (
        <p className="flex flex-wrap gap-x-4 gap-y-1">
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
