// What "she", "his" or "they" stands for: the one person named in the sentences before. Only what leaves no doubt is
// put in; everything else is said in `unresolved`, and the sentence is kept with the one it leans on.
import type { Mention } from '../protocol.ts'
import { contentWords } from '../words.ts'
import type { Sentence } from './sentences.ts'
import { thirdPerson } from './verbs.ts'

type Gender = 'she' | 'he'

/** Somebody a pronoun may stand for. */
interface Referent {
  name: string
  gender: Gender | null
  /** Several, or an organisation: "they" may stand for it. */
  group: boolean
  /** "for Nordfund", "at Kelp": more likely where or what for than who. */
  behindPlaceWord: boolean
}

export interface Resolved {
  /** The sentence with the first pronoun that points back replaced by its name. */
  text: string
  /** It points at something outside that no name was found for. */
  unresolved: boolean
  /** A name was put in: the index of the sentence it was taken from, else null. */
  from: number | null
  /** The name that was put in. */
  name?: string
}

const SHE =
  'wife|girlfriend|mother-in-law|mother|mom|mum|sister-in-law|sister|daughter-in-law|daughter|aunt|niece|grandmother|grandma|granny|stepmother|godmother|fiancée|landlady'
const HE =
  'husband|boyfriend|father-in-law|father|dad|brother-in-law|brother|son-in-law|son|uncle|nephew|grandfather|grandpa|stepfather|godfather|fiancé|landlord'
const ANY =
  'boss|manager|colleague|coworker|co-worker|supervisor|advisor|adviser|mentor|partner|spouse|friend|best friend|neighbour|neighbor|doctor|dentist|therapist|teacher|tutor|coach|trainer|client|customer|tenant|flatmate|roommate|cousin|team lead|assistant|accountant|lawyer|gp|child|kid|baby'
const ROLE = new RegExp(
  String.raw`\b((?:[Mm]y|[Oo]ur)\s+(?:\p{Ll}+\s+){0,2}?(${SHE}|${HE}|${ANY}))\b(?!['’]s|-)(?:,?\s+(?:Dr\.?\s+|Professor\s+)?(?=\p{Lu}))?`,
  'gu',
)
/** "dad turns 70": of whom the person speaks without "my". */
const KIN =
  /(?<![\p{L}'’-])(?:(mum|mom|mummy|mommy|mama|granny|grandma|nan|nana)|(dad|daddy|papa|grandpa|granddad|grandad))(?![\p{L}-]|['’]s)/giu
const PRONOUN = /(?<![\p{L}'’-])(she|he|they|her|his|him|their|them|hers|theirs)(?:['’](s|d|ll|ve|re))?(?![\p{L}-])/iu
const SEVERAL =
  /\b(?:the|some|many|all|these|those|our|my|his|her|two|three|four|five|six|\d+|new|old)\s+(?:\p{Ll}[\p{L}-]*\s+){0,2}\p{Ll}{3,}(?<!s)s\b(?!['’])/u
const PLACE_WORD = /\b(?:for|at|in|from|of|on|via|through|near)\s+(?:the\s+)?$/iu
/** Leans on what was said before in another way. */
const LEANS =
  /^(?:(?:and|but|so|also|then|now|actually|honestly|luckily|unfortunately|hopefully)[,\s]+)*(?:(?:I|we)\s+(?:think|believe|guess|suppose|find|feel|hope|know)(?: that)?\s+|(?:my|our)\s+(?:view|read|take|opinion|bet|guess|impression|sense)\s+is\s+(?:that\s+)?|(?:that|this|it)\s+means\s+)?(?:it|its|it['’]s|this|that|that['’]s|these|those|both|neither|either|one|ones|there)\b(?!\s+(?:is|are|was|were|will be)\s+(?:a|an|no|some|many|\d)\b)|\b(?:accordingly|likewise|the same|as well\.$|instead[.!]?$|there[.!]?$|like that|like this|that way|this way|the (?:latter|former|other one))\b|\b(?:for|to|with|of|about|on|in|by|at|from|into|do|did|doing|does|done|after|before|because of|like|want|wants|need|needs)\s+(?:it|them|this|that|those|these)(?=[.,;!]|$|\s+(?:and|but|by|on|at|in|this|next|tomorrow|too|again|though|is|are|was|were|will|costs?|took|takes)\b)/iu
const OBJECT =
  /\b(?:it|them)(?=[.,;!]|\s+(?:this|next|tomorrow|today|on|by|in|at|for|before|after|again|too|and|but)\b|$)|\bsaid (?:yes|no)\b|^(?:I|we)\s+(?:\p{L}+ly\s+)?(?:go|went|do|did|meet|met|start|started|leave|left|come|came|train|practise|practice|pay|paid)(?=\s+(?:on|at|every|each|twice|once|by|together|again)\b)/iu
const EXPLETIVE =
  /^(?:(?:and|but|so)\s+)?it(?:['’]s| is| was| will be| takes| took| rains| rained| snows)\s+(?:raining|snowing|cold|hot|warm|late|early|time|hard|easy|difficult|important|\p{L}+ to \p{L}+|\d)/iu
const POSSESSED_BEFORE =
  /^(?:\s*$|\s*[.,;:!?)—–-]|\s+(?:and|or|but|that|to|for|with|on|in|at|by|from|about|of|as|when|if|because|since|the|a|an|my|our|I|I['’]\p{L}+|we|we['’]\p{L}+|you|he|she|they|it|not|tomorrow|today|yesterday|next|last|this|every|again|too|so|then|before|after|until|how|what|why|where|who|whether)\b)/iu

/** Sentences back that "they" may stand for something of, and "he" or "she" for somebody. */
const NEAR = 3
const FAR = 12

/**
 * Reads sentences in order and puts names in for pronouns.
 * @param sentences in the order they were said, those of the turns before first
 * @param mentions names in them; offsets fit the sentences
 * @param self names of the person: nobody says "she" of themselves
 */
export function resolveAll(
  sentences: readonly Sentence[],
  mentions: readonly Mention[],
  self: readonly string[] = [],
): Resolved[] {
  const resolved: Resolved[] = []
  /** Of each sentence, who is spoken of in it once it is resolved. */
  const spokenOf: { referents: Referent[]; index: number }[] = []
  /** What was said of somebody by "he" or "she" so far. */
  const genders = new Map<string, Gender>()
  for (const [index, sentence] of sentences.entries()) {
    const others = referentsIn(sentence, mentions).filter(
      ({ name }) => !self.some((one) => one === name || one.split(' ')[0] === name),
    )
    learnGender(genders, sentence, others)
    const own = others.map((one) => ({ ...one, gender: one.gender ?? genders.get(one.name) ?? null }))
    const result = resolve(sentence, own, spokenOf.slice(-FAR).reverse(), sentences)
    const said = genderOf(PRONOUN.exec(sentence.text)?.[1])
    const meant = result.from === null ? undefined : result.name
    if (said && meant) genders.set(meant, said)
    resolved.push(result)
    const carried =
      result.from === null
        ? []
        : (spokenOf[result.from]?.referents.filter(({ name }) => result.text.includes(name)) ?? [])
    const referents = [...own, ...carried.filter(({ name }) => own.every((one) => one.name !== name))]
    spokenOf.push({ referents, index })
  }
  return resolved
}

function resolve(
  sentence: Sentence,
  own: readonly Referent[],
  /** The last sentence first. */
  before: readonly { referents: Referent[]; index: number }[],
  sentencesBefore: readonly Sentence[],
): Resolved {
  const { text } = sentence
  const leans = (LEANS.test(text) || leansOnObject(text)) && !EXPLETIVE.test(text)
  const match = PRONOUN.exec(text)
  const pronoun = match?.[1]?.toLowerCase()
  if (!match || !pronoun) return { text, unresolved: leans, from: null }
  // Somebody named before it in the same sentence is who it stands for.
  const head = text.slice(0, match.index)
  const named =
    own.some(({ name }) => head.includes(name)) ||
    /\b(?:my|our|the|a|an|some|other|most|many|people|everyone|someone|somebody)\s+\p{Ll}+/iu.test(head) ||
    /\b(?:people|everyone|everybody|someone|somebody|others)\b/iu.test(head)
  if (named) return { text, unresolved: leans, from: null }
  const gender = genderOf(pronoun)
  const source = before.slice(0, gender ? FAR : NEAR).find(({ referents }) => referents.length > 0)
  // "Told Hester I'd read the labels. About eighty of them": things may be meant as well as people.
  const referents = source?.referents.filter((one) => fits(one, gender)) ?? []
  const several = gender === null && SEVERAL.test(sentencesBefore[source?.index ?? -1]?.text ?? '')
  const fitting = several ? referents.filter(({ group }) => group) : referents
  const likely = fitting.filter(({ behindPlaceWord }) => !behindPlaceWord)
  const possible = likely.length > 0 ? likely : fitting
  const [only] = possible
  if (!source || !only || possible.length > 1) return { text, unresolved: true, from: null }
  return { text: replaced(text, match, pronoun, only.name), unresolved: leans, from: source.index, name: only.name }
}

function genderOf(pronoun: string | undefined): Gender | null {
  if (/^(?:she|her|hers)$/iu.test(pronoun ?? '')) return 'she'
  return /^(?:he|him|his)$/iu.test(pronoun ?? '') ? 'he' : null
}

/** "Sharing with Merle, she's a potter": of the one person named in front of it. */
function learnGender(genders: Map<string, Gender>, { text }: Sentence, own: readonly Referent[]): void {
  const [only, ...others] = own
  const match = PRONOUN.exec(text)
  const gender = genderOf(match?.[1])
  if (!only || others.length > 0 || only.group || !match || !gender) return
  if (text.slice(0, match.index).includes(only.name)) genders.set(only.name, gender)
}

const MEANS_THING =
  /^(?:(?:and|but|so|also|now|then)\s+)*(?:it|its|it['’]s|they|they['’]re|their|these|those)\b|\b(?:of|for|about|with|from|on|in) (?:it|them)\b/iu
/** "They've put me on nights": whoever decides, no things. */
const SOMEBODY_DOES = /^(?:(?:and|but|so)\s+)?they(?:['’]\p{L}+)?\s+(?:[\p{L}'’]+\s+){1,3}(?:me|us)\b/iu
const GAINED =
  /\b(?:find|found|buy|bought|bidding|gets?|got|rent(?:ed|ing)?|book(?:ed|ing)?|order(?:ed)?|hired?|hiring|adopt(?:ed|ing)?|chose|chosen|pick(?:ed)?|sign(?:ed)?|start(?:ed|ing)?|look(?:ed|ing)? for|look(?:ed|ing)? at|want(?:ed)?|need|applied for|apply for|work(?:ed|ing)? on|build(?:ing)?|built|writ(?:e|ing)|wrote|saw|visit(?:ed)?|own|have|has|had|took|take|read(?:ing)?|made|making|plan(?:ned|ning)?)\s+((an?|the|our|my|two|three|four|five|six|\d{1,2}|some|a few|new)\s+(?:\p{Ll}[\p{L}-]*\s+){0,2}?\p{L}[\p{L}-]+)(?=[.,;:!?)]|$|\s+(?:and|or|but|for|in|on|at|with|from|by|to|of|that|which|who|so|because|since|yesterday|today|tomorrow|last|this|next|now)\b)/giu

/** "The twins turned seven." */
const SEVERAL_DO =
  /^(?:(?:and|but|so)\s+)?((?:the|our|my)\s+(?:\p{Ll}[\p{L}-]*\s+)?\p{Ll}[\p{L}-]{2,}s)\s+(?:are|were|have|had|will|can|started|turned|went|go|come|came|moved|got|like|live|need|want|run|take|took|\p{Ll}{3,}ed)\b/iu

/**
 * What "it" or "they" of a message's first statement stands for: the last thing the person said they found, bought, have
 * or want in the turn before. Only the thing is named, not what was said of it.
 * @returns "the house"; null when nothing leaves itself to be meant
 */
export function thingMeant({ text }: Sentence, before: readonly Sentence[]): string | null {
  if (!MEANS_THING.test(text) || SOMEBODY_DOES.test(text)) return null
  const several = /\b(?:they|them|their|these|those)\b/iu.test(text)
  for (const { text: said } of before.toReversed()) {
    if (/\?\s*$/u.test(said)) continue
    const things = [...said.matchAll(GAINED)].filter(
      ([, , first = '']) => several !== /^(?:an?|the|our|my)$/iu.test(first),
    )
    const thing = things.at(-1)?.[1] ?? (several ? SEVERAL_DO.exec(said)?.[1] : undefined)
    if (thing) return thing.replace(/^(?:an?|the|our|my|some|a few)\s+/iu, '').replace(/^/u, 'the ')
  }
  return null
}

/** "I'll write it this weekend.": what "it" is was said before, when hardly anything stands in front of it. */
function leansOnObject(text: string): boolean {
  const match = OBJECT.exec(text)
  return match !== null && contentWords(text.slice(0, match.index)).length <= 3
}

function fits({ gender, group }: Referent, wanted: Gender | null): boolean {
  return wanted === null ? true : !group && (gender === null || gender === wanted)
}

/** After a name the short form reads badly. */
const LONG: Readonly<Record<string, string>> = { ll: ' will', d: ' would', ve: ' have' }

/** Puts the name in the place of the pronoun, in the form the pronoun had. */
function replaced(text: string, match: RegExpExecArray, pronoun: string, name: string): string {
  const before = text.slice(0, match.index)
  const behind = text.slice(match.index + match[0].length)
  const short = match[2]
  const opens = /^\s*$|[.:;—–]\s*$/u.test(before)
  const shown = opens
    ? name.replace(/^./u, (letter) => letter.toUpperCase())
    : name.replace(/^(?:My|Our)\b/u, (word) => word.toLowerCase())
  const possessive =
    /^(?:his|their|hers|theirs)$/u.test(pronoun) || (pronoun === 'her' && !POSSESSED_BEFORE.test(behind))
  if (possessive) return `${before}${shown}${/s$/u.test(shown) ? '’' : "'s"}${behind}`
  if (/^(?:him|them|her)$/u.test(pronoun)) return `${before}${shown}${behind}`
  if (pronoun === 'they') return `${before}${shown} ${thirdPerson(`${short ? `'${short}` : ''}${behind}`.trimStart())}`
  return `${before}${shown}${short ? (LONG[short.toLowerCase()] ?? `'${short}`) : ''}${behind}`
}

/** People and groups a later pronoun may stand for. */
function referentsIn({ text, start, end }: Sentence, mentions: readonly Mention[]): Referent[] {
  const found: Referent[] = []
  const inside = mentions.filter((mention) => mention.start >= start && mention.end <= end)
  const byRole = new Set<string>()
  for (const match of text.matchAll(ROLE)) {
    const [whole = '', phrase = '', noun = ''] = match
    const gender = new RegExp(`^(?:${SHE})$`, 'u').test(noun)
      ? 'she'
      : new RegExp(`^(?:${HE})$`, 'u').test(noun)
        ? 'he'
        : null
    // "my sister Malin": the name stands for her.
    const name = inside.find(
      (mention) => mention.start === start + match.index + whole.length && mention.type === 'person',
    )
    if (name) byRole.add(name.name)
    found.push({ name: name?.name ?? phrase, gender, group: false, behindPlaceWord: false })
  }
  for (const [phrase, she] of text.matchAll(KIN)) {
    if (found.some(({ name }) => name.toLowerCase().endsWith(phrase.toLowerCase()))) continue
    found.push({ name: phrase, gender: she ? 'she' : 'he', group: false, behindPlaceWord: false })
  }
  for (const { name, type, start: at } of inside) {
    if (byRole.has(name) || (type !== 'person' && type !== 'organization')) continue
    if (found.some((one) => one.name === name)) continue
    found.push({
      name: name.replace(/\s+\d+$/u, ''),
      gender: titleGender(name, text.slice(0, at - start)),
      group: type === 'organization',
      behindPlaceWord: PLACE_WORD.test(text.slice(0, at - start)),
    })
  }
  return found
}

/** "Mr Gulbenkian", "Mrs Okello". */
function titleGender(name: string, before: string): Gender | null {
  const title = /\b(mr|mrs|ms|miss|herr|frau|madame|monsieur|señora?)\.?(?:\s|$)/iu.exec(
    `${before.slice(-9)}${name}`,
  )?.[1]
  if (!title) return null
  return /^(?:mr|herr|monsieur|señor)$/iu.test(title) ? 'he' : 'she'
}
