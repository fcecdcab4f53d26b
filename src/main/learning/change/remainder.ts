// What stays true of one clause that is over in part: the place of an appointment whose day changed, the other things of a
// list of which one ended. Only what can be cut without writing a new sentence; everything else is asked about.
import { contentWords, fold, isStopWord, wordsOf } from '../words.ts'
import { COPULA, has, otherAmount, otherTime } from './about.ts'
import { numberWord, verbBase } from './lexicon.ts'
import { readStatement, type Statement } from './statement.ts'

const MONTH =
  '(?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember)'
const DAY =
  '(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)s?|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)s)'
const CLOCK = String.raw`(?:(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?(?:am|pm|Uhr))?|\d{1,2}\s?(?:am|pm|Uhr)|noon|midnight)`
const DATE = String.raw`(?:\d{4}-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th|\.)?\s${MONTH}(?:\s\d{4})?|${MONTH}(?:\s\d{1,2}(?:st|nd|rd|th)?)?(?:,?\s\d{4})?)`
/** "the first Wednesday of the month". */
const DAY_OF_MONTH = `(?:the\\s+)?(?:first|second|third|fourth|last)\\s+${DAY}(?:\\s+(?:of|in)\\s+(?:the|each|every)\\s+month)?`
const MOMENT = `(?:${CLOCK}|${DATE}|${DAY_OF_MONTH}|${DAY}(?:\\s(?:mornings?|afternoons?|evenings?|nights?|morning|abend))?)`
/** "at 2 am", "on Mondays and Fridays", "every second Friday", "dienstags". */
const TIME_PHRASE = new RegExp(
  String.raw`\s+(?:(?:at|on|in|from|until|by|around|um|am|im|ab|bis|jeden?)\s+)?(?:(?:every|each)\s+(?:\w+\s)?)?${MOMENT}(?:\s*(?:,|and|or|to|und|bis|at|um)\s*${MOMENT})*(?=[\s.,;!]|$)`,
  'giu',
)
/** "twice a day", "three days a week", "zweimal am Tag". */
const OFTEN =
  /\s+(?:(?:only|just|nur)\s+)?(?:once|twice|[\p{L}\d]+ (?:times|days|hours|nights|mornings|evenings)|\p{L}+mal|[\p{L}\d]+ Mal)\s+(?:(?:a|an|per|each|every|am|pro)\s+\p{L}+|in der Woche|im (?:Monat|Jahr))(?=[\s.,;!]|$)/giu
/** What a phrase that says where, with whom or as what begins with. */
const PHRASE =
  /\s(in|on|at|near|by|with|as|from|for|under|behind|next to|im|in|bei|beim|mit|als|aus|vom|für|unter)\s(?!\d)/iu
const PLACE = /^(?:in|on|at|near|by|under|behind|with|next|im|bei|beim|mit|unter)$/iu

/**
 * @param over what is newly said, as a whole and in parts
 * @param clause a clause of a known item that the new statement makes untrue
 * @returns the clause without what is over; null when nothing stays, or it cannot be told apart
 */
export function leftOf(over: readonly Statement[], clause: string): string | null {
  const old = readStatement(clause)
  for (const next of over) {
    const left = withoutTime(next, old, clause) ?? withoutPrice(next, clause) ?? withoutListed(next, old, clause)
    if (left !== null) return left
  }
  return null
}

/** "The backup runs on the old server" of "The backup runs at 2 am on the old server", once it runs at four. */
function withoutTime(next: Statement, old: Statement, clause: string): string | null {
  if (next.negated || old.negated || !old.verb) return null
  const often = otherAmount(next, old, false) && OFTEN.test(clause)
  OFTEN.lastIndex = 0
  if (!often && !otherTime(next, old)) return null
  const cut = clause.replace(often ? OFTEN : TIME_PHRASE, '').trim()
  if (cut === clause) return null
  const left = readStatement(cut)
  const phrase = PHRASE.exec(cut)
  if (!phrase || left.verb !== old.verb || left.rest.length === 0 || left.times.length > 0) return null
  if (COPULA.has(left.verb ?? '') && !PLACE.test(left.particle ?? '')) return null
  // It says where or with whom itself, or says all of it again.
  const said = PHRASE.exec(next.text.replace(TIME_PHRASE, '').replace(OFTEN, ''))
  const elsewhere = said !== null && next.rest.some((word) => !has(old.words, word) && next.names.length > 0)
  const more = contentWords(cut.slice(phrase.index)).some((word) => !has(next.words, word))
  return more && !elsewhere ? cut : null
}

const PRICE = /,\s+(?:for\s+)?[€£$]?\s?\d[\d.,]*(?:\s?[€£$]|\s\p{L}+)?(?:\s(?:a|per|im|pro)\s\p{L}+)?(?=,|$)/u

/** "a room in Leeds, with a garden" of "a room in Leeds, 430 pounds a month, with a garden", once the price changed. */
function withoutPrice(next: Statement, clause: string): string | null {
  const cut = clause.replace(PRICE, '')
  return cut !== clause && next.amounts.length > 0 ? cut : null
}

/** "I like pears" of "I like figs and pears", once the figs are over. */
function withoutListed(next: Statement, old: Statement, clause: string): string | null {
  for (const { left, right, from, to } of pairsIn(clause)) {
    const goes = touches(next, left) ? 'left' : 'right'
    if (touches(next, left) === touches(next, right) || old.subject.some((word) => has(wordsAs(left), word))) continue
    // What stands before it belongs to it when it is a number or spoken of too: "five testers and …", "iron tablets and …".
    const head = headOf(next, clause.slice(0, from))
    const before = wordsOf(clause.slice(0, head)).at(-1)?.word ?? ''
    // Else the word before may belong to both: "dried figs and pears".
    if (goes === 'left' && !(isStopWord(before) || verbBase(fold(before)) !== null)) continue
    const cut =
      goes === 'left'
        ? clause.slice(0, head) + clause.slice(to - right.length)
        : clause.slice(0, from + left.length) + clause.slice(to)
    return readStatement(cut).rest.length > 0 ? cut : null
  }
  return null
}

/** Where the words begin that belong to what follows `text`: numbers, and words that the new statement says too. */
function headOf(next: Statement, text: string): number {
  let from = text.length
  for (const { word, start } of wordsOf(text).toReversed()) {
    const own = numberWord(fold(word)) !== null || /^\d/.test(word) || touches(next, word)
    if (!own || isStopWord(word) || verbBase(fold(word)) !== null) break
    from = start
  }
  return from
}

/** Whether the clause joins two things of which the new statement speaks of one only. */
export function speaksOfOne(next: Statement, clause: string): boolean {
  return pairsIn(clause).some(({ left, right }) => touches(next, left) !== touches(next, right))
}

interface Joined {
  left: string
  right: string
  /** Where the left one begins, and where the right one ends. */
  from: number
  to: number
}

/** "figs and pears", "a bath and a shower", "Gisela and Horst". */
function pairsIn(clause: string): Joined[] {
  const pattern =
    /((?:(?:an?|the|my|our|his|her|their|ein|eine|einen|der|die|das)\s)?[\p{L}\d’'-]+)\s+(?:and|or|und|oder)\s+((?:(?:an?|the|my|our|his|her|their|ein|eine|einen|der|die|das)\s)?(?:[\p{L}\d’'-]+\s(?=[\p{L}\d’'-]+[.,;!]?$))?[\p{L}\d’'-]+)/giu
  return [...clause.matchAll(pattern)].flatMap(({ 0: whole, 1: left = '', 2: right = '', index }) => {
    if (wordsAs(left).length === 0 || wordsAs(right).length === 0) return []
    return [{ left, right, from: index, to: index + whole.length }]
  })
}

function touches({ words, times }: Statement, joined: string): boolean {
  const { words: own, times: when } = readStatement(joined)
  return own.some((word) => has(words, word)) || when.some((time) => times.includes(time))
}

function wordsAs(text: string): string[] {
  return readStatement(text).words
}
