// What is asked: its words and names, and whether it is about the latest, about a change or about some time.
import { capitalised, contentWords, fold, isStopWord, namesIn, stem, wordsOf } from '../words.ts'
import { type AnswerKind, answerKindOf } from './answer-kind.ts'
import { type Concept, conceptsIn } from './concepts.ts'
import { type Period, periodOf } from './period.ts'

export interface Question {
  text: string
  /** For BM25: the words that carry meaning, as written. */
  query: string
  /** Stems of the words that carry meaning. */
  words: string[]
  /** Each stem as the person wrote it: what a reason shows. */
  asked: ReadonlyMap<string, string>
  /** Stems of words that are names. */
  names: ReadonlySet<string>
  /** About the person themselves: what suits them rarely sounds like what they ask. */
  isPersonal: boolean
  /** For what would suit the person: what is known of their taste matters, in whatever words. */
  asksAdvice: boolean
  asksLatest: boolean
  /** About what was before, or whether something changed. */
  asksChange: boolean
  period: Period | null
  /** Matters of life it asks about, whatever its words; of a question about the person or somebody they know. */
  concepts: readonly Concept[]
  /** What it wants to hear; null where it does not say. */
  answerKind: AnswerKind | null
}

/** Words of a request that say what to do, not what about. */
const REQUEST_WORDS = new Set(
  contentWords(
    'give write explain list describe summarise summarize convert show make find help translate compare suggest recommend draft create fix check define sentence paragraph example',
  ),
)
const PERSONAL =
  /\b(?:I|me|my|mine|we|us|our|ours|ich|mir|mich|mein\w*|wir|uns\w*|je|moi|mon|ma|mes|nous|yo|mi|mis)\b/iu
const ADVICE =
  /\b(?:recommend\w*|suggest\w*|advice|advise|tips?|ideas?|inspiration|options|(?:should|could|can|might|shall|may) (?:I|we)\b|(?:what|how|which \p{L}+) do (?:I|we) (?:do|say|need|wear|bring|cook|make|write|give|choose|pick|use|tell|take|start|begin|handle|deal|prepare|plan|find|avoid|know|go about)\b|\bdo (?:I|we) (?:need|have|want) to\b|what (?:would|should|could) (?:you|be)|(?:would|will) (?:suit|fit|work for)|help (?:me|us)\b|what are (?:some|the (?:top|best))|are there (?:any|some)|I(?:'m| am|'ve been| have been| was)? (?:\w+ )?(?:planning|looking|considering|thinking (?:of|about)|trying|hoping|searching|interested|going to)|I(?:'d like| would like| want| need| plan| hope|'d love))\b/iu
const SUPERLATIVE = /\b(?:what|which|where|who|how)(?:'s|\b).{0,30}\b(?:best|good|great|suitable)\b/iu
/** It is the assistant that is asked for something. */
const TO_ASSISTANT =
  /\b(?:can|could|would|will|do) you\b|\byou(?:'d| would| could)? (?:recommend|suggest)|\bmust-\w+|\b(?:things|places|activities|experiences) to \w+/iu
/** What was, and what was told before, is asked for in its own words. */
const PAST =
  /\b(?:did|have|has|had|was|were) (?:I|we|my|our|you)\b|\bI(?:'ve| have)? (?:told|said|mentioned)\b|\b(?:remember|remind)\b/iu
const LATEST =
  /\b(?:latest|most recent(?:ly)?|recently|newest|lately|(?:the|my|our|your) last(?: time)?|last time|these days|at the moment|right now|currently|nowadays|zuletzt|neueste\w*|kürzlich|récemment|dernier\w*|últim\w*|recientemente)\b/iu
const CHANGE =
  /\b(?:used? to|before (?:that|then|this|it|i|we|the)|(?:did|do|was|were|had|have|use|work|live|go|drive|eat|drink|play|prefer|like|think)\w*\b.{0,60}\bbefore\b|previous(?:ly)?|formerly|former|originally|at first|in the past|earlier|since when|any ?more|no longer|still|(?:has|have|had|did|does|what|when|how|why|anything)\b.{0,60}\bchang(?:e|ed|es)|chang(?:e|ed) (?:my|our|from|to|about)|switch(?:ed)?|replaced?|instead of|history of|früher|vorher|seit wann|nicht mehr|avant|depuis quand|antes|desde cuándo)\b/iu

/** Whether somebody who answers should know what the person likes and needs; about another person it is no such question. */
function isForAdvice(text: string): boolean {
  if (PAST.test(text)) return false
  const isPersonal = PERSONAL.test(text)
  const isAdvice = ADVICE.test(text)
  if (TO_ASSISTANT.test(text) && (isAdvice || isPersonal)) return true
  return (isAdvice || (SUPERLATIVE.test(text) && isPersonal)) && (isPersonal || namesIn(text).length === 0)
}

/** Longest message before, in characters, that a short follow-up is read with. */
const LONGEST_BEFORE = 500

export interface Asked {
  text: string
  recent: readonly { role: 'user' | 'assistant'; text: string }[]
  /** False: a person searches a list, and "recipe" means the word itself. */
  floor: boolean
  now: Date
}

/** A short follow-up ("and there?") is understood with the message before it. */
export function questionOf({ text, recent, floor, now }: Asked): Question {
  let full = text
  if (floor && contentWords(text).length < 2) {
    const before = recent.findLast(({ role }) => role === 'user')
    if (before && before.text.length < LONGEST_BEFORE) full = `${before.text}\n${text}`
  }
  const period = floor ? periodOf(full, now) : null
  const asksLatest = floor && LATEST.test(full)
  // When is asked for apart; no text needs to have these words.
  const timeWords = [period?.phrase, asksLatest ? LATEST.exec(full)?.[0] : undefined]
  const about = timeWords.reduce<string>((left, phrase) => (phrase ? left.replace(phrase, ' ') : left), full)
  const isRequest = (stemmed: string) => floor && REQUEST_WORDS.has(stemmed)
  const kept = wordsOf(about).filter(({ word }) => !isStopWord(word) && !isRequest(stem(fold(word))))
  const named = namesIn(full)
  const names = [...named, ...capitalised(full).filter((word) => word.length > 1)]
  const asksAdvice = floor && isForAdvice(full)
  const isPersonal = PERSONAL.test(full)
  const isOfLife = floor && (isPersonal || named.length > 0)
  return {
    text: full,
    query: kept.map(({ word }) => word).join(' '),
    words: contentWords(about).filter((word) => !isRequest(word)),
    asked: new Map(kept.map(({ word }) => [stem(fold(word)), word])),
    names: new Set(names.filter((word) => !isStopWord(word)).map((name) => stem(fold(name)))),
    isPersonal,
    asksAdvice,
    asksLatest,
    asksChange: floor && CHANGE.test(full),
    period,
    concepts: isOfLife ? conceptsIn(full, contentWords(full)) : [],
    answerKind: isOfLife && !asksAdvice ? answerKindOf(full) : null,
  }
}
