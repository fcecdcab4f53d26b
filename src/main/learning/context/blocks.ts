// Blocks of the prompt made of memories and passages. A block is a heading, one line an item and a closing bracket; it
// can be built again without some of its lines, and is the same bytes when nothing in it changed.
import type { MemoryId, PassageId } from '../../../shared/ids.ts'
import type { PromptBlock, PromptItem } from '../../database/schema.ts'

const CLOSE = ']'
/** Opens the part of the core block that keeps the thread of a conversation. */
export const THREAD_HEADING = '[This conversation so far, in short; its oldest messages are left out:'

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
  const own = left.filter(({ thread }) => !thread)
  const thread = left.filter((line) => line.thread)
  const parts = [
    own.length > 0 ? blockText(heading, own) : '',
    thread.length > 0 ? blockText(THREAD_HEADING, thread) : '',
  ]
  return { text: joined(parts), tokens: block.tokens - sum(block.items) + sum(left), items: left }
}

/** @returns the core block with another thread behind it; null takes the one it has away */
export function withThread(core: PromptBlock, thread: PromptBlock | null): PromptBlock {
  const own = core.items.filter((line) => !line.thread)
  const bare =
    own.length === 0
      ? { text: '', tokens: 0, items: [] }
      : (changeLines(core, (line) => (line.thread ? null : line)) ?? core)
  if (!thread) return bare
  return {
    text: joined([bare.text, thread.text]),
    tokens: bare.tokens + thread.tokens,
    items: [...bare.items, ...thread.items.map((line) => ({ ...line, thread: true as const }))],
  }
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Id of the memory or passage of a line. */
export function itemId(line: PromptItem): MemoryId | PassageId {
  return line.memoryId ?? line.passageId
}
