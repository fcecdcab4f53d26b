// A message cut into sentences that keep their place in it, so that each can be quoted.

import { MARK } from '../../../shared/forgotten.ts'

import { CODE_LINE } from './gate-words.ts'

export interface Sentence {
  /** Exactly `message.slice(start, end)`. */
  text: string
  /** UTF-16 offsets in the message. */
  start: number
  end: number
}

const ABBREVIATION =
  /(?:^|[\s(])(?:Dr|Mr|Mrs|Ms|Prof|St|No|Nr|vs|e\.g|i\.e|etc|approx|ca|Inc|Ltd|Co|Corp|Jr|Sr|Fig|z\.B|d\.h|[A-Z])\.\s*$|(?:^|\s)(?:[Aa]m|[Vv]om|[Zz]um|[Dd]en|[Dd]er|[Dd]em|[Bb]is|[Aa]b|[Ss]eit|[Ii]m)\s+\d{1,2}\.\s*$/u
/** "Feb. 4" goes on, "on 4 Feb. She …" does not. */
const SHORT_MONTH = /(?:^|[\s(])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.\s*$/u
/** Longer than any sentence: abbreviations that follow each other for ever join no further pieces. */
const LONGEST_JOINED = 1000
const LONGEST_ABBREVIATION = 16
const LIST_MARK = /^(?:[-*•–]|\d{1,2}[.)])\s+/u
const INVISIBLE_START = /^[\s\u200b-\u200f\u2060\ufeff]+/u
const INVISIBLE_END = /[\s\u200b-\u200f\u2060\ufeff]+$/u

/**
 * Splits by the rules of the language, by line, and never after an abbreviation or an initial.
 * @param language BCP 47 tag of the rules; most languages share them
 * @returns sentences in order, without the white space and list marks between them
 */
export function splitSentences(message: string, language = 'en'): Sentence[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'sentence' })
  const sentences: Sentence[] = []
  let lineStart = 0
  // What was forgotten ends a sentence, and is none.
  for (const line of message.replaceAll(MARK, '\n').split('\n')) {
    const pieces: Sentence[] = []
    // A line of code or of a log is one piece: its marks end no sentence.
    const segments = CODE_LINE.test(line) ? [{ segment: line, index: 0 }] : segmentsOf(line, segmenter)
    for (const { segment, index } of segments) {
      const last = pieces.at(-1)
      if (last && last.text.length < LONGEST_JOINED && isJoined(last.text, segment)) {
        last.text += segment
        last.end += segment.length
      } else pieces.push({ text: segment, start: lineStart + index, end: lineStart + index + segment.length })
    }
    for (const piece of pieces) {
      const trimmed = trim(piece)
      if (trimmed) sentences.push(trimmed)
    }
    lineStart += line.length + 1
  }
  return sentences
}

/** No sentence ends after an abbreviation, nor at a mark inside a word: "Blue!42" is one, and may be a password. */
function isJoined(before: string, after: string): boolean {
  return (
    ABBREVIATION.test(before.slice(-LONGEST_ABBREVIATION)) ||
    (SHORT_MONTH.test(before.slice(-LONGEST_ABBREVIATION)) && /^[\d\p{Ll}]/u.test(after)) ||
    (/[\p{L}\p{N}][!?]$/u.test(before) && /^[\p{L}\p{N}]/u.test(after))
  )
}

const SMALL_START = /^\P{L}*\p{Ll}/u
/** The rules of the language end a sentence before a large letter only; who writes all small ends it all the same. */
const SMALL_END = /(?<=\p{L}{2}[.!?]{1,3}\s{1,3})(?=\p{Ll})/u
/** Words that begin a sentence, large or small: "it went on for hours lol. anyway my interview …". */
const BEGINS = /(?<=\p{L}{2}[.!?]{1,3}\s{1,3})(?=(?:anyways?|also|btw|i|i['’]\p{L}+|im|ive|we|my|our|but|then)\s)/u

/** The segmenter's time grows with the square of a line's length, in characters: a longer one goes in portions. */
const PORTION = 4000
const LAST_END = /^[\s\S]*[.!?…]\s/u
const LAST_SPACE = /^[\s\S]*\s/u
/** What is not the first half of a character that takes two. */
const WHOLE = /^[\s\S]*[^\ud800-\udbff]/

function segmentsOf(line: string, segmenter: Intl.Segmenter): { segment: string; index: number }[] {
  const segments: { segment: string; index: number }[] = []
  for (let at = 0; at < line.length; ) {
    const portion = line.slice(at, at + PORTION)
    const isLast = at + PORTION >= line.length
    const cut = isLast
      ? portion
      : (LAST_END.exec(portion)?.[0] ?? LAST_SPACE.exec(portion)?.[0] ?? WHOLE.exec(portion)?.[0] ?? portion)
    for (const { segment, index } of segmenter.segment(cut)) segments.push({ segment, index: at + index })
    at += cut.length
  }
  const end = SMALL_START.test(line) ? SMALL_END : BEGINS
  return segments.flatMap(({ segment, index }) => {
    let at = index
    return segment.split(end).map((piece) => {
      const found = { segment: piece, index: at }
      at += piece.length
      return found
    })
  })
}

/** Cuts white space and a list mark off both ends; null when nothing is left. */
export function trim(sentence: Sentence): Sentence | null {
  let { text, start } = sentence
  const cutFront = (pattern: RegExp) => {
    const cut = pattern.exec(text)?.[0].length ?? 0
    text = text.slice(cut)
    start += cut
  }
  cutFront(INVISIBLE_START)
  cutFront(LIST_MARK)
  // What stands between the mark and the words goes too, and counts in the offset.
  cutFront(INVISIBLE_START)
  text = text.replace(INVISIBLE_END, '')
  return text === '' ? null : { text, start, end: start + text.length }
}
