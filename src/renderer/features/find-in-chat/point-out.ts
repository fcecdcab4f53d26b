// Points out words in a message as it is shown, markdown or not, without touching its elements: the browser paints ranges of
// text (`::highlight(found)` in base.css). Where it cannot, nothing is painted, and the message itself is still marked.

const NAME = 'found'
const WORD = /[\p{L}\p{N}_]+/gu

/** @returns every stretch of the element's text that the pattern matches, in order */
export function rangesOf(element: Element, pattern: RegExp): Range[] {
  const nodes: { node: Text; start: number }[] = []
  let text = ''
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.parentElement?.closest('button, [aria-hidden="true"]')) continue
    nodes.push({ node, start: text.length })
    text += node.data
  }
  const at = (offset: number) => {
    const found = nodes.findLast(({ start }) => start <= offset)
    return found ? { node: found.node, offset: Math.min(offset - found.start, found.node.length) } : null
  }
  return Array.from(text.matchAll(pattern), (match) => {
    const [from, to] = [at(match.index), at(match.index + match[0].length - 1)]
    const range = document.createRange()
    if (from && to) {
      range.setStart(from.node, from.offset)
      range.setEnd(to.node, Math.min(to.offset + 1, to.node.length))
    }
    return range
  })
}

/** A pattern that finds these words one after another, whatever the case and the space between them. */
export function phrasePattern(words: string): RegExp | null {
  const parts = words.trim().split(/\s+/u).filter(Boolean)
  if (parts.length === 0) return null
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('\\s+'), 'giu')
}

/** A pattern that finds words that begin with one of these. */
export function wordsPattern(words: readonly string[]): RegExp | null {
  const parts = words.flatMap((word) => word.match(WORD) ?? []).filter((part) => part.length > 1)
  if (parts.length === 0) return null
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})`, 'giu')
}

/** Paints them; none takes what was painted away. */
export function pointOut(ranges: readonly Range[]): void {
  if (!('highlights' in CSS)) return
  if (ranges.length === 0) CSS.highlights.delete(NAME)
  else CSS.highlights.set(NAME, new Highlight(...ranges))
}
