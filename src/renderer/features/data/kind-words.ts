// What travels in and out, counted in words a person knows. What belongs to one of these (vectors, passages, the record of
// prompts) goes with it and is not counted by itself.
import { useTranslation } from 'react-i18next'
import type { ImportKind } from '../../../shared/imports.ts'
import { formatList, formatNumber } from '../../app/format.ts'

const COUNTED = [
  'memory',
  'conversation',
  'message',
  'document',
  'entity',
  'project',
  'store',
  'proposal',
  'setting',
  'journal',
] as const satisfies ImportKind[]
export type CountedKind = (typeof COUNTED)[number]

export type KindCounts = Partial<Record<ImportKind, number>>

/** Those that are there, in the order a person cares. */
export function countedOf(counts: KindCounts): { kind: CountedKind; count: number }[] {
  return COUNTED.map((kind) => ({ kind, count: counts[kind] ?? 0 })).filter(({ count }) => count > 0)
}

/** @returns a function that says "3 chats, 12 messages"; empty when nothing is there */
export function useKindWords(): (counts: KindCounts) => string {
  const { t } = useTranslation()
  return (counts) =>
    formatList(
      countedOf(counts).map(({ kind, count }) => t(`transfer.count.${kind}`, { count, number: formatNumber(count) })),
    )
}
