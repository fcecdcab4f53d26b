// Of which decisions it is time to ask how they went.
import type { StoreRow } from '../../../../shared/contract/stores.ts'
import { dayField } from '../../../app/format.ts'

/** A decision without a day for its outcome is asked about after this many days. */
const ASKED_AFTER_DAYS = 21
const DAY_MS = 86_400_000

export const QUALITIES = ['good', 'mixed', 'bad'] as const
export type Quality = (typeof QUALITIES)[number]

/** How it went; null while nobody said. */
export function qualityOf(row: StoreRow): Quality | null {
  return QUALITIES.find((quality) => quality === row.data['quality']) ?? null
}

/** @returns those whose outcome is due, or was never told for weeks, the longest waiting first */
export function outcomesAsked(rows: readonly StoreRow[], now: Date): StoreRow[] {
  return rows
    .filter((row) => qualityOf(row) === null && askedFrom(row) <= dayField(now))
    .sort((one, other) => askedFrom(one).localeCompare(askedFrom(other)))
}

/** The day from which on it is asked about, as YYYY-MM-DD. */
function askedFrom({ data, createdAt }: StoreRow): string {
  return typeof data['due'] === 'string' ? data['due'] : inDays(createdAt, ASKED_AFTER_DAYS)
}

/** The day so many days after a time, as YYYY-MM-DD. */
export function inDays(from: Date, days: number): string {
  return dayField(new Date(from.getTime() + days * DAY_MS))
}
