// A change of memory that asks for a decision at once: what would be kept, why, and what stands now.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProposalView } from '../../../shared/proposals.ts'
import { useClient } from '../../app/core.ts'
import { hrefs } from '../../app/router.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { ChangedText } from '../memory/changed-text.tsx'
import { DecisionCard } from './decision-card.tsx'

export function AskCard({ ask }: { ask: ProposalView }) {
  const { t } = useTranslation()
  const client = useClient()
  const [draft, setDraft] = useState<string | null>(null)
  const deciding = useAttempt()
  const { busy, attempt } = deciding
  const { id, version, before, after, evidence } = ask
  const editable = after !== null && ask.action !== 'merge'
  const approve = () =>
    attempt(() =>
      client.proposals.accept({ id, version, ...(draft === null || draft.trim() === after ? {} : { text: draft }) }),
    )
  const decline = () => attempt(() => client.proposals.decline({ id }))
  const edit = editable ? () => setDraft(after) : null
  return (
    <DecisionCard
      label={t('ask.label')}
      title={after === null ? t('ask.retire') : before === null ? t('ask.add') : t('ask.change')}
      deciding={deciding}
      keys={{ a: approve, e: edit, d: decline }}
      buttons={
        <>
          <Button kind="accent" disabled={busy} title={t('ask.approveKeys')} onClick={() => void approve()}>
            {draft === null ? t('ask.approve') : t('ask.approveEdited')}
          </Button>
          {edit && draft === null && (
            <Button disabled={busy} title={t('ask.editKeys')} onClick={edit}>
              {t('ask.edit')}
            </Button>
          )}
          <Button disabled={busy} title={t('ask.declineKeys')} onClick={() => void decline()}>
            {t('ask.decline')}
          </Button>
          <a
            href={hrefs.setting('stores')}
            className="ms-auto self-center text-dim underline underline-offset-2 hover:text-text"
          >
            {t('ask.mode')}
          </a>
        </>
      }
    >
      {draft !== null ? (
        <GrowingText
          value={draft}
          aria-label={t('ask.words')}
          dir="auto"
          onChange={(event) => setDraft(event.target.value)}
        />
      ) : (
        <p dir="auto" className="[overflow-wrap:anywhere]">
          {before !== null && after !== null ? (
            <ChangedText before={before} after={after} />
          ) : after === null ? (
            <del>{revealHidden(before ?? '')}</del>
          ) : (
            revealHidden(after)
          )}
        </p>
      )}
      {evidence[0] && (
        <p dir="auto" className="text-dim [overflow-wrap:anywhere]">
          {t(evidence[0].origin === 'user' ? 'ask.because' : 'ask.assistant', {
            quote: revealHidden(evidence[0].quote),
          })}
        </p>
      )}
      {ask.stale && <p className="text-danger">{t('ask.stale')}</p>}
    </DecisionCard>
  )
}
