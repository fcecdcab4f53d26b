// The messages of a chat: follows the end while the reader is there, keeps the place otherwise, shows a message asked for,
// and reads what lies before and after when the reader comes near it.
import { ArrowDown } from 'lucide-react'
import { memo, type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageView, TurnPhase } from '../../../shared/chat.ts'
import type { ConversationId, MessageId } from '../../../shared/ids.ts'
import type { Mark } from '../../app/router.ts'
import { useWindowStore } from '../../app/window-state.ts'
import { Answer } from './answer.tsx'
import { AskCard } from './ask-card.tsx'
import { type ChatState, turnsOf } from './chat-state.ts'
import { useFollowScroll } from './follow-scroll.ts'
import { LearnedChip } from './learned-chip.tsx'
import { messageElementId } from './message-element.ts'
import { Question } from './question.tsx'
import { type FollowedChat, useChatPart } from './use-chat.ts'

/** This near to what is not read, it is read. */
const NEAR_PX = 1200

interface TranscriptProps extends Omit<FollowedChat, 'failure'> {
  id: ConversationId
  target: { message: MessageId; mark: Mark | null } | null
  answering: boolean
}

interface MessagesProps extends Omit<TranscriptProps, 'id'> {
  chat: ChatState
}

/** The one part of the page that is told of each word of an answer. */
export function Transcript({ id, ...rest }: TranscriptProps) {
  const chat = useChatPart(id, whole)
  return chat && <Messages chat={chat} {...rest} />
}

const whole = (chat: ChatState) => chat

function Messages({ chat, target, answering, readMore, toLatest }: MessagesProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const { atEnd, toEnd, pause, onScroll } = useFollowScroll(box, content)
  const { id } = chat.conversation
  const turns = useMemo(() => turnsOf(chat.messages), [chat.messages])
  useKeptPlace(box, chat.messages[0]?.id)
  useOpeningPlace(box, chat, target, pause)

  // The person's own message always comes into view, wherever they were reading.
  const lastQuestion = chat.later === 0 ? turns.at(-1)?.question?.id : undefined
  const seenQuestion = useRef(lastQuestion)
  useEffect(() => {
    if (lastQuestion && seenQuestion.current !== lastQuestion) toEnd()
    seenQuestion.current = lastQuestion
  }, [lastQuestion, toEnd])

  const onMove = () => {
    onScroll()
    const element = box.current
    if (!element) return
    if (element.scrollTop < NEAR_PX) readMore('before')
    if (element.scrollHeight - element.clientHeight - element.scrollTop < NEAR_PX) readMore('after')
  }
  const goToEnd = () => {
    if (chat.later > 0) toLatest()
    toEnd()
  }
  return (
    <div className="relative min-h-0 flex-1">
      {/* The place is kept by hand: browsers differ in whether they do. */}
      <div ref={box} onScroll={onMove} className="h-full overflow-y-auto [overflow-anchor:none]">
        <div
          ref={content}
          role="log"
          aria-live="off"
          aria-label={t('chat.transcript')}
          className="mx-auto flex max-w-[45rem] flex-col gap-7 px-4 pt-6 pb-10 wide:px-6"
        >
          {chat.earlier > 0 && (
            <p className="text-center text-sm text-dim">{t('chat.earlier', { count: chat.earlier })}</p>
          )}
          {turns.map(({ question, answer }, index) => (
            <TurnView
              key={question?.id ?? answer?.id}
              {...{ conversation: id, question, answer, answering }}
              last={chat.later === 0 && index === turns.length - 1}
              phase={index === turns.length - 1 ? chat.phase : null}
              target={target && [question?.id, answer?.id].includes(target.message) ? target : null}
            />
          ))}
          {chat.later > 0 && <p className="text-center text-sm text-dim">{t('chat.later', { count: chat.later })}</p>}
        </div>
      </div>
      {(!atEnd || chat.later > 0) && (
        <button
          type="button"
          onClick={goToEnd}
          className="absolute inset-x-0 bottom-3 mx-auto flex h-8 w-fit items-center gap-1.5 rounded-full border border-line bg-raised px-3 text-sm text-dim shadow-float hover:text-text"
        >
          <ArrowDown className="size-4" />
          {t('chat.toEnd')}
        </button>
      )}
    </div>
  )
}

interface TurnViewProps {
  conversation: ConversationId
  question: MessageView | null
  answer: MessageView | null
  /** Some answer of the chat is being written. */
  answering: boolean
  /** It is the end of the chat. */
  last: boolean
  phase: TurnPhase | null
  /** The message that was asked for, when it is one of these. */
  target: TranscriptProps['target']
}

const TurnView = memo(function TurnView(props: TurnViewProps) {
  const { conversation, question, answer, answering, last, phase, target } = props
  return (
    <div
      data-turn={question?.id ?? answer?.id}
      // Turns far away are skipped by the browser until they come near; the margin leaves room for shadows.
      className="-mx-4 -my-3 flex flex-col gap-5 px-4 py-3 [content-visibility:auto] [contain-intrinsic-size:auto_12rem]"
    >
      {question && (
        <Question
          {...{ conversation, answering }}
          message={question}
          mark={target?.message === question.id ? (target.mark ?? 'all') : null}
        />
      )}
      {answer && (
        <Answer {...{ conversation, last, answering, phase }} message={answer} marked={target?.message === answer.id} />
      )}
      {question?.asks.map((ask) => (
        <AskCard key={ask.id} ask={ask} />
      ))}
      {question && <LearnedChip message={question} />}
    </div>
  )
})

/** What the reader sees stays where it is when messages come or go above it. */
function useKeptPlace(box: RefObject<HTMLElement | null>, first: MessageId | undefined): void {
  const seen = useRef<{ first: MessageId | undefined; turn: string; top: number } | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const before = seen.current
    if (before && before.first !== first) {
      const turn = element.querySelector(`[data-turn="${before.turn}"]`)
      if (turn) element.scrollTop += turn.getBoundingClientRect().top - before.top
    }
    const note = () => {
      const below = firstBelow(element.firstElementChild?.children, element.getBoundingClientRect().top)
      // Above the turns may stand how many more there are.
      const shown = below?.hasAttribute('data-turn') ? below : below?.nextElementSibling
      const turn = shown?.getAttribute('data-turn')
      seen.current = shown && turn ? { first, turn, top: shown.getBoundingClientRect().top } : null
    }
    note()
    element.addEventListener('scroll', note, { passive: true })
    return () => element.removeEventListener('scroll', note)
  }, [box, first])
}

/** The first of elements one below the other that ends below a height: found in few steps, since each scroll event asks. */
function firstBelow(elements: HTMLCollection | undefined, height: number): Element | undefined {
  let from = 0
  let to = elements?.length ?? 0
  while (from < to) {
    const middle = (from + to) >> 1
    if ((elements?.[middle]?.getBoundingClientRect().bottom ?? 0) > height) to = middle
    else from = middle + 1
  }
  return elements?.[from]
}

/** Opens at the message asked for, else where the reader was, else at the end (which following does by itself). */
function useOpeningPlace(
  box: RefObject<HTMLElement | null>,
  chat: ChatState,
  target: TranscriptProps['target'],
  pause: () => void,
): void {
  const store = useWindowStore()
  const { id } = chat.conversation
  const wanted = target?.message ?? null
  const there = chat.messages.some((message) => message.id === wanted)

  useLayoutEffect(() => {
    if (!wanted || !there) return
    pause()
    const element = document.getElementById(messageElementId(wanted))
    element?.scrollIntoView({ block: 'center' })
    // Who looks for words goes on typing them.
    if (!document.activeElement?.closest('[data-keeps-focus]')) element?.focus({ preventScroll: true })
  }, [wanted, there, pause])

  useLayoutEffect(() => {
    const element = box.current
    const top = store.getState().scroll[id]
    if (element && top !== undefined && !wanted) {
      pause()
      element.scrollTop = top
    }
    return () => {
      if (!element) return
      const end = element.scrollHeight - element.clientHeight - element.scrollTop < 48
      store.getState().setScroll(id, end ? null : element.scrollTop)
    }
  }, [box, id, store, pause, wanted])
}
