// Which known item the model means when it names one in words. In doubt none: a change to the wrong item is worse than
// no change, so whoever asked gets the candidates to choose from.
import type { StoredItem, ToolAccess, ToolOutcome } from '../protocol.ts'
import { contentWords, foldSentence } from '../words.ts'

const LOOKED_AT = 12
const SHOWN = 5

/** @returns the one item these words mean, or the reply that names what they could mean */
export async function pickItem(
  access: Pick<ToolAccess, 'search'>,
  about: string,
  fits: (item: StoredItem) => boolean = () => true,
): Promise<{ item: StoredItem } | { item: null; answer: ToolOutcome }> {
  const found = (await access.search(about, LOOKED_AT)).filter(fits)
  const same = found.filter(({ text }) => foldSentence(text) === foldSentence(about))
  const words = contentWords(about)
  const full = found.filter(({ text }) => words.length > 0 && words.every((word) => contentWords(text).includes(word)))
  const [only, ...others] = same.length > 0 ? same : full
  if (only && others.length === 0) return { item: only }
  const candidates = (full.length > 0 ? full : found).slice(0, SHOWN)
  if (candidates.length === 0)
    return { item: null, answer: { reply: 'Nothing like that is known. Nothing was changed.' } }
  return {
    item: null,
    answer: {
      reply: `Nothing was changed: it is not clear which one is meant.\n${listed(candidates)}`,
      memories: candidates.map(({ id }) => id),
    },
  }
}

/** The answer of a search: one line an item, with the day it holds from. */
export function foundReply(items: readonly StoredItem[]): ToolOutcome {
  if (items.length === 0) return { reply: 'Nothing is known of it. What was learned was searched.' }
  return { reply: listed(items), memories: items.map(({ id }) => id) }
}

function listed(items: readonly StoredItem[]): string {
  return items
    .map(({ text, validFrom }) => `- ${text}${validFrom ? ` (${validFrom.toISOString().slice(0, 10)})` : ''}`)
    .join('\n')
}
