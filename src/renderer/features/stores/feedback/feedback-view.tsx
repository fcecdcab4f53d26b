// What the person made of answers, and what came of it: rules, what is on the way to one, lessons.
import { CircleSlash, MessageSquareText, Pencil, RefreshCw, Square, ThumbsDown, ThumbsUp, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { useClient } from '../../../app/core.ts'
import { failureOf } from '../../../app/failure.ts'
import { formatNumber, fullWhen, shortWhen } from '../../../app/format.ts'
import { hrefs } from '../../../app/router.ts'
import { useTitleWords } from '../../../app/title-words.ts'
import { useSayDone } from '../../../app/use-say-done.ts'
import { useSayFailure } from '../../../app/use-say-failure.ts'
import { Button, ButtonLink, IconButton } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Skeleton } from '../../../ui/late.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { RowSource } from '../views/row-source.tsx'
import { RowsTrouble } from '../views/rows-trouble.tsx'
import { type Rows, useRows } from '../views/use-rows.ts'
import { placeOf, type Signal, saidWith, signalOf } from './remarks.ts'

const NEWEST = { by: 'createdAt', descending: true } as const
const ICONS = {
  up: ThumbsUp,
  down: ThumbsDown,
  edit: Pencil,
  regenerate: RefreshCw,
  stop: Square,
  irrelevant: CircleSlash,
  words: MessageSquareText,
} satisfies Record<Signal, typeof ThumbsUp>
/** So many times the same remark is a rule. */
const RULE_FROM = 3

export function FeedbackView() {
  const { t } = useTranslation()
  const rules = useRows('feedback', '', NEWEST, ['rule'])
  const hints = useRows('feedback', '', NEWEST, ['hint'])
  const lessons = useRows('learned_knowledge', '', NEWEST, ['lesson', 'tool_lesson'])
  const signals = useRows('feedback', '', NEWEST, ['signal'])
  const isPending = [rules, hints, lessons, signals].some((list) => list.isPending)
  const nothing = !isPending && !signals.error && [rules, hints, lessons, signals].every(({ total }) => total === 0)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 wide:px-5">
      <div className="mx-auto flex max-w-2xl flex-col gap-6 pt-1">
        <RowsTrouble list={signals} />
        {isPending && <Skeleton lines={4} />}
        {nothing && <Empty title={t('feedback.emptyTitle')} text={t('feedback.emptyText')} />}
        <Counted title={t('feedback.rules')} list={rules} />
        <Counted title={t('feedback.hints')} text={t('feedback.hintsText')} list={hints} of={RULE_FROM} />
        <Lessons list={lessons} />
        {signals.rows.length > 0 && (
          <section>
            <h2 className="label-caps mb-1">{t('feedback.said')}</h2>
            <ul aria-label={t('feedback.said')} className="flex flex-col">
              {signals.rows.map((row) => (
                <Remark key={row.id} row={row} />
              ))}
            </ul>
            <More list={signals} />
          </section>
        )}
        <p>
          <ButtonLink href={hrefs.store('self_improvement')} kind="quiet" size="small">
            {t('feedback.toInstructions')}
          </ButtonLink>
        </p>
      </div>
    </div>
  )
}

interface CountedProps {
  title: string
  text?: string
  list: Rows
  /** So many make a rule; absent of what is one. */
  of?: number
}

/** Remarks that were made several times, each with how often. */
function Counted({ title, text, list, of }: CountedProps) {
  const { t } = useTranslation()
  if (list.rows.length === 0) return null
  return (
    <section>
      <h2 className="label-caps mb-1">{title}</h2>
      {text && <p className="text-sm text-dim">{text}</p>}
      <ul aria-label={title} className="flex flex-col">
        {list.rows.map((row) => {
          const times = typeof row.data['times'] === 'number' ? row.data['times'] : 1
          return (
            <li key={row.id} className="border-b border-line py-3">
              <Words row={row} />
              <p className="mt-1 text-xs text-dim">
                {of === undefined
                  ? t('instructions.times', { count: times, number: formatNumber(times) })
                  : t('feedback.timesOf', { number: formatNumber(times), of: formatNumber(of) })}
              </p>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Lessons({ list }: { list: Rows }) {
  const { t } = useTranslation()
  if (list.rows.length === 0) return null
  return (
    <section>
      <h2 className="label-caps mb-1">{t('feedback.lessons')}</h2>
      <ul aria-label={t('feedback.lessons')} className="flex flex-col">
        {list.rows.map((row) => {
          const [helped, hurt] = [row.data['helped'], row.data['hurt']].map(Number)
          const counts = [
            ...(helped ? [t('feedback.helped', { count: helped, number: formatNumber(helped) })] : []),
            ...(hurt ? [t('feedback.hurt', { count: hurt, number: formatNumber(hurt) })] : []),
          ]
          return (
            <li key={row.id} className="border-b border-line py-3">
              <Words row={row} />
              <p className="mt-1 text-xs text-dim">
                {counts.map((count) => `${count} · `)}
                <RowSource row={row} />
              </p>
            </li>
          )
        })}
      </ul>
      <More list={list} />
    </section>
  )
}

function Words({ row }: { row: StoreRow }) {
  return (
    <a href={hrefs.memory(row.id)} dir="auto" className="[overflow-wrap:anywhere] hover:underline">
      <MarkedText text={row.text} />
    </a>
  )
}

function More({ list }: { list: Rows }) {
  const { t } = useTranslation()
  if (!list.hasMore) return null
  return (
    <Button size="small" className="mt-3" onClick={list.more}>
      {t('earlier.more')}
    </Button>
  )
}

function Remark({ row }: { row: StoreRow }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const takeBack = useTakeBack()
  const signal = signalOf(row) ?? 'words'
  const Icon = ICONS[signal]
  const [said, place] = [saidWith(row), placeOf(row)]
  return (
    <li className="flex items-start gap-3 border-b border-line py-3">
      <Icon aria-hidden="true" className="mt-1 size-4 shrink-0 text-dim" />
      <div className="min-w-0 flex-1">
        <p className="text-sm">{t(`feedback.signal.${signal}`)}</p>
        {said !== null && (
          <p dir="auto" className="mt-0.5 [overflow-wrap:anywhere]">
            <MarkedText text={said} />
          </p>
        )}
        <p className="mt-1 text-xs text-dim">
          <time dateTime={row.createdAt.toISOString()} title={fullWhen(row.createdAt)}>
            {shortWhen(row.createdAt, new Date())}
          </time>
          {place && (
            <>
              {' · '}
              <a href={place} className="font-medium text-accent-text [overflow-wrap:anywhere] hover:underline">
                {t('feedback.toAnswer', { chat: title(row.conversationTitle ?? '') })}
              </a>
            </>
          )}
        </p>
      </div>
      <IconButton label={t('feedback.takeBack')} onClick={() => void takeBack(row)}>
        <Undo2 className="size-4" />
      </IconButton>
    </li>
  )
}

/** Takes a reaction back with what it counted towards; where newer ones count on it, it is put away alone. */
function useTakeBack(): (row: StoreRow) => Promise<void> {
  const { t } = useTranslation()
  const client = useClient()
  const say = useSayDone()
  const sayFailure = useSayFailure()
  return async ({ id }) => {
    try {
      const { history } = await client.memory.get({ id })
      const made = history.find(({ action }) => action === 'add')
      if (made) {
        const { batchId } = await client.memory.undo({ batchId: made.batchId })
        return say(t('feedback.takenBack'), batchId)
      }
    } catch (error) {
      if (failureOf(error).code !== 'CONFLICT') return sayFailure(error)
    }
    await client.memory
      .changeMany({ ids: [id], act: 'archive' })
      .then(({ batchId }) => say(t('feedback.putAway'), batchId), sayFailure)
  }
}
