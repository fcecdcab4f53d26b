// What a benchmark gives: one figure with its unit, and the facts it rests on.
export interface Result {
  value: number
  unit: string
  /** Machine-readable facts beside the figure: counts, medians, the share it was made from. */
  detail: Record<string, number | string | null>
}

export type Results = Record<string, Result>

/** @param share 0 to 1; the value below which that share of the samples lies (nearest rank) */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}
