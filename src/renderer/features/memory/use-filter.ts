// The filter of the memory page: kept by the window, and by the address, so that a link leads to what it names.
import { useEffect } from 'react'
import { hrefs, parseRoute, replaceRoute } from '../../app/router.ts'
import { type MemoryFilter, useWindow, useWindowStore } from '../../app/window-state.ts'
import { filterOf, searchOf } from './filter.ts'

/** @returns the filter, and a function that changes parts of it */
export function useFilter(): [MemoryFilter, (change: Partial<MemoryFilter>) => void] {
  const filter = useWindow((state) => state.memoryFilter)
  const store = useWindowStore()
  const change = (part: Partial<MemoryFilter>) => {
    const next = { ...store.getState().memoryFilter, ...part }
    store.getState().set({ memoryFilter: next })
    const route = parseRoute(window.location.hash)
    const search = searchOf(next)
    if (route.page !== 'memory' || route.view !== 'list' || route.search === search) return
    replaceRoute(route.memory ? hrefs.memory(route.memory, search) : hrefs.memoriesWith(search))
  }
  return [filter, change]
}

/** Takes over what an address names. */
export function useFilterOfAddress(search: string): void {
  const store = useWindowStore()
  useEffect(() => {
    const { memoryFilter, set } = store.getState()
    if (search !== '' && search !== searchOf(memoryFilter)) set({ memoryFilter: filterOf(search) })
  }, [search, store])
}
