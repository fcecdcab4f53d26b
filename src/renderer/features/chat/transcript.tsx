// The messages of a chat: follows the end while the reader is there, keeps the place otherwise, shows a message asked for.
import { ArrowDown } from 'lucide-react'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageId } from '../../../shared/ids.ts'
import type { Mark } from '../../app/router.ts'
import { useWindowStore } from '../../app/window-state.ts'
import { Answer } from './answer.tsx'
import { AskCard } from './ask-card.tsx'
import { type ChatState, turnsOf } from './chat-state.ts'
import { useFollowScroll } from './follow-scroll.ts'
import { LearnedChip } from './learned-chip.tsx'
import { messageElementId } from './message-element.ts'
import { Question } from './question.tsx'

interface TranscriptProps {
  chat: ChatState
  target: { message: MessageId; mark: Mark | null } | null
}

export function Transcript({ chat, target }: TranscriptProps) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const { atEnd, toEnd, pause, onScroll } = useFollowScroll(box, content)
  const { id } = chat.conversation
  const turns = useMemo(() => turnsOf(chat.messages), [chat.messages])
  useOpeningPlace(box, chat, target, pause)

  // The person's own message always comes into view, wherever they were reading.
  const lastQuestion = turns.at(-1)?.question?.id
  const seenQuestion = useRef(lastQuestion)
  useEffect(() => {
    if (seenQuestion.current !== lastQuestion) toEnd()
    seenQuestion.current = lastQuestion
  }, [lastQuestion, toEnd])

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={box} onScroll={onScroll} className="h-full overflow-y-auto">
        <div
          ref={content}
          role="log"
          aria-live="off"
          aria-label={t('chat.transcript')}
          className="mx-auto flex max-w-[45rem] flex-col gap-7 px-4 pt-6 pb-10 wide:px-6"
        >
          {turns.map(({ question, answer }, index) => (
            <div
              key={question?.id ?? answer?.id}
              // Turns far away are skipped by the browser until they come near; the margin leaves room for shadows.
              className="-mx-4 -my-3 flex flex-col gap-5 px-4 py-3 [content-visibility:auto] [contain-intrinsic-size:auto_12rem]"
            >
              {question && (
                <Question message={question} mark={target?.message === question.id ? (target.mark ?? 'all') : null} />
              )}
              {answer && (
                <Answer
                  conversation={id}
                  message={answer}
                  phase={index === turns.length - 1 ? chat.phase : null}
                  marked={target?.message === answer.id}
                />
              )}
              {question?.asks.map((ask) => (
                <AskCard key={ask.id} ask={ask} />
              ))}
              {question && <LearnedChip message={question} />}
            </div>
          ))}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          onClick={toEnd}
          className="absolute inset-x-0 bottom-3 mx-auto flex h-8 w-fit items-center gap-1.5 rounded-full border border-line bg-raised px-3 text-sm text-dim shadow-float hover:text-text"
        >
          <ArrowDown className="size-4" />
          {t('chat.toEnd')}
        </button>
      )}
    </div>
  )
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
    element?.focus({ preventScroll: true })
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
