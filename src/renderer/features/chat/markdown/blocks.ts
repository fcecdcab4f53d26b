// Cuts markdown into blocks that can be rendered alone, so that while an answer grows only its last block is rendered again.

const FENCE = /^ {0,3}(?<fence>`{3,}|~{3,})/
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const INDENTED = /^(?: {2,}|\t)/

/**
 * @returns pieces that joined give the text again. When in doubt two blocks stay in one piece, which is never wrong.
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = []
  let current = ''
  let fence: string | null = null
  let afterBlank = false
  for (const line of text.split(/(?<=\n)/)) {
    const blank = line.trim() === ''
    if (fence === null && afterBlank && !blank && startsBlock(current, line)) {
      blocks.push(current)
      current = ''
    }
    fence = fenceAfter(fence, line)
    current += line
    afterBlank = blank
  }
  if (current !== '') blocks.push(current)
  return blocks
}

/** Whether a line after a blank one begins something new rather than going on with a list or an indented part. */
function startsBlock(current: string, line: string): boolean {
  if (current.trim() === '' || INDENTED.test(line)) return false
  return !(LIST_ITEM.test(current.trimStart()) && LIST_ITEM.test(line))
}

function fenceAfter(open: string | null, line: string): string | null {
  const fence = FENCE.exec(line)?.groups?.['fence']
  if (fence === undefined) return open
  if (open === null) return fence
  const closes = fence[0] === open[0] && fence.length >= open.length && line.trim() === fence
  return closes ? null : open
}
