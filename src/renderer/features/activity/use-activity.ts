// Reads the log page by page. Whatever changes a memory, or an answer that ends, makes it fresh.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import type { ActivityActor, ActivityKind } from '../../../shared/contract/activity.ts'
import type { StoreId } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import { endOfDay } from '../../app/format.ts'

export interface ActivityFilter {
  kind: ActivityKind | null
  store: StoreId | null
  actor: ActivityActor | null
  /** Until the end of this day of a date field. */
  until: string | null
}

export const ALL_ACTIVITY: ActivityFilter = { kind: null, store: null, actor: null, until: null }
const PAGE = 40

export function useActivity({ until, ...filter }: ActivityFilter) {
  const client = useClient()
  return useInfiniteQuery({
    queryKey: [...keys.memories, 'activity', filter, until],
    queryFn: ({ pageParam, signal }) =>
      client.activity.list(
        { ...filter, to: until === null ? null : endOfDay(until, new Date()), cursor: pageParam, limit: PAGE },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
}
