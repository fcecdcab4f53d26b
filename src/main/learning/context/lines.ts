// One line of the prompt for one memory or passage: what was said, by whom, and when. Whatever the text holds, it stays
// one line that cannot close its fence, and words that are not the person's are marked so.
import { withoutMarks } from '../../../shared/forgotten.ts'
import type { Voice } from '../../../shared/memory.ts'
import { oneLine } from '../define-store.ts'
import type { LearningStore } from '../protocol.ts'
import type { PassageRow } from '../recall/hit.ts'
import { type MemoryRow, storedItem } from '../rows.ts'

/** Most characters of a passage in one line. */
export const LONGEST_PASSAGE = 360
/** Most characters of a document's name. */
const LONGEST_NAME = 60

export type FormatDay = (at: Date) => string

/** @returns how the prompt writes a date, in the person's time zone: "3 March 2026" */
export function dayFormat(timeZone: string): FormatDay {
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone })
  return (at) => format.format(at)
}

/**
 * The line of a memory; its bytes depend on the item and its sources alone.
 * @param said whether the person's own words are among its sources
 * @param inDoubt the person was asked whether it still holds
 * @param sharedBy who else it is from, as the person's team knows them; null for one's own
 */
export function memoryLine(
  store: LearningStore,
  row: MemoryRow,
  { said, sharedBy, inDoubt }: { said: boolean; sharedBy: string | null; inDoubt: boolean },
  day: FormatDay,
): string {
  const text = store.render([storedItem(row)], { tokens: Number.POSITIVE_INFINITY, count: () => 0 }).lines[0]?.line
  if (!text) return ''
  const from = sharedBy === null ? [] : [`shared by ${quotable(cutAt(sharedBy, LONGEST_NAME))}`]
  if (store.policy.placement !== 'recalled') return [withoutMarks(text), ...from.map((who) => `(${who})`)].join(' ')
  const facts = store.policy.dated ? [day(row.validFrom ?? row.createdAt)] : []
  if (row.validTo) facts.push(`until ${day(row.validTo)}`)
  else if (row.status === 'superseded') facts.push('no longer so')
  else if (inDoubt) facts.push('perhaps no longer so')
  if (sharedBy !== null) facts.push(...from)
  else if (!said) facts.push("not the user's words")
  return facts.length > 0 ? `${withoutMarks(text)} (${facts.join(', ')})` : withoutMarks(text)
}

/** When a memory began to hold, or was learned: what it is ordered by. */
export function memoryDay(row: MemoryRow): Date {
  return row.validFrom ?? row.createdAt
}

/** A stretch of a passage's text, as UTF-16 offsets. */
export interface Stretch {
  from: number
  shown: number
}

/**
 * The line of a passage; empty when it says nothing.
 * @param documentName of the document it is from, if it is
 * @param over whether what was learned from it has been replaced since
 */
export function passageLine(
  { voice, text, at }: Pick<PassageRow, 'voice' | 'text' | 'at'>,
  documentName: string | null,
  { from, shown }: Stretch,
  day: FormatDay,
  over: 'all' | 'some' | null = null,
): string {
  const cut = quotable(withoutMarks(text.slice(from, from + shown)))
  if (!/[\p{L}\p{N}]/u.test(cut)) return ''
  const words = `${from > 0 ? '…' : ''}${cut}${from + shown < text.length ? '…' : ''}`
  const now = over === null ? '' : over === 'all' ? ', no longer so' : ', in part no longer so'
  return `${speaker(voice, documentName)}: "${words}" (${day(at)}${now})`
}

/** Whose words they are. Only what the person said themselves goes without a warning. */
function speaker(voice: Voice, documentName: string | null): string {
  switch (voice) {
    case 'person':
      return 'The user said'
    case 'assistant':
      return 'You answered, unchecked'
    case 'quoted':
      return "Pasted text, not the user's words"
    case 'document':
      return `Document '${quotable(cutAt(documentName ?? '', LONGEST_NAME))}', not the user's words`
  }
}

/** Text between quotation marks: none of its own can end them and go on as if somebody else spoke. */
function quotable(text: string): string {
  return oneLine(text).replace(/["“”„‟«»＂]/gu, "'")
}

/** Cut to a number of characters without splitting one. */
function cutAt(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/u, '')
}

/** Share of a stretch that leads up to the words it is chosen for. */
const LEAD = 0.25
/** Places of one word that are looked at. */
const MOST_PLACES = 20

/**
 * The stretch of a text to show when not all of it fits: where most of the words stand that made it match, at the
 * borders of words.
 * @param words as they may stand in the text; none: from the beginning
 */
export function stretchOf(text: string, words: readonly string[], length: number): Stretch {
  if (text.length <= length) return { from: 0, shown: text.length }
  const places = placesOf(text, words)
  let best = { start: 0, found: found(places, 0, length) }
  for (const { at } of places) {
    const start = Math.max(0, Math.min(Math.floor(at - length * LEAD), text.length - length))
    const here = found(places, start, start + length)
    if (here > best.found) best = { start, found: here }
  }
  const slack = Math.floor(length * LEAD)
  const from = best.start === 0 ? 0 : afterSpace(text, best.start, slack)
  const end = Math.min(from + length, text.length)
  const to = end === text.length ? end : beforeSpace(text, Math.max(from, end - slack), end)
  return { from, shown: to - from }
}

interface Place {
  word: string
  at: number
}

function placesOf(text: string, words: readonly string[]): Place[] {
  const folded = text.toLowerCase()
  // Folding can change the length of a few letters; then the places would be wrong.
  if (folded.length !== text.length) return []
  return words.flatMap((word) => {
    const wanted = word.toLowerCase()
    const places: Place[] = []
    for (let at = folded.indexOf(wanted); at >= 0 && places.length < MOST_PLACES; at = folded.indexOf(wanted, at + 1)) {
      places.push({ word: wanted, at })
      if (wanted === '') break
    }
    return places
  })
}

/** How many different words stand whole between two places. */
function found(places: readonly Place[], start: number, end: number): number {
  return new Set(places.flatMap(({ word, at }) => (at >= start && at + word.length <= end ? word : []))).size
}

function afterSpace(text: string, at: number, within: number): number {
  const next = text.slice(at, at + within).search(/\s\S/u)
  return next >= 0 ? at + next + 1 : wholeCharacter(text, at)
}

function beforeSpace(text: string, least: number, end: number): number {
  const space = text.slice(least, end + 1).search(/\s\S*$/u)
  return space > 0 ? least + space : wholeCharacter(text, end)
}

/** Never between the two halves of one character. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff && at > 0 ? at - 1 : at
}
