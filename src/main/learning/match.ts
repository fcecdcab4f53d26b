// What a text has of what was typed: where, how much of it, and the piece of the text that shows it. The index gives
// candidates; whether one is a find is decided here.
import type { Stretch } from '../../shared/contract/search.ts'
import type { FindQuery } from '../../shared/find-query.ts'
import { fold, isStopWord, stem } from './words.ts'

interface WantedWord {
  folded: string
  stem: string
  /** It may go on: any word that begins with it is meant. */
  begins: boolean
}

/** A query made ready to compare texts with. */
export interface Wanted {
  words: WantedWord[]
  /** Pieces of writing without spaces between words: found wherever they stand. */
  signs: string[]
  phrases: RegExp[]
  /** How many of words and signs a find has at least. */
  least: number
}

export interface Match {
  marks: Stretch[]
  /** Higher is better; above 0. */
  score: number
}

const WORD = /[\p{L}\p{N}_]+/gu
const SIGNS = /[\u2e80-\u9fff]/u
/** Letters the index keeps of a word's beginning. */
const BEGINNING = { least: 3, most: 6 }

/** @returns null when there is nothing to compare with */
export function wantedOf(query: FindQuery): Wanted | null {
  const typed = query.words.flatMap((word, index) => {
    const pieces = word.match(WORD) ?? []
    const isLast = query.typing && index === query.words.length - 1
    return pieces.map((piece, at) => ({ piece, begins: isLast && at === pieces.length - 1 }))
  })
  const signs = typed.filter(({ piece }) => SIGNS.test(piece)).map(({ piece }) => piece)
  const all = typed.filter(({ piece }) => !SIGNS.test(piece))
  const telling = all.filter(({ piece, begins }) => !isStopWord(piece) || (begins && all.length === 1))
  const words = (telling.length > 0 ? telling : all).map(({ piece, begins }): WantedWord => {
    const folded = fold(piece)
    return { folded, stem: stem(folded), begins }
  })
  // A letter or two at the end of several words say nothing yet.
  const last = words.at(-1)
  if (words.length + signs.length > 1 && last?.begins && last.folded.length < BEGINNING.least) words.pop()
  const phrases = query.phrases.map((phrase, index) =>
    phrasePattern(phrase, query.open && index === query.phrases.length - 1),
  )
  const count = words.length + signs.length
  if (count + phrases.length === 0) return null
  return { words, signs, phrases, least: count <= 2 ? count : Math.ceil((count * 2) / 3) }
}

function phrasePattern(phrase: string, open: boolean): RegExp {
  const body = phrase
    .split(/\s+/u)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
    .join('\\s+')
  const before = /^[\p{L}\p{N}]/u.test(phrase) && !SIGNS.test(phrase) ? '(?<![\\p{L}\\p{N}])' : ''
  const after = /[\p{L}\p{N}]$/u.test(phrase) && !open && !SIGNS.test(phrase) ? '(?![\\p{L}\\p{N}])' : ''
  return new RegExp(`${before}${body}${after}`, 'giu')
}

/** What to ask an index of `words_to_find` for. */
export function indexWords(query: FindQuery): string {
  const pieces = [...query.words, ...query.phrases].flatMap((text) => text.match(WORD) ?? [])
  const words = pieces.map((piece) => (SIGNS.test(piece) ? [...piece].join(' ') : piece))
  const last = pieces.at(-1)
  if ((query.typing || query.open) && last) {
    const beginning = fold(last).slice(0, BEGINNING.most)
    if (beginning.length >= BEGINNING.least) words.push(`p3${beginning}`)
  }
  return words.join(' ')
}

/** @returns where the wanted stands in a text and how well; null when too little of it does */
export function matchText(wanted: Wanted, text: string): Match | null {
  const marks: Stretch[] = []
  for (const pattern of wanted.phrases) {
    const found = stretches(text.matchAll(pattern))
    if (found.length === 0) return null
    marks.push(...found)
  }
  const seen = new Set<WantedWord | string>()
  let whole = 0
  if (wanted.words.length > 0) {
    for (const match of text.matchAll(WORD)) {
      const folded = fold(match[0])
      const same = wanted.words.find((word) => isSame(word, folded))
      if (!same) continue
      if (!seen.has(same) && folded === same.folded) whole += 1
      seen.add(same)
      const end =
        same.begins && folded.startsWith(same.folded) && folded.length === match[0].length
          ? same.folded.length
          : match[0].length
      marks.push({ start: match.index, end: match.index + end })
    }
  }
  for (const sign of wanted.signs) {
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + sign.length)) {
      seen.add(sign)
      marks.push({ start: at, end: at + sign.length })
    }
  }
  if (seen.size < wanted.least) return null
  const count = wanted.words.length + wanted.signs.length
  const share = count === 0 ? 1 : seen.size / count
  marks.sort((a, b) => a.start - b.start || b.end - a.end)
  const separate = marks.filter((mark, index) => index === 0 || mark.start >= (marks[index - 1]?.end ?? 0))
  return {
    marks: separate,
    score: share * 4 + (count === 0 ? 0 : whole / count) + (count > 1 && closest(separate, seen.size) ? 1 : 0),
  }
}

function isSame(word: WantedWord, folded: string): boolean {
  // All forms of a word begin alike; most words of a text are done with here.
  if (folded[0] !== word.folded[0]) return false
  if (folded === word.folded || (word.begins && folded.startsWith(word.folded))) return true
  // Only words of several letters have other forms.
  return word.folded.length > 2 && folded.length > 2 && stem(folded) === word.stem
}

function stretches(matches: Iterable<RegExpExecArray>): Stretch[] {
  return Array.from(matches, (match) => ({ start: match.index, end: match.index + match[0].length })).filter(
    ({ start, end }) => end > start,
  )
}

/** Whether as many marks as there are words stand close together somewhere. */
function closest(marks: readonly Stretch[], words: number): boolean {
  const near = 8 * words
  return marks.some((mark, index) => {
    const other = marks[index + words - 1]
    return other !== undefined && other.start - mark.end <= near
  })
}

/** Characters a snippet shows, and how many of them before the first mark. */
const SNIPPET = 180
const LEAD = 40

/** The piece of a text where most of the marks stand, on one line; the offsets of its marks are its own. */
export function snippetOf(text: string, marks: readonly Stretch[]): { snippet: string; marks: Stretch[] } {
  const within = (from: number) => marks.filter(({ start, end }) => start >= from && end <= from + SNIPPET).length
  let best = Math.max(0, (marks[0]?.start ?? 0) - LEAD)
  for (const { start } of marks) {
    const from = Math.max(0, start - LEAD)
    if (within(from) > within(best)) best = from
  }
  const from = best === 0 ? 0 : wordStart(text, best)
  const to = Math.min(text.length, from + SNIPPET)
  const [before, after] = [from > 0 ? '…' : '', to < text.length ? '…' : '']
  const shift = before.length - from
  return {
    snippet: before + text.slice(from, to).replace(/\s/gu, ' ') + after,
    marks: marks.flatMap(({ start, end }) =>
      start >= from && end <= to ? [{ start: start + shift, end: end + shift }] : [],
    ),
  }
}

/** Not in the middle of a word, where one begins soon. */
function wordStart(text: string, at: number): number {
  const space = text.slice(at, at + 20).search(/\s/u)
  return space < 0 ? at : at + space + 1
}
