// A tool call that waits for the person: what would be done, with which values, and the ways to decide: once, always in this
// chat, never in this chat, not now. The core alone notes the decision.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallApproval, CallDecision, CallView } from '../../../shared/chat.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { useAttempt } from '../../app/use-attempt.ts'
import { Button } from '../../ui/button.tsx'
import { GrowingText } from '../../ui/field.tsx'
import { revealHidden } from '../../ui/reveal-hidden.ts'
import { type ArgumentText, argumentTexts, readArguments } from './call-arguments.ts'
import { DecisionCard } from './decision-card.tsx'
import { messageElementId } from './message-element.ts'

interface CallCardProps {
  conversation: ConversationId
  answer: MessageId
  /** Place of the call among those of the answer. */
  place: number
  call: CallView & { approval: CallApproval }
}

export function CallCard({ conversation, answer, place, call }: CallCardProps) {
  const { t } = useTranslation()
  const client = useClient()
  const [draft, setDraft] = useState<ArgumentText[] | null>(null)
  const deciding = useAttempt()
  const { busy, attempt, say } = deciding
  const { approval, tool } = call
  const texts = argumentTexts(call.arguments)
  const take = async (decision: CallDecision, values: Record<string, unknown> | null = null) => {
    const taken = await attempt(() =>
      client.chat.decideCall({
        conversationId: conversation,
        messageId: answer,
        call: place,
        decision,
        ...(values ? { arguments: values } : {}),
      }),
    )
    // The card goes with the decision; the answer it belongs to stays.
    if (taken) document.getElementById(messageElementId(answer))?.focus({ preventScroll: true })
  }
  const approve = () => {
    if (draft === null) return take('once')
    const read = readArguments(call.arguments, draft)
    if ('unreadable' in read) return say(t('callCard.unreadable', { name: read.unreadable }))
    return take('once', read.values)
  }
  const edit = texts.length > 0 && draft === null ? () => setDraft(texts) : null
  return (
    <DecisionCard
      label={t('ask.label')}
      title={t('callCard.title', { tool: revealHidden(tool) })}
      deciding={deciding}
      keys={{ a: approve, e: edit, d: () => take('decline') }}
      buttons={
        <>
          <Button kind="accent" disabled={busy} title={t('callCard.onceKeys')} onClick={() => void approve()}>
            {draft === null ? t('callCard.once') : t('callCard.onceEdited')}
          </Button>
          {draft === null && !approval.each && (
            <Button disabled={busy} onClick={() => void take('always')}>
              {t('callCard.always')}
            </Button>
          )}
          {edit && (
            <Button disabled={busy} title={t('ask.editKeys')} onClick={edit}>
              {t('ask.edit')}
            </Button>
          )}
          <Button disabled={busy} title={t('ask.declineKeys')} onClick={() => void take('decline')}>
            {t('ask.decline')}
          </Button>
          {draft === null && (
            <Button kind="quiet" disabled={busy} className="ms-auto" onClick={() => void take('never')}>
              {t('callCard.never')}
            </Button>
          )}
        </>
      }
    >
      <p dir="auto" className="text-dim [overflow-wrap:anywhere]">
        {revealHidden(approval.description)}
      </p>
      {draft === null ? <Values texts={texts} /> : <EditValues texts={draft} onChange={setDraft} />}
      {approval.changed && <p className="text-danger">{t('callCard.changed')}</p>}
      {approval.each && <p className="text-dim">{t('callCard.each')}</p>}
    </DecisionCard>
  )
}

function Values({ texts }: { texts: ArgumentText[] }) {
  const { t } = useTranslation()
  if (texts.length === 0) return <p>{t('callCard.noValues')}</p>
  return (
    <dl aria-label={t('callCard.values')} className="flex max-h-64 flex-col gap-1.5 overflow-y-auto">
      {texts.map(({ name, text }) => (
        <div key={name} className="rounded-control border border-line bg-raised px-2.5 py-1.5">
          <dt className="text-xs text-dim">{revealHidden(name)}</dt>
          <dd dir="auto" className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
            {revealHidden(text)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function EditValues({ texts, onChange }: { texts: ArgumentText[]; onChange(texts: ArgumentText[]): void }) {
  const id = useId()
  return texts.map(({ name, text }, place) => (
    <div key={name} className="flex flex-col gap-1">
      <label htmlFor={`${id}-${place}`} className="text-xs text-dim">
        {revealHidden(name)}
      </label>
      <GrowingText
        id={`${id}-${place}`}
        autoFocus={place === 0}
        value={text}
        dir="auto"
        className="font-mono"
        onChange={(event) => onChange(texts.with(place, { name, text: event.target.value }))}
      />
    </div>
  ))
}
