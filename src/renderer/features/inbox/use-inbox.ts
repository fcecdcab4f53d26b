// Reads what waits, and carries decisions to the core. A decided card goes at once; when the core refuses it comes back.
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Inputs } from '../../../shared/contract/index.ts'
import type { BatchId, ProposalId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import { failureOf } from '../../app/failure.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { useUndo } from '../../app/use-undo.ts'
import { useWindow } from '../../app/window-state.ts'
import { afterPause } from './after-pause.ts'
import { type InboxItem, type InboxPage, PAGE, type Shown, showPages } from './inbox-pages.ts'

export type InboxPart = Exclude<Inputs['proposals']['list']['part'], 'open' | undefined>

export interface Decisions {
  accept(item: InboxItem, text?: string): Promise<void>
  decline(item: InboxItem, never: boolean): Promise<void>
  /** @param until null: they wait again at once */
  snooze(ids: readonly ProposalId[], until: Date | null): Promise<void>
  acceptAll(ids: readonly ProposalId[]): Promise<void>
  declineAll(ids: readonly ProposalId[]): Promise<void>
  /** Takes a decision back. */
  undo(batchId: BatchId): void
}

export interface InboxView {
  /** Null until the first stretch is read. */
  shown: Shown | null
  error: unknown
  retry(): void
  /** Reads what stands at these places. */
  see(from: number, to: number): void
  decisions: Decisions
}

export function useInbox(part: InboxPart): InboxView {
  const client = useClient()
  const [seen, setSeen] = useState({ from: 0, to: 0 })
  const cache = useQueryClient()
  const [hidden, decisions] = useDecisions()
  const results = useQueries({
    queries: Array.from({ length: seen.to - seen.from + 1 }, (_, index) => ({
      queryKey: [...keys.proposals, part, seen.from + index],
      queryFn: async ({ signal, queryKey }: { signal: AbortSignal; queryKey: readonly unknown[] }) => {
        if (cache.getQueryData(queryKey)) await afterPause(signal)
        return client.proposals.list({ part, offset: (seen.from + index) * PAGE, limit: PAGE }, { signal })
      },
    })),
    combine: joined,
  })
  const { pages, error } = results
  const { from } = seen
  const shown = useMemo(() => {
    const readAt = new Map(pages.flatMap(({ data, at }) => (data ? [[data, at] as const] : [])))
    const read = new Map(pages.flatMap(({ data }, index) => (data ? [[from + index, data] as const] : [])))
    return showPages(read, (id, page) => {
      const decided = hidden.get(id)
      return decided !== undefined && (decided === UNDER_WAY || decided >= (readAt.get(page) ?? 0))
    })
  }, [pages, hidden, from])
  const see = useCallback((first: number, last: number) => {
    const wanted = { from: Math.max(0, Math.floor(first / PAGE)), to: Math.max(0, Math.floor(last / PAGE)) }
    setSeen((now) => (now.from === wanted.from && now.to === wanted.to ? now : wanted))
  }, [])
  return { shown, error: shown ? null : error, retry: results.retry, see, decisions }
}

/** What the queries of all stretches come to; the same object until one of them changes. */
function joined(
  results: { data: InboxPage | undefined; dataUpdatedAt: number; error: Error | null; refetch(): unknown }[],
) {
  return {
    pages: results.map(({ data, dataUpdatedAt }) => ({ data, at: dataUpdatedAt })),
    error: results.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const { refetch } of results) refetch()
    },
  }
}

/** The core has not answered yet. */
const UNDER_WAY = 'under-way'

/** @returns when each was decided, in milliseconds: what was read before that still holds it; and the decisions */
function useDecisions(): [ReadonlyMap<ProposalId, number | typeof UNDER_WAY>, Decisions] {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const notify = useWindow((state) => state.notify)
  const sayFailure = useSayFailure()
  const takeBack = useUndo()
  const [hidden, setHidden] = useState<ReadonlyMap<ProposalId, number | typeof UNDER_WAY>>(new Map())
  const decisions = useMemo((): Decisions => {
    const mark = (ids: readonly ProposalId[], as: number | typeof UNDER_WAY | null) =>
      setHidden((now) => {
        const next = new Map(now)
        for (const id of ids) {
          if (as === null) next.delete(id)
          else next.set(id, as)
        }
        return next
      })
    /** Takes the cards off the page before the core has answered, and gives them back when it refuses. */
    const decide = async (ids: readonly ProposalId[], work: () => Promise<void>) => {
      mark(ids, UNDER_WAY)
      try {
        await work()
        mark(ids, Date.now())
      } catch (error) {
        mark(ids, null)
        await explain(error, ids)
      }
      void cache.invalidateQueries({ queryKey: keys.proposals })
    }
    /** Another window may have been first: then it says what came of it. */
    const explain = async (error: unknown, ids: readonly ProposalId[]) => {
      const [only, ...more] = ids
      if (only && more.length === 0 && failureOf(error).code === 'CONFLICT') {
        const now = await client.proposals.get({ id: only }).catch(() => null)
        if (now && now.status !== 'open') {
          mark(ids, Date.now())
          notify({ text: t(`inbox.already.${now.status}`), about: 'inbox', action: null })
          return
        }
      }
      sayFailure(error)
    }
    const undo = (batchId: BatchId) => takeBack(batchId)
    const say = (text: string, run: () => void) =>
      notify({ text, about: 'inbox', action: { label: t('action.undo'), run } })
    const snooze = (ids: readonly ProposalId[], until: Date | null) =>
      decide(ids, async () => {
        const { count } = await client.proposals.snooze({ ids: [...ids], until })
        if (until) say(t('inbox.putOff', { count }), () => void snooze(ids, null))
      })
    return {
      undo,
      snooze,
      accept: ({ id, version }, text) =>
        decide([id], async () => {
          const { batchId } = await client.proposals.accept({ id, version, ...(text === undefined ? {} : { text }) })
          say(t('inbox.approved'), () => undo(batchId))
        }),
      decline: ({ id }, never) =>
        decide([id], async () => {
          const { batchId } = await client.proposals.decline({ id, never })
          say(never ? t('inbox.declinedForever') : t('inbox.declined'), () => undo(batchId))
        }),
      acceptAll: (ids) =>
        decide(ids, async () => {
          const { batchId, accepted, skipped } = await client.proposals.acceptAll({ ids: [...ids] })
          const left = skipped.length === 0 ? '' : ` ${t('inbox.leftOut', { count: skipped.length })}`
          say(t('inbox.approvedAll', { count: accepted }) + left, () => undo(batchId))
        }),
      declineAll: (ids) =>
        decide(ids, async () => {
          const { batchId, declined } = await client.proposals.declineAll({ ids: [...ids] })
          say(t('inbox.declinedAll', { count: declined }), () => undo(batchId))
        }),
    }
  }, [cache, client, notify, sayFailure, t, takeBack])
  return [hidden, decisions]
}
