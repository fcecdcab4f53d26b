// Whether two statements are about the same thing, and say the same kind of thing of it.
import { fold, stem, wordsOf } from '../words.ts'
import { setOf } from './lexicon.ts'
import type { Statement } from './statement.ts'

export const COPULA = setOf('be sein etre')
export const CALLED = setOf('call name heissen llamar')
const PREPOSITION = /^(?:in|on|at|to|with|for|from|about|under|near|by|as|of|until|since)$/u

/** `wider`: the new one names the thing with fewer words ("the launch"); `narrower`: with more ("the launch of B"). */
export function subjects(next: Statement, old: Statement): 'equal' | 'wider' | 'narrower' | 'other' {
  if (next.self || old.self) return next.self && old.self ? 'equal' : 'other'
  if (next.subject.length === 0 || old.subject.length === 0)
    return next.subject.length === old.subject.length ? 'equal' : 'other'
  const into = next.subject.every((word) => has(old.subject, word))
  const back = old.subject.every((word) => has(next.subject, word))
  if (into && back) return 'equal'
  // "Otto" is not meant by "Otto's sister".
  if (into && next.subject.every((word) => isOwnerIn(old.text, word))) return 'other'
  return into ? 'wider' : back ? 'narrower' : 'other'
}

function isOwnerIn(text: string, word: string): boolean {
  return wordsOf(text).some((one) => /['’]s$/u.test(one.word) && stem(fold(one.word.slice(0, -2))) === word)
}

export function sameSubject(next: Statement, old: Statement): boolean {
  const relation = subjects(next, old)
  return relation === 'equal' || relation === 'wider'
}

/** They speak of the same kind of thing even when they share no word: "moved to A" and "lives in B". */
export function related(next: Statement, old: Statement): boolean {
  return sameSubject(next, old) && (sameFrame(next, old) || (next.self && old.self && otherAmount(next, old, false)))
}

const PLACED =
  /\b(?:liv(?:es?|ed|ing)|based in|(?:moved|relocated) (?:back )?(?:to|from|into|in with)|resid\w+|home is|shar(?:e|es|ed|ing) (?:a|an|the) (?:\w+ )?(?:flat|apartment|house|room) in|wohn\w*|leb\w*|habit\w*|viv\w*|umgezogen|déménagé|mudado)\b/iu
const TIMED =
  /\b(?:deadline|due|meeting|appointment|launch\w*|ships?|release\w*|scheduled|starts?|ends?|opens?|closes?|takes place|exam|wedding|flight|leaves?|departs?|arriv\w*|moved to|postponed|rescheduled|rebooked|expires?|runs until|party|birthday|interview|concert|visit)\b/iu

/** Both say where somebody lives, or where something is based. */
export function placed(next: Statement, old: Statement): boolean {
  return [next, old].every(({ text }) => PLACED.test(text))
}

const EMPLOYED =
  /\b(?:works? (?:at|for)|working (?:at|for)|started (?:at|with)|(?:got|found|took) a (?:new )?job (?:at|with)|employed (?:at|by)|hired by|joined \S+(?: \S+)? as|arbeite\w* (?:bei|fur|für)|travaille chez|trabajo en)\b/iu

/** Both say for whom somebody works. */
export function employed(next: Statement, old: Statement): boolean {
  return [next, old].every(({ text }) => EMPLOYED.test(text))
}

/** The same preposition after the verb, or none. */
export function samePreposition(next: Statement, old: Statement): boolean {
  const [mine, theirs] = [next, old].map(({ particle }) => (PREPOSITION.test(particle ?? '') ? particle : null))
  return mine === theirs
}

export function sameFrame(next: Statement, old: Statement): boolean {
  if (next.verb !== null && next.verb === old.verb) return true
  if (placed(next, old) || employed(next, old)) return true
  const naming = [next, old].every(({ verb }) => COPULA.has(verb ?? '') || CALLED.has(verb ?? ''))
  if (naming && next.names.length > 0 && old.names.length > 0) return true
  if (opposed(next, old)) return false
  return [TIMED_TEXT, HELD].some((isTimed) => [next, old].every((one) => one.times.length > 0 && isTimed(one)))
}

const TIMED_TEXT = ({ text }: Statement) => TIMED.test(text)
/** "The book club meets on Fridays", "moved to Sundays", "is on the second Tuesday". */
const HELD = ({ self, verb }: Statement) =>
  !self && (COPULA.has(verb ?? '') || /^(?:move|meet|rehearse|happen)$/.test(verb ?? ''))

const OPPOSED = ['open close', 'start end', 'start finish', 'leave arrive', 'leave return', 'depart arrive'].map(
  (pair) => pair.split(' '),
)

/** "opens at nine" and "closes at six" are two times of one thing. */
export function opposed(next: Statement, old: Statement): boolean {
  return OPPOSED.some(
    (pair) => next.verb !== old.verb && pair.includes(next.verb ?? '') && pair.includes(old.verb ?? ''),
  )
}

/** Whether a word stands in a list, in any form: "migration" and "migrate", "Iceland" and "Icelandic". */
export function has(words: readonly string[], word: string): boolean {
  return words.some((one) => one === word || akin(one, word))
}

function akin(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length < 5 || /\d/.test(long)) return false
  return long.startsWith(short.slice(0, Math.max(5, Math.ceil(short.length * 0.85)))) && long.length - short.length <= 4
}

export function sameWords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => has(b, word)) && b.every((word) => has(a, word))
}

/** Both give an amount of the same thing, and another one. */
export function otherAmount(next: Statement, old: Statement, loose: boolean): boolean {
  return next.amounts.some(({ value, unit }) =>
    old.amounts.some(
      (one) =>
        one.value !== value &&
        (one.unit === unit ||
          (loose && (one.unit === '' || unit === '') && next.amounts.length === 1 && old.amounts.length === 1)) &&
        !old.amounts.some((same) => same.value === value) &&
        !next.amounts.some((same) => same.value === one.value),
    ),
  )
}

/** Both give a time of one kind (a day, a date, a year, an hour), and another one. */
export function otherTime(next: Statement, old: Statement): boolean {
  return next.times.some(
    (time) => !old.times.includes(time) && old.times.some((one) => one[0] === time[0] && !next.times.includes(one)),
  )
}
