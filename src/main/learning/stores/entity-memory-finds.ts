// What a person's sentences say of others: a sentence about somebody or something else is kept here as one item, with
// both ends of what ties them; a sentence about the person themselves is left to their memories.

import { refOf } from '../entities/names.ts'
import { quoteIn } from '../evidence.ts'
import type { CombinedInput, NumberedSentence } from '../extraction/combined.ts'
import { gate } from '../extraction/gate.ts'
import { elidesSubject } from '../extraction/kinds.ts'
import { readMentions } from '../extraction/mentions.ts'
import { ROLE_WORDS } from '../extraction/mentions-words.ts'
import { relationSentence, relationsIn, type SaidRelation } from '../extraction/relations.ts'
import type { Sentence } from '../extraction/sentences.ts'
import { hasFiniteVerb } from '../extraction/verbs.ts'
import type { EntityRef, Evidence, FinishedTurn, Found, Mention } from '../protocol.ts'
import { fold } from '../words.ts'
import type { EntityContent } from './entity-memory.ts'

/** Relationships of one sentence beyond this many are a list, not something told. */
const MOST_RELATIONS = 6

/** @returns what the sentences say of people and things, each sentence once, and the ties between those it names */
export function findsOf(value: unknown, input: CombinedInput): Found<EntityContent>[] {
  const mentions = readMentions(value, input)
  const finds: Found<EntityContent>[] = []
  for (const sentence of input.sentences) {
    if (sentence.label === null || isConfidential(sentence, input)) continue
    const inside = mentions.filter(({ start, end }) => start >= sentence.start && end <= sentence.end)
    const evidence = evidenceOf(input.turn, sentence)
    const about = subjectOf(sentence, mentions)
    const said = relationsIn(sentence.text, withSubject(inside, about, sentence), sentence.start).slice(
      0,
      MOST_RELATIONS,
    )
    if (about) finds.push({ ...sentenceFind(sentence, about, inside, said, input.turn), evidence, whole: true })
    for (const relation of about ? beside(said, about, inside) : said) {
      if (!relation.ended) finds.push({ ...relationFind(relation, sentence, input.turn), evidence })
    }
  }
  return finds
}

/** The names of what a message states; questions, requests and what is said in confidence make nobody known. */
export function mentionsOf(value: unknown, input: CombinedInput): Mention[] {
  const statements = gate(input.own).candidates.filter((sentence) => !isConfidential(sentence, input))
  return readMentions(value, input).filter(({ start, end }) =>
    statements.some((sentence) => start >= sentence.start && end <= sentence.end),
  )
}

/** One item for the sentence: the tie it tells of when it tells of nothing else, else a fact or an event. */
function sentenceFind(
  { text, label, statement, grounded, from, to }: NumberedSentence,
  about: Mention,
  inside: readonly Mention[],
  said: readonly SaidRelation[],
  turn: FinishedTurn,
): Omit<Found<EntityContent>, 'evidence'> {
  const own = tieOf(said, about)
  const subject = own ? own.from : about
  const other = own ? own.to : inside.find((mention) => !sameName(mention, about))
  const ended = said.filter((relation) => relation.ended)
  const voice = grounded ? ('note' as const) : ('own' as const)
  const tie = own && !own.ended && isWhole(inside, own) ? own : null
  return {
    item: {
      kind: tie ? 'relationship' : isEvent(text) ? 'event' : 'fact',
      text: statement,
      content: {
        voice,
        ...(label ? { label } : {}),
        ...(tie ? { relation: tie.relation, ...(tie.role ? { role: tie.role } : {}) } : {}),
      },
      validFrom: from ?? turn.at,
      validTo: to ?? null,
      subject: refOf(subject),
      object: other ? refOf(other) : null,
      ...(ended.length > 0 ? { ends: ended.map(({ to }) => refOf(to)) } : {}),
    },
  }
}

/** Ties of a sentence that its own item does not hold. */
function beside(said: readonly SaidRelation[], about: Mention, inside: readonly Mention[]): SaidRelation[] {
  const own = tieOf(said, about)
  return said.filter((relation) => relation !== own || !isWhole(inside, relation))
}

/** The tie a sentence is about; one that begins before one that ends. */
function tieOf(said: readonly SaidRelation[], about: Mention): SaidRelation | undefined {
  const own = said.filter(({ from, to }) => sameName(from, about) || sameName(to, about))
  return own.find(({ ended }) => !ended) ?? own[0]
}

function isWhole(inside: readonly Mention[], { from, to }: SaidRelation): boolean {
  return inside.every((mention) => sameName(mention, from) || sameName(mention, to))
}

function relationFind(
  relation: SaidRelation,
  { label }: NumberedSentence,
  turn: FinishedTurn,
): Omit<Found<EntityContent>, 'evidence'> {
  return {
    item: {
      kind: 'relationship',
      text: relationSentence(relation),
      content: {
        voice: 'note',
        ...(label ? { label } : {}),
        relation: relation.relation,
        ...(relation.role ? { role: relation.role } : {}),
        derived: true,
      },
      validFrom: turn.at,
      subject: refOf(relation.from),
      object: refOf(relation.to),
    },
  }
}

const SPEAKS_OF_SELF =
  /^(?:(?:and|but|so|also|then|well|oh|ok(?:ay)?|yes|no|actually|honestly|today|yesterday|tomorrow|now|currently|recently|lately|last \p{L}+|this \p{L}+|next \p{L}+|on \p{L}+|in \p{L}+|after \p{L}+|since \p{L}+|please|remember(?: that)?|note(?: that)?|fyi|by the way|btw)[,:]?\s+)*(?:I|I['’]\p{L}+|we|we['’]\p{L}+|us|me|ich|wir|je|j['’]|nous|yo|nosotros|the user(?!['’]s)|user)(?![\p{L}'’])/iu
/** "Petra and I went …" */
const WITH_SELF = /^[^,.;]{1,60}\band (?:I|me)\b/u
/** "My colleague Priya", "our project Atlas", "the vendor, Norvik": the name is what the sentence is about. */
const LEAD_IN =
  /^(?:(?:and|but|so|also|then|well|oh|ok(?:ay)?|yes|no|actually|apparently|unfortunately|luckily|sadly|today|yesterday|now|currently|recently|update|news|fyi|by the way|btw|good news|bad news|remember(?: that)?|note(?: that)?|please note(?: that)?|at the moment|last \p{L}+|this \p{L}+|next \p{L}+|in \p{L}+|on \p{L}+)[,:!]?\s+)*(?:(?:my|our|the|his|her|their|its|a|an|the user['’]s)\s+(?:[\p{L}-]+,?\s+){0,5}?)?(?:(?:Dr|Mr|Mrs|Ms|Prof)\.?\s+)?$/iu
/** "Operations director Karis". */
const ROLE_OF = new RegExp(`^(?:[\\p{L}-]+\\s+){0,3}(?:${ROLE_WORDS})\\s+$`, 'iu')
const NOUN_OF = /^(?:(?:the|our|my)\s+)?(?:[\p{L}-]+\s+){1,4}(?:of|for|at|with|by|from|in)\s+(?:the\s+)?$/iu
const OTHERS = /^(?:he|she|they|it|his|her|their|its)(?![\p{L}])/iu

/** Whom or what a sentence is about, when that is not the person themselves. */
function subjectOf(sentence: NumberedSentence, mentions: readonly Mention[]): Mention | null {
  const { text, start, end, statement } = sentence
  if (SPEAKS_OF_SELF.test(text) || SPEAKS_OF_SELF.test(statement) || WITH_SELF.test(text)) return null
  // "Filed an issue with Norvik": who left out the "I" speaks of themselves.
  if (elidesSubject(text)) return null
  const inside = mentions.filter((mention) => mention.start >= start && mention.end <= end)
  const first = inside[0]
  if (first) {
    const before = text.slice(0, first.start - start)
    // "My sister lives in Porto" is about her, who has no name yet.
    if (before === '' || (!hasFiniteVerb(before) && [LEAD_IN, NOUN_OF, ROLE_OF].some((lead) => lead.test(before))))
      return first
  }
  // "She leads Quill": the statement says who.
  if (OTHERS.test(text)) {
    const earlier = mentions.filter((mention) => mention.end <= start)
    return earlier.findLast(({ name }) => fold(statement).startsWith(fold(name))) ?? null
  }
  return null
}

/** The subject a pronoun stands for counts as a name of the sentence, at the pronoun's place. */
function withSubject(inside: readonly Mention[], about: Mention | null, sentence: NumberedSentence): Mention[] {
  if (!about || inside.includes(about)) return [...inside]
  const pronoun = /^(?:he|she|they|it)(?![\p{L}])/iu.exec(sentence.text)
  if (!pronoun) return [...inside]
  return [{ ...about, start: sentence.start, end: sentence.start + pronoun[0].length }, ...inside]
}

const CONFIDENTIAL =
  /\b(?:between (?:us|you and me)|keep (?:it|this|that) (?:to yourself|quiet|private|secret|between us|confidential)|confidential(?:ly)?|(?:don['’]t|do not|never) (?:tell|mention (?:this|it|that) to) (?:anyone|anybody|no ?one|others|them|him|her)|(?:strictly |just )?off the record|in confidence|(?:it['’]s|this is|that['’]s) (?:a )?secret|not public(?: yet)?|unter uns|vertraulich|entre nous|entre nosotros)\b/iu

/** What is said in confidence makes nobody known: it stays with the person's own memories. */
function isConfidential({ start, end, text }: Sentence, { own, turn }: CombinedInput): boolean {
  if (CONFIDENTIAL.test(text)) return true
  // "Keep it between us" speaks of the sentence before, or of the one after.
  return own.some(
    (other) =>
      CONFIDENTIAL.test(other.text) &&
      (/^[\s.,;:!–—-]*$/u.test(turn.userText.slice(end, other.start)) ||
        /^[\s.,;:!–—-]*$/u.test(turn.userText.slice(other.end, start))) &&
      other.text.split(/\s+/u).length <= 12,
  )
}

const HAPPENED =
  /\b(?:yesterday|today|tonight|tomorrow|last (?:night|week|month|year|\p{L}+day)|this (?:morning|afternoon|evening|week|month)|next (?:week|month|year|\p{L}+day)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|in (?:january|february|march|april|may|june|july|august|september|october|november|december)|\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\p{L}*\s+\d{1,2}|\d{4}-\d{2}-\d{2})\b/iu
const DONE =
  /(?<!\b(?:is|are|was|were|be|been|being|['’]s|['’]re|has|have|had) )\b(?:fixed|shipped|launched|released|finished|completed|delivered|signed|merged|moved|joined|left|quit|resigned|retired|married|divorced|graduated|died|passed|born|arrived|returned|called|visited|met|announced|presented|started|stopped|cancelled|canceled|postponed|failed|broke|crashed|slipped|won|lost|sold|bought|hired|fired|promoted|reached|agreed|decided|opened|closed|took over|got|went|came|gave|told|sent|wrote|found|had)\b/iu

function isEvent(text: string): boolean {
  return HAPPENED.test(text) || DONE.test(text)
}

function sameName(one: EntityRef, two: EntityRef): boolean {
  return one.name === two.name && one.type === two.type
}

/** Its own sentence first: what is compared is what it says itself. */
function evidenceOf(turn: FinishedTurn, { text, start, end, sources = [] }: NumberedSentence): Evidence[] {
  const others = sources.filter((source) => source.start !== start || source.end !== end)
  return [{ quote: text, start, end }, ...others].map((source) => quoteIn(turn, source))
}
