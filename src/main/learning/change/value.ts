// Whether a statement gives another value of what a known item states: another amount, time, place, name or person in charge.

import type { Relation } from '../protocol.ts'
import { capitalised, contentWords, fold, isStopWord, jaccard, overlap, stem } from '../words.ts'
import {
  CALLED,
  COPULA,
  employed,
  has,
  opposed,
  otherAmount,
  otherTime,
  placed,
  sameFrame,
  samePreposition,
  sameSubject,
  sameWords,
  subjects,
} from './about.ts'
import { COLOURS, FIRM, SEVERAL, SINGLE, setOf } from './lexicon.ts'
import type { Statement } from './statement.ts'

/** Below this two sentences are about different things, whatever words they share. */
const SAME_TOPIC = 0.2
/** Verbs that mostly hold one: another value is a change when the sentence says so, and a question otherwise. */
const MOSTLY_SINGLE = setOf(
  'work arbeiten trabajar bank drive meet rehearse use study take train stay lie stand hang park sit store keep open close start end arrive host report sleep',
)
/** One does it for a thing at a time. */
const IN_CHARGE = setOf('lead manage run own maintain coach chair edit teach')
const PLACE_WORD = /^(?:in|on|at|under|behind|near|by|beside|above|below|inside|outside|next)$/u

export function changedValue(next: Statement, old: Statement, close: number): Relation {
  if (next.negated || old.negated || old.past || (next.planned && !old.planned)) return 'both'
  const subject = subjects(next, old)
  if ((subject === 'other' || subject === 'narrower') && otherDue(next, old))
    return next.changed ? 'replaces' : 'unsure'
  if (subject === 'other') {
    if (sizeOfTheSame(next, old)) return 'replaces'
    // "The move was postponed to 4 July" and "We move on 27 June".
    const ofVerb =
      old.self &&
      old.verb !== null &&
      next.subject.length > 0 &&
      next.subject.every((word) => word === stem(old.verb ?? ''))
    return ofVerb && MOVES.test(next.text) && otherTime(next, old) ? 'replaces' : inCharge(next, old)
  }
  // "The release of P was moved to May" and "P has its release in April".
  const other = otherTime(next, old) || otherAmount(next, old, true)
  const rephrased = next.changed && other && sameWords(plain(next), plain(old))
  if (subject === 'narrower') return rephrased ? 'replaces' : 'both'
  // A past event beside another one: both happened, unless the sentence tells of a change.
  if (next.past && !next.changed) return age(next, old) ? 'replaces' : 'both'
  if (age(next, old)) return 'replaces'
  if (SEVERAL.test(next.text) && !next.changed && !next.hedged && !otherAmount(next, old, false)) return 'both'
  const answer = otherValue(next, old, close)
  return answer === 'replaces' && subject === 'wider' && !next.changed ? 'unsure' : answer
}

/** Words that only say what kind of thing another word names. */
const KIND_WORDS = new Set(contentWords('project programme program plan course event have total whole'))

/** "The garden budget is 165,000 now" and "The garden project has a budget of 180,000". */
function sizeOfTheSame(next: Statement, old: Statement): boolean {
  if (!next.changed || next.self || old.self || !otherAmount(next, old, true)) return false
  const mine = plain(next).filter((word) => !KIND_WORDS.has(word))
  const theirs = plain(old).filter((word) => !KIND_WORDS.has(word))
  return mine.length >= 2 && sameWords(mine, theirs)
}

function otherValue(next: Statement, old: Statement, close: number): Relation {
  const frame = sameFrame(next, old)
  const certain = next.changed || next.hedged
  const told = frame || !next.self || /^(?:be|get|move|change|raise)$/.test(next.verb ?? '')
  if (told && otherAmount(next, old, frame || next.changed)) {
    return restAgrees(next, old) || (next.changed && restOverlaps(next, old)) ? 'replaces' : 'both'
  }
  const moved = MOVES.test(next.text)
  if (otherTime(next, old) && (frame || moved) && !opposed(next, old)) {
    if (!restAgrees(next, old) && !(moved && restOverlaps(next, old))) return 'both'
    return certain || !onlyHabit(next, old) ? 'replaces' : 'unsure'
  }
  // "The party was moved to the park" and "is at our house".
  const elsewhere = next.verb === 'move' && next.particle === 'to' && next.times.length + old.times.length === 0
  if (elsewhere && COPULA.has(old.verb ?? '') && PLACE_WORD.test(old.particle ?? '')) return 'replaces'
  if (!frame) return 'both'
  return otherName(next, old, close)
}

const DUE = /\b(?:rent|salary|wages?|pension|mortgage|miete|gehalt|loyer)\b/iu
/** Words that may stand beside such an amount and do not say of what else it is. */
const OF_DUES = new Set(
  contentWords(
    'pay paid earn cost amount home house flat apartment place room new old month year week per cold warm whole share part half two us both rise raise go went gone up down again just wohnung haus',
  ),
)

const CURRENCY = String.raw`(?:euros?|eur|pounds?|gbp|dollars?|usd|francs?|chf|kronor|kroner|crowns?|zloty)`
/** "a room in Leeds, 430 pounds a month" is a rent. */
const PRICE_OF_HOME = new RegExp(
  String.raw`\b(?:room|flat|apartment|house|zimmer|wohnung)\b.*(?:[€£$]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[€£$]|${CURRENCY}))\s(?:a|per|im|pro) mon`,
  'iu',
)

const MONEY_UNIT = new RegExp(`^(?:[€$£]|${CURRENCY}|a|per|im|pro|)$`, 'iu')

/** With the amounts alone that may be a price: not "two others". */
function inMoney(statement: Statement): Statement {
  return { ...statement, amounts: statement.amounts.filter(({ unit }) => MONEY_UNIT.test(unit)) }
}

/**
 * "We pay 980 francs in rent" and "The rent of the new flat is 1,150": what one pays or earns for good is one amount.
 * @returns null when the two do not speak of the same, or of the same amount
 */
export function otherDue(next: Statement, old: Statement): Relation | null {
  const mine = DUE.exec(next.text)?.[0].toLowerCase()
  const theirs = DUE.exec(old.text)?.[0].toLowerCase()
  if (mine === undefined || (next.past && !next.changed) || next.planned || next.negated || old.negated) return null
  if (sameSubject(next, old) || !otherAmount(inMoney(next), inMoney(old), true)) return null
  const units = [...next.amounts, ...old.amounts].map(({ unit }) => unit)
  const of = ({ words }: Statement) =>
    words.filter((word) => !/^\d/.test(word) && !OF_DUES.has(word) && !units.includes(word) && word !== stem(mine))
  if (!of(next).every((word) => has(old.words, word))) return null
  // What tells of the home says more than its price.
  const ofHome = theirs === undefined && /^(?:rent|miete)$/.test(mine) && old.self && PRICE_OF_HOME.test(old.text)
  const same = mine === theirs && (!old.past || old.changed) && of(old).every((word) => has(next.words, word))
  if (!ofHome && !same) return null
  return next.changed ? 'replaces' : 'unsure'
}

const RHYTHM =
  /\b(once|twice|(?:\d+|two|three|four|five|six) times?|every (?:other |second )?)\s*(?:(?:a|per|every|each)\s+)?(day|week|fortnight|month|year|night)s?\b/giu
const RHYTHM_WORDS = new Set(
  contentWords('once twice time times day week fortnight month year night two three four five six only need'),
)

/** "Only needs the tablet once a day now" and "one tablet twice a day": how often it is, of the same thing. */
export function otherRhythm(next: Statement, old: Statement, shared: readonly string[]): boolean {
  if (!next.changed || next.planned || next.negated || old.negated || old.past) return false
  const [mine, ...more] = rhythmsIn(next.text)
  const [theirs, ...others] = rhythmsIn(old.text)
  if (!mine || !theirs || mine === theirs || more.length + others.length > 0) return false
  if (old.self && !next.self && next.subject.length > 0) return false
  const [mineNamed, theirsNamed] = [next, old].map(({ text }) =>
    capitalised(text)
      .filter((name) => !isStopWord(name.replace(/['’].*$/u, '')))
      .map((name) => stem(fold(name))),
  )
  const apart = mineNamed?.length && theirsNamed?.length && !mineNamed.some((name) => theirsNamed.includes(name))
  return !apart && shared.some((word) => !RHYTHM_WORDS.has(word) && !/^\d/u.test(word))
}

function rhythmsIn(text: string): string[] {
  return [...text.matchAll(RHYTHM)].map(([found]) => fold(found).replace(/\s+(?:per|every|each)\s+/u, ' a '))
}

/** "My place in the Forest of Dean half is for March 2026 now" and "Signed up for the Forest of Dean half, it's on 30 March". */
export function otherDateOfNamed(next: Statement, old: Statement, shared: readonly string[]): boolean {
  if (!next.changed || next.negated || old.negated || old.past || !otherTime(next, old)) return false
  const dated = [next, old].every(({ times }) => times.some((time) => /^[my]/u.test(time)))
  if (!dated) return false
  const inBoth = capitalised(next.text)
    .map((name) => stem(fold(name)))
    .filter((name) => shared.includes(name) && !MONTH.test(name))
  const others = shared.filter((word) => !inBoth.includes(word) && !/^\d/u.test(word) && !MONTH.test(word))
  return inBoth.length >= 2 && others.length > 0
}

const MONTH = /^(?:januar|februar|march|april|may|june|jun|july|jul|august|septemb|octob|novemb|decemb)/u

const MOVES =
  /\b(?:moved|postponed|rescheduled|rebooked|delayed|brought forward|pushed|put off|changed|extended|shortened|instead|now|verschoben|verlegt|reporté|déplacé)\b/iu

/** What one has or does more of, without leaving the rest. */
const GAINED = setOf(
  'have get buy own learn start begin join adopt go see visit read collect want need like love plan know haben avoir tener',
)

/** A value that is a name, a colour or a plain noun. */
function otherName(next: Statement, old: Statement, close: number): Relation {
  const mine = next.rest.filter((word) => !has(old.words, word))
  const theirs = old.rest.filter((word) => !has(next.words, word))
  if (mine.length === 0 || theirs.length === 0) return 'both'
  const certain = next.changed || next.hedged
  const verb = next.verb ?? ''
  if (placed(next, old)) {
    // "shares a flat in A with B": with whom one lives may be another matter than where.
    if (next.verb !== old.verb && /^shar/.test(old.verb ?? '')) return certain ? 'unsure' : 'both'
    return samePreposition(next, old) || /\bto\b/u.test(next.particle ?? '') ? 'replaces' : 'both'
  }
  if (employed(next, old)) return certain ? 'replaces' : 'unsure'
  if (verb === 'work' && next.particle === 'as' && old.particle === 'as') return next.changed ? 'replaces' : 'both'
  if (SINGLE.has(verb)) {
    if (!samePreposition(next, old)) return 'both'
    return SEVERAL.test(old.text) && !next.changed ? 'both' : 'replaces'
  }
  if (COPULA.has(verb) || CALLED.has(verb)) return otherCopula(next, old, mine, theirs)
  if (!samePreposition(next, old)) return 'both'
  // "I drink oat milk now": perhaps instead, perhaps as well.
  if (!MOSTLY_SINGLE.has(verb))
    return next.changed && next.verb === old.verb && !next.past && !GAINED.has(verb) ? 'unsure' : 'both'
  const kept = next.rest.filter((word) => has(old.rest, word))
  const bare = next.rest.length === mine.length && old.rest.length === theirs.length
  const named = next.names.length > 0 && old.names.length > 0
  const put = next.changed && !next.self && PLACE_WORD.test(next.particle ?? '')
  if (kept.length === 0 && !(bare && (named || put))) return 'both'
  if (certain) return close >= SAME_TOPIC ? 'replaces' : 'both'
  return named && mine.length === 1 && theirs.length === 1 ? 'unsure' : 'both'
}

function otherCopula(next: Statement, old: Statement, mine: readonly string[], theirs: readonly string[]): Relation {
  if (next.subject.length === 0) {
    // "I'm an intermediate chess player now": the same matter, another standing.
    return next.changed && next.rest.some((word) => has(old.rest, word)) ? 'replaces' : 'both'
  }
  const favourite = /\bfavou?rite\b/iu.test(next.text)
  // "is on the third floor" and "is in Delft" may both be so, unless the sentence says that something changed.
  const places = [next, old].every(({ particle }) => PLACE_WORD.test(particle ?? ''))
  if (!samePreposition(next, old) && !(places && (next.changed || next.hedged))) return 'both'
  const firm = FIRM.test(
    next.text.replace(/^(?:I (?:think|believe|guess|heard)(?: that)?|maybe|perhaps|actually|no)[,\s]+/iu, ''),
  )
  if (!firm) return 'both'
  if (favourite) return 'replaces'
  const colours = [mine, theirs].every((words) => words.some((word) => COLOURS.has(word)))
  const named = mine.some((word) => has(next.names, word)) && theirs.some((word) => has(old.names, word))
  if (colours || named || places) return SEVERAL.test(old.text) && !next.changed ? 'both' : 'replaces'
  const article = [next, old].map(({ particle }) => /^(?:an?|the)$/.test(particle ?? ''))
  const alike = article[0] === article[1] && next.names.length > 0 === old.names.length > 0
  return next.changed && alike ? 'replaces' : 'both'
}

const IN_ROLE = /\b(?:is|are) (?:the\b|responsible for\b|in charge of\b)/iu

/** "Rita runs infrastructure now": one is in charge of a thing at a time. */
function inCharge(next: Statement, old: Statement): Relation {
  const verb = next.verb ?? ''
  const role = COPULA.has(verb) && verb === old.verb && IN_ROLE.test(next.text) && IN_ROLE.test(old.text)
  if (!(IN_CHARGE.has(verb) && verb === old.verb) && !role) return 'both'
  if (next.self !== old.self && !next.changed) return 'both'
  const what = (statement: Statement) => statement.rest.filter((word) => !statement.subject.includes(word))
  if (what(next).length === 0 || overlap(what(next), what(old)) < 1) return 'both'
  if (next.subject.some((word) => has(old.subject, word))) return 'both'
  return next.changed || next.hedged || verb === 'lead' ? 'replaces' : 'unsure'
}

function age(next: Statement, old: Statement): boolean {
  const turned = /\bturn(?:s|ed) (\p{L}+|\d+)\b/iu.exec(next.text)
  const been =
    /\b(?:\d+|\p{L}+)(?:[ -]years?[ -]old\b|\.?$)/iu.test(old.text) &&
    old.amounts.length > 0 &&
    COPULA.has(old.verb ?? '')
  return (
    turned !== null &&
    next.amounts.length > 0 &&
    been &&
    (next.self ? old.self : next.subject.some((word) => has(old.subject, word)))
  )
}

export function timeIn(times: readonly string[], time: string): boolean {
  return times.some((one) => one === time || (/^m\p{L}+$/u.test(time) && one.startsWith(time)))
}

/** Only the day of the week or the part of the day differ: people do things on several days. */
function onlyHabit(next: Statement, old: Statement): boolean {
  return (
    [...next.times, ...old.times].every((time) => /^[dp]/.test(time)) &&
    !/\b(?:appointment|deadline|due|exam|wedding|flight|interview)\b/iu.test(next.text)
  )
}

/** Beside the values the two say the same. */
function restAgrees(next: Statement, old: Statement): boolean {
  const mine = plain(next)
  const theirs = plain(old)
  if (mine.length === 0 || theirs.length === 0) return sameSubject(next, old)
  return overlap(mine, theirs) >= 0.99 || jaccard(mine, theirs) >= 0.5
}

function restOverlaps(next: Statement, old: Statement): boolean {
  return plain(next).some((word) => has(plain(old), word))
}

/** Content words that are no value and no word of change. */
function plain(statement: Statement): string[] {
  const time = new Set(statement.times.map((one) => one.replace(/^[dmty]|\d+$/g, '')))
  return statement.words.filter(
    (word) =>
      !/^\d/.test(word) &&
      !/^(?:chang|mov|postpon|reschedul|rais|lower|increas|reduc|cut|drop|upgrad|rebook|weigh|promot|turn)$/.test(
        word,
      ) &&
      ![...time].some((one) => one.length > 2 && (one.startsWith(word) || word.startsWith(one))),
  )
}
