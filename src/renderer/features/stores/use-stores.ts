// Stores and their rows as the window reads them. Whatever is learned or changed makes them be read again.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { StoreId } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'

export function useStores() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.memories, 'stores'],
    queryFn: async ({ signal }) => (await client.stores.overview({}, { signal })).stores,
  })
}

/** How the rows of a store stand in a list. */
export interface RowOrder {
  by: string
  descending: boolean
}

const PAGE = 100

export function useStoreRows(id: StoreId, query: string, sort: RowOrder, kinds: string[] | null = null) {
  const client = useClient()
  return useInfiniteQuery({
    queryKey: [...keys.memories, 'rows', id, query, sort, kinds],
    queryFn: ({ pageParam, signal }) =>
      client.stores.rows({ id, query, sort, kinds, cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextCursor,
    // What was found before stays in sight while the next words are looked for.
    placeholderData: (before) => before,
  })
}
