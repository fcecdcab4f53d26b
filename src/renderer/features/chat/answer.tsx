// An answer: its text, what it is doing, how it ended, what shaped it.
import { Check, Copy, TextQuote } from 'lucide-react'
import { memo, type RefObject, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView, TurnPhase } from '../../../shared/chat.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { formatPercent } from '../../app/format.ts'
import { IconButton } from '../../ui/button.tsx'
import { FilesRead } from '../attachments/files-read.tsx'
import { AnswerEnding } from './answer-ending.tsx'
import { AnswerFacts } from './answer-facts.tsx'
import { AnswerMenu } from './answer-menu.tsx'
import { BranchSwitcher } from './branch-switcher.tsx'
import { CallCard } from './call-card.tsx'
import { Calls } from './calls.tsx'
import { ImportedMark } from './imported-mark.tsx'
import { isKnownAnswer, KnownAnswer } from './known-answer.tsx'
import { Markdown } from './markdown/markdown.tsx'
import { messageElementId } from './message-element.ts'
import { selectionIn, useQuote, wordsOf } from './quote.ts'
import { QuoteSelection } from './quote-selection.tsx'
import { useReactionButtons } from './reaction.tsx'
import { Thoughts } from './thoughts.tsx'
import { useCopied } from './use-copied.ts'
import { UsedMemories } from './used-memories.tsx'

interface AnswerProps {
  conversation: ConversationId
  message: MessageView
  /** It is the end of the chat. */
  last: boolean
  /** Some answer of the chat is being written. */
  answering: boolean
  phase: TurnPhase | null
  marked: boolean
}

export const Answer = memo(function Answer(props: AnswerProps) {
  const { conversation, message, last, answering, phase, marked } = props
  const { t } = useTranslation()
  const pending = message.status === 'pending'
  const thinks = pending && message.text === ''
  const frame = useRef<HTMLElement>(null)
  const words = useRef<HTMLDivElement>(null)
  const quote = useQuote(conversation)
  return (
    <article
      ref={frame}
      id={messageElementId(message.id)}
      tabIndex={-1}
      aria-label={message.imported ? t('chat.assistantElsewhere') : t('chat.assistant')}
      aria-busy={pending}
      className={marked ? 'relative rounded-card outline-2 outline-offset-8 outline-accent' : 'relative'}
    >
      {message.imported && <ImportedMark at={message.createdAt} />}
      <Calls calls={message.calls} />
      {message.calls.map(({ approval, ...call }, place) =>
        pending && approval && call.status === 'waiting' ? (
          // Calls of an answer are only added, in order.
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what names a call
          <CallCard key={place} {...{ conversation, place }} answer={message.id} call={{ ...call, approval }} />
        ) : null,
      )}
      {message.thoughts !== null && message.thoughts !== '' && <Thoughts text={message.thoughts} growing={thinks} />}
      <div ref={words} dir="auto">
        {isKnownAnswer(message) ? (
          <KnownAnswer message={message} />
        ) : (
          <Markdown text={message.text} growing={pending} />
        )}
      </div>
      <QuoteSelection words={words} frame={frame} onQuote={quote} />
      {pending ? (
        <PhaseLine phase={phase} />
      ) : (
        <AnswerEnd {...{ conversation, message, last, answering, words }} onQuote={quote} />
      )}
    </article>
  )
})

/** What happens before and while words come. Silence would look like a hang. */
const PhaseLine = memo(function PhaseLine({ phase }: { phase: TurnPhase | null }) {
  const { t } = useTranslation()
  const words = () => {
    switch (phase?.phase) {
      case 'loading':
        return t('phase.loading', { percent: formatPercent(phase.progress) })
      case 'reading':
        return t('phase.reading', { percent: formatPercent(phase.progress) })
      case 'acting':
        return t('phase.acting', { tool: phase.tool })
      case 'waiting':
        return t('phase.asking')
      case 'recalling':
      case 'thinking':
      case 'writing':
        return t(`phase.${phase.phase}`)
      default:
        return t('phase.waiting')
    }
  }
  return (
    <p className="mt-2 flex items-center gap-2 text-sm text-dim">
      <span aria-hidden="true" className="size-1.5 animate-pulse rounded-full bg-accent" />
      {words()}
    </p>
  )
})

interface AnswerEndProps extends Omit<AnswerProps, 'phase' | 'marked'> {
  /** The element of its words, for what is selected in them. */
  words: RefObject<HTMLElement | null>
  onQuote(words: string): void
}

function AnswerEnd({ conversation, message, last, answering, words, onQuote }: AnswerEndProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopied()
  const { buttons, form } = useReactionButtons(message.id)
  return (
    <>
      <AnswerEnding {...{ conversation, message, last, answering }} />
      {(message.stats?.leftOutMessages ?? 0) > 0 && (
        <p className="mt-2 text-sm text-dim">{t('stats.leftOut', { count: message.stats?.leftOutMessages ?? 0 })}</p>
      )}
      <FilesRead used={message.used} />
      <UsedMemories message={message} stats={<AnswerFacts message={message} />}>
        {message.text !== '' && (
          <IconButton label={t('chat.copyAnswer')} onClick={() => copy(message.text)}>
            {copied ? <Check className="size-4" /> : <Copy className="size-4" />}
          </IconButton>
        )}
        {message.text !== '' && (
          <IconButton
            label={t('chat.quoteAnswer')}
            // Pressing it must not take the selection away.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              const range = selectionIn(words.current)
              onQuote(range ? wordsOf(range) : message.text)
            }}
          >
            <TextQuote className="size-4" />
          </IconButton>
        )}
        {message.text !== '' && buttons}
        <BranchSwitcher conversation={conversation} message={message} disabled={answering} />
        <AnswerMenu conversation={conversation} message={message} answering={answering} />
      </UsedMemories>
      {form}
    </>
  )
}
