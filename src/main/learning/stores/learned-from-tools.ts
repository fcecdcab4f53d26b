// A tool call that failed, and what worked instead: a lesson. Neither was said by the person, so it waits for them.
import type { Evidence, FinishedTurn, TurnCall } from '../protocol.ts'

/** A difference longer than this is no detail: both arguments are told from their beginning. In characters. */
const LONGEST_DETAIL = 60
const LONGEST_ARGUMENT = 80
/** The whole error is the lesson's source. */
const LONGEST_ERROR = 100
const WORKED = ['done', 'found']

export interface ToolLesson {
  text: string
  /** The argument that worked, as it was. */
  worked: string
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
    const error = line(failed.result.replace(/^\W*\w*error\W*\s/iu, ''), LONGEST_ERROR).replace(/[.\s]+$/u, '')
    return [
      {
        text: `${tool}: ${changed.inWords} (${error})`,
        worked: changed.worked,
        evidence: [{ origin: 'tool', conversationId, messageId, quote: failed.result, at }],
      },
    ]
  })
}

/** The argument that made the difference, and what was different in it; null where nothing was changed. */
function differing(failed: TurnCall, fix: TurnCall): { inWords: string; worked: string } | null {
  for (const [name, value] of Object.entries(fix.arguments)) {
    const [before, worked] = [inWords(failed.arguments[name]), inWords(value)]
    if (before === worked || before === '' || worked === '') continue
    const [wrong, right] = detail(before, worked)
    if (wrong !== '' && right !== '' && Math.max(wrong.length, right.length) <= LONGEST_DETAIL)
      return { inWords: `"${right}", not "${wrong}"`, worked }
    const [old, now] = [line(before, LONGEST_ARGUMENT), line(worked, LONGEST_ARGUMENT)]
    return { inWords: `"${now}" works, not "${old}"`, worked }
  }
  return null
}

/** What two texts do not share, in whole words: "sum(amount) FROM" and "sum(amount_cents) FROM" differ in the one word. */
function detail(one: string, other: string): [string, string] {
  const [a, b] = [one, other].map((text) => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [])
  if (!a || !b) return ['', '']
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  return [a, b].map((words) =>
    words
      .slice(start, words.length - end)
      .join('')
      .trim(),
  ) as [string, string]
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function line(text: string, longest: number): string {
  const flat = text.replace(/\s+/gu, ' ').trim()
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/u, '')}…`
}
