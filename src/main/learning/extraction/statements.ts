// From sentences to statements that can be understood alone: which sentence says something of its own, which only
// explains the one before, whom "she" and "it" stand for, and how it reads in the third person. Rules only.
import type { FinishedTurn, LabelledSentence, Mention } from '../protocol.ts'
import { contentWords, namesIn, numbersIn, wordsOf } from '../words.ts'
import { nameDates, validityOf } from './dates.ts'
import { dateInPassing } from './embedded.ts'
import { type Candidate, LONGEST_SENTENCE } from './gate.ts'
import { NEAR_TIME } from './gate-words.ts'
import { isGrounded } from './grounding.ts'
import { elidesSubject, KINDS, type Kind } from './kinds.ts'
import { type Resolved, resolveAll, thingMeant } from './references.ts'
import type { Sentence } from './sentences.ts'
import { hasFiniteVerb } from './verbs.ts'
import { toThirdPerson, unhurried } from './wording.ts'

/** A candidate with what is known of it when statements are made. */
export interface Judged extends Candidate {
  /** What it is; null: not to be kept as a statement of its own, but it may explain one. */
  label: string | null
  /** Rules or the model say that it is nothing at all. */
  dropped: boolean
  /** It is kept already, as a field of the profile: others may lean on it. */
  told: boolean
}

/** What the person said before this message: sentences in the order they were said, with offsets below zero. */
export interface SaidBefore {
  /** In the turn right before. */
  last: readonly Sentence[]
  /** In some turns before that one. */
  earlier: readonly Sentence[]
}

const LONGEST_STATEMENT = 300
/** Sentences that may explain one statement. */
const MOST_DETAILS = 2
/** Starts by pointing at the sentence before. */
const POINTS_BACK =
  /^(?:(?:and|but|so|also|then|now|honestly|luckily|unfortunately)[,\s]+)*(?:that|this|it|these|those|they|their|its|which|because|since|otherwise|hence|therefore|says|said|thinks|means|meaning|reason|mostly|especially|particularly)\b/iu
const AFTERTHOUGHT = /\b(?:though|too|as well|anyway|either)[.!]*$/iu
/** The second half of a contrast or a condition, without a subject of its own. */
const FRAGMENT_START =
  /^(?:currently|at|not|too|only|no|still|tight|useful|both|all|about|around|roughly|up|down|from|for|until|with|without|in|on|by)\b/iu

/**
 * @param candidates in order of the message
 * @param own all of the person's own sentences
 * @param before what the person said in the turns before
 * @param mentions names in all of these
 * @param self names of the person
 */
export function statementsOf(
  candidates: readonly Judged[],
  own: readonly Sentence[],
  before: SaidBefore,
  mentions: readonly Mention[],
  turn: FinishedTurn,
  self: readonly string[] = [],
): LabelledSentence[] {
  const spans = spansOf(candidates, own, [...before.earlier, ...before.last])
  const resolved = new Map<Sentence, Resolved>()
  for (const [index, result] of resolveAll(spans, mentions, self).entries()) {
    resolved.set(spans[index] as Sentence, result)
  }
  const english = isEnglish(own.map(({ text }) => text).join(' '))
  const heads: Head[] = []
  let passed: Judged | null = null
  for (const candidate of candidates) {
    const result = resolved.get(candidate) ?? { text: candidate.text, unresolved: false, from: null }
    if (candidate.dropped) continue
    const last = heads.at(-1)
    const detail = last !== undefined && !candidate.told && isDetail(last, candidate, result, mentions, english)
    if (last && detail && !last.candidate.told) {
      if (last.details.length < MOST_DETAILS) last.details.push({ candidate, text: result.text })
      continue
    }
    const topic = detail && last && result.unresolved ? last : topicOf(heads, candidate, result)
    const alone = result.unresolved && !topic && last === undefined
    const leansOn = alone ? passed : null
    const thing = alone && !leansOn ? thingMeant(candidate, before.last) : null
    const lost = result.unresolved && !topic && !leansOn && !thing
    if (candidate.label === null || (lost && saysLittleAlone(candidate.text))) {
      passed = candidate
      continue
    }
    // What explains a field of the profile is kept beside it, with what it explains.
    heads.push({ candidate, result, details: [], topic, leansOn, thing })
  }
  return heads.flatMap((head) => [
    ...passingOf(head, mentions, turn),
    ...(head.candidate.told ? [] : [statementOf(head, mentions, turn)]),
  ])
}

interface Head {
  candidate: Judged
  result: Resolved
  details: { candidate: Judged; text: string }[]
  /** The statement it leans on. */
  topic: Head | null
  /** The sentence before it that is no statement of its own, and that it leans on. */
  leansOn: Judged | null
  /** What "it" stands for, of the turn before. */
  thing: string | null
}

/** Clauses where a sentence was cut, the sentence where not: what pronouns are looked up in. */
function spansOf(candidates: readonly Judged[], own: readonly Sentence[], before: readonly Sentence[]): Sentence[] {
  const uncut = own.filter(
    ({ text, start, end }) =>
      text.length <= LONGEST_SENTENCE &&
      !candidates.some((candidate) => candidate.start < end && start < candidate.end),
  )
  return [...before, ...[...uncut, ...candidates].sort((a, b) => a.start - b.start)]
}

/** Whether the sentence only explains the statement before it. */
function isDetail(
  last: Head,
  candidate: Judged,
  { text, unresolved, from }: Resolved,
  mentions: readonly Mention[],
  english: boolean,
): boolean {
  const { kind, elided } = candidate
  const fragment = english && isFragment(candidate.text)
  if (kind === 'commitment' || kind === 'decision') return fragment && !elided
  // "Migrated off Heroku. Everything runs on Fly now.": the first alone says too little.
  if (candidate.strength === 'weak' && last.details.length === 0 && isShort(last.candidate)) return true
  // Whom it speaks of is known: it says something of them.
  const resolvedSubject = from !== null && !POINTS_BACK.test(text)
  if (POINTS_BACK.test(candidate.text) && !resolvedSubject) return true
  if (kind === 'preference' && /^(?:he|she|they)\b/iu.test(candidate.text)) return unresolved
  if (fragment) return true
  if (!resolvedSubject && givesReason(last.candidate, candidate, mentions)) return true
  if (candidate.strength === 'strong' || resolvedSubject) return false
  // "The layout handles tables much better": about something of the statement before, with nothing particular.
  if (AFTERTHOUGHT.test(text) && namesIn(text).length === 0) return true
  const named = mentions.some(({ start, end }) => start >= candidate.start && end <= candidate.end)
  return !(named || numbersIn(text).length > 0 || namesIn(text).length > 0)
}

/**
 * "We settled on oak. It costs only 120 euros more.": what follows a decision, a wish or an opinion without a word of the
 * person's own doing is why. What tells a time or a person stands for itself: that is what changes later.
 */
function givesReason(
  { label }: Judged,
  { text, kind, start, end, strength }: Judged,
  mentions: readonly Mention[],
): boolean {
  if (label !== 'decision' && label !== 'opinion' && label !== 'preference') return false
  if (
    (kind !== null && strength === 'strong') ||
    NEAR_TIME.test(text) ||
    SELF_SUBJECT.test(text) ||
    elidesSubject(text)
  )
    return false
  return !mentions.some(
    (one) => one.type === 'person' && one.start >= start && one.end <= end && one.start - start < 12,
  )
}

const SELF_SUBJECT = /\b(?:I|we|my|I['’]\p{L}+|we['’]\p{L}+)\b|^(?:(?:and|but|so)\s+)?our\b/iu

/** "Two months for a 60-page paper.", "Tight but workable if …": no sentence of its own. */
function isFragment(said: string): boolean {
  const text = unhurried(said)
  if (elidesSubject(text)) return false
  if (FRAGMENT_START.test(text) && !/^\P{L}*\p{L}+[^,]*,\s+(?:I|we|my|our|the|\p{Lu})/u.test(text)) {
    const subject = text.split(/[,;:]/u)[0] ?? ''
    if (!/\b(?:I|we|he|she|they|my|our|the)\b/iu.test(subject)) return true
  }
  return !hasFiniteVerb(text)
}

/** "I find that hard to believe.": what it points at is not there, and nothing else is in it. */
function saysLittleAlone(text: string): boolean {
  return contentWords(text).length <= 3 && namesIn(text).length === 0 && numbersIn(text).length === 0
}

/** "Cancelled the Lisbon trip.": without the "I", and little beside the verb. */
function isShort({ text, elided }: Candidate): boolean {
  return (elided || elidesSubject(text)) && contentWords(text).length <= 4
}

/** Whether the commonest words of English stand in it: rules of English apply. */
export function isEnglish(text: string): boolean {
  return /\b(?:the|a|an|of|to|and|for|in|on|at|with|is|are|was|has|have|my|our|we|I|I['’]m|by|from|per|only|it|she|he|they|not|will)\b/iu.test(
    text,
  )
}

/** The statement a sentence leans on that says "there", "the same", "it", or leaves out who does it. */
function topicOf(heads: readonly Head[], candidate: Judged, { unresolved }: Resolved): Head | null {
  if (!unresolved && !candidate.elided && !elidesSubject(candidate.text)) return null
  // The last one that stands by itself; one that leans on another says too little.
  return heads.findLast(({ topic, result }) => topic === null && result.from === null && !result.unresolved) ?? null
}

function statementOf(head: Head, mentions: readonly Mention[], turn: FinishedTurn): LabelledSentence {
  const { candidate, result, topic, leansOn, thing } = head
  const note = worded(candidate, result.text, mentions, turn)
  const own = note ?? candidate.text.replace(/\s+/gu, ' ')
  const sources: Sentence[] = [candidate]
  const additions: string[] = []
  const add = (text: string | null, source: Sentence) => {
    if (text === null || own.length + additions.join('; ').length + text.length + 3 > LONGEST_STATEMENT) return
    // No brackets inside brackets: "last weekend, 21 November 2026".
    additions.push(bare(text.replace(/\s*\(([^()]*)\)/gu, ', $1')))
    sources.push(source)
  }
  if (topic) add(gistOf(topic, mentions, turn), topic.candidate)
  if (leansOn) add(worded(leansOn, leansOn.text, mentions, turn), leansOn)
  if (thing) additions.push(thing)
  for (const detail of head.details) add(worded(detail.candidate, detail.text, mentions, turn), detail.candidate)
  return {
    label: candidate.label ?? 'fact',
    quote: candidate.text,
    start: candidate.start,
    end: candidate.end,
    statement: additions.length === 0 ? own : withAdditions(own, additions),
    grounded: additions.length > 0 || own !== candidate.text,
    sources: sources.map(({ text, start, end }) => ({ quote: text, start, end })),
    ...validityOf(candidate.text, turn.at, turn.timeZone),
  }
}

/** The date a sentence tells in passing, as a statement of its own. */
function passingOf({ candidate }: Head, mentions: readonly Mention[], turn: FinishedTurn): LabelledSentence[] {
  const told = dateInPassing(candidate, mentions, turn.at, turn.timeZone)
  if (!told) return []
  const statement = worded(told, told.resolved, mentions, turn)
  if (!statement) return []
  const place = { quote: told.text, start: told.start, end: told.end }
  return [
    { label: 'fact', ...place, statement: `${statement}.`, grounded: true, sources: [place], from: null, to: null },
  ]
}

function withAdditions(own: string, additions: readonly string[]): string {
  const open = own.replace(/[\s.!…]+$/u, '')
  // A date in brackets at the end shares them.
  const start = open.endsWith(')') ? `${open.slice(0, -1)}; ` : `${open} (`
  return `${start}${additions.join('; ')}).`
}

/**
 * A sentence, its pronouns resolved, in the third person and with its dates named. Whatever the rules did, no name,
 * number or date stands in it that was not said.
 * @returns null when it says anything else than the sentence
 */
function worded(
  sentence: Sentence,
  resolved: string,
  mentions: readonly Mention[],
  { at, timeZone }: FinishedTurn,
): string | null {
  const named = mentions.some(
    ({ start, end, type }) =>
      (type === 'person' || type === 'organization') && start >= sentence.start && end <= sentence.end,
  )
  const plain = unhurried(restated(resolved)).replace(OPENER, '').replace(REMINDER, '').replace(CLOSER, '')
  const note = nameDates(toThirdPerson(plain, named || resolved !== sentence.text) ?? plain, at, timeZone)
  const text = note.replace(/\s+/gu, ' ').replace(/^\p{Ll}/u, (letter) => letter.toUpperCase())
  return isGrounded(text, plain, [nameDates(plain, at, timeZone)]) ? text : null
}

/** What a statement is about, in its own words without its reasons and contrasts: enough to lean on. */
function gistOf({ candidate, result }: Head, mentions: readonly Mention[], turn: FinishedTurn): string | null {
  const text = gist(result.text)
  return worded({ ...candidate, text }, text, mentions, turn)
}

function gist(text: string): string {
  const cut = text.search(
    /\s+[—–]\s|[;:(]|,\s+(?:not|but|so|because|since|which|who|and)\b|\s+(?:rather than|instead of|because|so that)\b/u,
  )
  const head = cut < 0 ? text : text.slice(0, cut)
  return contentWords(head).length >= 4 ? head : text
}

/** As it stands in brackets: without its full stop, and small where only its place made it large. */
function bare(text: string): string {
  const trimmed = text.replace(/[\s.!]+$/u, '').replace(/^(?:and|but|so|also)[,\s]+/iu, '')
  const [first] = wordsOf(trimmed)
  if (!first || first.start > 0 || first.word === 'I' || /^I['’]/u.test(first.word)) return trimmed
  // Names keep their capital: only plain small words are written small.
  const plain = SMALL.test(first.word.replace(/['’].*$/u, '')) || elidesSubject(trimmed)
  return plain ? trimmed.replace(/^./u, (letter) => letter.toLowerCase()) : trimmed
}

const SMALL =
  /^(?:the|a|an|my|our|his|her|their|its|it|this|that|these|those|they|he|she|we|there|some|two|three|four|five|six|seven|eight|nine|ten|currently|only|not|no|too|too|tight|useful|about|both|at|in|on|for|from|with|by|until|will|want|wants|says|said|mostly|each|every|all)$/iu

/** Said to the assistant, no part of the statement. */
const REMINDER =
  /^(?:please\s+)?(?:remember|note|keep in mind|don['’]t forget|do not forget|for the record|fyi|just so you know|by the way|btw)(?:\s+that)?[,:]?\s+(?=\p{L})/iu

/** What only opens talk: "Big news:", "Nope,", "hey so". */
const OPENER =
  /^(?:(?:hey|hi|hello|ok(?:ay)?|so|well|oh|ah|nope|no|nah|yes|yep|yeah|actually|honestly|anyways?|btw|fyi|update|correction(?: to [^:]{2,40}(?=:))?|sorry|wait|lol|right|quick (?:thing|note|update|one)|(?:good|bad|big|great|sad) news|by the way|just (?:fyi|so you know|a heads[- ]?up|a quick note)|heads[- ]?up|for context|to be honest|tbh)\s*(?:[,:!]|[–—-]+\s)\s*|(?:hey(?: so)?|ok(?:ay)? so|just fyi|fyi|btw|lol|nope|yep|anyways?|actually|honestly)\s+)+(?=\S)/iu
const CLOSER = /,?\s+(?:by the way|btw|fyi|lol|tbh|haha+)(?=[\s.!]*$)/iu
/** "I said Tunde lives in Accra, that's wrong: he lives in Kumasi." */
const RESTATED =
  /^(?:(?:no|sorry|oh|actually|wait),?\s+)?(?:I|we) (?:said|told you|wrote|mentioned)(?: that)? (.{3,100}?)[,;:.–—-]+\s*(?:but |and |and that |but that )?(?:that['’]?s|that was|that is|it['’]?s|this is|was|is) (?:wrong|not right|not correct|incorrect|not true|a mistake|no longer true)[\s,;:.–—-]+(\S.*)$/iu

/** "I was wrong about the city: the race is in Porto." */
const ADMITTED =
  /^(?:(?:no|sorry|oh|actually|wait),?\s+)*(?:I|we) (?:was|were|got (?:that|it)) wrong(?: (?:about|with) [^:;]{2,40})?[:;]\s*(\S.*)$/iu

/** "Scratch what I said earlier, the workshop is in room 204." */
const TAKEN_BACK =
  /^(?:(?:no|sorry|oh|actually|wait|please),?\s+)*(?:scratch|forget|ignore|disregard) what (?:I|we) (?:just )?(?:said|wrote|told you)(?: (?:earlier|before|above|yesterday|last \p{L}+))?[,:;.–—-]+\s*(\S.*)$/iu

/** What is right, of a sentence that says what was wrong; who "he" is stands in the wrong part. */
function restated(text: string): string {
  const corrected = ADMITTED.exec(text)?.[1] ?? TAKEN_BACK.exec(text)?.[1]
  if (corrected) return corrected
  const [, wrong = '', right] = RESTATED.exec(text) ?? []
  if (!right) return text
  const subject = /^\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)*(?= \p{Ll})/u.exec(wrong)?.[0]
  return subject ? right.replace(/^(?:he|she|it|they)(?= )/iu, subject) : right
}

/** Kinds a label may be; others come from stores of the person's own. */
export function isKind(label: string): label is Kind {
  return (KINDS as readonly string[]).includes(label)
}
