// What a suggestion rests on: the words and whose they are, what is known already that says the same or contradicts it, and
// what came of trying it out.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ProposalId } from '../../../shared/ids.ts'
import type { ProposalEvidence, TrialCase } from '../../../shared/proposals.ts'
import { keys, useClient } from '../../app/core.ts'
import { fullWhen, shortWhen } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { afterPause } from './after-pause.ts'

/** Shown; a long list of the same is counted. */
const MOST_QUOTES = 3

export function Quotes({ evidence }: { evidence: readonly ProposalEvidence[] }) {
  const { t } = useTranslation()
  return (
    <>
      {evidence.slice(0, MOST_QUOTES).map((one) => (
        <Quote key={`${one.messageId} ${one.quote}`} evidence={one} />
      ))}
      {evidence.length > MOST_QUOTES && (
        <p className="text-xs text-dim">{t('inbox.moreQuotes', { count: evidence.length - MOST_QUOTES })}</p>
      )}
    </>
  )
}

function Quote({ evidence }: { evidence: ProposalEvidence }) {
  const { t } = useTranslation()
  const { origin, quote, conversationId, messageId, at } = evidence
  return (
    <blockquote className="border-s-2 border-accent ps-3 text-sm">
      <p dir="auto" className="line-clamp-6 [overflow-wrap:anywhere]">
        {revealHidden(quote)}
      </p>
      <footer className="text-xs text-dim">
        <time dateTime={at.toISOString()} title={fullWhen(at)}>
          {t(`inbox.by.${origin}`, { when: shortWhen(at, new Date()) })}
        </time>
        {conversationId && messageId && (
          <>
            {' · '}
            <a
              href={hrefs.message(conversationId, messageId, null)}
              className="text-accent-text underline underline-offset-2"
            >
              {t('inbox.showThere')}
            </a>
          </>
        )}
      </footer>
    </blockquote>
  )
}

/** Asked for the card that is looked at: much may be known by now that was not when it was suggested. */
export function Near({ id }: { id: ProposalId }) {
  const { t } = useTranslation()
  const client = useClient()
  const { data } = useQuery({
    queryKey: [...keys.proposals, 'near', id],
    queryFn: async ({ signal }) => {
      await afterPause(signal)
      return client.proposals.near({ id }, { signal })
    },
  })
  if (!data || data.items.length === 0) return null
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {data.items.map((known) => (
        <li key={known.id} dir="auto" className="[overflow-wrap:anywhere]">
          <span className="text-warning-text">{t(`inbox.near.${known.relation}`)}</span>{' '}
          <a href={hrefs.memory(known.id)} className="underline decoration-line underline-offset-2">
            {revealHidden(known.text)}
          </a>
        </li>
      ))}
    </ul>
  )
}

export function Trial({ cases }: { cases: readonly TrialCase[] }) {
  const { t } = useTranslation()
  return (
    <details open className="text-sm">
      <summary className="cursor-pointer text-accent-text">{t('inbox.trial', { count: cases.length })}</summary>
      <ul className="mt-2 flex flex-col gap-3">
        {cases.map((one) => (
          <li key={one.question} className="flex flex-col gap-1">
            <p dir="auto" className="font-medium">
              {revealHidden(one.question)}
            </p>
            <p dir="auto" className="text-dim">
              {t('inbox.trialBefore', { answer: revealHidden(one.before) })}
            </p>
            <p dir="auto">{t('inbox.trialAfter', { answer: revealHidden(one.after) })}</p>
          </li>
        ))}
      </ul>
    </details>
  )
}
