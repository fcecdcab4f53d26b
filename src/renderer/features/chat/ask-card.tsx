// What asks for a decision at once: what would be kept, why, and what stands now. The keys count only while the card has
// the focus, and none of them is the one a person presses to send.
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProposalView } from '../../../shared/proposals.ts'
import { useClient } from '../../app/core.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { hrefs } from '../../app/router.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { ChangedText } from '../memory/changed-text.tsx'

export function AskCard({ ask }: { ask: ProposalView }) {
  const { t } = useTranslation()
  const client = useClient()
  const card = useRef<HTMLElement>(null)
  const [draft, setDraft] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const { id, before, after, evidence } = ask
  const editable = after !== null && ask.action !== 'merge'
  const decide = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(failureWords(t, failureOf(error)))
    } finally {
      setBusy(false)
    }
  }
  const approve = () =>
    decide(() => client.proposals.accept({ id, ...(draft === null || draft.trim() === after ? {} : { text: draft }) }))
  const decline = () => decide(() => client.proposals.decline({ id }))
  const edit = () => editable && setDraft(after)
  const onKeyDown = (event: KeyboardEvent) => {
    // Of the card itself: not of a field or button in it, and not with a modifier.
    if (event.target !== card.current || busy || event.ctrlKey || event.metaKey || event.altKey) return
    const act = { a: approve, e: edit, d: decline }[event.key.toLowerCase()]
    if (!act) return
    event.preventDefault()
    void act()
  }
  return (
    <section
      ref={card}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys work while it has the focus
      tabIndex={0}
      aria-label={t('ask.label')}
      onKeyDown={onKeyDown}
      className="flex flex-col gap-2 rounded-card border border-edge bg-panel px-4 py-3 text-sm"
    >
      <h3 className="font-medium">
        {after === null ? t('ask.retire') : before === null ? t('ask.add') : t('ask.change')}
      </h3>
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
      {problem && (
        <p role="alert" className="text-danger">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button kind="accent" disabled={busy} title={t('ask.approveKeys')} onClick={() => void approve()}>
          {draft === null ? t('ask.approve') : t('ask.approveEdited')}
        </Button>
        {editable && draft === null && (
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
      </div>
    </section>
  )
}
