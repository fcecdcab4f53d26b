// Reciprocal rank fusion (Cormack, Clarke, Büttcher: "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
// Learning Methods", SIGIR 2009): lists of different scores become one by their ranks alone.

export interface RankedList<Id> {
  ids: readonly Id[]
  weight: number
}

/** Smaller than the paper's 60: with short lists of short texts the first places should count (measured). */
export const RANK_CONSTANT = 10

/** @returns the sum of `weight / (k + rank)` over the lists, by id; rank counts from 0. */
export function fuse<Id>(lists: readonly RankedList<Id>[], k = RANK_CONSTANT): Map<Id, number> {
  const scores = new Map<Id, number>()
  for (const { ids, weight } of lists) {
    for (const [rank, id] of ids.entries()) scores.set(id, (scores.get(id) ?? 0) + weight / (k + rank))
  }
  return scores
}
