// A correction keeps what was right: "B, not A" puts B in the place of A and leaves the date that was said beside it.
import { wholeWords } from '../extraction/corrections.ts'
import { contentWords, foldSentence, namesIn, numbersIn, wordsOf } from '../words.ts'
import { notThat } from './spoken.ts'

const MARKS_CORRECTION =
  /^(?:no|nope|wait|actually|sorry|correction|oops|pardon|nein|falsch|non|pardon)\b|\bactually\b|\bI (?:meant|mistyped|misspoke)\b|\bthat(?:['’]s| is| was) (?:wrong|not right|incorrect)\b|\bmy mistake\b|\bich meinte\b|\bje voulais dire\b/iu
const MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'
const WEEKDAY_OR_MONTH =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|november|december)s?$/iu

/**
 * The known text with the corrected value in it.
 * @param said the correction: as it will be kept, and as the person said it
 * @returns null when the sentence corrects nothing, or when it says all that the known text says anyway
 */
export function correctedText(said: { text: string; quote: string }, known: string): string | null {
  const pair = contrast(said.quote) ?? contrast(said.text) ?? changedValue(said, known)
  if (!pair) return null
  const corrected = replaceWords(known, pair.wrong, pair.right)
  if (corrected === null) return null
  const more = contentWords(known).filter((word) => !contentWords(said.text).includes(word))
  return more.some((word) => !contentWords(pair.wrong).includes(word)) ? corrected : null
}

/** Puts `right` in the place of `wrong`; null when the text does not hold it as whole words. */
export function replaceWords(text: string, wrong: string, right: string): string | null {
  const pattern = wholeWords(wrong, right)
  return pattern.test(text)
    ? alignDays(
        text.replace(pattern, () => right.trim()),
        kindOf(right),
        right,
      )
    : null
}

const NAMED_DAY =
  /\b(Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday),? (\d{1,2}) (January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})\b/giu
const DAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTH_NAMES = MONTHS.split('|')

/** "Monday 9 March 2026" with Tuesday in the place of Monday is the 10th; with the 11th in that of the 9th a Wednesday. */
function alignDays(text: string, kind: string, right: string): string {
  if (kind !== 'day' && kind !== 'number') return text
  return text.replace(NAMED_DAY, (whole, weekday: string, day: string, month: string, year: string) => {
    const date = new Date(Date.UTC(Number(year), MONTH_NAMES.indexOf(month.toLowerCase()), Number(day)))
    const wanted = DAY_NAMES.findIndex((name) => name.toLowerCase() === weekday.toLowerCase())
    const shift = ((wanted + 6) % 7) - ((date.getUTCDay() + 6) % 7)
    if (shift === 0) return whole
    if (!isWeekday(right)) return whole.replace(weekday, DAY_NAMES[date.getUTCDay()] ?? weekday)
    date.setUTCDate(date.getUTCDate() + shift)
    const name = MONTH_NAMES[date.getUTCMonth()] ?? month
    return `${weekday} ${date.getUTCDate()} ${name[0]?.toUpperCase()}${name.slice(1)} ${date.getUTCFullYear()}`
  })
}

/** "The regatta is in Ferrara, not in Ravenna": Ferrara for Ravenna. */
function contrast(text: string): { wrong: string; right: string } | null {
  const not = notThat(text)
  if (!not) return null
  const words = wordsOf(not.before)
  const count = wordsOf(not.wrong).length
  const kind = kindOf(not.wrong)
  // As many words as the wrong ones have, and as many more before them as are of the same kind: "New York, not Boston".
  let from = words.length - count
  while (kind === 'name' && from > 0 && kindOf(words[from - 1]?.word ?? '') === 'name' && from > words.length - 4)
    from--
  const start = words[Math.max(from, 0)]?.start
  if (start === undefined) return null
  const right = not.before.slice(start).trim()
  if (kindOf(right) === kind) return { wrong: not.wrong, right }
  // "cost 48,000 a year, not 84,000": the last value of that kind.
  const value = kind === 'number' || kind === 'day' ? valuesLike(not.before, not.wrong).at(-1) : undefined
  return value ? { wrong: not.wrong, right: value } : null
}

/** "Actually our garden is 350 square metres": the one value that differs. */
function changedValue({ text, quote }: { text: string; quote: string }, known: string) {
  if (!MARKS_CORRECTION.test(quote)) return null
  for (const values of [numbersIn, dayWords, namesIn]) {
    const mine = values(text).filter((value) => !values(known).includes(value))
    const theirs = values(known).filter((value) => !values(text).includes(value))
    const [right, ...moreRight] = mine
    const [wrong, ...moreWrong] = theirs
    if (right && wrong && moreRight.length === 0 && moreWrong.length === 0) return { wrong, right }
  }
  return null
}

function dayWords(text: string): string[] {
  return wordsOf(text)
    .map(({ word }) => word)
    .filter((word) => WEEKDAY_OR_MONTH.test(word))
}

/** What kind of value the words are, by the last of them. */
export function kindOf(words: string): 'number' | 'day' | 'name' | 'word' {
  const first = words.trim().split(/\s+/).at(-1) ?? ''
  if (/^\d/.test(first)) return 'number'
  if (WEEKDAY_OR_MONTH.test(first)) return 'day'
  return /^\p{Lu}/u.test(first) && foldSentence(first) !== 'i' ? 'name' : 'word'
}

/**
 * The value of a text that a value of the same kind may correct.
 * @returns null when the text has none of the kind, or more than one
 */
export function onlyValueOf(text: string, like: string): string | null {
  const [only, ...more] = [...new Set(valuesLike(text, like))]
  return only !== undefined && more.length === 0 ? only : null
}

/** The values of a text that are of one kind with another value, in order. */
function valuesLike(text: string, like: string): string[] {
  const kind = kindOf(like)
  const unit = UNIT.exec(like)?.[1]
  return /\d/.test(like) && like.match(DATE)
    ? (text.match(DATE) ?? [])
    : kind === 'day'
      ? dayWords(text).filter((word) => isWeekday(word) === isWeekday(like))
      : kind === 'number' || unit
        ? amountsLike(text, unit)
        : kind === 'name'
          ? namesIn(text).filter((name) => !dayWords(name).length)
          : []
}

const UNIT = /\d\s?(%|€|\p{L}{1,12})$/u
const DATE = new RegExp(
  `\\b\\d{1,2}(?:st|nd|rd|th|\\.)?\\s(?:of\\s)?(?:${MONTHS})\\b|\\b(?:${MONTHS})\\s\\d{1,2}\\b`,
  'giu',
)

/** Numbers as written; with a unit those that have it, unit included. */
function amountsLike(text: string, unit: string | undefined): string[] {
  const number = String.raw`\d+(?:[.,:]\d+)*`
  if (!unit) return text.match(new RegExp(`(?<![\\p{L}\\d])${number}`, 'gu')) ?? []
  const escaped = unit.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return text.match(new RegExp(`(?<![\\p{L}\\d])${number}\\s?${escaped}`, 'giu')) ?? []
}

function isWeekday(word: string): boolean {
  return /days?$/iu.test(word.trim())
}
