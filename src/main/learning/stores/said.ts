// What several stores need to read a turn: evidence of a sentence, days, and which known item a sentence is about.
import type { StoredItem } from '../protocol.ts'
import { contentWords } from '../words.ts'

export { saidIn } from '../evidence.ts'

/** @returns the day as YYYY-MM-DD where the person is */
export function dayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

/** @returns "6 March 2026" for 2026-03-06 */
export function dayInWords(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

/** The item that shares most of its words with what was said, when that is enough of them and no other shares as many. */
export function meant<Content>(
  said: string,
  items: readonly StoredItem<Content>[],
  textOf: (item: StoredItem<Content>) => string = ({ text }) => text,
): StoredItem<Content> | null {
  const words = new Set(contentWords(said))
  const scored = items
    .map((item) => {
      const own = contentWords(textOf(item))
      const shared = own.filter((word) => words.has(word)).length
      return { item, shared, share: own.length === 0 ? 0 : shared / Math.min(own.length, Math.max(words.size, 1)) }
    })
    .filter(({ share }) => share >= ENOUGH)
    .sort((a, b) => b.share - a.share || b.shared - a.shared)
  const [best, next] = scored
  if (!best || (next && next.share === best.share && next.shared === best.shared)) return null
  return best.item
}

/** Share of the words of the shorter of the two. */
const ENOUGH = 0.6

/** A sentence as an item of a list: without the full stop, and with a large letter at its start. */
export function asTitle(text: string): string {
  const bare = text
    .trim()
    .replace(/^[\s"'“”‘’:–—-]+|[\s"'“”‘’.!?;,:–—-]+$/gu, '')
    .replace(/\s+/gu, ' ')
  return bare === '' ? '' : `${bare[0]?.toUpperCase()}${bare.slice(1)}`
}
