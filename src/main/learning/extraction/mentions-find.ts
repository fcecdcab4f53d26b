// Which stretches of a person's sentences are names: runs of capitalised words, checked at the start of a sentence,
// where every word is large. Rules alone; what kind of thing a name stands for is decided after.
import { foldName, nameWords } from '../entities/names.ts'
import { fold, isStopWord } from '../words.ts'
import {
  CAPITAL_ROLE,
  GERMAN_ROLE,
  isCommonWord,
  isFirstName,
  isKnownThing,
  isLargeCommon,
  ORGANIZATION_HEAD,
  PERSON_VERB,
  PROJECT_WORD,
  ROLE_NOUN,
  TITLE_WORD,
} from './mentions-words.ts'
import type { Sentence } from './sentences.ts'

/** One place where a name stands. */
export interface NameSpan {
  /** As written there, without possessive. */
  text: string
  /** UTF-16 offsets in the message. */
  start: number
  end: number
  /** The sentence it stands in, and where in it. */
  sentence: Sentence
  /** A title or role stood right before it: "Dr.", "CTO". */
  titled: boolean
  possessive: boolean
  /** The first word of its sentence: large for that reason alone, perhaps. */
  opens: boolean
}

/** A name with every place it stands in. */
export interface NameCandidate {
  /** The fullest form. */
  name: string
  folded: string
  spans: NameSpan[]
}

interface Token {
  text: string
  start: number
  end: number
  /** Without possessive. */
  bare: string
  possessive: boolean
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[.'’_+#/&-][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*[+#]*/gu
const POSSESSIVE = /(?:['’]s|(?<=s)['’])$/u
/** Between two words of one name. */
const NAME_GAP = /^(?:\s|\s&\s|\.\s)$/u
/** Small words inside names. */
const PARTICLE = /^(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|zu|zur|bin|ibn|al|el|y|e)$/u
/** "Bank of England", "Museum of Modern Art": the first word asks for an "of". */
const TAKES_OF =
  /^(?:university|college|school|institute|academy|faculty|department|ministry|bank|museum|house|church|court|board|council|office|bureau|league|order|society|association|federation|union|united|republic|kingdom|state|states|city|bay|gulf|isle|cape|strait|sea|mount|tower|center|centre|chamber|friends|sons|daughters|lord|game|song|call|guardians|doctors|bishop|duke|duchess|prince|princess|king|queen|battle|treaty)$/u
/** "owes Casimir 120 euros": an amount, no part of the name. */
const COUNTED =
  /^\s*(?:%|°|€|\$|£|euros?|dollars?|pounds?|francs?|crowns?|kroner|hours?|days?|weeks?|months?|years?|times|minutes?|pages?|people|copies|km|kg|more|percent)(?!\p{L})/iu
const MOST_WORDS = 6
/** Names of a message beyond this many are left: a list that long was pasted. */
export const MOST_NAMES = 40
/** The same for the places they stand in, and for a sentence: nobody types one of so many characters. */
const MOST_SPANS = 400
const LONGEST_SENTENCE = 2000

/**
 * @param sentences the person's own, with offsets in the message
 * @param isKnown whether an entity is known by a folded name
 * @returns the names in order of their first place
 */
export function findNames(
  sentences: readonly Sentence[],
  isKnown: (folded: string) => boolean = () => false,
): NameCandidate[] {
  const spans: NameSpan[] = []
  for (const sentence of sentences) {
    if (spans.length >= MOST_SPANS) break
    if (sentence.text.length <= LONGEST_SENTENCE) spans.push(...spansOf(sentence, isKnown))
  }
  const plain = new Set(sentences.flatMap(({ text }) => text.match(/(?<![\p{L}\p{N}])\p{Ll}[\p{L}'’-]*/gu) ?? []))
  const sure = new Set(spans.filter(({ opens }) => !opens).map(({ text }) => foldName(text)))
  const kept = spans.filter((span) => {
    const folded = foldName(span.text)
    if (folded === '') return false
    if (!span.opens || span.titled || sure.has(folded) || isKnown(folded)) return true
    if (/\s/u.test(span.text) || /\p{L}.*\p{Lu}|\d/u.test(span.text)) return true
    // The same word written small elsewhere: a plain word.
    return !plain.has(span.text.toLowerCase()) && isNameAtStart(span)
  })
  return together(kept).slice(0, MOST_NAMES)
}

/** Gathers what is one name: the same letters, and the short form of a longer name in the same message. */
function together(spans: readonly NameSpan[]): NameCandidate[] {
  const byFolded = new Map<string, NameCandidate>()
  for (const span of spans) {
    const folded = foldName(span.text)
    const known = byFolded.get(folded)
    if (!known) byFolded.set(folded, { name: withoutArticle(span.text), folded, spans: [span] })
    else {
      known.spans.push(span)
      // "Acme Corp" is fuller than "Acme", though both fold to one.
      if (span.text.length > known.name.length && !span.opens) known.name = withoutArticle(span.text)
    }
  }
  const candidates = [...byFolded.values()]
  const gone = new Set<NameCandidate>()
  for (const short of candidates) {
    if (nameWords(short.folded).length !== 1 || short.spans.some(standsForItself)) continue
    const long = candidates.filter((other) => other !== short && isShortOf(short.folded, other.folded))
    const [only] = long
    if (!only || long.length > 1) continue
    only.spans.push(...short.spans)
    gone.add(short)
  }
  return candidates.filter((candidate) => !gone.has(candidate))
}

/** "in Crestmoor" is the place, though "Crestmoor Systems" stands beside it. */
function standsForItself({ sentence, start, end }: NameSpan): boolean {
  const before = sentence.text.slice(0, start - sentence.start)
  const after = sentence.text.slice(end - sentence.start)
  return (
    /\b(?:in|near|towards?|around|across|outside|of|to|from)\s+(?:the\s+)?$/iu.test(before) ||
    /^\s+(?:district|region|area|city|village|town)\b/u.test(after)
  )
}

function isShortOf(short: string, long: string): boolean {
  const words = nameWords(long)
  if (words.length < 2) return false
  return words[0] === short || words.at(-1) === short
}

function withoutArticle(name: string): string {
  return name.replace(/^[Tt]he\s+/u, '')
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(WORD)].map((match) => {
    const bare = match[0].replace(POSSESSIVE, '')
    // The apostrophe of "the Wends' land" stands after the word.
    const trailing = /s$/u.test(match[0]) && /^['’](?=\s)/u.test(text.slice(match.index + match[0].length))
    return {
      text: match[0],
      bare,
      possessive: bare !== match[0] || trailing,
      start: match.index,
      end: match.index + bare.length,
    }
  })
}

function spansOf(sentence: Sentence, isKnown: (folded: string) => boolean): NameSpan[] {
  const { text } = sentence
  const german = isGerman(text)
  if (isShouted(text) || (!german && isHeadline(text))) return []
  const tokens = tokensOf(text)
  const spans: NameSpan[] = []
  for (let index = 0; index < tokens.length; ) {
    const run = runFrom(tokens, index, text)
    if (run.length === 0) {
      index += 1
      continue
    }
    index += run.length
    const span = trimRun(
      run,
      sentence,
      tokens.indexOf(run[0] as Token) === 0 || startsAnew(text, (run[0] as Token).start),
    )
    if (!span) continue
    if (german && !isSureInGerman(span, text, isKnown)) continue
    spans.push(span)
  }
  return spans
}

/** The words from `from` on that may be one name, the small ones inside included. */
function runFrom(tokens: readonly Token[], from: number, text: string): Token[] {
  const first = tokens[from]
  if (!first || !isLarge(first.bare)) return []
  const run = [first]
  for (let at = from + 1; at < tokens.length && run.length < MOST_WORDS; at++) {
    const before = run.at(-1) as Token
    const token = tokens[at] as Token
    const gap = text.slice(before.end, token.start)
    // A possessive ends a name: "Nora's Blue Door" are two.
    // But "St. Mary's School" is one.
    const ownedHead = before.possessive && isLarge(token.bare) && ORGANIZATION_HEAD.has(fold(token.bare))
    if (before.possessive ? !ownedHead : !NAME_GAP.test(gap)) break
    // "Promised Saela I'd …": the person speaks again.
    if (/^I['’]\p{L}+$/u.test(token.text)) break
    // A full stop goes on only after an initial or a title.
    if (gap.startsWith('.') && !/^(?:\p{Lu}|St|Ste|Mt|Ft)$/u.test(before.bare) && !TITLE_WORD.test(before.bare)) break
    if (
      isLarge(token.bare) ||
      (/^\d{1,4}$/u.test(token.bare) &&
        !isYear(token.bare) &&
        !isFirstName(before.bare) &&
        !COUNTED.test(text.slice(token.end)))
    ) {
      run.push(token)
      continue
    }
    const next = tokens[at + 1]
    const after = tokens[at + 2]
    const joined = (one: Token | undefined, two: Token | undefined) =>
      one !== undefined && two !== undefined && text.slice(one.end, two.start) === ' '
    if (next && isLarge(next.bare) && joined(token, next) && !token.possessive) {
      const of = token.bare === 'of' && TAKES_OF.test(fold(before.bare))
      if (of || (PARTICLE.test(token.bare) && run.length < 4)) {
        run.push(token, next)
        at += 1
        continue
      }
    }
    // "University of the Arts", "Bank of the West".
    if (
      token.bare === 'of' &&
      next?.bare === 'the' &&
      after &&
      isLarge(after.bare) &&
      TAKES_OF.test(fold(before.bare))
    ) {
      run.push(token, next, after)
      at += 2
      continue
    }
    break
  }
  return run
}

/** Cuts off what is no part of the name: titles, roles, plain words at the start of a sentence. */
function trimRun(run: Token[], sentence: Sentence, opens: boolean): NameSpan | null {
  let words = run
  let titled = false
  let first = opens
  const drop = () => {
    words = words.slice(1)
    first = false
  }
  while (words.length > 0) {
    const word = words[0] as Token
    const more = words.length > 1
    if (more && isTitle(word.bare, words.slice(1))) {
      drop()
      titled = true
      continue
    }
    if (PARTICLE.test(word.bare) || CONTRACTED.test(word.bare) || (more && PROJECT_WORD.test(word.bare))) {
      drop()
      continue
    }
    if (isStop(word, sentence.text) && !/^(?:Will|May|Don|Al)$/u.test(word.bare)) {
      // "The Hague" would be lost for "The": an article is no part of what two people call one thing.
      drop()
      continue
    }
    if (isLargeCommon(word.bare) && !(more && isFirstName(word.bare))) {
      // "Friday Standup", "English Heritage": part of a longer name only where the rest is no name by itself.
      const rest = words.slice(1)
      if (!more || first || !rest.every(({ bare }) => isCommonWord(bare))) {
        drop()
        continue
      }
    }
    if (first && more && isCommonWord(word.bare) && !isFirstName(word.bare)) {
      const rest = words.slice(1)
      // "Meeting Gera Vossen", but "Green Party" and "Distributed Tracing".
      if (!rest.every(({ bare }) => isCommonWord(bare) || ORGANIZATION_HEAD.has(fold(bare)))) {
        drop()
        continue
      }
    }
    break
  }
  while (words.length > 0) {
    const last = words.at(-1) as Token
    if (
      PARTICLE.test(last.bare) ||
      last.bare === 'of' ||
      last.bare === 'the' ||
      (words.length > 1 && isDateOrRole(last.bare))
    ) {
      words = words.slice(0, -1)
    } else break
  }
  const head = words[0]
  const tail = words.at(-1)
  if (!head || !tail) return null
  const { text } = sentence
  const name = text.slice(head.start, tail.end)
  if ([...name].length < 2 && !/^\p{Script=Han}$/u.test(name)) return null
  if (/^\d+$/u.test(name) || NUMBERED.test(name)) return null
  if (words.length === 1 && isStop(head, text)) return null
  // A plain word that is shouted: "it was GREAT".
  if (/^\p{Lu}{2,}$/u.test(name) && isCommonWord(name)) return null
  return {
    text: name,
    start: sentence.start + head.start,
    end: sentence.start + tail.end,
    sentence,
    titled,
    possessive: tail.possessive,
    opens: first && head === run[0],
  }
}

/** "Year 7", "Room 12": where somebody or something is in a row, no name. */
const NUMBERED =
  /^(?:Year|Grade|Class|Form|Key Stage|Room|Flat|Floor|Chapter|Page|Section|Part|Step|Unit|Week|Day|Question|Platform|Gate|Level|Stage|Round|Lesson|Exercise|Figure|Table|Item|Point|Option) \d{1,4}$/u

/** "I'm", "We've", "Let's". */
const CONTRACTED =
  /^(?:I|You|He|She|It|We|They|That|There|Who|What|Here|Let|Don|Can|Won|Isn|Doesn|Didn)['’]\p{L}{1,2}$/u

/** "Dr.", "CTO", "Councillor", "Kollegin" before a name. */
function isTitle(word: string, rest: readonly Token[]): boolean {
  if (TITLE_WORD.test(word) || CAPITAL_ROLE.test(word) || GERMAN_ROLE.test(word)) return true
  return ROLE_NOUN.test(word) && !rest.every(({ bare }) => isCommonWord(bare) || ORGANIZATION_HEAD.has(fold(bare)))
}

/** Whether a word says nothing; "WHO" and "MIT" do where a name is due. */
function isStop({ bare, start }: Token, text: string): boolean {
  if (!isStopWord(bare)) return false
  return !(
    /^\p{Lu}{3,}$/u.test(bare) && /(?:^|\s)(?:at|from|of|by|with|joined|to)\s(?:the\s)?$/u.test(text.slice(0, start))
  )
}

/** Whether the first word of a sentence, which would be large anyway, is a name, by what comes after. */
function isNameAtStart({ text, sentence, end, possessive }: NameSpan): boolean {
  const common = isCommonWord(text)
  if (isFirstName(text) && !common) return true
  const after = sentence.text.slice(end - sentence.start)
  // "Viva's on 4 February": something is then, and nobody owns it.
  if (possessive) return !common && /^['’]s\s+\p{L}/u.test(after) && !(IS_THEN.test(after) && !isFirstName(text))
  const next = /^\s+([\p{L}'’]+)/u.exec(after)?.[1] ?? ''
  if (common) return isFirstName(text) && PERSON_VERB.test(next)
  if (isKnownThing(text)) return true
  if (/^\s*(?:,\s+(?:who|the|our|my|a|an|which|and)\b|\(|and\s+(?:\p{Lu}|the\b|I\b)|&\s|\/)/u.test(after)) return true
  if (PERSON_VERB.test(next)) return true
  if (
    /^(?:is|was|are|were|has|had|will|would|can|could|should|may|might|must|did|does|isn['’]t|wasn['’]t|hasn['’]t|won['’]t|doesn['’]t|didn['’]t|can['’]t|also|just|never|always|still|now|really|recently|finally|already|apparently|then|got|took|went|came|made|gave|found|kept|built|sent|ran|set|put|let|left|needs?|uses?|seems?|looks?|gets?|goes|comes|makes?|keeps?|gives?|starts?|ships?|costs?|opens?|closes?|belongs?|depends?|of|in|at|from|on|with|for|as)$/u.test(
      next,
    )
  ) {
    return true
  }
  // Past tense of any verb, and nothing after it at all: an answer of one name.
  return /^[a-z]{2,}ed$/u.test(next) || /^\s*[.!]?$/u.test(after)
}

const IS_THEN =
  /^['’]s\s+(?:(?:now|probably|moved to)\s+)?(?:on|in|at|due|from|until)\s+(?:the\s+)?(?:\d|next\b|this\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|may|june|july|august|september|october|november|december)\b)/iu

/** "Windows-specific", "PDF-style": about a name, and no name. */
const ADJECTIVE =
  /-(?:specific|style|like|based|related|only|free|native|driven|compatible|wide|themed|led|owned|born|made|level|side)$/u

function isLarge(word: string): boolean {
  if (ADJECTIVE.test(word)) return false
  if (/^\p{Lu}/u.test(word) || /^\d+\p{Lu}{1,3}$/u.test(word)) return true
  return /^\p{Ll}{1,2}\p{Lu}/u.test(word) && (word.length > 3 || isKnownThing(word))
}

/** What follows a name and is no part of it: "Kestrel Monday". Short months may be names: "Hellis Mar". */
function isDateOrRole(word: string): boolean {
  return isLargeCommon(word) && word.length > 3 && !/^(?:April|June|August|May)$/u.test(word)
}

function isYear(word: string): boolean {
  return /^(?:1[89]|20|21)\d\d$/u.test(word)
}

/** Whether a sentence starts here: after a colon, a dash at the start of a list, an opening quotation mark. */
const NAME_LIST = /^\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)?(?:,\s+(?:and\s+)?|\s+and\s+)\p{Lu}\p{Ll}/u

function startsAnew(text: string, at: number): boolean {
  // "three projects: Kittiwake, Puffin and …": a list of names goes on.
  if (/:\s+$/u.test(text.slice(0, at)) && NAME_LIST.test(text.slice(at))) return false
  return /(?:[.!?:]\s+|^\s*[-*•"“'‘([]+\s*|\s["“])$/u.test(text.slice(0, at))
}

function isShouted(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  const large = text.match(/\p{Lu}/gu) ?? []
  return letters.length >= 12 && large.length > letters.length * 0.7
}

/** Every Word Is Large: capitals tell nothing. */
function isHeadline(text: string): boolean {
  const words = text.match(/\p{L}{4,}/gu) ?? []
  return words.length >= 6 && words.filter((word) => /^\p{Lu}/u.test(word)).length > words.length * 0.85
}

const GERMAN =
  /(?<!\p{L})(?:ich|und|der|die|das|nicht|ist|mit|wir|mein\w*|unser\w*|auf|für|ein\w*|zu|bei|von|sie|hat|habe|haben|wird)(?!\p{L})/giu

function isGerman(text: string): boolean {
  const words = text.match(/\p{L}+/gu)?.length ?? 0
  return words > 0 && (text.match(GERMAN)?.length ?? 0) / words >= 0.2
}

/** German writes every noun large: a name must show itself. */
function isSureInGerman(span: NameSpan, text: string, isKnown: (folded: string) => boolean): boolean {
  if (span.titled || isKnown(foldName(span.text)) || span.text.split(/\s+/u).some(isFirstName)) return true
  if (/\p{L}.*\p{Lu}/u.test(span.text) && !/\s/u.test(span.text)) return true
  const before = text.slice(0, span.start - span.sentence.start)
  return /(?<!\p{L})(?:in|nach|aus|bei|heißt|heiße|heißen|namens|projekt|firma|stadt|freund|freundin|kollegin?|bruder|schwester|chefin?)\s+$/iu.test(
    before,
  )
}
