// Whether a sentence says itself that what a known item states is over.
import { foldSentence } from '../words.ts'
import { COPULA, has, otherAmount, otherTime, related, sameSubject } from './about.ts'
import { FIRM, kindsOf, SEVERAL, SINGLE, setOf } from './lexicon.ts'
import { departedIn, goneIn, predecessorIn, renewedIn, stoppedIn, withoutIn } from './spoken.ts'
import { readStatement, type Statement } from './statement.ts'

/** What ends when somebody leaves. */
const PRESENCE = setOf('live work lead manage run be own maintain play study join sein teach rent host')
/** Words that only say what kind of thing was stopped. */
const EVENT_NOUNS = setOf(
  'trip flight plan course subscription membership meet appointment reserv book contract holiday journey class job lesson project',
)

/** Cosine from which a date or a number that is denied is that of a sentence without another word in common. */
const SAME_MATTER = 0.3

/** "2 May", "84,000": shorter numbers stand in too many sentences. In characters. */
const LONG_ENOUGH = 4

/** @param close cosine of the two, or how many words they share */
export function endedBy(next: Statement, old: Statement, close: number): boolean {
  if (old.negated || old.past) return false
  return (
    gone(next, old, close) ||
    handedOver(next, old) ||
    leftOut(next, old) ||
    stopped(next, old) ||
    departed(next, old) ||
    renewed(next, old)
  )
}

function gone(next: Statement, old: Statement, close: number): boolean {
  return goneIn(next.text).some((text) => {
    // "My first day is the 9th and not 2 June" and "I start on 2 June".
    const denied = foldSentence(text)
    const isDate = /\d/u.test(denied) && denied.length >= LONG_ENOUGH
    if (isDate && ` ${foldSentence(old.text)} `.includes(` ${denied} `) && close >= SAME_MATTER) return true
    const over = readStatement(text).words
    if (over.length === 0 || !over.every((word) => has(old.words, word))) return false
    // "Tore moved off A" says nothing of the A that somebody else has.
    if (!next.self && next.subject.length > 0 && !next.subject.some((word) => has(old.words, word))) return false
    const rest = next.words.filter((word) => !over.includes(word) && has(old.words, word))
    return rest.length > 0 || related(next, old) || (next.self && OURS.test(old.text) && sharesKin(next, old))
  })
}

const LEADING =
  /\b(?:lead\w*|led|manag\w*|runs?|owns?|heads?|headed|responsible|in charge|chairs?|coach\w*|maintain\w*|owner|director|manager|chief|lead|head|boss|contact|is the|teach\w*|works? on)\b/iu

/** "B took over X from A": A's part in X is over, not what else is known of A. */
function handedOver(next: Statement, old: Statement): boolean {
  const before = predecessorIn(next.text)
  if (!before || !LEADING.test(old.text) || old.planned) return false
  const who = readStatement(before).words
  if (who.length === 0 || !who.every((word) => has(old.words, word))) return false
  return next.words.some((word) => !who.includes(word) && !next.subject.includes(word) && has(old.words, word))
}

/** "migrated off A" and "runs on A", "switched from A" and "use A": what one does with a tool. */
const TOOL =
  /\b(?:runs?|running|host\w*|deploy\w*|us(?:e|es|ed|ing)|servers?|migrat\w*|mov(?:e|ed|ing)|switch\w*|replac\w*|work(?:s|ed)? (?:with|on)|built (?:on|with)|based on|bank|has|have|own|drive|ride)\b/iu
const OURS = /^(?:i|we|our|my|the)\b/iu

function sharesKin(next: Statement, old: Statement): boolean {
  return TOOL.test(next.text) && TOOL.test(old.text)
}

/** "tea without sugar" after "tea with sugar". */
function leftOut(next: Statement, old: Statement): boolean {
  const missing = withoutIn(next.text)
  if (!missing || !sameSubject(next, old)) return false
  const [what] = readStatement(missing).words
  const had = /\b(?:with|mit|avec|con)\s+(.+)/iu.exec(old.text)?.[1]
  if (!what || !had || !has(readStatement(had).words, what)) return false
  return next.rest.some((word) => word !== what && has(old.rest, word))
}

function stopped(next: Statement, old: Statement): boolean {
  return stoppedIn(next.text).some(({ what, kind }) => {
    const words = readStatement(what).words
    const object = words.length > 1 ? words.filter((word) => !EVENT_NOUNS.has(word)) : words
    const isIn = (word: string) => has(old.words, word) || kindsOf(word).some((one) => has(old.words, one))
    if (object.length === 0 || !object.every(isIn)) return false
    const sameOwner = next.self
      ? old.self
      : next.subject.length > 0 && next.subject.every((word) => has(old.words, word))
    if (kind === 'possession') {
      const owns = old.self && /^(?:have|own|drive|use)$/.test(old.verb ?? '')
      const named =
        COPULA.has(old.verb ?? '') && !old.self && object.every((word) => has(old.rest, word)) && FIRM.test(old.text)
      return next.self && (owns || named)
    }
    if (kind === 'membership') return sameOwner && PRESENCE.has(old.verb ?? '')
    return sameOwner && !/^(?:like|dislike|prefer|think|remember)$/.test(old.verb ?? '')
  })
}

const OWNED = setOf('have own buy get adopt rent keep drive ride use')

function departed(next: Statement, old: Statement): boolean {
  const leaver = departedIn(next.text)
  if (!leaver) return false
  const who = readStatement(leaver.who).words
  if (who.length === 0) return false
  const subject =
    old.subject.length > 0 &&
    (old.subject.every((word) => has(who, word)) || who.every((word) => has(old.subject, word)))
  const named = COPULA.has(old.verb ?? '') && who.every((word) => has(old.rest, word)) && FIRM.test(old.text)
  // "The Tern is gone" and "I've bought a bike, a Tern".
  const owned = old.self && OWNED.has(old.verb ?? '') && who.every((word) => has(old.rest, word))
  if (named || owned) return true
  if (!subject) return false
  return leaver.died
    ? !/^(?:call|name)$/.test(old.verb ?? '')
    : PRESENCE.has(old.verb ?? '') && old.amounts.length === 0
}

/** "I have a new dentist": what was known of "my dentist is …". */
function renewed(next: Statement, old: Statement): boolean {
  return renewedIn(next.text).some((noun) => {
    const kind = readStatement(noun).words
    const head = kind.at(-1)
    if (!head || SEVERAL.test(noun) || old.self) return keepsAmount(next, old, kind)
    if (!kind.every((word) => has(old.subject, word)) || old.past) return keepsAmount(next, old, kind)
    const others = old.subject.filter((word) => !kind.includes(word))
    const owners = next.subject.filter((word) => !kind.includes(word))
    return (
      others.every((word) => has(next.words, word)) &&
      owners.every((word) => has(old.words, word)) &&
      (COPULA.has(old.verb ?? '') || SINGLE.has(old.verb ?? '') || keepsAmount(next, old, kind) || otherTime(next, old))
    )
  })
}

/** "raised the dose to 100 mg" and "takes 50 mg": another amount of the same thing. */
function keepsAmount(next: Statement, old: Statement, kind: readonly string[]): boolean {
  return kind.length > 0 && kind.every((word) => has(old.words, word)) && otherAmount(next, old, true)
}
