// Files the core made on their way to the person's folder: which this window asked for, and how far each came.
import { createStore, useStore } from 'zustand'
import type { ExportId } from '../../../shared/ids.ts'

interface Deliveries {
  /** Share that has been fetched, by export; 0 while the file is made. */
  shares: Readonly<Record<ExportId, number>>
  want(id: ExportId): void
  fetched(id: ExportId, share: number): void
  drop(id: ExportId): void
}

export const deliveries = createStore<Deliveries>()((set) => ({
  shares: {},
  want: (id) => set(({ shares }) => ({ shares: { ...shares, [id]: 0 } })),
  fetched: (id, share) => set(({ shares }) => (id in shares ? { shares: { ...shares, [id]: share } } : {})),
  drop: (id) => set(({ shares }) => ({ shares: without(shares, id) })),
}))

function without(shares: Deliveries['shares'], id: ExportId): Deliveries['shares'] {
  const { [id]: _, ...others } = shares
  return others
}

export function useDeliveries(): Deliveries['shares'] {
  return useStore(deliveries, ({ shares }) => shares)
}
