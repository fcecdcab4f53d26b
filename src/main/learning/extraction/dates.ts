// Relative dates made absolute: "by Friday" said on a Tuesday is a day that can be named, and must be, because a memory
// is read weeks later. Only expressions whose day, week or month is certain are touched; habits ("on Tuesdays", "every
// Monday") and durations ("two weeks of work") are not dates. A library was tried (chrono-node 2.10): it reads "sat",
// "Sun Microsystems" and "two months for a paper" as dates and puts "last Friday" into the future.
import { fold } from '../words.ts'

export interface DateMention {
  /** Offsets in the sentence. */
  start: number
  end: number
  /** First and last day meant, as YYYY-MM-DD in the person's time zone. */
  from: string
  to: string
  /** What makes it absolute, put right behind the words: " 27 November 2026", " (December 2026)"; empty when it is. */
  suffix: string
  /** `start`: something holds from then on; `end`: until then; `at`: something happens then. */
  role: 'start' | 'end' | 'at'
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]
const DAY = String.raw`(Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday)(?![\p{L}\d'’]|-\p{L})`
// "may" and "march" are months in small letters only behind "in".
const MONTH = String.raw`([Jj]anuary|[Ff]ebruary|March|[Aa]pril|May|[Jj]une|[Jj]uly|[Aa]ugust|[Ss]eptember|[Oo]ctober|[Nn]ovember|[Dd]ecember)(?![\p{L}\d'’])`
const MONTH_BEHIND_IN = MONTH.replace('March', '[Mm]arch').replace('May', '[Mm]ay')
/** "by thurs": no name and no other word goes by these. */
const SHORT_DAY = String.raw`(Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Mon|Tues?|Weds|Thurs?|Fri)(?![\p{L}\d'’]|-\p{L})`
const COUNT = String.raw`(a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,3}|a couple of)`
const UNIT = '(days?|weeks?|fortnights?|months?|years?)'

/** Weekdays and months of a habit are no dates. */
const HABIT = /\b(?:every|each|always|usually|never|weekly|monthly|most|only on|normally|regularly)\b/iu
/** "is excited" is no past. */
const STATE =
  /\b(?:is|are|am|be|being|gets?|getting|['’](?:s|m|re))\s+(?:\p{L}+ly\s+|so\s+|very\s+|not\s+)?\p{L}+ed\b/giu
/** "I've got an exam" is no past either. */
const HAVE_GOT =
  /\b(?:(?:have|has)|['’](?:ve|s))\s+(?:also |still |just )?got\s+(?=(?:an?|the|my|our|his|her|their|this|that|some|no|two|three|another|\d+)\b)/giu
const PRESENT =
  /\b(?:is|are|am|does|do|don['’]t|doesn['’]t|wants?|needs?|has no|have no)\b|['’](?:m|re)\b|['’]s\s+\p{L}+ing\b/iu
const PAST =
  /\b(?:was|were|had|did|went|came|got|took|made|said|told|saw|met|bought|sold|left|gave|found|began|became|lost|won|wrote|ran|ate|sent|paid|fell|broke|flew|spoke|drove|held|spent|slept|sang|swam|taught|thought|wore|chose|drank|felt|grew|heard|kept|knew|led|rode|stood|built|brought|caught|\p{L}{2,}ed)\b|\b(?:have|has|['’]ve)\s+(?:\p{L}+ly\s+|just\s+|already\s+)?(?:been|gone|had|seen|done|made|taken|got|gotten|come|become|begun|chosen|driven|eaten|fallen|flown|given|grown|known|run|written)\b/iu
/** An appointment moves to a day; who moves to a place did so. */
const MOVED = String.raw`moved to(?=\s+(?:(?:the|an?|early|late|mid|next|this|following|last)[\s-]+)*(?:\d|jan|feb|mar(?:ch)?\b|apr|may\b|june?\b|july?\b|aug|sep|oct|nov|dec|mon|tues?|wed|thu|fri|sat|sun|to(?:day|morrow|night)|week|month|year|later|earlier|another|spring|summer|autumn|fall|winter|noon|midnight|morning|afternoon|evening|end|start|beginning|middle|first|second|third))`
const FUTURE = new RegExp(
  String.raw`\b(?:will|['’]ll|going to|shall|by|until|till|due|must|have to|need to|next|promised|committed|would|plan\p{L}*|expires?|agree\p{L}*|decid\p{L}*|booked|scheduled|arranged|signed up|confirmed|invited|registered|reserved|postponed|${MOVED}|rescheduled|pushed|put off|delayed|brought forward|shifted)\b`,
  'iu',
)

const ENDS =
  /\b(?:until|till|through|up to|expires?(?: on)?|ends?(?: on| in)?|runs out(?: on| in)?|valid (?:until|to))\s+(?:the\s+)?$/iu
const STARTS = /\b(?:since|as of|starting(?: on| in| from)?|from|beginning)\s+(?:the\s+)?$/iu

/** Days since 1970 in the calendar, without times: no day is shorter or longer than another here. */
type Day = number
const MS = 86_400_000

interface Reading {
  from: Day
  to: Day
  suffix: string
}

interface Expression {
  pattern: RegExp
  /** Null: not certain enough. */
  read(match: RegExpExecArray, today: Day, sentence: string): Reading | null
}

/** Each year has one: which year's is meant says only what is done on it. */
const ANNUAL =
  /\b(?:birthdays?|anniversar(?:y|ies)|name ?day)\b(?!\s+(?:party|dinner|lunch|trip|present|gift|weekend|concert|celebration))|\bwas born\b/iu

const EXPRESSIONS: readonly Expression[] = [
  {
    pattern: new RegExp(String.raw`\b${COUNT}\s+${UNIT}\s+from\s+(today|now(?! on\b)|tomorrow|${DAY})`, 'giu'),
    read([, count = '', unit = '', from = ''], today) {
      const name = from.toLowerCase()
      const day = DAYS.indexOf(name)
      const start = name === 'tomorrow' ? today + 1 : day < 0 ? today : today + ((day - weekday(today) + 7) % 7 || 7)
      return shifted(start, numberOf(count), unit)
    },
  },
  {
    // "a week on Friday", "Friday week"
    pattern: new RegExp(String.raw`\ba week (?:on|this) ${DAY}|\b(?:on\s+)?${DAY} week(?=[\s.,;!]|$)`, 'giu'),
    read([, one, other], today) {
      const day = DAYS.indexOf((one ?? other ?? '').toLowerCase())
      return oneDay(today + ((day - weekday(today) + 7) % 7 || 7) + 7, 'brackets')
    },
  },
  {
    pattern: /\b(the )?day (after tomorrow|before yesterday)\b/giu,
    read: ([, , which = ''], today) => oneDay(today + (which.startsWith('after') ? 2 : -2), 'brackets'),
  },
  {
    pattern:
      /\b(today|tonight|tomorrow|yesterday|last night|this (?:morning|afternoon|evening))(?: (?:morning|afternoon|evening|night|noon))?\b(?!['’]s)/giu,
    read([, word = ''], today) {
      const shift = /^tomorrow/iu.test(word) ? 1 : /^(?:yesterday|last)/iu.test(word) ? -1 : 0
      return oneDay(today + shift, 'brackets')
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(next|last|this|coming|past)\s+${DAY}( (?:morning|afternoon|evening|night))?(?! (?:of|in) (?:the|each|every|any|an?)\b)`,
      'giu',
    ),
    read([, which = '', name = '', part], today) {
      const day = DAYS.indexOf(name.toLowerCase())
      const monday = today - ((weekday(today) + 6) % 7)
      const inWeek = (week: number) => monday + 7 * week + ((day + 6) % 7)
      const word = which.toLowerCase()
      if (word === 'next') return oneDay(inWeek(1), part ? 'brackets' : 'plain')
      if (word === 'this') return oneDay(inWeek(0), part ? 'brackets' : 'plain')
      const back = (weekday(today) - day + 7) % 7 || 7
      if (word === 'coming') return oneDay(today + (7 - back || 7), part ? 'brackets' : 'plain')
      return oneDay(today - back, part ? 'brackets' : 'plain')
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(on|by|until|till|before|after|since|from|due|for|to)\s+(?:the\s+)?${SHORT_DAY}( (?:morning|afternoon|evening|night|noon)(?!s))?(?! (?:morning|afternoon|evening|night)s|,? (?:\d{1,2}(?!\d|[:.]\d|\s?[ap]\.?m)|the \d|${MONTHS.join('|')}))`,
      'giu',
    ),
    read([, preposition = '', name = '', part], today, sentence) {
      if (HABIT.test(sentence)) return null
      const day = DAYS.findIndex((one) => one.startsWith(name.toLowerCase().slice(0, 3)))
      const back = (weekday(today) - day + 7) % 7
      // On a Friday "on Friday" may be today, last week or next.
      if (back === 0) return null
      const past =
        /^(?:since|after)$/iu.test(preposition) || (isPast(sentence) && /^(?:on|from|for)$/iu.test(preposition))
      return oneDay(past ? today - back : today + 7 - back, part ? 'brackets' : 'plain')
    },
  },
  {
    pattern: new RegExp(String.raw`\b(?:in|within)\s+${COUNT}\s+${UNIT}(?!['’]|\s+(?:of|old|long|time and))`, 'giu'),
    read: ([, count = '', unit = ''], today, sentence) =>
      isPast(sentence) && !FUTURE.test(sentence) ? null : shifted(today, numberOf(count), unit),
  },
  {
    pattern: new RegExp(String.raw`\b${COUNT}\s+${UNIT}\s+ago\b`, 'giu'),
    read: ([, count = '', unit = ''], today) => shifted(today, -numberOf(count), unit),
  },
  {
    pattern:
      /\b(?:the )?end of (?:the |this |next )?(week|month|year|quarter)\b|\b(month|year|quarter|week)[- ]end\b/giu,
    read(match, today) {
      const unit = (match[1] ?? match[2] ?? '').toLowerCase()
      const next = /\bnext\b/iu.test(match[0])
      const [year, month] = parts(today)
      if (unit === 'week') return oneDay(today - ((weekday(today) + 6) % 7) + 4 + (next ? 7 : 0), 'brackets')
      if (unit === 'month') return oneDay(dayOf(year, month + (next ? 2 : 1), 0), 'brackets')
      if (unit === 'quarter') return oneDay(dayOf(year, (Math.floor(month / 3) + (next ? 2 : 1)) * 3, 0), 'brackets')
      return oneDay(dayOf(year + (next ? 1 : 0), 11, 31), 'brackets')
    },
  },
  {
    pattern: /\b(next|last|this|past) (week|weekend|month|year|quarter|spring|summer|autumn|fall|winter)\b(?!['’]s)/giu,
    read: ([, which = '', unit = ''], today) => period(which.toLowerCase(), unit.toLowerCase(), today),
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:the )?(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(?:${MONTH}|(Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?![\p{L}\d'’.]))(,?\s+\d{4})?|\b${MONTH}\s+(\d{1,2})(?:st|nd|rd|th)?\b(?![:.%]\d| ?%)(,?\s+\d{4})?`,
      'gu',
    ),
    read([, before, monthAfter, shortMonth, yearAfter, monthBefore, after, yearBefore], today, sentence) {
      const month = monthOf(monthAfter ?? shortMonth ?? monthBefore ?? '')
      const dayInMonth = Number(before ?? after)
      const year = yearAfter ?? yearBefore
      if (dayInMonth < 1 || dayInMonth > 31) return null
      if (year) {
        const day = dayOf(Number(year.replace(/\D/g, '')), month, dayInMonth)
        return { from: day, to: day, suffix: '' }
      }
      if (ANNUAL.test(sentence)) return null
      const day = nearestYear(today, sentence, (y) => dayOf(y, month, dayInMonth))
      if (day === null) return null
      return { from: day, to: day, suffix: `${monthBefore ? ',' : ''} ${parts(day)[0]}` }
    },
  },
  {
    // "on the 19th": of this month or the next one.
    pattern:
      /\b(?:on|by|until|till|before|after|since)\s+the\s+(\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[.,;!?)]|$)|\s+(?:and|at|but|so|because|with|for|instead|if)\b)/giu,
    read([text = '', number = ''], today, sentence) {
      const inMonth = Number(number)
      if (inMonth < 1 || inMonth > 31 || HABIT.test(sentence)) return null
      const [year, month] = parts(today)
      const past = /^since/iu.test(text) || (isPast(sentence) && !FUTURE.test(sentence))
      const step = past ? -1 : 1
      let shift = 0
      while (parts(dayOf(year, month + shift, inMonth))[2] !== inMonth) shift += step
      const day = dayOf(year, month + shift, inMonth)
      if (past ? day <= today : day >= today) return oneDay(day, 'brackets')
      shift += step
      while (parts(dayOf(year, month + shift, inMonth))[2] !== inMonth) shift += step
      return oneDay(dayOf(year, month + shift, inMonth), 'brackets')
    },
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:since|in|until|till|from|by|before|after|during|(?:early|mid|late|end|start|beginning|middle|sprint|week|half)(?: in| of|-)?)\s+(?:early |mid-?|late )?${MONTH_BEHIND_IN}(?!,? \d{1,4}\b|\s+\p{Lu})`,
      'gu',
    ),
    read([text = '', name = ''], today, sentence) {
      if (HABIT.test(sentence) || ANNUAL.test(sentence)) return null
      const month = monthOf(name)
      // "may" is mostly another word, and "march" a verb: only "in" and "since" leave no doubt.
      if (/^m/u.test(name) && !/^(?:in|since|until)\b/iu.test(text)) return null
      const past = /^since/iu.test(text)
      const from = nearestYear(today, past ? 'was' : sentence, (y) => dayOf(y, month, 1), 27)
      if (from === null) return null
      const [year] = parts(from)
      return { from, to: dayOf(year, month + 1, 0), suffix: ` ${year}` }
    },
  },
]

/**
 * @param sentence in English; sentences of other languages give nothing
 * @param at when it was said
 * @param timeZone IANA name of where it was said
 * @returns the dates of the sentence in order, none inside another
 */
export function datesIn(sentence: string, at: Date, timeZone: string): DateMention[] {
  const today = localDay(at, timeZone)
  const found: DateMention[] = []
  for (const { pattern, read } of EXPRESSIONS) {
    for (const match of sentence.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length]
      if (found.some((other) => start < other.end && other.start < end)) continue
      const reading = read(match as RegExpExecArray, today, sentence)
      if (!reading) continue
      const { from, to, suffix } = reading
      found.push({ start, end, from: isoDay(from), to: isoDay(to), suffix, role: roleOf(sentence, start, match[0]) })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

/** The sentence with every relative date named: its own words, and the date behind them. */
export function nameDates(sentence: string, at: Date, timeZone: string): string {
  let text = ''
  let last = 0
  for (const { end, suffix } of datesIn(sentence, at, timeZone)) {
    text += sentence.slice(last, end) + suffix
    last = end
  }
  return text + sentence.slice(last)
}

/**
 * From when and until when a statement holds, where it says so: "since May", "until 3 June".
 * @returns `from` only when it is past: what starts later is known from now on
 */
export function validityOf(sentence: string, at: Date, timeZone: string): { from: Date | null; to: Date | null } {
  const dates = datesIn(sentence, at, timeZone)
  const start = dates.find(({ role }) => role === 'start')
  const last = dates.find(({ role }) => role === 'end')
  // "No running till May, so my place is for March 2026 now": the sentence goes on to what is later.
  const end = dates.some((other) => last && other.start > last.start && other.from > last.to) ? undefined : last
  const from = start ? new Date(`${start.from}T00:00:00Z`) : null
  return {
    from: from && from < at ? from : null,
    to: end ? new Date(`${end.to}T23:59:59Z`) : null,
  }
}

function roleOf(sentence: string, start: number, text: string): DateMention['role'] {
  const before = `${sentence.slice(Math.max(0, start - 30), start)}`
  const lead = /^(?:since|until|till|from|through)\b/iu.exec(text)?.[0] ?? ''
  const around = lead === '' ? before : `${before}${lead} `
  if (ENDS.test(around)) return 'end'
  return STARTS.test(around) ? 'start' : 'at'
}

/** A year-less day or month: the past one in a sentence about the past, else the coming one. `slack`: days it may be over. */
function nearestYear(today: Day, sentence: string, make: (year: number) => Day, slack = 0): Day | null {
  const [year] = parts(today)
  const past = isPast(sentence) && !FUTURE.test(sentence)
  // "Her passport expired and they have nothing before June": which June is not said.
  if (past && PRESENT.test(sentence.replace(STATE, ''))) return null
  if (past) return make(year) <= today ? make(year) : make(year - 1)
  return make(year) >= today - slack ? make(year) : make(year + 1)
}

function isPast(sentence: string): boolean {
  return PAST.test(sentence.replace(STATE, '').replace(HAVE_GOT, ''))
}

function oneDay(day: Day, form: 'plain' | 'brackets'): Reading {
  const text = longDay(day)
  return { from: day, to: day, suffix: form === 'plain' ? ` ${text}` : ` (${text})` }
}

function shifted(today: Day, count: number, unit: string): Reading {
  const [year, month, dayInMonth] = parts(today)
  if (/^d/iu.test(unit)) return oneDay(today + count, 'brackets')
  if (/^w/iu.test(unit)) return oneDay(today + 7 * count, 'brackets')
  if (/^f/iu.test(unit)) return oneDay(today + 14 * count, 'brackets')
  if (/^m/iu.test(unit)) {
    const from = dayOf(year, month + count, 1)
    const [inYear, inMonth] = parts(from)
    return { from, to: dayOf(inYear, inMonth + 1, 0), suffix: ` (${MONTHS[inMonth]} ${inYear})` }
  }
  const day = dayOf(year + count, month, dayInMonth)
  return { from: dayOf(year + count, 0, 1), to: dayOf(year + count, 11, 31), suffix: ` (${parts(day)[0]})` }
}

function period(which: string, unit: string, today: Day): Reading | null {
  const step = which === 'next' ? 1 : which === 'this' ? 0 : -1
  const [year, month] = parts(today)
  const monday = today - ((weekday(today) + 6) % 7)
  if (unit === 'week') {
    const from = monday + 7 * step
    return { from, to: from + 6, suffix: ` (week of ${longDay(from)})` }
  }
  if (unit === 'weekend') {
    const from = monday + 5 + 7 * step
    return { from, to: from + 1, suffix: ` (${longDay(from)})` }
  }
  if (unit === 'month') return shifted(today, step, 'month')
  if (unit === 'year') return shifted(today, step, 'year')
  if (unit === 'quarter') {
    const first = (Math.floor(month / 3) + step) * 3
    const from = dayOf(year, first, 1)
    const [inYear, inMonth] = parts(from)
    return { from, to: dayOf(inYear, inMonth + 3, 0), suffix: ` (from ${MONTHS[inMonth]} ${inYear})` }
  }
  const starts = { spring: 2, summer: 5, autumn: 8, fall: 8, winter: 11 }[unit]
  if (starts === undefined) return null
  // The season that is coming, that is over, or of this year.
  const thisYear = dayOf(year, starts, 1)
  const inYear =
    which === 'next'
      ? thisYear > today
        ? year
        : year + 1
      : which === 'this'
        ? year
        : thisYear + 90 < today
          ? year
          : year - 1
  const from = dayOf(inYear, starts, 1)
  return { from, to: dayOf(inYear, starts + 3, 0), suffix: ` (${inYear})` }
}

function monthOf(name: string): number {
  const start = name.toLowerCase().slice(0, 3)
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(start))
}

function numberOf(word: string): number {
  const folded = fold(word)
  if (folded === 'a' || folded === 'an') return 1
  if (folded === 'a couple of') return 2
  const named = NUMBERS.indexOf(folded)
  return named >= 0 ? named : Number(folded)
}

function localDay(at: Date, timeZone: string): Day {
  const [year, month, day] = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    .format(at)
    .split('-')
    .map(Number)
  return dayOf(year ?? 1970, (month ?? 1) - 1, day ?? 1)
}

function dayOf(year: number, month: number, day: number): Day {
  return Date.UTC(year, month, day) / MS
}

/** Year, month from 0, day of the month. */
function parts(day: Day): [number, number, number] {
  const date = new Date(day * MS)
  return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
}

/** From 0, Sunday. */
function weekday(day: Day): number {
  return new Date(day * MS).getUTCDay()
}

function longDay(day: Day): string {
  const [year, month, inMonth] = parts(day)
  return `${inMonth} ${MONTHS[month]} ${year}`
}

function isoDay(day: Day): string {
  return new Date(day * MS).toISOString().slice(0, 10)
}
