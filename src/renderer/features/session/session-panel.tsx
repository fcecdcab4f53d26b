// Beside the messages: what this chat is about, how far its plan is, what was settled and what is open, and the memories its
// answers used. All of it can be written and set right.
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionItem } from '../../../shared/contract/session.ts'
import type { ConversationId } from '../../../shared/ids.ts'
import { failureOf, failureWords } from '../../app/failure.ts'
import { ago, formatNumber } from '../../app/format.ts'
import { hrefs } from '../../app/router.ts'
import { useWindow } from '../../app/window-state.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/late.tsx'
import { MarkedText } from '../../ui/marked-text.tsx'
import { Progress } from '../../ui/progress.tsx'
import { useStoreWords } from '../memory/store-words.tsx'
import { AddLine } from './add-line.tsx'
import { SessionLine } from './session-line.tsx'
import { type Session, useSession, useSessionActs } from './use-session.ts'

export function SessionPanel({ id }: { id: ConversationId }) {
  const { t } = useTranslation()
  const open = useWindow((state) => state.sessionOpen)
  const set = useWindow((state) => state.set)
  if (!open) return null
  return (
    <aside
      aria-label={t('session.title')}
      className="absolute inset-0 z-10 overflow-y-auto bg-background split:static split:w-[20rem] split:shrink-0 split:border-s split:border-line"
    >
      <div className="flex items-center justify-between gap-2 px-4 pt-3.5 wide:px-5">
        <h2 className="text-[0.9375rem]">{t('session.title')}</h2>
        <IconButton label={t('session.close')} onClick={() => set({ sessionOpen: false })}>
          <X className="size-4" />
        </IconButton>
      </div>
      <Body id={id} />
    </aside>
  )
}

function Body({ id }: { id: ConversationId }) {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useSession(id)
  if (isPending) return <Skeleton lines={5} />
  if (!data) {
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-5 text-sm">
        <p className="text-danger">{failureWords(t, failureOf(error))}</p>
        <Button onClick={() => void refetch()}>{t('action.tryAgain')}</Button>
      </div>
    )
  }
  return <Thread id={id} session={data} />
}

function Thread({ id, session }: { id: ConversationId; session: Session }) {
  const { t } = useTranslation()
  const learning = session.mode !== 'off'
  const { keepThread } = useSessionActs(id)
  const of = (kind: SessionItem['kind']) => session.items.filter((item) => item.kind === kind)
  const [goals, steps, fields, points, questions] = [of('goal'), of('step'), of('field'), of('point'), of('question')]
  const done = steps.filter((step) => step.done !== null).length
  return (
    <div className="flex flex-col gap-6 px-4 pt-3 pb-8 wide:px-5">
      <p className="text-sm text-dim">{learning ? t('session.explain') : t('session.off')}</p>
      {!learning && (
        <Button className="-mt-3 self-start" onClick={() => void keepThread()}>
          {t('session.turnOn')}
        </Button>
      )}
      <Section title={t('session.goal')}>
        {goals.length > 0 ? <Lines id={id} items={goals} /> : <AddLine id={id} kind="goal" />}
      </Section>
      <Section title={t('session.plan')}>
        {steps.length > 0 && (
          <>
            <p className="mb-1.5 text-sm text-dim">
              {t('session.progress', {
                done: formatNumber(done),
                count: steps.length,
                total: formatNumber(steps.length),
              })}
            </p>
            <Progress label={t('session.plan')} value={done / steps.length} />
            <div className="mt-2.5">
              <Lines id={id} items={steps} />
            </div>
          </>
        )}
        <AddLine id={id} kind="step" />
      </Section>
      {questions.length > 0 && (
        <Section title={t('session.open')}>
          <Lines id={id} items={questions} />
        </Section>
      )}
      {fields.length > 0 && (
        <Section title={t('session.fields')}>
          <Lines id={id} items={fields} />
        </Section>
      )}
      <Section title={t('session.summary')}>
        {points.length > 0 && <Lines id={id} items={points} />}
        <AddLine id={id} kind="point" />
      </Section>
      <Section title={t('session.inPlay')}>
        <InPlay session={session} />
      </Section>
    </div>
  )
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="label-caps mb-2">{title}</h3>
      {children}
    </section>
  )
}

function Lines({ id, items }: { id: ConversationId; items: SessionItem[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {items.map((item) => (
        <SessionLine key={item.memory.id} conversation={id} item={item} />
      ))}
    </ul>
  )
}

function InPlay({ session }: { session: Session }) {
  const { t } = useTranslation()
  const words = useStoreWords()
  const { inPlay, inPlayCount } = session
  if (inPlay.length === 0) return <p className="text-sm text-dim">{t('session.nothingInPlay')}</p>
  return (
    <>
      <ul className="flex flex-col gap-2.5">
        {inPlay.map(({ memory, answers, lastAt }) => (
          <li key={memory.id} className="text-sm">
            <a href={hrefs.memory(memory.id)} className="flex gap-2 hover:underline">
              <span className="mt-0.5 shrink-0 text-dim">{words.icon(memory.store)}</span>
              <span dir="auto" className="line-clamp-3 min-w-0 [overflow-wrap:anywhere]">
                <MarkedText text={memory.text} />
              </span>
            </a>
            <p className="ms-6 text-xs text-dim">
              {t('session.usedIn', { count: answers, number: formatNumber(answers), last: ago(lastAt, new Date()) })}
              {memory.status !== 'active' && ` · ${t(`memoryStatus.${memory.status}`)}`}
            </p>
          </li>
        ))}
      </ul>
      {inPlayCount > inPlay.length && (
        <p className="mt-2 text-xs text-dim">
          {t('session.moreInPlay', {
            count: inPlayCount - inPlay.length,
            number: formatNumber(inPlayCount - inPlay.length),
          })}
        </p>
      )}
    </>
  )
}
