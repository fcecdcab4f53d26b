// What happened to somebody or something, in order.
import type { MemoryView } from '../../../shared/memory.ts'

export interface TimelineEntry {
  memory: MemoryView
  /** The day its words name; else when it began to hold, or was told. */
  at: Date
  /** A day was named: there is no time of day. */
  day: boolean
}

const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December'
/** Learning makes relative days absolute in this form ("yesterday (21 November 2026)"). */
const NAMED_DAY = new RegExp(`\\b(?<day>\\d{1,2}) (?<month>${MONTHS}) (?<year>\\d{4})\\b`, 'u')

/** @returns the events among what is known, the latest first */
export function eventsOf(known: readonly MemoryView[]): TimelineEntry[] {
  return known
    .filter(({ kind }) => kind === 'event')
    .map((memory) => {
      const day = namedDay(memory.text)
      return { memory, at: day ?? memory.validFrom ?? memory.createdAt, day: day !== null }
    })
    .sort((one, other) => other.at.getTime() - one.at.getTime())
}

function namedDay(text: string): Date | null {
  const { day, month, year } = NAMED_DAY.exec(text)?.groups ?? {}
  if (!day || !month || !year) return null
  return new Date(Number(year), MONTHS.split('|').indexOf(month), Number(day))
}
