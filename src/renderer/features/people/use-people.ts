// Reads of people and things. They are kept with the memories: whatever changes those may change what is known of somebody.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { Outputs } from '../../../shared/contract/index.ts'
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityType } from '../../../shared/memory.ts'
import { keys, useClient } from '../../app/core.ts'
import type { PeopleFilter } from '../../app/window-state.ts'

export type Person = Outputs['entities']['get']
export type ListedEntity = Outputs['entities']['list']['items'][number]
export type EntityGraph = Outputs['entities']['graph']

const PAGE = 100

export function usePeople(filter: PeopleFilter) {
  const client = useClient()
  return useInfiniteQuery({
    queryKey: [...keys.memories, 'entities', filter],
    queryFn: ({ pageParam, signal }) => client.entities.list({ ...filter, cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
}

export function usePerson(id: EntityId) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.memories, 'entity', id],
    queryFn: ({ signal }) => client.entities.get({ id }, { signal }),
  })
}

/** @param types only these kinds of things are around it; null: all */
export function useGraph(id: EntityId, types: EntityType[] | null) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.memories, 'graph', id, types],
    queryFn: ({ signal }) => client.entities.graph({ id, types }, { signal }),
    // What is drawn stays until the next is there.
    placeholderData: keepPreviousData,
  })
}
