// What a new statement means for a known one: the same again, a change, both are true, or a question for the person.
// Rules that a person can follow: the small model was tried as the judge of close pairs and gave one answer to all of
// them. In doubt both stay, because a stale item is seen and corrected, while a true one that was hidden is missed.
import type { Relation } from '../protocol.ts'
import { foldSentence, jaccard, overlap } from '../words.ts'
import { COPULA, has, related, sameSubject, sameWords } from './about.ts'
import { endedBy } from './ended.ts'
import { FIRM, setOf, statesIn } from './lexicon.ts'
import { leftOf, speaksOfOne } from './remainder.ts'
import { impliedBy, partsOf, restated } from './spoken.ts'
import { readStatement, type Statement } from './statement.ts'
import { changedValue, otherDateOfNamed, otherDue, otherRhythm, timeIn } from './value.ts'

/** Cosine similarity from which two sentences of the bundled embedder say the same, when they share their words too. */
const SAME_MEANING = 0.9
/** From here a statement whose every word is known says nothing new. */
const NOTHING_NEW = 0.7
/** Below this two sentences are about different things, whatever words they share. */
const SAME_TOPIC = 0.2

/** "is knitting a scarf": done when it was knitted. */
const UNDER_WAY = /(?:\b(?:am|is|are)|['’](?:m|re|s))\s+(?:\w+ly\s+)?\w+ing\b/iu
const PREPARES = /\b(?:training for|preparing for|saving (?:up )?for|looking for|waiting for|applying for)\b/iu
/** Words that only say that it was a plan. */
const PLAN_WORDS = setOf(
  'want plan hope intend train prepare save look wait apply consider think soon eventually someday',
)
const COMPARATIVE = /\b(?:to|over|than|rather|instead|more)\b/iu

/**
 * @param said the new statement, in the words that will be kept, and as the person said it
 * @param known text of the known item
 * @param similarity cosine of the two, null when there are no vectors
 */
export function judge(said: Said, known: string, similarity: number | null): Relation {
  return judgeAll(said)(known, similarity)
}

interface Said {
  text: string
  quote: string
}

/** As `judge`, for many known items: the new statement is read once. */
export function judgeAll(said: Said): (known: string, similarity: number | null) => Relation {
  const folded = [foldSentence(said.text), foldSentence(said.quote)]
  const statements = statementsOf(said)
  const touched = readStatement(said.quote).words
  return (known, similarity) => {
    if (folded.includes(foldSentence(known))) return 'same'
    const answer = against(statements, known, similarity)
    // One of the things it says may have changed.
    if (answer === 'both' && remainderOf(said, known, similarity) !== null) return 'replaces'
    if (answer !== 'replaces') return answer
    // A sentence that says several things is not hidden because one of them changed; a part that can be told apart is.
    const more = saysMoreOf(known, touched) || statements.slice(0, 1).some((next) => speaksOfOne(next, known))
    return more && remainderOf(said, known, similarity) === null ? 'unsure' : 'replaces'
  }
}

/** "have been since school": of whom is said in the part that goes. */
const WITHOUT_SUBJECT = /^(?:am|is|are|was|were|has|have|had|do|does|did|been|being)\b/iu

/**
 * What stays true of a known item that a new statement replaces: "Felix has asthma" of "Felix has asthma, he needs his
 * inhaler twice a day" when that becomes once a day.
 * @returns null when nothing does, or it cannot be told apart
 */
export function remainderOf(said: Said, known: string, similarity: number | null): string | null {
  const parts = partsOf(known.replace(/[.!]+$/u, ''))
  const statements = statementsOf(said)
  const over = parts.map((part) => against(statements, part, similarity) === 'replaces')
  if (!over.includes(true)) return null
  const rest = parts.flatMap((part, index) => {
    const left = over[index] ? leftOf(statements, part) : part
    return left !== null && !WITHOUT_SUBJECT.test(left) && readStatement(left).rest.length > 0 ? [left] : []
  })
  return rest.length > 0 ? rest.map((part) => `${part[0]?.toUpperCase()}${part.slice(1)}.`).join(' ') : null
}

/** The new statement as a whole and in its parts; the whole stands first. */
function statementsOf({ text, quote }: Said): Statement[] {
  const kept = restated(text) ?? text
  const spoken = restated(quote) ?? quote
  const quoted = readStatement(spoken)
  const whole = readStatement(kept)
  // The short form may have lost the words that say how sure or how new it is.
  const changed = whole.changed || quoted.changed || kept !== text || spoken !== quote
  const next = { ...whole, hedged: whole.hedged || quoted.hedged, changed }
  const parts = [...new Set([spoken, kept])].flatMap((one) => {
    const found = [...partsOf(one), ...impliedBy(one)]
    return found.length < 2 && one === kept ? [] : found
  })
  return [next, ...parts.map((part) => ({ ...readStatement(part), hedged: next.hedged }))]
}

function against([next, ...parts]: readonly Statement[], known: string, similarity: number | null): Relation {
  if (!next) return 'both'
  const old = readStatement(known)
  const close = similarity ?? jaccard(next.words, old.words)
  // A part that says nothing new does not make the whole the same again.
  const ofParts = parts.map((part) => relate(part, old, close)).filter((one) => one !== 'same')
  const answers = [relate(next, old, close), ...ofParts]
  if (answers.includes('replaces')) return next.hedged ? 'unsure' : 'replaces'
  if (answers.includes('unsure')) return 'unsure'
  return answers[0] ?? 'both'
}

/** The known sentence has a part with a subject of its own that the new one does not touch: "A is led by X, B by Y". */
function saysMoreOf(known: string, touched: readonly string[]): boolean {
  const [first, ...others] = known.split(/,\s+(?:and\s+|but\s+)?|;\s+|\s+(?:and|while)\s+/u)
  return others.some((part) => {
    const { words, subject, verb, self } = readStatement(part)
    const named = /^\p{Lu}/u.test(part) && words.length >= 2
    if (self || !(named || (verb !== null && subject.length > 0))) return false
    const about = named ? words.slice(0, 1) : subject
    return about.every((word) => !has(touched, word) && !has(readStatement(first ?? '').words, word))
  })
}

function relate(next: Statement, old: Statement, close: number): Relation {
  const shared = next.words.filter((word) => has(old.words, word))
  const ended = endedBy(next, old, close)
  if (ended) return next.planned ? 'both' : 'replaces'
  if (otherState(next, old, shared)) return 'replaces'
  if (endsStopover(next, old)) return 'replaces'
  if (otherRhythm(next, old, shared) || otherDateOfNamed(next, old, shared)) return 'replaces'
  if (planDone(next, old) || promoted(next, old)) return 'replaces'
  if (ofTheOldHome(next, old) || ofTheOldJob(next, old)) return 'unsure'
  const due = otherDue(next, old)
  if (due) return due
  if (shared.length === 0 && !related(next, old)) return 'both'
  if (next.negated !== old.negated) return negation(next, old, close)
  if (turned(next, old) && sameSubject(next, old)) return 'replaces'
  if (close >= SAME_TOPIC && sameAgain(next, old, close)) return 'same'
  return changedValue(next, old, close)
}

function otherState(next: Statement, old: Statement, shared: readonly string[]): boolean {
  if (next.negated || old.negated || next.planned || onSomeDays(next, old)) return false
  // "started seeing each other" tells of what went on from then.
  if (old.past && old.verb !== 'start') return false
  const now = statesIn(next.text)
  const then = statesIn(old.text)
  return now.some(({ row, state, personal }) => {
    const before = then.filter((one) => one.row === row)
    if (before.length === 0 || before.some((one) => one.state === state)) return false
    if (now.some((one) => one.row === row && before.some(({ state: was }) => was === one.state))) return false
    if (next.self && old.self) return personal || shared.length > 0
    if (next.self !== old.self && !next.self && next.subject.length === 0) return false
    const about =
      old.subject.length > 0 &&
      (old.subject.every((word) => has(next.words, word)) ||
        (next.subject.length > 0 && next.subject.every((word) => has(old.subject, word))))
    return about && shared.length > 0
  })
}

/** "in the office on Fridays" says nothing of the Mondays at home. */
function onSomeDays(next: Statement, old: Statement): boolean {
  const days = (times: readonly string[]) => times.filter((time) => time.startsWith('d'))
  return days(next.times).length > 0 && days(old.times).some((day) => !next.times.includes(day))
}

const MOVED_HOUSE = /\b(?:(?:I|we)(?:['’]ve| have)?|ich|wir) .{0,20}(?:moved|live|wohnen?|umgezogen)\b/iu
const OF_THE_HOME = /\b(?:rent|landlord|landlady|miete|vermieter\w*)\b/iu
const OF_ANOTHER =
  /\b(?:shop|store|studio|workshop|office|garage|parents?|mother|father|sister|brother|son|daughter)\b|['’]s\b/iu

/** "We live in Otley now" and "we pay 900 in rent": whether that was of the old flat, only the person knows. */
function ofTheOldHome(next: Statement, old: Statement): boolean {
  if (!next.self || !next.changed || next.planned || next.negated || old.past) return false
  if (!MOVED_HOUSE.test(next.text) || !OF_THE_HOME.test(old.text) || OF_THE_HOME.test(next.text)) return false
  return !OF_ANOTHER.test(old.text) && (old.self || FIRM.test(old.text))
}

const STOPOVER =
  /\b(?:staying|crashing|sleeping|living|lodging|camping out)\b.*\b(?:for now|for the moment|for the time being|temporarily|until I|till I|while I)\b/iu
const SETTLED = /\b(?:live|living|moved (?:in|to|into)|settled|home)\b/iu

/** "I live in Southville now" after "I'm staying at Carys's in Easton for now". */
function endsStopover(next: Statement, old: Statement): boolean {
  return (
    next.self &&
    old.self &&
    next.changed &&
    !next.negated &&
    !next.planned &&
    SETTLED.test(next.text) &&
    STOPOVER.test(old.text)
  )
}

const JOB_BEGAN =
  /\b(?:(?:my|the) (?:first|last) (?:day|week) (?:at|in|of)|started (?:at|working (?:at|for))|(?:got|landed|took|accepted) (?:the|a|my) (?:new )?job|(?:my|our) new (?:job|boss|manager|employer|company|role)|(?:handed|gave) in my notice|(?:left|quit|leaving) (?:my job|the company|work))\b|^last day at\b/iu
const AT_WORK =
  /\b(?:at work|for work|my (?:boss|manager|supervisor|desk|office|team lead)|our (?:office|sprint|standup))\b/iu

/** "My new boss is Ada" and "At work I lead the harbour project": whether that was of the old job, only the person knows. */
function ofTheOldJob(next: Statement, old: Statement): boolean {
  if (next.planned || next.negated || old.past || old.negated) return false
  return JOB_BEGAN.test(next.text) && AT_WORK.test(old.text) && !AT_WORK.test(next.text.replace(JOB_BEGAN, ''))
}

function planDone(next: Statement, old: Statement): boolean {
  const underWay = UNDER_WAY.test(old.text) && next.verb === old.verb
  if (
    !(old.planned || PREPARES.test(old.text) || underWay) ||
    old.negated ||
    next.planned ||
    next.negated ||
    next.hedged
  )
    return false
  if (!next.done || !sameSubject(next, old)) return false
  const core = old.rest.filter((word) => !PLAN_WORDS.has(word) && !old.times.includes(word) && !/^\d/.test(word))
  return core.length > 0 && core.every((word) => has(next.words, word))
}

/** "I was promoted to senior nurse" and "is a nurse". */
function promoted(next: Statement, old: Statement): boolean {
  return (
    next.verb === 'promote' &&
    !next.planned &&
    sameSubject(next, old) &&
    (COPULA.has(old.verb ?? '') || old.verb === 'work') &&
    next.rest.some((word) => has(old.rest, word))
  )
}

function negation(next: Statement, old: Statement, close: number): Relation {
  if (close < SAME_TOPIC || !sameSubject(next, old) || old.past) return 'both'
  const own = (a: Statement, b: Statement) =>
    [...a.names, ...a.times, ...a.amounts.map(({ value }) => value)].filter(
      (value) => ![...b.names, ...b.times, ...b.amounts.map((one) => one.value), ...b.words].includes(value),
    )
  if (own(next, old).length > 0 && own(old, next).length > 0) return 'both'
  const needed = next.changed || /\b(?:stopped|quit|gave up|no longer|any ?more)\b/iu.test(next.text) ? 0.5 : 0.7
  const core = (statement: Statement) => statement.core.filter((word) => word !== 'not')
  // What is denied must be what was said: the words after the verb, not only who it is about.
  const rest = overlap(withoutOpinion(next.rest), withoutOpinion(old.rest))
  if (opposite(next, old)) return 'same'
  // "Ida is calm, Wim is not": what is denied stands in the clause before.
  if (next.rest.length === 0 && COPULA.has(next.verb ?? '')) return 'both'
  if (overlap(core(next), core(old)) < needed) return 'both'
  return rest > 0 || next.rest.length === 0 || old.rest.length === 0 ? 'replaces' : 'both'
}

/** "does not like" and "dislikes". */
function opposite(next: Statement, old: Statement): boolean {
  const pair = [next.verb, old.verb].sort().join(' ')
  return pair === 'dislike like' && sameWords(next.rest, old.rest)
}

function withoutOpinion(words: readonly string[]): string[] {
  return words.filter((word) => !/^(?:lik|dislik|not)$/.test(word))
}

function sameAgain(next: Statement, old: Statement, close: number): boolean {
  if (next.planned !== old.planned || next.past !== old.past || next.hedged) return false
  if (!sameNumbers(next, old) || !next.times.every((one) => timeIn(old.times, one))) return false
  if (statesDiffer(next, old)) return false
  const every = next.words.every((word) => has(old.words, word))
  const equal = every && old.words.every((word) => has(next.words, word))
  if (turned(next, old)) return false
  if (equal) return sameSubject(next, old) || close >= SAME_MEANING
  const about = sameSubject(next, old) || swapped(next, old) || (close >= SAME_MEANING && sharedSubject(next, old))
  if (!about) return false
  return every && close >= NOTHING_NEW && (next.words.length > 1 || close >= SAME_MEANING)
}

/** "Our deploys run on Fridays" and "We deploy on Fridays". */
function sharedSubject(next: Statement, old: Statement): boolean {
  const ours = (one: Statement) => one.self || /^(?:our|my)\b/iu.test(one.text)
  return (
    ours(next) &&
    ours(old) &&
    next.subject.every((word) => has(old.words, word)) &&
    old.subject.every((word) => has(next.words, word))
  )
}

/** "tea to coffee" and "coffee to tea". */
function turned(next: Statement, old: Statement): boolean {
  const compares = COMPARATIVE.test(next.text) && /\b(?:prefer|rather|more|better)\w*\b/iu.test(next.text)
  return compares && sameWords(next.words, old.words) && !sameOrder(next.words, old.words)
}

/** "My boss is Petra" and "Petra is my boss". */
function swapped(next: Statement, old: Statement): boolean {
  return next.words.length > 0 && sameWords(next.words, old.words)
}

function statesDiffer(next: Statement, old: Statement): boolean {
  const then = statesIn(old.text)
  return statesIn(next.text).some(({ row, state }) => then.some((one) => one.row === row && one.state !== state))
}

function sameNumbers(next: Statement, old: Statement): boolean {
  return next.amounts.every(({ value }) => old.amounts.some((one) => one.value === value))
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  const inBoth = a.filter((word) => b.includes(word))
  return inBoth.join(' ') === b.filter((word) => a.includes(word)).join(' ')
}
