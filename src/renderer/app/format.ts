// Dates, numbers and sizes in the person's own locale.

/** The person's own kind of the language the window speaks: en-GB for one, en-IN for another. */
const LOCALE = globalThis.navigator?.languages?.find((language) => /^en(-|$)/.test(language)) ?? 'en'
const DAY_MS = 86_400_000

export type DayGroup =
  | { kind: 'today' }
  | { kind: 'yesterday' }
  | { kind: 'week' }
  | { kind: 'month'; label: string; key: string }

/** The heading under which a dated thing stands in a list, newest first. */
export function dayGroup(at: Date, now: Date): DayGroup {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS)
  if (days <= 0) return { kind: 'today' }
  if (days === 1) return { kind: 'yesterday' }
  if (days < 7) return { kind: 'week' }
  const sameYear = at.getFullYear() === now.getFullYear()
  const label = at.toLocaleDateString(LOCALE, sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' })
  return { kind: 'month', label, key: `${at.getFullYear()}-${at.getMonth()}` }
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** Time today, weekday this week, day and month before. */
export function shortWhen(at: Date, now: Date): string {
  const group = dayGroup(at, now)
  if (group.kind === 'today') return at.toLocaleTimeString(LOCALE, { hour: '2-digit', minute: '2-digit' })
  if (group.kind === 'yesterday' || group.kind === 'week') return at.toLocaleDateString(LOCALE, { weekday: 'short' })
  const sameYear = at.getFullYear() === now.getFullYear()
  return at.toLocaleDateString(
    LOCALE,
    sameYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' },
  )
}

export function fullWhen(at: Date): string {
  return at.toLocaleString(LOCALE, { dateStyle: 'long', timeStyle: 'short' })
}

/** A day as a date field holds it, in the person's own time zone. */
export function dayField(at: Date): string {
  const two = (value: number) => `${value}`.padStart(2, '0')
  return `${`${at.getFullYear()}`.padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The last moment of a day of a date field, and now for a day that is not over. */
export function endOfDay(field: string, now: Date): Date {
  const [year = 0, month = 1, day = 1] = field.split('-').map(Number)
  const end = new Date(year, month - 1, day, 23, 59, 59, 999)
  return end > now ? now : end
}

/** "6 Mar", or "6 Mar 2025" in another year, of a day as YYYY-MM-DD. */
export function shortDay(day: string, now: Date): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const at = new Date(year, month - 1, date)
  return at.toLocaleDateString(
    LOCALE,
    year === now.getFullYear()
      ? { day: 'numeric', month: 'short' }
      : { day: 'numeric', month: 'short', year: 'numeric' },
  )
}

/** "3 March 2026". */
export function longDay(at: Date): string {
  return at.toLocaleDateString(LOCALE, { dateStyle: 'long' })
}

export function clockTime(at: Date): string {
  return at.toLocaleTimeString(LOCALE, { timeStyle: 'short' })
}

/** "3 days ago", "now", "last month". */
export function ago(at: Date, now: Date): string {
  const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })
  const seconds = (at.getTime() - now.getTime()) / 1000
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ]
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit)
  }
  return relative.format(0, 'second')
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(LOCALE, { maximumFractionDigits: digits })
}

export function formatPercent(share: number): string {
  return share.toLocaleString(LOCALE, { style: 'percent', maximumFractionDigits: 0 })
}

/** Bytes in decimal units, as file managers and download pages count them. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const unit = units[step] ?? 'byte'
  return (bytes / 1000 ** step).toLocaleString(LOCALE, {
    style: 'unit',
    unit,
    // The short form of a byte knows no plural.
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step >= 3 ? 1 : 0,
  })
}

/** Seconds as "40 sec", "3 min" or "5 hr". */
export function formatDuration(seconds: number): string {
  const [unit, length] = seconds < 90 ? ['second', 1] : seconds < 90 * 60 ? ['minute', 60] : ['hour', 3600]
  return Math.ceil(seconds / length).toLocaleString(LOCALE, { style: 'unit', unit, unitDisplay: 'short' })
}

/** Milliseconds as "40 ms" or "3.2 sec". */
export function formatMilliseconds(ms: number): string {
  const [value, unit] = ms < 1000 ? [Math.round(ms), 'millisecond'] : [ms / 1000, 'second']
  return value.toLocaleString(LOCALE, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 })
}

export function formatList(items: string[]): string {
  return new Intl.ListFormat(LOCALE, { type: 'unit' }).format(items)
}
