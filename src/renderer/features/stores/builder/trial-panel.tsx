// What a store would have learned from past chats: each find with its fields, its words and the way to them.

import { useQuery } from '@tanstack/react-query'
import { ChevronRight, FlaskConical, Square } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TrialFind } from '../../../../shared/contract/stores.ts'
import type { CustomField } from '../../../../shared/custom-store.ts'
import type { ConversationId } from '../../../../shared/ids.ts'
import { isBlank } from '../../../../shared/store-field.ts'
import { keys, useClient } from '../../../app/core.ts'
import { failureWords } from '../../../app/failure.ts'
import { formatDuration, formatNumber } from '../../../app/format.ts'
import { hrefs } from '../../../app/router.ts'
import { useTitleWords } from '../../../app/title-words.ts'
import { Button } from '../../../ui/button.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { Select } from '../../../ui/select.tsx'
import { FieldValue } from '../fields/field-value.tsx'
import type { Trial } from './use-trial.ts'

interface TrialPanelProps {
  trial: Trial
  /** What was tried is not what is typed now. */
  stale: boolean
  onStart(where: { conversationId: ConversationId | null; turns: number }): void
  onStop(): void
}

const EVERYWHERE = 'all'
const TURNS = 20
const TURNS_OF_ONE = 50

export function TrialPanel({ trial, stale, onStart, onStop }: TrialPanelProps) {
  const { t } = useTranslation()
  const client = useClient()
  const title = useTitleWords()
  const id = useId()
  const [where, setWhere] = useState<ConversationId | typeof EVERYWHERE>(EVERYWHERE)
  const { data: chats } = useQuery({
    queryKey: [...keys.conversations, 'latest'],
    queryFn: ({ signal }) => client.chat.list({ limit: 50 }, { signal }),
  })
  const running = trial.state === 'running'
  const start = () =>
    onStart(
      where === EVERYWHERE ? { conversationId: null, turns: TURNS } : { conversationId: where, turns: TURNS_OF_ONE },
    )
  return (
    <section aria-labelledby={`${id}-title`} className="flex flex-col gap-4">
      <div className="flex flex-col gap-1">
        <h2 id={`${id}-title`} className="text-lg">
          {t('trial.title')}
        </h2>
        <p className="max-w-xl text-sm text-dim">{t('trial.text')}</p>
      </div>
      <div className="flex flex-wrap items-end gap-2">
        <div className="flex flex-col gap-1">
          <label htmlFor={`${id}-where`} className="text-sm font-medium">
            {t('trial.where')}
          </label>
          <Select<ConversationId | typeof EVERYWHERE>
            id={`${id}-where`}
            value={where}
            disabled={running}
            className="w-64"
            onChange={setWhere}
            options={[
              { value: EVERYWHERE, label: t('trial.latest', { count: TURNS }) },
              ...(chats?.items ?? []).map((chat) => ({ value: chat.id, label: title(chat.title) })),
            ]}
          />
        </div>
        {running ? (
          <Button onClick={onStop} className="min-h-9">
            <Square className="size-3.5" />
            {t('trial.stop')}
          </Button>
        ) : (
          <Button onClick={start} className="min-h-9">
            <FlaskConical className="size-4" />
            {t(trial.state === 'idle' ? 'trial.start' : 'trial.again')}
          </Button>
        )}
      </div>
      {trial.state !== 'idle' && <Outcome trial={trial} stale={stale} />}
    </section>
  )
}

function Outcome({ trial, stale }: { trial: Trial; stale: boolean }) {
  const { t } = useTranslation()
  const { state, done, turns, finds, failure, took, definition } = trial
  return (
    <div className="flex flex-col gap-3">
      {state === 'running' && (
        <div className="flex max-w-md flex-col gap-1.5">
          <Progress label={t('trial.progress')} value={turns === 0 ? null : done / turns} />
          <p className="text-sm text-dim">
            {t('trial.looking', { done: formatNumber(done), turns: formatNumber(turns) })}
          </p>
        </div>
      )}
      <p role="status" className="text-sm">
        {state !== 'running' && state !== 'failed' && (
          <>
            {t('trial.found', { count: finds.length, number: formatNumber(finds.length) })}{' '}
            <span className="text-dim">
              {t(state === 'stopped' ? 'trial.stopped' : 'trial.over', {
                count: done,
                number: formatNumber(done),
                time: formatDuration(took / 1000),
              })}
            </span>
          </>
        )}
      </p>
      {failure && (
        <p role="alert" className="rounded-control bg-warning-soft px-3.5 py-2.5 text-sm text-warning-text">
          {failureWords(t, failure)} {t('trial.failed')}
        </p>
      )}
      {stale && state !== 'running' && <p className="text-sm text-warning-text">{t('trial.stale')}</p>}
      {finds.length > 0 && (
        <ul aria-label={t('trial.finds')} className="flex flex-col gap-2">
          {finds.map((find, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a find has no name but its place, and none goes
            <Find key={index} find={find} fields={definition?.fields ?? []} />
          ))}
        </ul>
      )}
      {state === 'done' && finds.length === 0 && (
        <div className="rounded-card border border-line p-4 text-sm">
          {turns === 0 ? (
            <p>{t('trial.noChats')}</p>
          ) : (
            <>
              <p className="font-medium">{t('trial.nothing')}</p>
              <ul className="mt-2 list-disc ps-5 text-dim">
                <li>{t('trial.nothingWords')}</li>
                <li>{t('trial.nothingExample')}</li>
                <li>{t('trial.nothingName', { store: definition?.title ?? '' })}</li>
              </ul>
            </>
          )}
        </div>
      )}
    </div>
  )
}

function Find({ find, fields }: { find: TrialFind; fields: readonly CustomField[] }) {
  const { t } = useTranslation()
  const title = useTitleWords()
  const { start, end } = find
  const filled = fields.filter(({ key }) => !isBlank(find.data[key]))
  return (
    <li className="rounded-card border border-line bg-raised p-3.5">
      <p dir="auto" className="font-medium [overflow-wrap:anywhere]">
        <MarkedText text={find.text} />
      </p>
      {filled.length > 0 && (
        <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
          {filled.map((field) => (
            <div key={field.key} className="contents">
              <dt className="text-dim [overflow-wrap:anywhere]">{field.label}</dt>
              <dd>
                <FieldValue field={field} value={find.data[field.key]} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <blockquote dir="auto" className="mt-2.5 border-s-2 border-accent ps-3 text-sm [overflow-wrap:anywhere]">
        <MarkedText text={find.quote} />
      </blockquote>
      <a
        href={hrefs.message(
          find.conversationId,
          find.messageId,
          start === null || end === null ? null : { start, end },
        )}
        className="mt-1.5 inline-block text-sm font-medium text-accent-text hover:underline"
      >
        <span className="sr-only">{t('trial.jump')} </span>
        {title(find.conversationTitle)}
        <ChevronRight className="inline size-3.5 rtl:rotate-180" />
      </a>
    </li>
  )
}
