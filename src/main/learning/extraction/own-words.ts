// Which parts of a message are the person's own words. Pasted text, quotations, code and play-acting are theirs to ask
// about, but say nothing about them. Text is rarely marked as pasted, so this goes by what the person says of it ("What
// do you make of this?"), by how it looks, and by who speaks in it. In doubt it is somebody else's: a sentence of theirs
// that was not learned can be said again, while a stranger's that was learned steers what comes after.
import { asksOrAnnounces, leadIn } from './leads.ts'
import { greets, hasBlob, hasHiddenText, isOwnAccount, pastedScore, signsOff, speaksOfThemselves } from './pasted.ts'
import { type Sentence, splitSentences } from './sentences.ts'

/** A stretch of a message, in UTF-16 offsets. */
export interface Range {
  start: number
  end: number
}

export interface OwnWords {
  sentences: Sentence[]
  /** Characters that were left out as somebody else's text. */
  foreign: number
}

/** A paragraph longer than this was pasted, unless somebody speaks of themselves in it. In characters. */
const LONG_PARAGRAPH = 1_200
const LONGEST_PARAGRAPH = 2_500
/** In a message longer than this only short paragraphs at the edges are the person's. In characters. */
const LONG_MESSAGE = 6_000
const EDGE_PARAGRAPH = 400
/** A remark of the person on the line of their question is no longer than this. */
const REMARK = 200
/** A text is judged by its first characters and paragraphs. */
const JUDGED = 4_000
const JUDGED_PARAGRAPHS = 40
/** A title is no longer than this. */
const TITLE = 80
/** From this score on a text is taken for pasted; a message that starts with it must show more. */
const PASTED = 2
const PASTED_WHOLE = 3

/** The message becomes play or fiction from here on. */
const PLAY =
  /\b(?:role-?play|pretend|imagine|act as|you are now|let'?s say|let us say|suppose|hypothetically|for the sake of argument|in this (?:story|scenario|game)|once upon a time|my character|the narrator)\b/iu

const MAIL_HEAD =
  /^[ \t>*_]*(?:from|to|cc|bcc|subject|sent|date|received(?: date)?|reply-to|email_from|email_to|content|message-id|return-path|von|an|betreff|gesendet|datum|de|à|a|objet|asunto|para|envoyé|enviado|fecha|da|oggetto|inviato)[*_]*\s*:\s*\S/iu
const MAIL_HEADS_INLINE =
  /\b(?:subject|email_from|received date|betreff|objet|asunto)\s*:[^\n]{0,300}\|\s*\p{L}[\p{L}_ ]{2,20}:/iu
const FORWARD_MARK =
  /^\s*(?:BEGIN:V[A-Z]+\b|-{2,}\s*(?:original|forwarded|weitergeleitete|ursprüngliche|message|mensaje)\b|begin forwarded message|(?:on|am|le|el|il) .{5,80} (?:wrote|schrieb|a écrit|escribió|ha scritto)\s*:|fwd?:\s)/iu
/** Marks by which formats of prompts tell who speaks: nobody types them about themselves. */
const ROLE_MARK =
  /^\s*(?:(?:#{1,6}|\*{1,2}|\[|<\|?|\/\/|--)\s*)?(?:(?:system|assistant|developer|ai|bot|chatgpt|claude|gemini|copilot|tool)(?: (?:message|prompt|note|instructions?|override|update|notice))?\s*(?:\*{1,2}|\]|\|?>)?\s*:|\[\/?(?:INST|SYS\w*|system|assistant)\b[^\]]{0,40}\]|<\|\w{1,20}\|>|<<SYS>>|<\/?(?:system|assistant|user|instructions?|important|admin|prompt|memory|tool)\b[^<>]{0,80}>)/iu
const SPEAKER =
  /^[ \t]*(?:\[?(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+)?(\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?)\]?\s*[-–,]?\s*)?(?:@?(\p{L}[\p{L}\d .'’_-]{0,24}?)\s?(?:\((?:[^()\n]{1,20})\))?:|<[@+]?(\p{L}[\p{L}\d_-]{0,24})>)[ \t]+\S/u
const COMMENT = /^\s*(?:\/\/|\/\*|<!--|\*\/)/u
/** Tags that only lay text out. */
const LAYOUT = new Set('a b i u em strong code br p li ul ol sub sup kbd span s del mark small hr'.split(' '))

const POINTS_BACK =
  /\b(?:this|that|these|those|above|davon|dazu|darüber|dies\w*|ceci|cela|ça|esto|este|esta|questo|questa|isto)\b/iu

interface Paragraph extends Range {
  text: string
}

/**
 * @returns the stretches of a message that are not the person's own typing: in order, apart from each other, and each
 *   within the message. What is left may be learned from, and what is in them may be found as quoted.
 */
export function foreignRanges(message: string): Range[] {
  const marked = markedRanges(message)
  const unmarked = [...unseenRanges(message), ...taggedRanges(message)]
  const paragraphs = paragraphsOf(blank(message, [...marked, ...unmarked]))
  return union([...marked, ...unmarked, ...pastedRanges(paragraphs, marked)], message.length)
}

/** @returns the sentences of a message that the person says as themselves, with their offsets in the message. */
export function ownWords(message: string, language?: string): OwnWords {
  const foreign = foreignRanges(message)
  const sentences: Sentence[] = []
  let next = 0
  for (const found of splitLines(blank(message, foreign), language)) {
    // Play goes on to the end of the message.
    if (PLAY.test(found.text)) break
    while ((foreign[next]?.end ?? message.length) <= found.start) next += 1
    // A sentence with somebody else's words inside is not the person's alone.
    if ((foreign[next]?.start ?? message.length) < found.end) continue
    sentences.push({ ...found, text: message.slice(found.start, found.end) })
  }
  return { sentences, foreign: foreign.reduce((sum, { start, end }) => sum + end - start, 0) }
}

/** Sentences of the lines that say something: a long foreign text is nothing but space here. */
function splitLines(text: string, language: string | undefined): Sentence[] {
  return linesOf(text).flatMap((line) =>
    line.text.trim() === ''
      ? []
      : splitSentences(line.text, language).map((found) => ({
          text: found.text,
          start: found.start + line.start,
          end: found.end + line.start,
        })),
  )
}

/** Fences, block quotes and texts between triple quotes: marked by whoever wrote the message. */
function markedRanges(message: string): Range[] {
  const ranges: Range[] = []
  let fence: { mark: string; start: number } | null = null
  for (const line of linesOf(message)) {
    const mark = /^[ \t]*(```|~~~|"""|'''|<<<|>>>)/u.exec(line.text)?.[1]
    if (fence) {
      if (mark && (mark === fence.mark || (fence.mark === '<<<' && mark === '>>>'))) {
        ranges.push({ start: fence.start, end: line.end })
        fence = null
      }
    } else if (mark && mark !== '>>>') {
      const again = line.text.indexOf(mark, line.text.indexOf(mark) + mark.length)
      if (again >= 0) ranges.push({ start: line.start, end: line.end })
      else fence = { mark, start: line.start }
    } else if (/^[ \t]*>/u.test(line.text)) ranges.push({ start: line.start, end: line.end })
  }
  if (fence) ranges.push({ start: fence.start, end: message.length })
  return ranges
}

/** `<name …>…</name>`; one pass, because a message may be full of openings that never close. */
function taggedRanges(message: string): Range[] {
  const ranges: Range[] = []
  const open = /<([A-Za-z][\w-]{0,30})(?:\s[^<>]{0,200})?>/gu
  const unclosed = new Set<string>()
  for (let match = open.exec(message); match; match = open.exec(message)) {
    const name = match[1] ?? ''
    if (LAYOUT.has(name.toLowerCase()) || unclosed.has(name)) continue
    const close = message.indexOf(`</${name}>`, open.lastIndex)
    if (close < 0) {
      unclosed.add(name)
      continue
    }
    const end = close + name.length + 3
    ranges.push({ start: match.index, end })
    open.lastIndex = end
  }
  return ranges
}

/** Lines that hold what a reader does not see, what only machines write, and comments of code. */
function unseenRanges(message: string): Range[] {
  return linesOf(message).filter(({ text }) => hasHiddenText(text) || hasBlob(text) || COMMENT.test(text))
}

function pastedRanges(paragraphs: Paragraph[], marked: Range[]): Range[] {
  const ranges = [...longRanges(paragraphs), ...chatRanges(paragraphs), ...leadRanges(paragraphs, marked)]
  const end = paragraphs.at(-1)?.end ?? 0
  const start = fromHeadline(paragraphs, Math.min(headStart(paragraphs), lookStart(paragraphs)))
  if (start < end) ranges.push({ start, end: closingStart(paragraphs, start) ?? end })
  const above = aboveEnd(paragraphs)
  if (above > 0) ranges.push({ start: 0, end: above })
  return ranges
}

/** What nobody types at once. */
function longRanges(paragraphs: Paragraph[]): Range[] {
  const total = lengthOf(paragraphs)
  const last = paragraphs.length - 1
  return paragraphs.filter(({ text }, index) => {
    if (total > LONG_MESSAGE) return text.length > EDGE_PARAGRAPH || (index > 0 && index < last)
    return text.length > LONGEST_PARAGRAPH || (text.length > LONG_PARAGRAPH && !isOwnAccount(sentencesOf(text)))
  })
}

/** From the first to the last line of a chat between others. */
function chatRanges(paragraphs: Paragraph[]): Range[] {
  const spoken = paragraphs.flatMap((paragraph) =>
    linesOf(paragraph.text, paragraph.start).flatMap((line) => {
      const [, time, said, nick] = SPEAKER.exec(line.text) ?? []
      const name = said ?? nick
      return name ? [{ ...line, timed: time !== undefined, name: name.toLowerCase() }] : []
    }),
  )
  const names = new Set(spoken.map(({ name }) => name))
  const timed = spoken.filter((line) => line.timed).length
  const [first] = spoken
  const last = spoken.at(-1)
  // "Name: …, Place: …" is a form; people who talk to each other take turns.
  if (!first || !last || !(timed >= 2 || (spoken.length >= 3 && names.size >= 2 && names.size < spoken.length)))
    return []
  return [{ start: first.start, end: last.end }]
}

/** The person points at a text: it runs from there to the end of the message. */
function leadRanges(paragraphs: Paragraph[], marked: Range[]): Range[] {
  // A question about what stands above it is followed by nothing to point at.
  const searched = aboveEnd(paragraphs) > 0 ? paragraphs.slice(0, -1) : paragraphs
  const isLong = lengthOf(paragraphs) > LONG_MESSAGE
  for (const [index, paragraph] of searched.entries()) {
    // What stands in the middle of a long message is foreign anyway, and so is a paragraph nobody types.
    if (isLong && index > 0 && index < paragraphs.length - 1) continue
    if (paragraph.text.length > LONGEST_PARAGRAPH) continue
    const sentences = splitSentences(paragraph.text)
    const end = paragraphs.at(-1)?.end ?? paragraph.end
    const next = paragraphs[index + 1]
    for (const [position, sentence] of sentences.entries()) {
      const isLast = position === sentences.length - 1
      const kind = leadIn(sentence.text) ?? (isLast && next && asksOrAnnounces(sentence.text) ? 'any' : null)
      if (!kind) continue
      const from = paragraph.start + sentence.end
      if (isLast && !next) return []
      const shown = marked.some((range) => range.start >= from && (!next || range.end <= next.start))
      const rest = firstOf([
        paragraph.text.slice(sentence.end),
        ...paragraphs.slice(index + 1, index + JUDGED_PARAGRAPHS).map(textOf),
      ])
      if (!isForeignAfter(kind, rest, shown, next !== undefined || rest.trimStart() !== rest.replace(/^[^\S\n]+/u, '')))
        continue
      return [{ start: from, end }]
    }
  }
  return []
}

/** Whether what follows a lead is the text it points at. */
function isForeignAfter(
  kind: 'strong' | 'weak' | 'own' | 'any',
  rest: string,
  shown: boolean,
  apart: boolean,
): boolean {
  // What the person points at may be the code or the quotation they marked; then they go on themselves.
  if (shown) return pastedScore(rest) > 0 || rest.length > EDGE_PARAGRAPH
  if (kind === 'strong') return true
  // "Can I eat that? It has nuts in it." goes on; a text stands apart.
  if (kind === 'weak') return apart || rest.length > REMARK ? !isOwnAccount(sentencesOf(rest)) : pastedScore(rest) > 0
  return pastedScore(rest) >= PASTED
}

/** Where the head of a mail, a forwarded message, a letter or a mark of a role starts; Infinity without one. */
function headStart(paragraphs: Paragraph[]): number {
  for (const [index, paragraph] of paragraphs.entries()) {
    const lines = linesOf(paragraph.text, paragraph.start)
    for (const [at, line] of lines.entries()) {
      if (FORWARD_MARK.test(line.text) || ROLE_MARK.test(line.text) || MAIL_HEADS_INLINE.test(line.text))
        return line.start
      if (MAIL_HEAD.test(line.text)) {
        const heads = lines.slice(at, at + 4).filter(({ text }) => MAIL_HEAD.test(text)).length
        if (heads >= 2 || /@[\w-]+\.\w/u.test(line.text)) return line.start
      }
      // The person may greet the assistant in their first line; a greeting further down is a letter's.
      const first = index === 0 && at === 0
      if (first || !greets(line.text) || speaksOfThemselves(line.text)) continue
      if (line.end === paragraphs.at(-1)?.end && !hasMore(line.text)) continue
      // A line right above a letter came with it, unless the person speaks in it.
      return speaksOfThemselves(paragraph.text.slice(0, line.start - paragraph.start)) ? line.start : paragraph.start
    }
  }
  return Number.POSITIVE_INFINITY
}

/** The title above a text came with it. */
function fromHeadline(paragraphs: Paragraph[], start: number): number {
  const at = paragraphs.findIndex((paragraph) => paragraph.start === start)
  const above = paragraphs[at - 1]
  if (!above || at < 1) return start
  const isTitle = above.text.length <= TITLE && !/[.!?:,…]\s*$/u.test(above.text) && !speaksOfThemselves(above.text)
  return isTitle ? fromHeadline(paragraphs, above.start) : start
}

/** A greeting with a text behind it, not a greeting alone. */
function hasMore(line: string): boolean {
  return sentencesOf(line).length > 1 || line.length > 60
}

/** Where a text starts that looks pasted, though nobody points at it; Infinity without one. */
function lookStart(paragraphs: Paragraph[]): number {
  const [first] = paragraphs
  if (!first) return Number.POSITIVE_INFINITY
  const isShort = paragraphs.length === 1 && first.text.length <= EDGE_PARAGRAPH && !first.text.includes('\n')
  if (isShort && sentencesOf(first.text).length < 3) return Number.POSITIVE_INFINITY
  for (const [index, { text, start }] of paragraphs.entries()) {
    if (speaksOfThemselves(text) && (index > 0 || pastedScore(text) === 0)) continue
    const score = pastedScore(firstOf(paragraphs.slice(index, index + JUDGED_PARAGRAPHS).map(textOf)))
    if (score < PASTED) return Number.POSITIVE_INFINITY
    if (index > 0 ? pastedScore(text) > 0 : score >= PASTED_WHOLE) return start
  }
  return Number.POSITIVE_INFINITY
}

/** After the end of a letter the person may ask about it; null when the last paragraph belongs to the letter. */
function closingStart(paragraphs: Paragraph[], start: number): number | null {
  const last = paragraphs.at(-1)
  const before = paragraphs.at(-2)
  if (!last || !before || before.start < start || last.text.length > EDGE_PARAGRAPH) return null
  if (!signsOff(before.text) || pastedScore(last.text) > 0) return null
  return sentencesOf(last.text).some(asksAbout) ? last.start : null
}

/** The text comes first and the question about it last: where the text ends; 0 when there is none. */
function aboveEnd(paragraphs: Paragraph[]): number {
  const last = paragraphs.at(-1)
  const before = paragraphs.at(-2)
  if (!last || !before || last.text.length > EDGE_PARAGRAPH) return 0
  const sentences = sentencesOf(last.text)
  if (sentences.some(asksAbout) && !sentences.some((sentence) => leadIn(sentence) === 'own')) {
    const above = paragraphs.slice(0, -1).map(({ text }) => text)
    // "How should I reply?" may follow the person's own account; "this" is what stands above.
    const points = sentences.some((sentence) => asksAbout(sentence) && POINTS_BACK.test(sentence))
    if (points || !isOwnAccount(above.flatMap(sentencesOf))) return before.end
  }
  return 0
}

/** What ends with a colon points at what follows, not at what stands above. */
function asksAbout(sentence: string): boolean {
  return leadIn(sentence) === 'strong' && !/:\s*$/u.test(sentence)
}

function paragraphsOf(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = []
  let open: Paragraph | null = null
  for (const line of linesOf(text)) {
    if (line.text.trim() === '') open = null
    else if (open) {
      open.end = line.end
      open.text = text.slice(open.start, open.end)
    } else {
      open = line
      paragraphs.push(open)
    }
  }
  return paragraphs
}

function lengthOf(paragraphs: readonly Paragraph[]): number {
  return paragraphs.reduce((sum, { text }) => sum + text.length, 0)
}

const textOf = ({ text }: Paragraph): string => text

/** What a text is judged by: its beginning tells, and a message may be as long as a book. */
function firstOf(texts: readonly string[]): string {
  return texts.join('\n\n').slice(0, JUDGED)
}

function linesOf(text: string, offset = 0): Paragraph[] {
  let start = offset
  return text.split('\n').map((line) => {
    const found = { text: line, start, end: start + line.length }
    start = found.end + 1
    return found
  })
}

function sentencesOf(text: string): string[] {
  return splitSentences(text).map((sentence) => sentence.text)
}

/** Ranges as spaces, so that offsets stay: one for each UTF-16 unit, not for each character. */
function blank(message: string, ranges: readonly Range[]): string {
  let text = ''
  let at = 0
  for (const { start, end } of union(ranges, message.length)) {
    text += message.slice(at, start) + message.slice(start, end).replace(/[^\n]/g, ' ')
    at = end
  }
  return text + message.slice(at)
}

function union(ranges: readonly Range[], length: number): Range[] {
  const sorted = ranges
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start)
  const joined: Range[] = []
  for (const range of sorted) {
    const last = joined.at(-1)
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else joined.push(range)
  }
  return joined
}
