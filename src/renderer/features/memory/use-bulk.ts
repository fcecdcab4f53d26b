// Acts on all that is chosen, a step of a thousand at a time, with one way back for all of it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Client } from '../../../shared/contract/index.ts'
import type { ManyAct } from '../../../shared/contract/memory.ts'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import { useClient } from '../../app/core.ts'
import { dayField, formatNumber } from '../../app/format.ts'
import { saveFile } from '../../app/save-file.ts'
import { useSayDone } from '../../app/use-say-done.ts'
import { useSayFailure } from '../../app/use-say-failure.ts'
import { type MemoryFilter, useWindow } from '../../app/window-state.ts'
import { type ExportKind, fileOf } from './export-memories.ts'
import { inputOf } from './filter.ts'
import type { MemoryListItem } from './list-rows.ts'
import type { Selection } from './selection.ts'

export const STEP = 1000
const PAGE = 200
const TYPES = { csv: 'text/csv;charset=utf-8', json: 'application/json' } satisfies Record<ExportKind, string>

export interface Bulk {
  /** How much of the act under way is done, from 0 to 1; null while there is none. */
  progress: number | null
  change(act: ManyAct): Promise<void>
  save(kind: ExportKind): Promise<void>
  /** The ids of the first step. */
  firstStep(): Promise<MemoryId[]>
}

/** @param items the rows that were read */
export function useBulk(filter: MemoryFilter, selection: Selection, items: readonly MemoryListItem[]): Bulk {
  const { t } = useTranslation()
  const client = useClient()
  const notify = useWindow((state) => state.notify)
  const say = useSayDone()
  const sayFailure = useSayFailure()
  const [progress, setProgress] = useState<number | null>(null)
  const steps = async () => (selection.all ? await allIds(client, filter) : stepsOf([...selection.ids]))
  return {
    progress,
    change: async (act) => {
      const batches: BatchId[] = []
      let count = 0
      setProgress(0)
      try {
        const all = await steps()
        for (const [index, ids] of all.entries()) {
          const done = await client.memory.changeMany({ ids, act })
          if (done.count > 0) batches.push(done.batchId)
          count += done.count
          setProgress((index + 1) / all.length)
        }
      } catch (error) {
        sayFailure(error)
      }
      setProgress(null)
      const text = t(`bulk.done.${act}`, { count, number: formatNumber(count) })
      if (batches.length === 0) return notify({ text: t('bulk.nothing'), action: null })
      say(text, batches)
    },
    save: async (kind) => {
      setProgress(0)
      try {
        const chosen = selection.all
          ? await allItems(client, filter, setProgress)
          : items.filter(({ id }) => selection.ids.has(id))
        saveFile(`understudy-memories-${dayField(new Date())}.${kind}`, TYPES[kind], fileOf(kind, chosen))
        notify({ text: t('bulk.saved', { count: chosen.length, number: formatNumber(chosen.length) }), action: null })
      } catch (error) {
        sayFailure(error)
      }
      setProgress(null)
    },
    firstStep: async () => (await steps())[0] ?? [],
  }
}

function stepsOf(ids: readonly MemoryId[]): MemoryId[][] {
  return Array.from({ length: Math.ceil(ids.length / STEP) }, (_, index) => ids.slice(index * STEP, (index + 1) * STEP))
}

async function allIds(client: Client, filter: MemoryFilter): Promise<MemoryId[][]> {
  const steps: MemoryId[][] = []
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<Client['memory']['matching']>> = await client.memory.matching({
      ...inputOf(filter),
      cursor,
    })
    if (page.ids.length > 0) steps.push(page.ids)
    cursor = page.nextCursor
    if (cursor === null) return steps
  }
}

async function allItems(
  client: Client,
  filter: MemoryFilter,
  onProgress: (done: number) => void,
): Promise<MemoryListItem[]> {
  const items: MemoryListItem[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<Client['memory']['list']>> = await client.memory.list({
      ...inputOf(filter),
      cursor,
      limit: PAGE,
    })
    items.push(...page.items)
    onProgress(items.length / Math.max(page.total, 1))
    cursor = page.nextCursor
    if (cursor === null) return items
  }
}
