// What a sentence says itself about the end of an earlier state: "from A to B", "A instead of B", "no longer A", "I left
// A", "a new A". Each pattern names the words of what is over; whether a known item speaks of them is not decided here.
import { thirdPerson } from '../extraction/verbs.ts'
import { wordsOf } from '../words.ts'
import { isPast, verbBase } from './lexicon.ts'

const END = String.raw`(?=[.,;!?]|\s+(?:last|this|in|on|at|for|because|since|and|as|but|so|yesterday|today|now|when|after|before|with|from|again)\b|$)`
const DETERMINER = String.raw`(?:(?:the|my|our|his|her|their|its|a|an|all|der|die|das|den|mein\w*|le|la|les|mon|ma|el|mi)\s+)?`

const FROM_TO =
  /\b(?:mov|migrat|switch|chang|transfer|relocat|port|upgrad|convert|shift|transition|went|go(?:ne|ing)?|mut|renam|wechsel|umgezogen)\p{L}*\b(?:[^.;]{0,80}?)\bfrom\s+(.{1,60}?)\s+(?:over\s+)?to\s+(.{1,60}?)(?=[.,;!]|\s+(?:last|this|in|on|at|for|because|since|and|as|yesterday|today|now)\b|$)/iu
const REPLACED =
  /\breplac(?:ed|ing|es)\s+(?:our |my |the |their )?(.{1,50}?)\s+(?:with|by)\s+(.{1,50}?)(?=[.,;!]|\s+(?:last|this|in|on|because|since|and)\b|$)/iu
const INSTEAD =
  /\b(.{1,50}?)\s+instead of\s+(?:our |my |the |their )?(.{1,50}?)(?=[.,;!]|\s+(?:now|since|because|from now on)\b|$)/iu
const NOT_THAT =
  /(?:,\s*(?:and\s+)?|\s+and\s+)not\s+(?:(?:in|on|at|to|from|with|by|for)\s+)?(?:the\s+)?((?:[^,.;!?]|(?<=\d)[.,](?=\d)){1,40}?)\s*(?=[,.;!?](?!\d)|\s+(?:because|since|as (?:I|we)|like I)\b|$)/iu
const LEFT_BEHIND =
  /\b(?:(?:mov|migrat|switch|transfer)\p{L}*\b[^.;]{0,40}?\b(?:off(?: of)?|away from|out of)|stopped using|no longer use|got rid of|ditched)\s+(?:our |my |the )?(.{1,40}?)(?=[.,;!]|$|\s+(?:last|this|in|on|at|for|because|since|and|to|yesterday|today|now|completely|entirely)\b)/iu
/** One who did it hands it over: what is known of the one before must say that they did it. */
const TAKEN_OVER =
  /\b(?:(?:took|taken|takes|taking) over\b[^.;]{0,60}?\bfrom|succeed(?:s|ed)|replac(?:es|ed))\s+(.{1,40}?)(?=[.,;!]|\s+(?:as|in|on|at|for)\b|$)/iu
/** What the words between "from", "instead of", ", not" and the like say is over. */
const GONE: readonly { pattern: RegExp; group: 1 | 2 }[] = [
  { pattern: FROM_TO, group: 1 },
  { pattern: REPLACED, group: 1 },
  { pattern: INSTEAD, group: 2 },
  { pattern: LEFT_BEHIND, group: 1 },
  { pattern: NOT_THAT, group: 1 },
]

/** Things a person had, did or belonged to, and does no longer. */
const STOPPED: readonly { pattern: RegExp; kind: 'activity' | 'possession' | 'membership' }[] = [
  {
    kind: 'activity',
    pattern: new RegExp(
      String.raw`\b(?:g[ai]ve(?:n)? up|quit|stopped|dropped|finished|closed|shut down|wound up|completed|handed in|submitted|called off|cancel(?:l)?ed|am done with|gave notice for|unsubscribed from|abandoned|aufgehört mit|habe .{0,20}aufgegeben|arrêté)\s+(?:playing\s+|going to\s+|working on\s+|working at\s+|taking\s+|using\s+|the plan(?:s)? (?:for|to)\s+)?${DETERMINER}(.{1,50}?)${END}`,
      'iu',
    ),
  },
  { kind: 'activity', pattern: /\bno more (\p{Ll}[\p{L}-]{2,30})(?=[\s.!]*$|[,;]|\s+for (?:me|us)\b)/iu },
  {
    kind: 'possession',
    pattern: new RegExp(
      String.raw`\b(?:sold|lost|gave away|threw out|threw away|got rid of|returned|scrapped|donated|traded in)\s+${DETERMINER}(.{1,50}?)${END}`,
      'iu',
    ),
  },
  {
    kind: 'membership',
    pattern: new RegExp(
      String.raw`\b(?:left|resigned from|retired from|graduated from|moved out of|moved away from|quit|broke up with|split up with|was laid off (?:at|by|from)|was fired (?:from|by|at))\s+(?:my (?:job|position|post) (?:at|with|as)\s+)?${DETERMINER}(.{1,50}?)${END}`,
      'iu',
    ),
  },
]
/** Somebody is gone: what they did or were here ends with it. */
const DEPARTED =
  /^(.{2,50}?)\s+(?:(?:has|have|had)\s+)?(passed away|died|is dead|moved away|moved out|left|retired|resigned|quit|was laid off|was fired|cancel(?:l)?ed|dropped out|pulled out|backed out|stepped down|is gone)(?=[.,;!]|$|\s+(?:and|last|this|in|on|yesterday|today|for good|the (?:company|team|project|firm))\b)/iu

/** A thing of the same kind takes the place of the old one. */
const NEW_ONE: readonly RegExp[] = [
  /\b(?:chang(?:ed|ing)|swapped|switched)\s+(?:the |my |our |his |her |to a different |to another )?([\p{L}][\p{L} -]{2,40}?)(?=[,.;:!]|\s+(?:and|to|it|last|this|yesterday|today|now)\b|$)/iu,
  /\b(?:a|an|my|our|his|her|the|got|their|have|has)\s+(?:brand )?(?:new|different|another)\s+([\p{L}][\p{L}-]{2,30}(?:\s(?!is\b|was\b|called\b|named\b)\p{Ll}{3,20})?)/iu,
  /\banother\s+([\p{L}-]{3,30})\b/iu,
  /\b(?:renamed|upgraded|raised|lowered|increased|reduced|extended|shortened|postponed|rescheduled|rebooked|pushed|cut|got|brought|took)\s+(?:the |my |our |his |her )?([\p{L}][\p{L} -]{2,40}?)\s+(?:from\s.{1,40}\s)?(?:(?:back|down|up)\s)?to\b/iu,
]

/** @returns the words of what is over, as written; several ways of saying it may be in one sentence */
export function goneIn(text: string): string[] {
  return GONE.flatMap(({ pattern, group }) => pattern.exec(text)?.[group] ?? [])
}

/** @returns the two sides of "…, not …": what stands before the comma, and what is denied after it */
export function notThat(text: string): { before: string; wrong: string } | null {
  const match = NOT_THAT.exec(text)
  return match?.[1] ? { before: text.slice(0, match.index), wrong: match[1] } : null
}

/** @returns who did it before: "A" of "B took over X from A" */
export function predecessorIn(text: string): string | null {
  return TAKEN_OVER.exec(text)?.[1] ?? null
}

const DENIED =
  /^(?:(?:no|sorry|actually|wait)[,:]?\s+)?(?:(?:I|the user) (?:said|told you|wrote|mentioned)(?: (?:earlier|before|yesterday))?(?: that)?\s+)?(.{8,160}?)[,;.]?\s+(?:but\s+)?(?:that['’]s|that is|this is|which is|that was|this was)\s+(?:wrong|not (?:true|right|correct)|incorrect|no longer (?:true|right|correct))\s*[:;,.–—-]\s*(?:actually,?\s+|in fact,?\s+|instead,?\s+)?(.{6,200})$/iu

/** @returns what holds after "I said A, that's wrong: B", with the pronoun of B resolved; null when nothing is taken back */
export function restated(text: string): string | null {
  const match = DENIED.exec(text)
  if (!match?.[1] || !match[2]) return null
  const words = wordsOf(match[1])
  const verb = words.findIndex(({ word }, index) => index > 0 && verbBase(word.toLowerCase()) !== null)
  const subject = verb > 0 ? match[1].slice(0, words[verb]?.start).trim() : ''
  return subject === '' ? match[2] : match[2].replace(PRONOUN, subject)
}

/** @returns what is left out: "sugar" of "without sugar" */
export function withoutIn(text: string): string | null {
  return /\b(?:without|ohne|sans|sin|senza)\s+(?:any\s+)?([\p{L}-]+)/iu.exec(text)?.[1] ?? null
}

/** @returns what the speaker stopped, lost or left */
export function stoppedIn(text: string): { what: string; kind: 'activity' | 'possession' | 'membership' }[] {
  return STOPPED.flatMap(({ pattern, kind }) => {
    const what = pattern.exec(text)?.[1]
    return what ? [{ what, kind }] : []
  })
}

/** @returns who is gone, and whether they died */
export function departedIn(text: string): { who: string; died: boolean } | null {
  const match = DEPARTED.exec(text)
  if (!match?.[1] || /\b(?:I|we)\b/u.test(match[1])) return null
  return { who: match[1], died: /passed away|died|dead/iu.test(match[2] ?? '') }
}

/** @returns the kinds of thing that have a successor: "dentist" in "I have a new dentist" */
export function renewedIn(text: string): string[] {
  return NEW_ONE.flatMap((pattern) => pattern.exec(text)?.[1] ?? [])
}

/**
 * The new statement without the state that no longer is: "moved from A to B" becomes "moved to B" once what was known of
 * A is superseded. What was said in full stays in the quote.
 */
export function withoutOldState(text: string): string {
  const cuts: (string | null)[] = [restated(text), cutFrom(text), cutInstead(text), cutNot(text)]
  return cuts.find((cut) => cut !== null && wordsOf(cut).length >= 3) ?? text
}

function cutFrom(text: string): string | null {
  const from = FROM_TO.exec(text)?.[1]
  if (!from) return null
  return text.replace(new RegExp(`\\bfrom\\s+${escapeRegExp(from)}\\s+(?=(?:over\\s+)?to\\b)`, 'iu'), '')
}

function cutInstead(text: string): string | null {
  const old = INSTEAD.exec(text)?.[2]
  if (!old) return null
  return text.replace(new RegExp(`\\s+instead of\\s+(?:our |my |the |their )?${escapeRegExp(old)}`, 'iu'), '')
}

function cutNot(text: string): string | null {
  const not = NOT_THAT.exec(text)
  return not ? text.slice(0, not.index) + text.slice(not.index + not[0].length) : null
}

const CLAUSE_END = /[.!]\s+(?=\p{Lu})|[,;:]\s+(?:(?:and|but|so|und|aber)\s+)?|\s+(?:and|but|und|aber)\s+|\s+[–—-]\s+/gu
const PRONOUN = /^(?:it|that|this|he|she|they|er|sie|es)(?=['’\s])/iu

const LAST_DAY =
  /(?:^|[,;]\s+)(?:my |our |the )?last day (?:at|with) (?:the )?([^,.;!?]{2,40}?) was\b|\bwas (?:my|our) last day (?:at|with) (?:the )?([^,.;!?]{2,40}?)(?=[,.;!?]|\s+(?:and|but|so)\b|$)/iu
const NAME = String.raw`\p{Lu}[\p{L}’'-]+`
const BOTH_MOVED = new RegExp(
  String.raw`^(${NAME})\s+and\s+(${NAME})\s+((?:have |both |have both )?(?:moved|relocated|live)\b.*)$`,
  'u',
)

/** @returns whom one worked for: "A" of "my last day at A was Friday" */
export function lastDayAt(text: string): string | null {
  const match = LAST_DAY.exec(text)
  return match?.[1] ?? match?.[2] ?? null
}

/** What a sentence says in other words: who had a last day at A left it, and of two who moved each did. */
export function impliedBy(text: string): string[] {
  const left = lastDayAt(text)
  const [, one, other, moved] = BOTH_MOVED.exec(text) ?? []
  return [
    ...(left === null ? [] : [`I left ${left}`]),
    ...(moved === undefined ? [] : [`${one} ${moved}`, `${other} ${moved}`]),
  ]
}

/** What is kept in the third person says "they" of the person. */
const OF_THE_USER = /^they\s+/iu

/**
 * The parts of a sentence that each say something: "I left A and joined B" is "I left A" and "I joined B".
 * @returns the sentence itself when it has one part
 */
export function partsOf(sentence: string): string[] {
  const cuts = cutAtClauses(sentence)
  if (cuts.length < 2) return [sentence]
  const gapped = gappedParts(cuts.map(({ text }) => text))
  if (gapped) return gapped
  const parts: string[] = []
  let subject = ''
  let other = ''
  // What stands before the first verb belongs to it: "Wanda and Igor run …", "In May, she …".
  let head = ''
  for (const { text, link } of cuts) {
    const cut = head === '' ? text : `${head}${link}${text}`
    const words = wordsOf(cut)
    const verb = words.findIndex(
      ({ word }, index) =>
        index > 0 &&
        verbBase(word.toLowerCase().replace(/['’].*$/, '')) !== null &&
        !/^(?:the|a|an|my|our|his|her|their|to)$/iu.test(words[index - 1]?.word ?? ''),
    )
    const first = words[0]?.word ?? ''
    if (subject !== '' && goesOn(cut, first, subject)) {
      parts.push(`${subject} ${cut}`)
    } else if (OF_THE_USER.test(cut) && /\bthe user\b/iu.test(sentence)) {
      parts.push(`the user ${thirdPerson(cut.replace(OF_THE_USER, ''))}`)
    } else if (other !== '' && PRONOUN.test(cut)) {
      parts.push(cut.replace(PRONOUN, other))
    } else if (verb > 0 && !/^not$/iu.test(first)) {
      parts.push(cut)
      subject = cut.slice(0, words[verb]?.start).trim()
      // "The contact is Femke, she …": the name, not the contact.
      const called =
        /\b(?:is|was|called|named)\s+((?:(?:Dr|Mr|Mrs|Ms|Prof)\.?\s)?\p{Lu}[\p{L}’'-]+(?:\s(?:(?:de|van|von|der|la|el|&)\s)*\p{Lu}[\p{L}’'-]+)*)$/u.exec(
          cut,
        )?.[1]
      if (called) other = called
      else if (!/^(?:I|we|the user|['’])$/iu.test(subject)) other = subject
    } else if (/\b(?:I|we)['’]\w+/u.test(cut)) {
      parts.push(cut)
      subject = 'I'
    } else if (parts.length > 0) {
      parts[parts.length - 1] += `${link}${text}`
    } else {
      head = cut
      continue
    }
    head = ''
  }
  if (head !== '' && parts.length > 0) parts[parts.length - 1] += `, ${head}`
  return parts.length > 0 ? parts : [sentence]
}

/** The pieces between the ends of clauses, each with what stood before it: ", " or " and ". */
function cutAtClauses(sentence: string): { text: string; link: string }[] {
  const cuts: { text: string; link: string }[] = []
  let from = 0
  let link = ''
  for (const match of sentence.matchAll(CLAUSE_END)) {
    cuts.push({ text: sentence.slice(from, match.index).trim(), link })
    from = match.index + match[0].length
    link = match[0]
  }
  cuts.push({ text: sentence.slice(from).trim(), link })
  return cuts
}

/** "… and lasts an hour", "… und isst keinen Fisch": a verb of the same subject, also one that no list knows. */
function goesOn(cut: string, first: string, subject: string): boolean {
  const folded = first.toLowerCase()
  const plain = /^(?:I|we|they|ich|wir)\b|\b(?:and|und)\b/iu.test(subject)
  if (verbBase(folded) !== null) return isPast(folded) || /[st]$/.test(folded) || plain
  return UNLISTED_VERB.test(cut)
}

/** A small word in a verb's form before an object with its article, its owner or its number. */
const UNLISTED_VERB =
  /^(?!\p{L}*ss\s)\p{Ll}{3,}(?:s|ed|t)\s+(?:(?:after|before|during|until|twice|once|an?|the|his|her|its|their|my|our|no|every|each|two|three|four|five|\d+)\s|(?:ein|eine|einen|kein|keine|keinen|den|die|das|zwei\p{L}*|drei\p{L}*|einmal|am|im|um|jeden?|seine?n?|ihre?n?)\s)/u

/** "A is led by X, B by Y and C by Z" has the verb once. */
function gappedParts(cuts: readonly string[]): string[] | null {
  const [first = '', ...others] = cuts
  const frame =
    /^(.{2,40}?)\s+((?:is|are|was|were|will be)\s+(?:\p{L}+\s+)?)(by|in|at|on|with|for|from|to)\s+(.+)$/iu.exec(first)
  if (!frame || others.length === 0) return null
  const [, , verb = '', preposition = ''] = frame
  const expanded = others.map((part) => {
    const match = new RegExp(`^(\\p{Lu}[^,]{1,40}?)\\s+${preposition}\\s+(.+)$`, 'u').exec(part)
    const own = match?.[1] && /\b(?:is|are|was|were|has|have)\b/iu.test(match[1])
    return match && !own ? `${match[1]} ${verb}${preposition} ${match[2]}` : null
  })
  return expanded.every((part) => part !== null) ? [first, ...expanded] : null
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
