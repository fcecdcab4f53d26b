// How much of what a model wrote is handed to the markdown parser. Nesting and delimiters cost it far more than length
// does, and some of it in squares; so each block is counted first, and one over a limit is shown as the plain text it is.
// Counts, not times: the same text looks the same on every machine.

/** Longest text rendered as markdown, all blocks together. */
export const MARKDOWN_MAX = 200_000
/** Most blocks; what comes after them is shown as one plain text. */
export const BLOCKS_MAX = 1_000
/** Longest block. A paragraph of a person has some hundred characters, a long table some thousand. */
const BLOCK_MAX = 20_000
/** Longest code shown with colours; a longer one is shown without. */
export const HIGHLIGHT_MAX = { characters: 50_000, lines: 1_000 }
/** Longest formula, and most of them in one block. */
export const FORMULA_MAX = 2_000
const FORMULAS_MAX = 200

/** Most of each kind of mark in one block. */
const MARKS_MAX: readonly (readonly [mark: RegExp, most: number])[] = [
  [/[[\]]/g, 400],
  [/[*_~]/g, 1_500],
  [/`/g, 600],
  [/\|/g, 2_500],
  [/[<>]/g, 1_000],
  [/&/g, 1_000],
  [/\$/g, FORMULAS_MAX * 4],
]
/** Most quotes and list items opened on one line, each inside the one before. */
const NESTED_MAX = 20
const CONTAINERS = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*/
/** A line this deep into lists is only there to be deep. */
const INDENT_MAX = 120
const INDENT = /^[ \t]*/

/** Whether a block stays within what the parser takes in its stride. */
export function isParsable(block: string): boolean {
  if (block.length > BLOCK_MAX) return false
  if (MARKS_MAX.some(([mark, most]) => countOf(block, mark) > most)) return false
  return block.split('\n').every((line) => nestingOf(line) <= NESTED_MAX && indentOf(line) <= INDENT_MAX)
}

function countOf(text: string, mark: RegExp): number {
  return text.match(mark)?.length ?? 0
}

function nestingOf(line: string): number {
  return countOf(CONTAINERS.exec(line)?.[0] ?? '', /[>*+-]|[.)]/g)
}

function indentOf(line: string): number {
  return INDENT.exec(line)?.[0].length ?? 0
}

/** Length of the pieces in which plain text is shown, so that one that grows is not laid out as a whole each time. */
const PIECE = 8_000

/** Cuts plain text, at the ends of lines where there are any. */
export function plainPieces(text: string): string[] {
  const pieces: string[] = []
  for (let from = 0; from < text.length; ) {
    const line = text.lastIndexOf('\n', from + PIECE)
    const end = text.length - from <= PIECE ? text.length : line > from ? line + 1 : wholeCharacter(text, from + PIECE)
    pieces.push(text.slice(from, end))
    from = end
  }
  return pieces
}

/** A place that does not cut a character of two units in half. */
function wholeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at
}

/**
 * How much of a growing block is parsed anew: the longer it is, the more must have come before it is worth it again.
 * @returns a length that only grows with the text
 */
export function shownLength(length: number): number {
  const step = Math.max(1, 2 ** Math.floor(Math.log2(Math.max(length, 1) / 64)))
  return length < 1_000 ? length : length - (length % step)
}
