// How what was extracted compares with what a person would have noted: coverage by one-to-one matching, support by the
// quote, and entities by name and type.
import { z } from 'zod'
import { capitalised, contentWords, fold, isStopWord, namesIn, numbersIn, wordsOf } from '../src/main/learning/words.ts'

export const extractedMessage = z.object({
  id: z.string(),
  memories: z.array(z.object({ type: z.string(), content: z.string(), quote: z.string() })),
  entities: z.array(z.object({ name: z.string(), type: z.string() })).default([]),
  ms: z.number().optional(),
})
export type ExtractedMessage = z.infer<typeof extractedMessage>

export const goldMessage = z.object({
  id: z.string(),
  text: z.string(),
  memories: z.array(z.object({ type: z.string(), content: z.string() })).optional(),
  entities: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
})
export type GoldMessage = z.infer<typeof goldMessage>

/** Cosine from which two statements may say the same, under the bundled embedder. */
const SAME = 0.6
/** Share of an item's content words that its quote must hold. */
const SUPPORTED = 0.6
const ENTITY_TYPES = ['person', 'organization', 'project', 'place']

export interface MemoryScore {
  gold: number
  items: number
  covered: number
  /** Covered, and of the same type. */
  sameType: number
  unsupported: number
  /** What was missed or not borne out, for reading. */
  missed: { id: string; gold: string; closest: string | null; cosine: number; lost: string[] }[]
  unsupportedItems: { id: string; content: string; quote: string }[]
}

/** @param similarity cosine of two texts under the bundled embedder */
export function scoreMemories(
  gold: readonly GoldMessage[],
  out: ReadonlyMap<string, ExtractedMessage>,
  similarity: (a: string, b: string) => number,
): MemoryScore {
  const score: MemoryScore = {
    gold: 0,
    items: 0,
    covered: 0,
    sameType: 0,
    unsupported: 0,
    missed: [],
    unsupportedItems: [],
  }
  for (const { id, text, memories: wanted = [] } of gold) {
    const found = out.get(id)?.memories ?? []
    score.gold += wanted.length
    score.items += found.length
    for (const { content, quote } of found) {
      if (isSupported(content, quote, text)) continue
      score.unsupported += 1
      score.unsupportedItems.push({ id, content, quote })
    }
    const weights = wanted.map((one) =>
      found.map(({ content }) => {
        const cosine = similarity(one.content, content)
        // A match counts more than any sum of cosines: first as many as possible, then the closest.
        return cosine >= SAME && lostParticulars(one.content, content, text).length === 0 ? 10 + cosine : 0
      }),
    )
    for (const [index, match] of assign(weights).entries()) {
      const one = wanted[index]
      if (!one) continue
      if (match !== null) {
        score.covered += 1
        if (found[match]?.type === one.type) score.sameType += 1
        continue
      }
      const closest = found
        .map(({ content }) => ({ content, cosine: similarity(one.content, content) }))
        .toSorted((a, b) => b.cosine - a.cosine)[0]
      score.missed.push({
        id,
        gold: one.content,
        closest: closest?.content ?? null,
        cosine: closest?.cosine ?? 0,
        lost: closest ? lostParticulars(one.content, closest.content, text) : [],
      })
    }
  }
  return score
}

/** Names, numbers and dates that a gold statement shares with its source and the item has not. */
export function lostParticulars(gold: string, content: string, source: string): string[] {
  // A word that is only large because it starts a sentence is no name.
  const inSource = new Set(namesIn(source).map(plain))
  const names = [...new Set([...capitalised(gold), ...namesIn(gold)])].filter(
    (word) => !isStopWord(word) && inSource.has(plain(word)),
  )
  const has = new Set(wordsOf(content).flatMap(({ word }) => [plain(word), ...plain(word).split(/[-/]/)]))
  const sourceNumbers = new Set(numbersIn(source))
  const hasNumbers = new Set(numbersIn(content))
  return [
    ...names.filter((word) => !has.has(plain(word))),
    ...numbersIn(gold).filter((number) => sourceNumbers.has(number) && !hasNumbers.has(number)),
  ]
}

function plain(word: string): string {
  return fold(word).replace(/'s$/, '')
}

export function isSupported(content: string, quote: string, text: string): boolean {
  if (quote === '' || !text.includes(quote)) return false
  const words = contentWords(content)
  const source = new Set(contentWords(quote))
  return words.filter((word) => source.has(word)).length >= SUPPORTED * words.length
}

export interface EntityScore {
  gold: number
  found: number
  both: number
  precision: number
  recall: number
  f1: number
  missed: string[]
  extra: string[]
}

/** F1 over (folded name, type), counted once a message. */
export function scoreEntities(gold: readonly GoldMessage[], out: ReadonlyMap<string, ExtractedMessage>): EntityScore {
  const missed: string[] = []
  const extra: string[] = []
  let [wantedCount, foundCount, both] = [0, 0, 0]
  for (const { id, entities = [] } of gold) {
    const wanted = keys(entities)
    const found = keys(out.get(id)?.entities ?? [])
    wantedCount += wanted.size
    foundCount += found.size
    for (const key of wanted) {
      if (found.has(key)) both += 1
      else missed.push(`${id} ${key}`)
    }
    extra.push(...[...found].filter((key) => !wanted.has(key)).map((key) => `${id} ${key}`))
  }
  const precision = foundCount === 0 ? 0 : both / foundCount
  const recall = wantedCount === 0 ? 0 : both / wantedCount
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
  return { gold: wantedCount, found: foundCount, both, precision, recall, f1, missed, extra }
}

function keys(entities: readonly { name: string; type: string }[]): Set<string> {
  const scored = entities.filter(({ type }) => ENTITY_TYPES.includes(type))
  return new Set(scored.map(({ name, type }) => `${type} ${fold(name).replace(/^the /, '')}`))
}

/**
 * The assignment of rows to columns with the largest sum, each at most once (Hungarian method, after Jonker and
 * Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems", 1987).
 * @param weights not negative; 0 means no match
 * @returns the column of each row, or null
 */
export function assign(weights: readonly (readonly number[])[]): (number | null)[] {
  const rows = weights.length
  const columns = Math.max(rows, ...weights.map((row) => row.length), 0)
  const cost = (row: number, column: number) => -(weights[row]?.[column] ?? 0)
  const rowPrice = new Float64Array(rows + 1)
  const columnPrice = new Float64Array(columns + 1)
  /** The row (from 1) of each column (from 1), 0 when free. */
  const rowOf = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row++) {
    const least = new Float64Array(columns + 1).fill(Number.POSITIVE_INFINITY)
    const cameFrom = new Int32Array(columns + 1)
    const done = new Uint8Array(columns + 1)
    rowOf[0] = row
    let column = 0
    do {
      done[column] = 1
      const at = rowOf[column] ?? 0
      let delta = Number.POSITIVE_INFINITY
      let next = 0
      for (let other = 1; other <= columns; other++) {
        if (done[other]) continue
        const reduced = cost(at - 1, other - 1) - (rowPrice[at] ?? 0) - (columnPrice[other] ?? 0)
        if (reduced < (least[other] ?? 0)) {
          least[other] = reduced
          cameFrom[other] = column
        }
        if ((least[other] ?? 0) < delta) {
          delta = least[other] ?? 0
          next = other
        }
      }
      for (let other = 0; other <= columns; other++) {
        if (done[other]) {
          const held = rowOf[other] ?? 0
          rowPrice[held] = (rowPrice[held] ?? 0) + delta
          columnPrice[other] = (columnPrice[other] ?? 0) - delta
        } else least[other] = (least[other] ?? 0) - delta
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      const before = cameFrom[column] ?? 0
      rowOf[column] = rowOf[before] ?? 0
      column = before
    }
  }
  const result: (number | null)[] = Array.from({ length: rows }, () => null)
  for (let column = 1; column <= columns; column++) {
    const row = (rowOf[column] ?? 0) - 1
    if (row >= 0 && (weights[row]?.[column - 1] ?? 0) > 0) result[row] = column - 1
  }
  return result
}
