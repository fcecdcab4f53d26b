// Names as entities are told apart by: two ways of writing one name fold to the same text, and no two names that differ
// in more than dress do ("C++" and "C#", "3M" and "M").
import type { EntityRef } from '../protocol.ts'
import { fold } from '../words.ts'

/** Forms of company that are dress, wherever the company is registered. */
const LEGAL_FORM =
  /(?:[\s,]+(?:&|and)\s+(?:sons?|daughters?|brothers|partners|associates)|[\s,]+(?:&\s*)?(?:inc|incorporated|corp|corporation|co|company|ltd|limited|llc|llp|lp|plc|gmbh(?:\s*&\s*co\.?\s*kg)?|ag|kg|ug|ohg|se|sa|sas|sarl|srl|spa|bv|nv|oy|oyj|ab|as|aps|pty|kk|s\.a\.?|s\.p\.a\.?|s\.r\.l\.?|b\.v\.?|n\.v\.?|e\.?\s?v\.?|ltda|pte)\.?)+$/u
const TITLE =
  /^(?:(?:dr|mr|mrs|ms|mx|prof|professor|doctor|sir|dame|lord|lady|herr|frau|hr|fr|mme|mlle|monsieur|madame|senor|senora|sr|sra|don|dona|dott|ing|rev|capt|captain|sgt|judge|president|chancellor)\.?\s+)+(?=\S)/u
const ARTICLE = /^(?:the|a|an|der|die|das|le|la|les|el|los|las|il|lo)\s+(?=\S)/u
const INVISIBLE = /[\p{Cf}\p{Cc}]+/gu

/**
 * @returns the name without case, accents, width, title, article, possessive and legal form; never empty for a name
 * that holds a letter or a digit
 */
export function foldName(name: string): string {
  const plain = fold(name.replace(INVISIBLE, ''))
    // A dot is dress in "J. R. Smith" and "Acme Inc.", and part of the name in "node.js".
    .replace(/\.(?=\s|$|,)/gu, '')
    .replace(/["“”„«»`]/gu, '')
    .replace(/\s*&\s*/gu, ' & ')
    .replace(/[\s_]+/gu, ' ')
    .trim()
    .replace(/'s$/u, '')
    .replace(/[.,;:!?]+$/u, '')
  const bare = plain.replace(TITLE, '').replace(ARTICLE, '')
  const short = bare.replace(LEGAL_FORM, '').trim()
  return /[\p{L}\p{N}]/u.test(short) ? short : bare || plain
}

/** Words of a folded name. */
export function nameWords(folded: string): string[] {
  return folded.split(/\s+/u).filter((word) => word !== '')
}

/**
 * The short forms a person with this name goes by: first and last name. Other names have none, since "Bank" is not
 * "Bank of England".
 */
export function shortForms(name: string): string[] {
  const plain = name.replace(/\s+/gu, ' ').trim()
  const words = plain.split(' ').filter((word) => !/^\p{L}\.?$/u.test(word))
  const titled = new Set(nameWords(foldName(plain)))
  const own = words.filter((word) => titled.has(foldName(word)))
  if (own.length < 2) return []
  const [first, last] = [own[0], own.at(-1)]
  return [first, last].filter((word): word is string => word !== undefined && [...word].length > 1)
}

/** Names this close may be one: one adds words to the other, or they differ by a slip of the pen. */
export function isNearName(a: string, b: string): boolean {
  if (a === b) return true
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  const shortWords = nameWords(short)
  const longWords = nameWords(long)
  if (shortWords.length < longWords.length && [...short].length >= 3) {
    const starts = shortWords.every((word, index) => longWords[index] === word)
    const ends = shortWords.every((word, index) => longWords[longWords.length - shortWords.length + index] === word)
    if (starts || ends) return true
    const initials = longWords.map((word) => word[0]).join('')
    if (shortWords.length === 1 && short === initials && short.length >= 3) return true
  }
  // Digits and signs tell versions and products apart: "Boeing 737" is not "Boeing 747", "C++" not "C#".
  if (a.replace(/[^\p{N}+#]/gu, '') !== b.replace(/[^\p{N}+#]/gu, '')) return false
  const letters = [...short].length
  if (letters < 5) return false
  return editDistance(a, b, letters >= 10 ? 2 : 1) <= (letters >= 10 ? 2 : 1)
}

/** Levenshtein distance with swaps of neighbours, cut off above `most` (then `most + 1`). */
function editDistance(a: string, b: string, most: number): number {
  const [one, two] = [[...a], [...b]]
  if (Math.abs(one.length - two.length) > most) return most + 1
  let before: number[] = []
  let row = Array.from({ length: two.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= two.length; j++) {
      const cost = one[i - 1] === two[j - 1] ? 0 : 1
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      }
      next.push(best)
    }
    before = row
    row = next
  }
  return Math.min(row[two.length] ?? 0, most + 1)
}

/** The name alone, without where it stands. */
export function refOf({ name, type, certain }: EntityRef): EntityRef {
  return { name, type, certain }
}
