// What of the recalled goes into the prompt: best first, within a budget, no source with more than its share.

/** Largest share of the budget for one conversation or document: text that came in from elsewhere cannot fill a prompt. */
const SHARE = 1 / 3
/** Where the words are the person's own, the first line of a source may take this much: less would cut a sentence. */
const FIRST_OWN_LINE = 1 / 2

/** Something that may become a line; `Item` is what the line is of. */
export interface Candidate<Item> {
  item: Item
  /** Conversation or document whose share it counts for; null: each stands for itself. */
  source: string | null
  /** The person's own words. */
  own: boolean
  line: string
  /** How to say less of it; null where a line is said whole or not at all. */
  shorten: Shorten<Item> | null
}

interface Shorten<Item> {
  /** Characters of the text in the line as it is. */
  characters: number
  /** The item and its line with at most this many characters of the text. */
  to(characters: number): { item: Item; line: string }
}

export interface Chosen<Item> {
  item: Item
  line: string
  tokens: number
}

/** Counts texts under the model's tokenizer: one call for all of them. */
export type CountTokens = (texts: readonly string[]) => Promise<(text: string) => number>

/** A shortened line is tried at most this often. */
const TRIES = 3
const SHORTER = 0.96
/** Shorter than this a line says nothing. */
const LEAST_CHARACTERS = 40

/**
 * @param candidates best first
 * @param budget tokens for all lines together
 * @returns the lines that fit, in the order given; their tokens never add up to more than the budget
 */
export async function choose<Item>(
  candidates: readonly Candidate<Item>[],
  budget: number,
  most: number,
  count: CountTokens,
): Promise<Chosen<Item>[]> {
  const fitted = await shortenToFit(candidates, budget, count)
  const taken: Chosen<Item>[] = []
  const bySource = new Map<string, number>()
  let left = budget
  for (const { candidate, item, line, tokens } of fitted) {
    if (taken.length >= most) break
    if (line === '' || tokens > left) continue
    const { source } = candidate
    if (source !== null) {
      const used = bySource.get(source) ?? 0
      if (used + tokens > (used === 0 ? longest(candidate, budget) : budget * SHARE)) continue
      bySource.set(source, used + tokens)
    }
    left -= tokens
    taken.push({ item, line, tokens })
  }
  return taken
}

/** Most tokens of one line. */
function longest({ source, own }: { source: string | null; own: boolean }, budget: number): number {
  if (source === null) return budget
  return Math.floor(budget * (own ? FIRST_OWN_LINE : SHARE))
}

async function shortenToFit<Item>(candidates: readonly Candidate<Item>[], budget: number, count: CountTokens) {
  const counted = await count(candidates.map(({ line }) => line))
  const entries = candidates.map((candidate) => ({
    candidate,
    item: candidate.item,
    line: candidate.line,
    tokens: counted(candidate.line),
    characters: candidate.shorten?.characters ?? 0,
  }))
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const open = entries.filter(({ candidate, tokens }) => candidate.shorten && tokens > longest(candidate, budget))
    if (open.length === 0) break
    for (const entry of open) {
      const { shorten } = entry.candidate
      // Characters that fit, if all tokens were of one length; a little less, as they are not.
      const fits = Math.floor(entry.line.length * (longest(entry.candidate, budget) / entry.tokens) * SHORTER)
      entry.characters -= Math.max(entry.line.length - fits, 1)
      const shorter = entry.characters < LEAST_CHARACTERS ? null : shorten?.to(entry.characters)
      if (shorter) Object.assign(entry, shorter)
      else entry.line = ''
    }
    const recounted = await count(open.map(({ line }) => line))
    for (const entry of open) entry.tokens = entry.line === '' ? 0 : recounted(entry.line)
  }
  return entries
}
