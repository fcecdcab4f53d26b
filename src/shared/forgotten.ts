// The mark of what was forgotten. A forgotten stretch keeps its place and its length, so that the offsets of every quote
// beside it stay right; what it said is gone.

/** Stands for one forgotten character (UTF-16 unit). It is no letter and no digit: no search and no sentence holds it. */
export const MARK = '▒'

/** Fewer in a row are somebody's drawing. */
const LEAST = 3
const RUN = new RegExp(`${MARK}{${LEAST},}(?:[ \\t]*${MARK}{${LEAST},})*`, 'gu')

/** @returns as many marks as the text has UTF-16 units; line breaks stay, and with them lists and tables */
export function blank(text: string): string {
  return text.replace(/[^\n]/g, MARK)
}

/** Whether a text is nothing but marks and space. */
export function isBlanked(text: string): boolean {
  return text.includes(MARK) && text.replaceAll(MARK, '').trim() === ''
}

/** What a model may read of a text: a gap where something was forgotten. */
export function withoutMarks(text: string): string {
  return text.includes(MARK) ? text.replace(RUN, '…') : text
}

export interface MarkedPart {
  text: string
  forgotten: boolean
}

/** A text as a window shows it: stretches of words, and one part for each run of marks. */
export function splitMarks(text: string): MarkedPart[] {
  if (!text.includes(MARK)) return text === '' ? [] : [{ text, forgotten: false }]
  const parts: MarkedPart[] = []
  let from = 0
  for (const match of text.matchAll(RUN)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), forgotten: false })
    parts.push({ text: match[0], forgotten: true })
    from = match.index + match[0].length
  }
  if (from < text.length) parts.push({ text: text.slice(from), forgotten: false })
  return parts
}
