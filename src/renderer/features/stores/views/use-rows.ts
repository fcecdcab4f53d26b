// What the views of a store share: its rows, and the acts on one of them.
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import type { StoreId } from '../../../../shared/memory.ts'
import type { FieldValue } from '../../../../shared/store-field.ts'
import { keys, useClient } from '../../../app/core.ts'
import { useSayFailure } from '../../../app/use-say-failure.ts'
import { useWindow } from '../../../app/window-state.ts'
import { type RowOrder, useStoreRows } from '../use-stores.ts'

export function useRows(id: StoreId, query: string, sort: RowOrder, kinds: string[] | null = null) {
  const list = useStoreRows(id, query, sort, kinds)
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data])
  return {
    rows,
    total: list.data?.pages[0]?.total ?? 0,
    error: rows.length === 0 ? list.error : null,
    isPending: list.isPending,
    retry: () => void list.refetch(),
    /** Reads on, when the reader comes near the end. */
    more: () => {
      if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
    },
    hasMore: list.hasNextPage,
  }
}

export type Rows = ReturnType<typeof useRows>

/** What of a row is changed in place. */
export interface RowChange {
  text?: string
  data?: Record<string, FieldValue>
}

/** @returns saves a change of one row, and says why not */
export function useSaveRow(): (row: StoreRow, change: RowChange) => Promise<boolean> {
  const { t } = useTranslation()
  const client = useClient()
  const cache = useQueryClient()
  const sayFailure = useSayFailure()
  const announce = useWindow((state) => state.announce)
  return async ({ id, version, text }, change) => {
    try {
      await client.memory.edit({ id, version, text: change.text ?? text, data: change.data ?? {} })
      announce(t('status.saved'))
      return true
    } catch (error) {
      sayFailure(error)
      return false
    } finally {
      // What is shown after it is what is kept, whichever way it went.
      await cache.invalidateQueries({ queryKey: keys.memories })
    }
  }
}
