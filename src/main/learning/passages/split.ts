// A text cut into passages: stretches short enough to be quoted in a prompt and to have one meaning, each in one voice.
import type { Voice } from '../../../shared/memory.ts'
import { ownWords } from '../extraction/own-words.ts'
import { splitSentences } from '../extraction/sentences.ts'
import { wordsOf } from '../words.ts'

export interface Piece {
  voice: Voice
  /** Exactly `source.slice(start, end)`. */
  text: string
  /** UTF-16 offsets in the source. */
  start: number
  end: number
}

/** A text of at most this many words is never cut. */
const MOST_WORDS = 120
/** Words of a piece of a longer text, about. */
const USUAL_WORDS = 90
/** Scripts without spaces, and words that go on for ever, are measured by their characters. */
const CHARACTERS_PER_WORD = 6

/** @returns the passages of a person's message: their own words, and what they pasted or quoted, apart. */
export function splitMessage(text: string): Piece[] {
  const own = ownWords(text).sentences
  const pieces: Piece[] = []
  let at = 0
  let ownStart: number | null = null
  const flush = (end: number) => {
    if (ownStart !== null) pieces.push(...cut(text, ownStart, end, 'person'))
    ownStart = null
  }
  for (const { start, end } of own) {
    // What stands between two sentences of the person and holds words is somebody else's.
    if (hasWords(text.slice(at, start))) {
      flush(at)
      pieces.push(...cut(text, at, start, 'quoted'))
    }
    ownStart ??= start
    at = Math.max(at, end)
  }
  flush(at)
  if (hasWords(text.slice(at))) pieces.push(...cut(text, at, text.length, 'quoted'))
  return pieces.length > 0 ? pieces : cut(text, 0, text.length, 'person')
}

/** @returns the passages of a text that has one voice: an answer, a document. */
export function splitText(text: string, voice: Voice): Piece[] {
  return cut(text, 0, text.length, voice)
}

/** A list mark holds a digit at most: what holds no letter is no text of somebody else. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(text)
}

/** Cuts a stretch at sentence borders into pieces of about equal size; without blank ends, none when nothing is there. */
function cut(source: string, from: number, to: number, voice: Voice): Piece[] {
  const stretch = source.slice(from, to)
  const words = sizeOf(stretch)
  const pieces: Piece[] = []
  const push = (start: number, end: number) => {
    const text = source.slice(start, end)
    const front = text.length - text.trimStart().length
    const trimmed = text.trim()
    if (trimmed !== '') {
      pieces.push({ voice, text: trimmed, start: start + front, end: start + front + trimmed.length })
    }
  }
  if (words <= MOST_WORDS) {
    push(from, to)
    return pieces
  }
  const usual = words / Math.ceil(words / USUAL_WORDS)
  let start = from
  let size = 0
  let end = from
  for (const part of partsOf(stretch)) {
    const partSize = sizeOf(stretch.slice(part.start, part.end))
    // Over the border by more than under it: the sentence begins the next piece.
    if (size > 0 && size + partSize / 2 > usual) {
      push(start, end)
      start = end
      size = 0
    }
    size += partSize
    end = from + part.end
  }
  push(start, to)
  return pieces
}

/** Sentences, and pieces of sentences that are too long to be one. */
function* partsOf(text: string): Generator<{ start: number; end: number }> {
  for (const sentence of splitSentences(text)) {
    if (sizeOf(sentence.text) <= MOST_WORDS) {
      yield sentence
      continue
    }
    const longest = USUAL_WORDS * CHARACTERS_PER_WORD
    for (let start = sentence.start; start < sentence.end; ) {
      let end = Math.min(start + longest, sentence.end)
      if (end < sentence.end) {
        const space = text.slice(start, end).search(/\s\S*$/u)
        if (space > longest / 2) end = start + space + 1
        // Never between the two halves of one character.
        else if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end -= 1
      }
      yield { start, end }
      start = end
    }
  }
}

function sizeOf(text: string): number {
  return Math.max(wordsOf(text).length, text.length / CHARACTERS_PER_WORD / 1.5)
}
