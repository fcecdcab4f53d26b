// Reads of what was learned; `memories` events make all of them fresh.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { MemoryId } from '../../../shared/ids.ts'
import { keys, useClient } from '../../app/core.ts'
import type { MemoryFilter } from '../../app/window-state.ts'
import { inputOf } from './filter.ts'

const PAGE = 100

export function useMemory(id: MemoryId) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.memories, 'one', id],
    queryFn: ({ signal }) => client.memory.get({ id }, { signal }),
  })
}

export function useMemories(filter: MemoryFilter) {
  const client = useClient()
  return useInfiniteQuery({
    queryKey: [...keys.memories, 'list', filter],
    // A query typed further aborts the one before.
    queryFn: ({ pageParam, signal }) =>
      client.memory.list({ ...inputOf(filter), cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
}
