// A date told in passing: "I'll read it before her sabbatical begins on 1 June" tells when the sabbatical begins, too,
// and that is what will be asked for later.
import type { Mention } from '../protocol.ts'
import { datesIn } from './dates.ts'
import type { Sentence } from './sentences.ts'

const IN_PASSING =
  /\b(?:before|until|till|after|when|once|by the time|as soon as)\s+((?:(?:her|his|their|my|our|the|\p{Lu}[\p{L}'’-]*['’]s)\s+)[\p{L}][\p{L}'’ -]{2,40}?)\s+((?:begins?|starts?|ends?|opens?|closes?|expires?|launches|ships|is due|are due|takes place|is|are|was|began|started|ended)\s+(?:on|in|at|from)\s+[^,;.!?]{3,40})/u
/** "before the opening on 17 June" */
const NAMED_DAY =
  /\b(?:before|until|till|after|by)\s+((?:the|our|my)\s+(?:\p{Ll}[\p{L}-]*\s+){0,2}?(?:opening|closing|launch|release|deadline|exam|wedding|party|meeting|conference|defen[cs]e|surgery|operation|trip|move|handover|election|hearing|audit|review|start|end|concert|show|match|race|interview|appointment|vote|fair|festival|workshop|ceremony|funeral|birthday|holiday))\s+(on\s+[^,;.!?]{3,30})/u
const OWNER = /^(?:her|his|their)\b/u

export interface DateInPassing extends Sentence {
  /** Whether the owner in it was put in by name. */
  resolved: string
}

/**
 * @param sentence one that is kept
 * @param mentions names of the message
 * @returns the clause as a sentence of its own, with its place; null when there is none or its owner is not certain
 */
export function dateInPassing(
  sentence: Sentence,
  mentions: readonly Mention[],
  at: Date,
  timeZone: string,
): DateInPassing | null {
  const match = IN_PASSING.exec(sentence.text) ?? NAMED_DAY.exec(sentence.text)
  const [whole, subject, rest] = match ?? []
  if (!match || !whole || !subject || !rest || datesIn(rest, at, timeZone).length === 0) return null
  const clause = `${subject} ${rest}`
  const start = sentence.start + match.index + whole.length - clause.length
  const place = { text: clause, start, end: start + clause.length }
  if (!OWNER.test(subject))
    return { ...place, resolved: large(rest.startsWith('on ') ? `${subject} is ${rest}` : clause) }
  const people = new Set(
    mentions
      .filter((one) => one.type === 'person' && one.start >= sentence.start && one.end <= start)
      .map(({ name }) => name),
  )
  const [only] = people
  if (!only || people.size > 1) return null
  return { ...place, resolved: clause.replace(OWNER, `${only}'s`) }
}

function large(text: string): string {
  return text.replace(/^./u, (letter) => letter.toUpperCase())
}
