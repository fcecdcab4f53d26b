// The cheap step: rules, no model. Most sentences say nothing to keep, and most messages end here.
import { contentWords, fold, isStopWord, namesIn, numbersIn, wordsOf } from '../words.ts'
import { clausesOf, SUBORDINATE } from './clauses.ts'
import { correctionIn } from './corrections.ts'
import {
  ABOUT_THE_ANSWER,
  ABOUT_THE_CHAT,
  ASIDE,
  BOOKISH,
  CHATTER,
  CHATTER_ELSEWHERE,
  CODE_LINE,
  FEELS,
  FICTION,
  FIRST_PERSON,
  HYPOTHETICAL,
  NEAR_TIME,
  QUESTION_AFTER_COLON,
  QUESTION_AFTER_COMMA,
  QUESTION_END,
  QUESTION_START,
  QUOTED,
  REACTION,
  REQUEST,
  REQUEST_ELSEWHERE,
  SOMEONE_SAYS,
  STANDING_WISH,
} from './gate-words.ts'
import { elidesSubject, type Kind, kindOf } from './kinds.ts'
import { isKnownPlace } from './mentions-places.ts'
import { isCommonWord, isFirstName, isKnownThing } from './mentions-words.ts'
import { hasSecret } from './secrets.ts'
import type { Sentence } from './sentences.ts'

/**
 * `strong`: the person says something about themselves, their people or their work. `weak`: a statement that may be
 * worth keeping, may explain the one before it, or may be known to everyone.
 */
export interface Candidate extends Sentence {
  strength: 'strong' | 'weak'
  /** What its words say it is; null when they do not. */
  kind: Kind | null
  /** The "I" was left out: "Promised Ada the draft." */
  elided: boolean
  /** A name or a number stands in it. */
  particular: boolean
}

export interface Gated {
  candidates: Candidate[]
  /** The message asks or orders something too: a statement beside it may only be what the question is about. */
  asks: boolean
  /** Sentences refused because they hold a secret. */
  secrets: number
}

/** Most sentences one message may give to the model; the strong ones first. */
const MOST_CANDIDATES = 16
/** A sentence longer than this, in characters, is none that a person says of themselves. */
export const LONGEST_SENTENCE = 500

/** @returns the sentences worth a closer look. */
export function gate(sentences: readonly Sentence[]): Gated {
  const candidates: Candidate[] = []
  let secrets = 0
  let asks = false
  for (const sentence of sentences) {
    if (hasSecret(sentence.text)) {
      secrets += 1
      continue
    }
    if (FICTION.test(sentence.text)) {
      asks = true
      break
    }
    const statement = statementPart(sentence)
    asks ||= statement !== sentence || isRequest(sentence.text)
    if (!statement || HYPOTHETICAL.test(statement.text) || isQuotation(statement.text)) continue
    const own = isRequest(statement.text) ? beforeObject(statement) : statement
    for (const clause of clausesOf(own)) {
      const judged = judge(clause.text)
      if (judged) candidates.push({ ...clause, ...judged })
    }
  }
  if (candidates.length <= MOST_CANDIDATES) return { candidates, asks, secrets }
  const strong = candidates.filter(({ strength }) => strength === 'strong')
  const kept = new Set([...strong, ...candidates].slice(0, MOST_CANDIDATES))
  return { candidates: candidates.filter((candidate) => kept.has(candidate)), asks, secrets }
}

/** Whether a message is only greeting, thanks or filler: nothing to learn from and nothing to recall for. */
export function isChatter(text: string): boolean {
  const bare = text.trim()
  if (bare.length >= 80) return false
  return CHATTER.test(bare) || REACTION.test(bare) || CHATTER_ELSEWHERE.test(bare.replace(/[\p{P}\p{S}\s]+$/u, ''))
}

/** "Could you remember that …?": a question only in form; what is to be kept follows. */
const ASKED_TO_KEEP =
  /^(?:(?:please|also|and),? )*(?:(?:did|have) I (?:ever |already )?(?:tell|told|mention|mentioned)(?: to)?(?: you)? (?:that (?=\p{L})|(?=(?:I|we|my|our)\b))|(?:can|could|would|will) you (?:please |kindly |also |maybe )*(?:remember|note(?: down)?|keep in mind|make a note|take note|save|store|bear in mind)(?: that|:)? |kannst du (?:dir )?(?:bitte )?merken,? dass |(?:peux-tu|pourrais-tu|pouvez-vous) (?:retenir|noter|te rappeler) (?:que |qu['’])|¿?(?:puedes|podrías) (?:recordar|anotar|apuntar) que )/iu

/** Cuts a question off the statement before it ("I live in …, what can I do there?"); null when nothing is stated. */
function statementPart(sentence: Sentence): Sentence | null {
  const { text, start } = sentence
  if (text.length > LONGEST_SENTENCE || CODE_LINE.test(text)) return null
  const asks = QUESTION_END.test(text)
  const toKeep = asks ? ASKED_TO_KEEP.exec(text)?.[0] : undefined
  if (toKeep) {
    const rest = text.slice(toKeep.length).replace(/[?\s"'”)]+$/u, '')
    return rest === '' ? null : { text: rest, start: start + toKeep.length, end: start + toKeep.length + rest.length }
  }
  if (!asks && STANDING_WISH.test(text)) return sentence
  const inside = (asks ? QUESTION_AFTER_COMMA : QUESTION_AFTER_COLON).exec(text)
  if (!inside) return asks ? null : sentence
  const head = text.slice(0, inside.index).trimEnd()
  if (QUESTION_START.test(head) || !FIRST_PERSON.test(head)) return null
  return { text: head, start, end: start + head.length }
}

/** Words of somebody else in quotation marks, and nothing of the person's own around them. */
function isQuotation(text: string): boolean {
  return QUOTED.test(text) && (SOMEONE_SAYS.test(text) || !FIRST_PERSON.test(text.replace(QUOTED, '')))
}

function isRequest(text: string): boolean {
  return !STANDING_WISH.test(text) && (REQUEST.test(text) || REQUEST_ELSEWHERE.test(text))
}

/** "Translate: I live in Bergen." and "Translate 'I live in Bergen'.": what a request is about says nothing of who asks. */
function beforeObject(sentence: Sentence): Sentence {
  const cut = sentence.text.search(/:\s|(?<=[\s(])["“„«'‘](?=\p{L})/u)
  if (cut <= 0) return sentence
  const text = sentence.text.slice(0, cut).trimEnd()
  return { text, start: sentence.start, end: sentence.start + text.length }
}

/** "I don't have any siblings.", "I have no car." */
const HAS_OR_NOT =
  /\b(?:I|we) (?:(?:do not|don['’]t|never) (?:have|own|drive)|have no|own)\s+(?:an?\s+|any\s+)?(?!(?:time|idea|ideas|clue|problems?|questions?|plans?|doubts?|choice|much|many|money|access|it|that|this|them|one|energy|luck|words|internet)\b)\p{L}{3,}/iu

/** "Still processing tbh.", "Just looking around." */
function onlyDoing(text: string): boolean {
  const said = contentWords(text).filter((word) => !/^(?:tbh|lol|imo|imho|haha+|around|along|though)$/u.test(word))
  return /^(?:(?:still|just|currently|also|now)\s+)*\p{L}+ing\b/iu.test(text) && said.length <= 1
}

/** "For the record: the contract ends in March." is to be kept, and no wish. */
function wishOrFact(text: string): Kind {
  const rest = text.replace(
    /\b(?:for the record|note that|keep in mind|(?:please )?(?:remember|don['’]?t forget))\b(?: that)?[:,]?\s*/iu,
    '',
  )
  return rest === text || STANDING_WISH.test(rest) || /^to\b/iu.test(rest) ? 'preference' : 'fact'
}

/** "The car is gone, I guess.": said of the car, not of the answer. */
const HEDGE_BEHIND = /(?<=\p{L}{2}),?\s+I (?:guess|suppose|think|hope|believe|reckon)[\s.!,]*$/iu

function judge(text: string): Omit<Candidate, keyof Sentence> | null {
  const length = lengthInWords(text)
  if (length < 2 || isChatter(text)) return null
  // "Sorry, I meant …, not …" is about what was said before.
  if (correctionIn(text)) return { strength: 'strong', kind: null, elided: false, particular: true }
  if (STANDING_WISH.test(text))
    return { strength: 'strong', kind: kindOf(text) ?? wishOrFact(text), elided: false, particular: true }
  const elided = elidesSubject(text)
  if (isRequest(text) || ABOUT_THE_ANSWER.test(text)) return null
  // "When I was ten, I …" starts like a question.
  if (QUESTION_START.test(text) && !(SUBORDINATE.test(text) && text.includes(','))) return null
  if (ABOUT_THE_CHAT.test(text.replace(HEDGE_BEHIND, '')) || ASIDE.test(text)) return null
  const content = contentWords(text)
  if (content.length === 0) return null
  const kind = kindOf(text)
  const particular =
    namesIn(text).length > 0 || numbersIn(text).length > 0 || (opensWithName(text) && SINGULAR_VERB.test(text))
  const first = FIRST_PERSON.test(text)
  if (elided && !first && !particular && onlyDoing(text)) return null
  // "I think he's wrong": somebody else must be looked up in the sentences around it.
  const points = content.length <= 2 && !particular && /\b(?:it|they|this|that|these|those)\b/iu.test(text)
  const elsewhere = !/\p{Script=Latin}{2}/u.test(text)
  const enough =
    content.length >= 2 ||
    HAS_OR_NOT.test(text) ||
    particular ||
    (first && FEELS.test(text)) ||
    length >= 6 ||
    elsewhere
  if (first || elided)
    return { strength: enough && !points ? 'strong' : 'weak', kind, elided: elided && !first, particular }
  // Where words are not separated, or a verb alone says "I", less is enough for a look of the model.
  if (!elsewhere && (content.length < 2 || !(particular || length >= 4 || kind !== null))) return null
  const told = (kind !== null && hasParticularSubject(text)) || tellsOfSomebody(text) || SETS_RIGHT.test(text)
  return { strength: told ? 'strong' : 'weak', kind, elided, particular }
}

/** "Ivora prefers …", "the board decided …": said of somebody, not of things in general. */
function hasParticularSubject(text: string): boolean {
  const opening = text.replace(LEAD, '')
  if (/^(?:he|she|they|his|her|their)\b/iu.test(opening)) return true
  if (
    /^(?:the|this|that|one of|both) (?:board|team|committee|council|client|customer|school|company|office|landlord|doctor|teacher|boss|manager|group|club|family|kids|children|department)\b/iu.test(
      opening,
    )
  )
    return true
  return opensWithName(opening) && (isSurelyName(opening) || SINGULAR_VERB.test(opening))
}

/** A name opens the sentence, and no name that everybody knows: of a place, a language, a program. */
function opensWithName(opening: string): boolean {
  const [first, second] = wordsOf(opening)
  if (!first || first.start > 0 || !/^\p{Lu}\p{Ll}/u.test(first.word) || isStopWord(first.word)) return false
  const bare = first.word.replace(/['’]s?$/u, '')
  const two = `${bare} ${second?.word ?? ''}`
  if (isKnownPlace(fold(bare)) || isKnownPlace(fold(two)) || isKnownThing(bare) || isKnownThing(two)) return false
  return isFirstName(bare) || !isCommonWord(bare)
}

const LEAD = /^(?:(?:and|but|so|also|then|now|actually|just|honestly|apparently|meanwhile)[,\s]+)+/iu
/** "Sorry, the licence cost 48,000 a year, not 84,000.": of what the person said before. */
const SETS_RIGHT = /^(?:sorry|no|actually|correction|wait)\b[,:!.]?\s.{8,120},\s+not\s/iu

/** "The rent is 900 euros.", "Die Miete beträgt …": of these everybody has their own. */
const OF_THE_HOUSEHOLD =
  /^(?:the (?:rent|landlord|landlady|lease|babysitter|childminder|cleaner)|(?:die|der) (?:Miete|Vermieter(?:in)?|Mietvertrag|Nebenkosten|Chefin|Chef))\b(?!\s+(?:of a|an?|is the|that|who|which)\b).*\d/iu

/** "Ivora prefers", not "Octopuses like". */
const SINGULAR_VERB =
  /^\p{Lu}[\p{L}'’-]+(?:,[^,]{2,40},)?\s+(?:(?:also|still|just|now|always|usually|never|often|only|really)\s+)?(?:is|has|does|doesn['’]t|isn['’]t|hasn['’]t|will|can|can['’]t|would|\p{Ll}{2,}(?:[^s\P{L}]s|ed)|chose|went|took|got|told|said)\b/u

/** "Ivora", of which no list knows, or "Photosynthesis": a first name or two large words tell. */
function isSurelyName(opening: string): boolean {
  const [first, second] = wordsOf(opening)
  const bare = first?.word.replace(/['’]s?$/u, '') ?? ''
  return isFirstName(bare) || /^\p{Lu}\p{Ll}/u.test(second?.word ?? '')
}

/** "Yusuf is leaving Branta.", "The office closes at six on Friday.": of somebody or something the person knows. */
function tellsOfSomebody(text: string): boolean {
  const opening = text.replace(LEAD, '')
  if (BOOKISH.test(opening)) return false
  if (NEAR_TIME.test(opening) || OF_THE_HOUSEHOLD.test(opening)) return true
  return opensWithName(opening) && isSurelyName(opening)
}

/** Words; in scripts without spaces between them, two characters count as one. */
function lengthInWords(text: string): number {
  const dense = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0
  return dense > 0 ? Math.floor(dense / 2) : wordsOf(text).length
}
