// Cuts markdown into blocks that can be rendered alone, so that while an answer grows only its last block is rendered again.

const FENCE = /^ {0,3}(?<fence>`{3,}|~{3,})(?<info>[^\n]*)/
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const INDENTED = /^(?: {2,}|\t)/

/** What the lines read so far of the last block say about the next line. */
interface Reading {
  text: string
  /** Nothing but blank lines so far. */
  blank: boolean
  list: boolean
  fence: string | null
  /** The block is one fence that started at the edge: nothing but its own end ends it, and its end ends the block. */
  whole: boolean
  afterBlank: boolean
}

const empty: Reading = { text: '', blank: true, list: false, fence: null, whole: false, afterBlank: false }

/**
 * @returns pieces that joined give the text again. When in doubt two blocks stay in one piece, which is never wrong.
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = []
  let current = empty
  for (const line of linesOf(text)) {
    if (!current.blank && startsBlock(current, line)) {
      blocks.push(current.text)
      current = empty
    }
    current = withLine(current, line)
  }
  if (current.text !== '') blocks.push(current.text)
  return blocks
}

/**
 * A splitter for a text that grows: blocks before the last one are never looked at again and stay the same strings.
 */
export function createSplitter(): (text: string) => string[] {
  let known = ''
  let blocks: string[] = []
  return (text) => {
    if (text === known) return blocks
    const kept = text.startsWith(known) ? blocks.slice(0, settledCount(blocks)) : []
    const from = kept.reduce((length, block) => length + block.length, 0)
    blocks = [...kept, ...splitBlocks(text.slice(from))]
    known = text
    return blocks
  }
}

/** The last block may go on; one of half a line may yet turn out to belong to the block before it. */
function settledCount(blocks: string[]): number {
  return Math.max(blocks.length - (blocks.at(-1)?.includes('\n') ? 1 : 2), 0)
}

function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const next = end < 0 ? text.length : end + 1
    yield text.slice(from, next)
    from = next
  }
}

/** Whether a line begins something new rather than going on with what is there. */
function startsBlock(current: Reading, line: string): boolean {
  if (current.fence !== null || line.trim() === '') return false
  if (current.whole) return true
  // At the very edge a fence ends whatever came before it, a list or a quote too.
  if (opensFence(line) && !line.startsWith(' ')) return true
  if (!current.afterBlank || INDENTED.test(line)) return false
  return !(current.list && LIST_ITEM.test(line))
}

function withLine(current: Reading, line: string): Reading {
  const first = current.blank
  const blank = line.trim() === ''
  const opens = current.fence === null && opensFence(line)
  return {
    text: current.text + line,
    blank: first && blank,
    list: first ? LIST_ITEM.test(line) : current.list,
    fence: fenceAfter(current.fence, line),
    whole: first ? opens && !line.startsWith(' ') : current.whole,
    afterBlank: blank,
  }
}

function opensFence(line: string): boolean {
  const { fence, info } = FENCE.exec(line)?.groups ?? {}
  // `` ```a``` `` in one line is code within a sentence.
  return fence !== undefined && !(fence.startsWith('`') && info?.includes('`'))
}

function fenceAfter(open: string | null, line: string): string | null {
  const fence = FENCE.exec(line)?.groups?.['fence']
  if (fence === undefined) return open
  if (open === null) return opensFence(line) ? fence : null
  const closes = fence[0] === open[0] && fence.length >= open.length && line.trim() === fence
  return closes ? null : open
}

/** A block that is nothing but one fence. */
export interface FencedCode {
  /** As written after the fence; empty when nothing was. */
  language: string
  code: string
  /** The end of the fence is there. */
  closed: boolean
}

/** Reads a block that is one fence of code without the markdown parser; null for every other block. */
export function readFence(block: string): FencedCode | null {
  const start = block.startsWith('`') || block.startsWith('~')
  if (!start || !opensFence(block)) return null
  const { fence = '', info = '' } = FENCE.exec(block)?.groups ?? {}
  const end = block.indexOf('\n')
  if (end < 0) return { language: languageOf(info), code: '', closed: false }
  const body = block.slice(end + 1).replace(/\s+$/, '')
  const lastLine = body.slice(body.lastIndexOf('\n') + 1)
  const closed = fenceAfter(fence, lastLine) === null
  const code = closed ? body.slice(0, Math.max(body.length - lastLine.length - 1, 0)) : body
  return { language: languageOf(info), code, closed }
}

function languageOf(info: string): string {
  return /^\s*(?<language>[\w+#.-]{1,30})/.exec(info)?.groups?.['language']?.toLowerCase() ?? ''
}
