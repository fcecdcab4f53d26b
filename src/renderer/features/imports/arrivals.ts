// A file on its way into an import, before the core knows what it is. It goes on when the person looks at another page.
import { createStore, useStore } from 'zustand'
import type { ImportId } from '../../../shared/ids.ts'

interface Named {
  id: ImportId
  name: string
}

export type Arrival =
  /** `share`: what is there, 0 to 1; 1: the core opens it. */
  | (Named & { step: 'sending'; share: number; abort: AbortController })
  /** `problem`: why the last one was not taken. */
  | (Named & { step: 'passphrase'; problem: string | null })
  | (Named & { step: 'failed'; problem: string })

interface Arrivals {
  arrival: Arrival | null
  /** Taken over from this window, and not closed yet. */
  finished: ImportId | null
  /** Something was done here: what comes of it gets the focus that was lost with its button. */
  acted: boolean
  set(change: Partial<Pick<Arrivals, 'arrival' | 'finished'>>): void
}

export const arrivals = createStore<Arrivals>()((set) => ({
  arrival: null,
  finished: null,
  acted: false,
  set: (change) => set({ ...change, acted: true }),
}))

export function useArrivals<Part>(select: (state: Arrivals) => Part): Part {
  return useStore(arrivals, select)
}
