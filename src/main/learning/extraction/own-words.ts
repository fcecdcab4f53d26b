// Which parts of a message are the person's own words. Pasted text, quotations, code and play-acting are theirs to ask
// about, but say nothing about them.
import { type Sentence, splitSentences } from './sentences.ts'

/** A paragraph longer than this was pasted, not typed. In characters. */
const LONGEST_PARAGRAPH = 1_200
/** In a message longer than this only short paragraphs at the edges are the person's. In characters. */
const LONG_MESSAGE = 4_000
const EDGE_PARAGRAPH = 400

/** The person points at a text that stands in the same message. */
const POINTS_AT_TEXT =
  /\b(?:this|that|these|the (?:following|below|attached|mail|e-?mail|letter|article|text|message|note|page)|following|below|here is|here's|here are|see|forwarded|attached|pasted|quoted?)\b|:\s*$/iu
const ASKS_ABOUT_TEXT =
  /\?\s*$|:\s*$|^(?:please\s+)?(?:summari[sz]e|translate|rewrite|rephrase|proofread|correct|check|review|read|explain|analy[sz]e|reply|answer|respond|shorten|improve|fix|look at|have a look|tl;?dr|fyi)\b/iu
const MAIL_HEAD = /^\s*(?:from|to|cc|subject|sent|date|reply-to|von|an|betreff|de|objet)\s*:\s*\S/iu
const FORWARD_MARK = /^\s*(?:-{2,}\s*(?:original|forwarded) message|begin forwarded message|on .{5,80} wrote:)/iu
const LETTER_HEAD =
  /^\s*(?:(?:[Dd]ear|Sehr geehrte\S*|Liebe[r]?|Ch[eè]re?)\s+\p{L}|(?:[Hh]i|[Hh]ello|[Hh]ey|[Gg]ood (?:morning|day))\s+\p{Lu})[\p{L} .'-]{0,40}[,!:]?\s*$/u

/** The message becomes play or fiction from here on. */
const PLAY =
  /\b(?:role-?play|pretend|imagine|act as|you are now|let'?s say|let us say|suppose|hypothetically|for the sake of argument|in this (?:story|scenario|game)|once upon a time|my character|the narrator)\b/iu

export interface OwnWords {
  sentences: Sentence[]
  /** Characters that were left out as somebody else's text. */
  foreign: number
}

interface Paragraph {
  text: string
  start: number
}

/** @returns the sentences of a message that the person says as themselves, with their offsets in the message. */
export function ownWords(message: string, language?: string): OwnWords {
  const visible = blank(message)
  const paragraphs = paragraphsOf(visible)
  const foreign = foreignParagraphs(paragraphs, message)
  const sentences: Sentence[] = []
  let skipped = 0
  for (const [index, paragraph] of paragraphs.entries()) {
    if (foreign.has(index)) {
      skipped += paragraph.text.length
      continue
    }
    const found = splitSentences(paragraph.text, language)
    const play = found.findIndex((sentence) => PLAY.test(sentence.text))
    for (const sentence of play < 0 ? found : found.slice(0, play)) {
      // Blanked parts (code, quotes) stand as spaces here; the quote is what the message says.
      const start = paragraph.start + sentence.start
      const end = paragraph.start + sentence.end
      if (sentence.text.trim() !== '') sentences.push({ text: message.slice(start, end), start, end })
    }
    if (play >= 0) {
      // What follows in the message belongs to the play.
      skipped += paragraphs.slice(index).reduce((sum, { text }) => sum + text.length, 0)
      break
    }
  }
  return { sentences, foreign: skipped }
}

/** Code fences and block quotes as spaces, so that offsets stay. */
function blank(message: string): string {
  const spaces = (match: string) => match.replace(/[^\n]/g, ' ')
  return message
    .replace(/^[ \t]*(```|~~~)[\s\S]*?(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gmu, spaces)
    .replace(/^[ \t]*>.*$/gmu, spaces)
    .replace(/<(\w+)[^>]*>[\s\S]*?<\/\1>/gu, spaces)
}

function paragraphsOf(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = []
  for (const match of text.matchAll(/[^\n]+(?:\n(?!\s*\n)[^\n]+)*/gu)) {
    if (match[0].trim() !== '') paragraphs.push({ text: match[0], start: match.index })
  }
  return paragraphs
}

function foreignParagraphs(paragraphs: Paragraph[], message: string): Set<number> {
  const foreign = new Set<number>()
  const total = paragraphs.reduce((sum, { text }) => sum + text.length, 0)
  const last = paragraphs.length - 1
  for (const [index, { text }] of paragraphs.entries()) {
    if (text.length > LONGEST_PARAGRAPH) foreign.add(index)
    if (total > LONG_MESSAGE && (text.length > EDGE_PARAGRAPH || (index > 0 && index < last))) foreign.add(index)
  }
  // A mail or letter runs from its head to the end of the message.
  const head = paragraphs.findIndex(
    ({ text }, index) =>
      text.split('\n').some((line) => MAIL_HEAD.test(line) || FORWARD_MARK.test(line)) ||
      (index > 0 && LETTER_HEAD.test(text.split('\n')[0] ?? '')),
  )
  if (head >= 0) for (let index = head; index <= last; index++) foreign.add(index)
  // "What do you make of this?" and a text: everything but the lead, or but the closing question.
  const first = paragraphs[0]
  const closing = paragraphs[last]
  // What the person points at may be the code or the quotation that was blanked already.
  const shown = paragraphs.slice(1).some(({ start }, index) => {
    const before = paragraphs[index]
    return before && message.slice(before.start + before.text.length, start).trim() !== ''
  })
  if (last > 0 && first && closing && !shown) {
    if (pointsAtText(first.text)) for (let index = 1; index <= last; index++) foreign.add(index)
    else if (pointsAtText(closing.text)) for (let index = 0; index < last; index++) foreign.add(index)
  }
  // The lead and the text in one paragraph, on lines of their own.
  for (const [index, { text }] of paragraphs.entries()) {
    const [lead, ...rest] = text.split('\n')
    if (rest.length > 0 && lead && pointsAtText(lead) && rest.join(' ').length > 30) foreign.add(index)
  }
  return foreign
}

function pointsAtText(paragraph: string): boolean {
  const lead = paragraph.trim()
  return lead.length < EDGE_PARAGRAPH && POINTS_AT_TEXT.test(lead) && ASKS_ABOUT_TEXT.test(lead)
}
