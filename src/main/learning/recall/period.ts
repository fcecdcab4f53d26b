// When a question is about: "in May 2023", "last week", "yesterday". Whole days in the person's time zone are not needed
// here: a day more at either end only lets a neighbour in.

export interface Period {
  from: Date
  /** Not included. */
  to: Date
  /** The words that name it. */
  phrase: string
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const DAY_MS = 86_400_000

const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')}|sept)`
const ISO = /\b((?:19|20)\d{2})-(\d{2})-(\d{2})\b/u
const DAY_MONTH = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH}\\b\\.?,?(?: ((?:19|20)\\d{2}))?`, 'iu')
const MONTH_DAY = new RegExp(`\\b${MONTH}\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b,?(?: ((?:19|20)\\d{2}))?`, 'iu')
const MONTH_YEAR = new RegExp(`\\b${MONTH}\\.?,?(?: of)? ((?:19|20)\\d{2})\\b`, 'iu')
/** "May" alone is a word more often than a month. */
const IN_MONTH = new RegExp(`\\b(?:in|during|since|last|this|of|early|late|mid) ${MONTH}\\b(?! \\d)`, 'iu')
const IN_YEAR = /\b(?:in|during|of|since) ((?:19|20)\d{2})\b/u
const RELATIVE = /\b(today|yesterday|(last|past|this|previous) (week|month|year|weekend))\b/iu

type Span = Omit<Period, 'phrase'>

/** Ways to name a time, the more exact ones first. */
const READERS: readonly { pattern: RegExp; read: (found: RegExpExecArray, now: Date) => Span }[] = [
  { pattern: ISO, read: (found) => days(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])), 1) },
  { pattern: DAY_MONTH, read: (found, now) => dayOf(found[2], found[1], found[3], now) },
  { pattern: MONTH_DAY, read: (found, now) => dayOf(found[1], found[2], found[3], now) },
  { pattern: MONTH_YEAR, read: (found) => month(Number(found[2]), monthIndex(found[1])) },
  { pattern: IN_MONTH, read: (found, now) => month(lastYearOf(monthIndex(found[1]), now), monthIndex(found[1])) },
  { pattern: IN_YEAR, read: (found) => years(Number(found[1])) },
  { pattern: RELATIVE, read: relativeTo },
]

/** @returns the time a question names, by the clock of the person who asks; null when it names none */
export function periodOf(text: string, now: Date): Period | null {
  for (const { pattern, read } of READERS) {
    const found = pattern.exec(text)
    if (found) return { ...read(found, now), phrase: found[0] }
  }
  return null
}

function relativeTo([, whole = '', which = '', unit = '']: RegExpExecArray, now: Date): Span {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  if (/^today$/iu.test(whole)) return days(today, 1)
  if (/^yesterday$/iu.test(whole)) return days(today - DAY_MS, 1)
  const isThis = /^this$/iu.test(which)
  if (/^month$/iu.test(unit)) {
    return month(now.getUTCFullYear(), now.getUTCMonth() - (isThis ? 0 : 1))
  }
  if (/^year$/iu.test(unit)) return years(now.getUTCFullYear() - (isThis ? 0 : 1))
  const monday = today - ((now.getUTCDay() + 6) % 7) * DAY_MS
  return days(isThis ? monday : monday - 7 * DAY_MS, 7)
}

function dayOf(monthName: string | undefined, day: string | undefined, year: string | undefined, now: Date): Span {
  const index = monthIndex(monthName)
  return days(Date.UTC(year ? Number(year) : lastYearOf(index, now), index, Number(day)), 1)
}

/** A day more at both ends: the person's day is not the one in UTC. */
function days(from: number, count: number): Span {
  return { from: new Date(from - DAY_MS), to: new Date(from + (count + 1) * DAY_MS) }
}

function month(year: number, index: number): Span {
  return { from: new Date(Date.UTC(year, index, 1)), to: new Date(Date.UTC(year, index + 1, 1)) }
}

function years(year: number): Span {
  return { from: new Date(Date.UTC(year, 0, 1)), to: new Date(Date.UTC(year + 1, 0, 1)) }
}

function monthIndex(name = ''): number {
  return MONTHS.findIndex((full) => full.startsWith(name.slice(0, 3).toLowerCase()))
}

/** The year in which a month last began. */
function lastYearOf(index: number, now: Date): number {
  return index <= now.getUTCMonth() ? now.getUTCFullYear() : now.getUTCFullYear() - 1
}
