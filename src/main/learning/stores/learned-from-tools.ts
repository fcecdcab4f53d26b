// A tool call that failed, and what worked instead: a lesson. Neither was said by the person, so it waits for them.
import type { Evidence, FinishedTurn, TurnCall } from '../protocol.ts'

/** Longer arguments are cut around the place where the two differ. In characters. */
const LONGEST_ARGUMENT = 140
const LONGEST_ERROR = 160
const WORKED = ['done', 'found']

export interface ToolLesson {
  text: string
  evidence: Evidence[]
}

/** @returns a lesson for each tool that failed in the turn and worked with other arguments after that */
export function lessonsOfCalls(turn: FinishedTurn): ToolLesson[] {
  const { calls, conversationId, messageId, at } = turn
  const tools = [...new Set(calls.map(({ tool }) => tool))]
  return tools.flatMap((tool): ToolLesson[] => {
    const own = calls.filter((call) => call.tool === tool)
    const worked = own.findLastIndex(({ status }) => WORKED.includes(status))
    // Of several attempts the last one shows what made the difference.
    const failed = own.slice(0, Math.max(0, worked)).findLast(({ status }) => status === 'failed')
    const fix = own[worked]
    const changed = failed && fix ? differing(failed, fix) : null
    if (!failed || !changed) return []
    const error = line(failed.result, LONGEST_ERROR).replace(/[.\s]+$/u, '')
    return [
      {
        text: `${tool}: ${changed.before} fails (${error}); ${changed.after} works`,
        evidence: [{ origin: 'tool', conversationId, messageId, quote: failed.result, at }],
      },
    ]
  })
}

/** The argument that made the difference, as it was and as it worked; null where nothing was changed. */
function differing(failed: TurnCall, fix: TurnCall): { before: string; after: string } | null {
  for (const [name, value] of Object.entries(fix.arguments)) {
    const [before, after] = [inWords(failed.arguments[name]), inWords(value)]
    if (before === after || before === '' || after === '') continue
    return { before: around(before, after), after: around(after, before) }
  }
  return null
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A text in quotation marks; of a long one the part where it begins to differ from the other. */
function around(text: string, other: string): string {
  if (text.length <= LONGEST_ARGUMENT) return `"${line(text, LONGEST_ARGUMENT)}"`
  let same = 0
  while (same < text.length && text[same] === other[same]) same += 1
  const from = Math.max(0, Math.min(same - LONGEST_ARGUMENT / 2, text.length - LONGEST_ARGUMENT))
  const part = text.slice(from, from + LONGEST_ARGUMENT).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/gu, '')
  return `"${from > 0 ? '…' : ''}${line(part, LONGEST_ARGUMENT)}${from + LONGEST_ARGUMENT < text.length ? '…' : ''}"`
}

function line(text: string, longest: number): string {
  const flat = text.replace(/\s+/gu, ' ').trim()
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
