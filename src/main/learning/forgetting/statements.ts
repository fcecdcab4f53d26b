// When does a sentence say what shall be forgotten? Plain rules, no model, so that a person can foresee what is taken and
// every sentence can be shown before.
//
// An item is known by its wordings: its text and earlier texts, and the words it was learned from. Each word of a wording
// weighs by how much it identifies: a name or a number of two digits 2, a word among the commonest 0.25, any other 1.
//
// `same`: the sentence says it. It holds the whole wording; or words of 0.6 of its weight, two at least, not names alone, and
//   no other name or number in the place of one of its own. A sentence tied to the item (said in the conversation it was learned from, an
//   answer that had it in its prompt) needs less: a name or number that no kept item has, or 0.34 of the weight with
//   one such word, because an answer repeats what was said in few words.
// `mentions`: it shares such a name or number, or is close and differs in one: shown, and left alone unless asked for.
import {
  capitalised,
  contentWords,
  fold,
  foldSentence,
  isStopWord,
  namesIn,
  numbersIn,
  stem,
  wordsOf,
} from '../words.ts'
import { COMMON } from './common-words.ts'

export type Verdict = 'same' | 'mentions'

export interface Statement {
  id: string
  /** Its text first, then earlier texts and quotes. */
  wordings: readonly string[]
  /** Names of what it is about, however they are written in it. */
  names: readonly string[]
}

const SAYS = 0.6
const TIED_SAYS = 0.34
const NAME_WEIGHT = 2
const COMMON_WEIGHT = 0.25
/** Part of how somebody is named. */
const TITLES: ReadonlySet<string> = new Set('mr mrs ms dr prof doctor professor herr frau'.split(' ').map(stemOf))

interface Wording {
  of: Known
  folded: string
  weights: Map<string, number>
  total: number
}

interface Known {
  id: string
  /** Names and numbers of all wordings. */
  particulars: Set<string>
}

export class Statements {
  readonly #byWord = new Map<string, Wording[]>()
  readonly #raw = new Map<string, Set<string>>()
  #kept: ReadonlySet<string> = new Set()
  /** Of each wording the words that tell it from others, all of one that has none; and which words as written are of them. */
  readonly #telling = new Set<string>()
  readonly #tells = new Map<string, boolean>()

  constructor(statements: readonly Statement[]) {
    for (const statement of statements) this.#add(statement)
  }

  /** Words of items that stay: sharing one of these alone says nothing. */
  keep(texts: readonly string[]): void {
    this.#kept = new Set(texts.flatMap((text) => [...contentWords(text), ...numbersIn(text)]))
  }

  /**
   * Parts of words, one of which stands in every text that can say any of it: for finding candidates.
   * @returns null when there are too many to search for, and every text has to be looked at (`mayBeSaidIn`)
   */
  searchParts(most = 300): string[] | null {
    if (this.#telling.size > most) return null
    const parts = new Set<string>()
    for (const word of this.#telling) {
      // "cities" is found by "cit": the stem ends where the forms of a word part.
      parts.add(word.length > 3 ? word.replace(/y$/, '') : word)
      for (const raw of this.#raw.get(word) ?? []) if (fold(raw) !== raw.toLowerCase()) parts.add(raw)
    }
    return parts.size > most ? null : [...parts]
  }

  /** Whether a text has one of the telling words: most have none, and are passed over before anything is compared. */
  mayBeSaidIn(text: string): boolean {
    if (wordsOf(text).some(({ word }) => this.#isTelling(word))) return true
    return numbersIn(text).some((number) => this.#telling.has(number))
  }

  /**
   * @param tied ids of the items this text is tied to
   * @returns what the sentence says of which item, the strongest verdict; null when it says nothing of any
   */
  judge(sentence: string, tied: ReadonlySet<string> = new Set()): { verdict: Verdict; id: string } | null {
    if (!this.mayBeSaidIn(sentence)) return null
    const words = new Set([...contentWords(sentence), ...numbersIn(sentence)])
    if (words.size === 0) return null
    const folded = foldSentence(sentence)
    const particulars = new Set([...namesIn(sentence).map(stemOf), ...numbersIn(sentence)])
    let mention: string | null = null
    for (const wording of this.#near(words)) {
      const verdict = this.#compare(wording, { words, folded, particulars }, tied.has(wording.of.id))
      if (verdict === 'same') return { verdict, id: wording.of.id }
      if (verdict === 'mentions') mention ??= wording.of.id
    }
    return mention === null ? null : { verdict: 'mentions', id: mention }
  }

  /** Whether two texts share a name or number of these items. */
  sharesParticular(text: string): boolean {
    const words = new Set([...contentWords(text), ...numbersIn(text)])
    return this.#near(words).some(({ of }) => [...of.particulars].some((word) => words.has(word)))
  }

  /** Whether a text holds every word that tells of one of the wordings, whatever else it says. */
  saysAll(text: string): boolean {
    const words = new Set([...contentWords(text), ...numbersIn(text)])
    return this.#near(words).some(({ weights }) =>
      [...weights.keys()].every((word) => words.has(word) || COMMON.has(word)),
    )
  }

  #compare(
    { of, folded, weights, total }: Wording,
    sentence: { words: Set<string>; folded: string; particulars: Set<string> },
    tied: boolean,
  ): Verdict | null {
    const shared = [...weights.keys()].filter((word) => sentence.words.has(word))
    const telling = shared.filter((word) => !COMMON.has(word) || of.particulars.has(word))
    const share = shared.reduce((sum, word) => sum + (weights.get(word) ?? 0), 0) / total
    if (weights.size >= 2 && ` ${sentence.folded} `.includes(` ${folded} `)) return 'same'
    const own = telling.filter((word) => !this.#kept.has(word))
    const named = own.filter((word) => of.particulars.has(word))
    if (tied) {
      if (named.length > 0 || (share >= TIED_SAYS && own.length > 0)) return 'same'
      if (share >= SAYS && shared.length >= 2) return 'same'
      return null
    }
    // A name alone, however long, says nothing of whom it names.
    const says = shared.some((word) => !of.particulars.has(word) && !TITLES.has(word))
    if (share >= SAYS && shared.length >= 2 && telling.length > 0 && says) {
      const missing = [...weights.keys()].some((word) => of.particulars.has(word) && !sentence.words.has(word))
      const other = [...sentence.particulars].some((word) => !of.particulars.has(word))
      return missing && other ? 'mentions' : 'same'
    }
    return named.length > 0 ? 'mentions' : null
  }

  #isTelling(word: string): boolean {
    const known = this.#tells.get(word)
    if (known !== undefined) return known
    const tells = this.#telling.has(stemOf(word))
    this.#tells.set(word, tells)
    return tells
  }

  #near(words: ReadonlySet<string>): Wording[] {
    const near = new Set<Wording>()
    for (const word of words) for (const wording of this.#byWord.get(word) ?? []) near.add(wording)
    return [...near]
  }

  #add({ id, wordings, names }: Statement): void {
    const texts = [...new Set(wordings.filter((text) => text.trim() !== ''))]
    const small = new Set<string>()
    for (const text of texts) {
      for (const { word } of wordsOf(text)) if (!/^\p{Lu}/u.test(word)) small.add(stemOf(word))
    }
    const known: Known = { id, particulars: new Set() }
    for (const text of [...texts, ...names]) {
      for (const number of numbersIn(text)) if (number.length >= 2) known.particulars.add(number)
      for (const name of namesIn(text)) known.particulars.add(stemOf(name))
      // At the start of a sentence any word is written large: there it is a name when it is never seen small.
      for (const word of capitalised(text)) {
        const stemmed = stemOf(word)
        if (!isStopWord(word) && !COMMON.has(stemmed) && !small.has(stemmed)) known.particulars.add(stemmed)
      }
    }
    for (const name of names) for (const word of contentWords(name)) known.particulars.add(word)
    for (const text of texts) {
      const weights = new Map<string, number>()
      for (const word of [...contentWords(text), ...numbersIn(text)]) weights.set(word, weightOf(word, known))
      if (weights.size === 0) continue
      const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
      const wording: Wording = { of: known, folded: foldSentence(text), weights, total }
      const telling = [...weights.keys()].filter((word) => !COMMON.has(word))
      for (const word of telling.length > 0 ? telling : weights.keys()) this.#telling.add(word)
      for (const word of weights.keys()) {
        const others = this.#byWord.get(word)
        if (others) others.push(wording)
        else this.#byWord.set(word, [wording])
      }
      for (const { word } of wordsOf(text)) {
        const key = stemOf(word)
        this.#raw.set(key, (this.#raw.get(key) ?? new Set()).add(word))
      }
    }
  }
}

function weightOf(word: string, { particulars }: Known): number {
  if (particulars.has(word)) return NAME_WEIGHT
  return COMMON.has(word) ? COMMON_WEIGHT : 1
}

function stemOf(word: string): string {
  return stem(fold(word))
}
