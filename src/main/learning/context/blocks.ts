// Blocks of the prompt made of memories and passages. A block is a heading, one line an item and a closing bracket; it
// can be built again without some of its lines, and is the same bytes when nothing in it changed.
import type { MemoryId, PassageId } from '../../../shared/ids.ts'
import type { PromptBlock, PromptItem } from '../../database/schema.ts'

const CLOSE = ']'
/** Parts of the core block beside what stands in every one, in their order. */
const PARTS = ['project', 'thread'] as const
export type CorePart = (typeof PARTS)[number]
export const PART_HEADINGS: Readonly<Record<CorePart, string>> = {
  project: '[Other conversations of this project, in short:',
  thread: '[This conversation so far, in short; its oldest messages are left out:',
}

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
  return { text: textOf(heading, left), tokens: block.tokens - sum(block.items) + sum(left), items: left }
}

/** @returns the core block with another such part; null takes the one it has away */
export function withPart(core: PromptBlock, part: CorePart, fresh: PromptBlock | null): PromptBlock {
  const bare = changeLines(core, (line) => (line[part] ? null : line)) ?? { text: '', tokens: 0, items: [] }
  if (!fresh) return bare
  const heading = bare.text.slice(0, bare.text.indexOf('\n'))
  const items = [...bare.items, ...fresh.items.map((line) => ({ ...line, [part]: true as const }))]
  return { text: textOf(heading, items), tokens: bare.tokens + fresh.tokens, items }
}

/** @param heading of the lines that belong to no part */
function textOf(heading: string, items: readonly PromptItem[]): string {
  const own = items.filter((line) => PARTS.every((part) => !line[part]))
  const parts = PARTS.map((part) => ({ heading: PART_HEADINGS[part], lines: items.filter((line) => line[part]) }))
  return joined(
    [{ heading, lines: own }, ...parts].map((part) =>
      part.lines.length > 0 ? blockText(part.heading, part.lines) : '',
    ),
  )
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** Id of the memory or passage of a line. */
export function itemId(line: PromptItem): MemoryId | PassageId {
  return line.memoryId ?? line.passageId
}
