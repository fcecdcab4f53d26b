// Blocks of the prompt made of memories and passages. A block is a heading, one line an item and a closing bracket; it
// can be built again without some of its lines, and is the same bytes when nothing in it changed.
import type { MemoryId, PassageId } from '../../../shared/ids.ts'
import type { PromptBlock, PromptItem } from '../../database/schema.ts'

const CLOSE = ']'

/** Tokens a line break costs at most. */
export const BREAK_TOKENS = 1

/** @returns the text of a block; the heading opens the fence. */
export function blockText(heading: string, lines: readonly { line: string }[]): string {
  return [heading, ...lines.map(({ line }) => `- ${line}`), CLOSE].join('\n')
}

/** @returns the same object when no line changes, null when none is left. */
export function changeLines(block: PromptBlock, change: (line: PromptItem) => PromptItem | null): PromptBlock | null {
  const items = block.items.map(change)
  if (items.every((line, index) => line === block.items[index])) return block
  const left = items.filter((line) => line !== null)
  if (left.length === 0) return null
  const sum = (lines: readonly PromptItem[]) => lines.reduce((total, { tokens }) => total + tokens, 0)
  const heading = block.text.slice(0, block.text.indexOf('\n'))
  return { text: blockText(heading, left), tokens: block.tokens - sum(block.items) + sum(left), items: left }
}

/** Id of the memory or passage of a line. */
export function itemId(line: PromptItem): MemoryId | PassageId {
  return line.memoryId ?? line.passageId
}
