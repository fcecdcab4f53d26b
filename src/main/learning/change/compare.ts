// What a new statement means for a known one: the same again, a change, or both are true. Rules that a person can follow:
// the small model was tried as the judge of close pairs and gave one answer to all of them. In doubt both stay, because
// a stale item is seen and corrected, while a true one that was hidden is missed.
import type { Relation } from '../protocol.ts'
import {
  contentWords,
  fold,
  foldSentence,
  jaccard,
  namesIn,
  negated,
  numbersIn,
  overlap,
  stem,
  wordsOf,
} from '../words.ts'

/** Cosine similarity from which two sentences of the bundled embedder say the same. */
const SAME_MEANING = 0.9
/** Below this two sentences are about different things, whatever words they share. */
const SAME_TOPIC = 0.3
/** From here two statements with one subject and one predicate speak of the same thing; with a word of change, less will do. */
const SAME_SUBJECT = 0.5
const SAME_PREDICATE = 0.4

const CHANGED =
  /\b(?:now|no longer|not any ?more|any ?more|instead|since then|these days|from now on|recently|moved|switched|migrated|changed|replaced|relocated|transferred|upgraded|new|started (?:at|as|a|my)|joined|as of|starting|meanwhile|postponed|rescheduled|delayed|jetzt|nicht mehr|stattdessen|maintenant|désormais|ne .{1,20} plus|ahora|ya no)\b/iu
const PLANNED =
  /\b(?:will|going to|plans? to|planning|want(?:s)? to|would like|hope(?:s)? to|intend(?:s)? to|considering|thinking (?:about|of)|might|may|could|next (?:week|month|year|spring|summer|autumn|fall|winter|quarter)|soon|someday|eventually|about to)\b/iu
const FROM_TO =
  /\b(?:mov|migrat|switch|chang|transfer|relocat|port|upgrad|convert|shift|transition|went|go(?:ne|ing)?|mut|wechsel|umgezogen)\p{L}*\b(?:[^.;]{0,80}?)\bfrom\s+(.{1,60}?)\s+(?:over\s+)?to\s+(.{1,60}?)(?=[.,;!]|\s+(?:last|this|in|on|at|for|because|since|and|as|yesterday|today|now)\b|$)/iu
const REPLACED =
  /\breplac(?:ed|ing|es)\s+(?:our |my |the |their )?(.{1,50}?)\s+(?:with|by)\s+(.{1,50}?)(?=[.,;!]|\s+(?:last|this|in|on|because|since|and)\b|$)/iu
const INSTEAD =
  /\b(.{1,50}?)\s+instead of\s+(?:our |my |the |their )?(.{1,50}?)(?=[.,;!]|\s+(?:now|since|because|from now on)\b|$)/iu
const LEFT_BEHIND =
  /\b(?:(?:mov|migrat|switch|transfer)\p{L}*\b[^.;]{0,40}?\b(?:off(?: of)?|away from|out of)|stopped using|no longer use|got rid of|ditched)\s+(?:our |my |the )?(.{1,40}?)(?=[.,;!]|$|\s+(?:last|this|in|on|at|for|because|since|and|to|yesterday|today|now|completely|entirely)\b)/iu
const NOT_THAT =
  /,\s*(?:and\s+)?not\s+(?:(?:in|on|at|to|from|with|by|for)\s+)?(?:the\s+)?([^,.;!?]{1,40}?)\s*(?=[,.;!?]|$)/iu
const STOPPED =
  /\b(?:no longer|(?:do|does|did)(?: not|n['’]t) (?:\w+ ){1,3}.*any ?more|stopped|quit|gave up|given up|got rid of|left|cancell?ed|dropped|used to)\b/iu

/** Statements that hold one value at a time, by what is said: two of one kind about one subject cannot both be so. */
const PREDICATES: readonly { name: string; pattern: RegExp; single: boolean; noun?: true }[] = [
  {
    name: 'place',
    single: true,
    pattern: /\b(?:liv(?:es?|ed|ing)|based|located|resid\w+|stands?|moved|relocated|home is|situated)\b/iu,
  },
  {
    name: 'hosting',
    single: false,
    pattern:
      /\b(?:runs? on|run(?:ning)? on|hosts?|hosted|hosting|deploy\w*|servers? (?:are|is)|migrat\w*|moved|runs everything)\b/iu,
  },
  { name: 'use', single: false, pattern: /\b(?:us(?:es?|ed|ing)|works? with|switched|replaced|migrated|moved)\b/iu },
  {
    name: 'work',
    single: false,
    pattern: /\b(?:works? (?:at|for|as)|employed|job|started (?:at|as)|joined|hired)\b/iu,
  },
  {
    name: 'lead',
    single: true,
    pattern: /\b(?:leads?|manag(?:es|er)|heads?|responsible for|in charge|took over|owns)\b/iu,
  },
  {
    name: 'time',
    single: true,
    noun: true,
    pattern:
      /\b(?:deadline|due|meeting|appointment|launch\w*|ships?|release\w*|scheduled|starts?|opens?|closes?|takes place|exam|wedding|flight|moved to|postponed|rescheduled)\b/iu,
  },
  {
    name: 'amount',
    single: true,
    noun: true,
    pattern: /\b(?:costs?|budget|price|salary|rent|fee|pays?|weighs?|team has|members|employees|users)\b/iu,
  },
  { name: 'liking', single: false, pattern: /\b(?:likes?|loves?|hates?|dislikes?|prefers?|enjoys?)\b/iu },
]
/** One may have several of these. */
const SEVERAL =
  /\b(?:daughters?|sons?|child(?:ren)?|kids?|brothers?|sisters?|siblings?|friends?|colleagues?|cousins?|uncles?|aunts?|cats?|dogs?|pets?|hobb(?:y|ies)|customers?|clients?|projects?|books?|films?|movies?|songs?|languages?|one of|another|also|too|as well)\b/iu
const LEADS = /\b(?:leads?|manag(?:es|er of)|heads?|responsible for|in charge of|took over|takes over|owns)\b/iu
/** Hosting on something is using it. */
const KIN = new Set(['hosting', 'use'])
const COPULA = /^(.{2,80}?)\s(?:is|are|was|were|ist|est|es)\s(.+)$/isu
const COMPARATIVE = /\b(?:to|over|than|rather|instead|more)\b/iu

/**
 * @param said the new statement, in the words that will be kept, and as the person said it
 * @param known text of the known item
 * @param similarity cosine of the two, null when there are no vectors
 */
export function judge(said: { text: string; quote: string }, known: string, similarity: number | null): Relation {
  if (foldSentence(said.text) === foldSentence(known) || foldSentence(said.quote) === foldSentence(known)) return 'same'
  const next = features(said.text)
  const old = features(known)
  const close = similarity ?? jaccard(next.words, old.words)
  const shared = next.words.filter((word) => old.words.includes(word))
  const related = next.predicates.some((name) => old.predicates.includes(name))
  if (shared.length === 0 && !related && close < SAME_MEANING) return 'both'

  const replaced = replacedBy(said, next, old, close)
  if (replaced) return replaced
  const likeness = jaccard(next.words, old.words)
  if (next.negated !== old.negated) {
    // "eats meat" and "does not eat meat"
    const needed = STOPPED.test(said.quote) ? 0.5 : 0.7
    return overlap(next.words, old.words) >= needed && close >= SAME_TOPIC && !bothQualified(next, old)
      ? 'replaces'
      : 'both'
  }
  if (sameParticulars(next, old)) {
    const reordered = likeness >= 0.9 && COMPARATIVE.test(said.text) && !sameOrder(next.words, old.words)
    if (reordered) return 'replaces'
    if (close >= SAME_MEANING && likeness >= 0.5) return 'same'
    if (likeness >= 0.99) return 'same'
    // One says all the other says: "has a dog" after "has a dog called …" is nothing new.
    if (next.words.every((word) => old.words.includes(word)) && close >= 0.8) return 'same'
  }
  return changedValue(said, next, old, close)
}

interface Features {
  text: string
  words: string[]
  names: string[]
  numbers: string[]
  negated: boolean
  planned: boolean
  /** Words before the verb that carry the value; what the sentence is about. */
  subject: string[]
  predicates: string[]
}

function features(text: string): Features {
  const copula = COPULA.exec(text)
  const predicates = PREDICATES.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name)
  return {
    text,
    words: contentWords(text),
    names: namesIn(text).map((name) => stem(fold(name))),
    numbers: numbersIn(text),
    negated: negated(text),
    planned: PLANNED.test(text),
    subject: subjectOf(text, copula?.[1] ?? null),
    predicates,
  }
}

/** Content words before the verb: what the sentence is about, without the user. */
function subjectOf(text: string, beforeCopula: string | null): string[] {
  let end = text.length
  for (const { pattern, noun } of PREDICATES) {
    // In "the rent of the flat is 700" the noun belongs to the subject.
    if (noun && beforeCopula !== null) continue
    const at = pattern.exec(text)?.index
    if (at !== undefined && at < end) end = at
  }
  return contentWords(text.slice(0, Math.min(end, beforeCopula?.length ?? end)))
}

/** What somebody leads: the words after the verb. */
function ledBy(text: string): string[] {
  const match = LEADS.exec(text)
  return match ? contentWords(text.slice(match.index + match[0].length)) : []
}

/** The sentence says itself what it replaces: "from A to B", "A instead of B", "no longer A". */
function replacedBy(
  said: { text: string; quote: string },
  next: Features,
  old: Features,
  close: number,
): Relation | null {
  const source = [said.quote, said.text]
  const gone = source
    .flatMap((text) => [
      FROM_TO.exec(text)?.[1],
      REPLACED.exec(text)?.[1],
      INSTEAD.exec(text)?.[2],
      LEFT_BEHIND.exec(text)?.[1],
      NOT_THAT.exec(text)?.[1],
    ])
    .find(Boolean)
  if (!gone) return null
  const goneWords = contentWords(gone)
  if (goneWords.length === 0 || !goneWords.every((word) => old.words.includes(word))) return null
  if (old.negated) return null
  const rest = next.words.filter((word) => !goneWords.includes(word) && old.words.includes(word))
  const kin = [next, old].every(({ predicates }) => predicates.some((name) => KIN.has(name)))
  const predicate = kin || next.predicates.some((name) => old.predicates.includes(name))
  const about = rest.length > 0 || predicate || close >= 0.5
  if (!about) return null
  return next.planned ? 'both' : 'replaces'
}

/** Same subject, same thing said of it, another value. */
function changedValue(said: { text: string; quote: string }, next: Features, old: Features, close: number): Relation {
  if (close < SAME_TOPIC || next.negated || old.negated) return 'both'
  if (next.planned && !old.planned) return 'both'
  const sameSubject =
    next.subject.length === 0 && old.subject.length === 0
      ? true
      : next.subject.length > 0 && old.subject.length > 0 && overlap(next.subject, old.subject) === 1
  const common = PREDICATES.filter(({ name }) => next.predicates.includes(name) && old.predicates.includes(name))
  const changed = CHANGED.test(said.quote) || CHANGED.test(said.text)
  const several = SEVERAL.test(said.text) && !changed
  const copulas = COPULA.test(said.text) && COPULA.test(old.text)
  const otherValue = !sameParticulars(next, old) || jaccard(next.words, old.words) < 0.99
  const led = ledBy(next.text)
  if (led.length > 0 && !sameSubject && overlap(led, ledBy(old.text)) === 1) {
    return next.names.some((name) => old.names.includes(name)) || !changed ? 'both' : 'replaces'
  }
  if (!sameSubject || !otherValue || several) return 'both'
  if (common.some(({ single }) => single)) return changed || close >= SAME_SUBJECT ? 'replaces' : 'both'
  if (common.length > 0) return changed && close >= SAME_PREDICATE ? 'replaces' : 'both'
  return copulas && next.subject.length > 0 && definite(said.text) && close >= SAME_SUBJECT ? 'replaces' : 'both'
}

function definite(text: string): boolean {
  return /^(?:the|my|our|the user's|user's)\b/iu.test(text)
}

/** Each says something of its own beside what they share: the negation may be about another part. */
function bothQualified(next: Features, old: Features): boolean {
  const own = (a: Features, b: Features) =>
    [...a.names, ...a.numbers].filter((value) => ![...b.names, ...b.numbers].includes(value))
  return own(next, old).length > 0 && own(old, next).length > 0
}

function sameParticulars(a: Features, b: Features): boolean {
  const equal = (one: string[], two: string[]) => one.length === two.length && one.every((value) => two.includes(value))
  return equal(a.names, b.names) && equal(a.numbers, b.numbers)
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  const shared = a.filter((word) => b.includes(word))
  return shared.join(' ') === b.filter((word) => a.includes(word)).join(' ')
}

/**
 * The new statement without the state that no longer is: "moved from A to B" becomes "moved to B" once what was known of
 * A is superseded. What was said in full stays in the quote.
 */
export function withoutOldState(text: string): string {
  const from = FROM_TO.exec(text)
  if (from?.[1]) {
    const cut = text.replace(new RegExp(`\\bfrom\\s+${escapeRegExp(from[1])}\\s+(?=(?:over\\s+)?to\\b)`, 'iu'), '')
    if (wordsOf(cut).length >= 3) return cut
  }
  const instead = INSTEAD.exec(text)
  if (instead?.[2]) {
    const cut = text.replace(
      new RegExp(`\\s+instead of\\s+(?:our |my |the |their )?${escapeRegExp(instead[2])}`, 'iu'),
      '',
    )
    if (wordsOf(cut).length >= 3) return cut
  }
  const not = NOT_THAT.exec(text)
  if (not) {
    const cut = text.slice(0, not.index) + text.slice(not.index + not[0].length)
    if (wordsOf(cut).length >= 3) return cut
  }
  return text
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
