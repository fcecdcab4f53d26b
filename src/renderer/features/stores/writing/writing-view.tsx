// Writing style: what was learned of how the person writes, each with the text that shows it, their own texts, and a box to try it.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { WRITING_MAX } from '../../../../shared/contract/writing.ts'
import { keys, useClient } from '../../../app/core.ts'
import { formatNumber } from '../../../app/format.ts'
import { useAttempt } from '../../../app/use-attempt.ts'
import { useSayDone } from '../../../app/use-say-done.ts'
import { Button } from '../../../ui/button.tsx'
import { GrowingText } from '../../../ui/field.tsx'
import { Skeleton } from '../../../ui/late.tsx'
import { MarkedText } from '../../../ui/marked-text.tsx'
import { Problem } from '../../../ui/problem.tsx'
import { ItemDialog } from '../item-dialog.tsx'
import { RowMenu } from '../views/row-menu.tsx'
import { RowSource } from '../views/row-source.tsx'
import { RowsTrouble } from '../views/rows-trouble.tsx'
import { useRows } from '../views/use-rows.ts'
import { TryIt } from './try-it.tsx'

const STORE = 'writing_style'
const SAMPLE = 'sample'
const NEWEST = { by: 'createdAt', descending: true }

export function WritingView({ title }: { title: string }) {
  const { t } = useTranslation()
  const list = useRows(STORE, '', NEWEST)
  const [edited, setEdited] = useState<StoreRow | null>(null)
  const traits = list.rows.filter(({ kind }) => kind !== SAMPLE)
  const samples = list.rows.filter(({ kind }) => kind === SAMPLE)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-10 wide:px-5">
      <div className="mx-auto flex max-w-3xl flex-col gap-8 pt-2">
        <RowsTrouble list={list} />
        {list.isPending && <Skeleton lines={5} />}
        <section>
          <h2 className="label-caps mb-2">{t('writing.traits')}</h2>
          {traits.length === 0 && !list.isPending && <p className="text-dim">{t('writing.noTraits')}</p>}
          <ul className="flex flex-col">
            {traits.map((row) => (
              <Trait key={row.id} row={row} onEdit={() => setEdited(row)} />
            ))}
          </ul>
        </section>
        <section>
          <h2 className="label-caps mb-2">{t('writing.samples')}</h2>
          <AddSample />
          <ul className="mt-3 flex flex-col gap-2.5">
            {samples.map((row) => (
              <li key={row.id} className="flex items-start gap-2 rounded-card border border-line bg-raised p-3.5">
                <p
                  dir="auto"
                  className="line-clamp-4 min-w-0 flex-1 text-sm whitespace-pre-line [overflow-wrap:anywhere]"
                >
                  <MarkedText text={row.text} />
                </p>
                <RowMenu row={row} onEdit={() => setEdited(row)} />
              </li>
            ))}
          </ul>
        </section>
        <TryIt />
      </div>
      {edited && <ItemDialog store={STORE} title={title} fields={[]} item={edited} onClose={() => setEdited(null)} />}
    </div>
  )
}

/** How many texts showed what is kept of a trait, of all that showed anything of it. */
function votesOf({ data }: StoreRow): { shows: number; all: number } | null {
  const { votes, reading, byHand } = data
  if (byHand === true || typeof votes !== 'object' || votes === null) return null
  const counts = Object.entries(votes).filter((vote): vote is [string, number] => typeof vote[1] === 'number')
  const shows = counts.find(([key]) => key === reading)?.[1] ?? 0
  return shows === 0 ? null : { shows, all: counts.reduce((total, [, count]) => total + count, 0) }
}

function Trait({ row, onEdit }: { row: StoreRow; onEdit(): void }) {
  const { t } = useTranslation()
  const votes = votesOf(row)
  return (
    <li className="flex items-start gap-2 border-b border-line py-2.5">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p dir="auto" className="font-medium [overflow-wrap:anywhere]">
          <MarkedText text={row.text} />
        </p>
        {row.quote && row.quote !== row.text && (
          <blockquote
            dir="auto"
            className="line-clamp-2 border-s-2 border-accent ps-3 text-sm text-dim [overflow-wrap:anywhere]"
          >
            <MarkedText text={row.quote} />
          </blockquote>
        )}
        <p className="flex flex-wrap gap-x-2.5 text-sm text-dim">
          {votes ? (
            <span>
              {t('writing.votes', {
                count: votes.all,
                shows: formatNumber(votes.shows),
                number: formatNumber(votes.all),
              })}
            </span>
          ) : (
            <span>{t('writing.byHand')}</span>
          )}
          {row.conversationId && <RowSource row={row} />}
        </p>
      </div>
      <RowMenu row={row} onEdit={onEdit} />
    </li>
  )
}

function AddSample() {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const say = useSayDone()
  const id = useId()
  const [text, setText] = useState('')
  const { busy, problem, attempt } = useAttempt()
  const add = async (event: FormEvent) => {
    event.preventDefault()
    await attempt(async () => {
      const { batchId, traits, cut } = await client.writing.addSample({ text })
      await cache.invalidateQueries({ queryKey: keys.memories })
      setText('')
      say(t(cut ? 'writing.addedCut' : 'writing.added', { count: traits, number: formatNumber(traits) }), batchId)
    })
  }
  return (
    <form onSubmit={(event) => void add(event)} className="flex flex-col gap-2">
      <label htmlFor={id} className="text-sm">
        {t('writing.sampleLabel')}
      </label>
      <GrowingText
        id={id}
        dir="auto"
        value={text}
        maxLength={WRITING_MAX}
        className="min-h-24"
        placeholder={t('writing.samplePlaceholder')}
        onChange={(event) => setText(event.target.value)}
      />
      <Problem text={problem} />
      <Button type="submit" disabled={busy || text.trim() === ''} className="self-start">
        {t('writing.addSample')}
      </Button>
    </form>
  )
}
