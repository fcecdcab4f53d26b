// What another assistant answered when it was asked what it knows of the person: a list, mostly in a code block, one
// memory a line.
import { withoutCitations } from './citations.ts'
import { timeOf } from './fields.ts'
import type { Input } from './input.ts'
import { MEMORY_MAX, memoryLine } from './memory-line.ts'
import type { Source } from './source.ts'
import { needText } from './text.ts'

/** Bytes of a dump: a book, where real ones are a page or ten. */
const DUMP_MAX = 4_000_000

export interface DumpLine {
  /** From 1. */
  line: number
  text: string
  at: Date | null
}

/** @throws AppError INVALID_INPUT when it is no text, or too long */
export async function* readMemoryDump(input: Input, now: Date): Source {
  yield* input.refused
  for (const file of input.files) {
    const text = await needText(file.path, file.read(), DUMP_MAX)
    const seen = new Set<string>()
    for (const { line, text: words, at } of dumpLines(text)) {
      if (seen.has(words)) continue
      seen.add(words)
      yield memoryLine({ format: 'memory-dump', id: words, text: words, at, place: { file: file.path, line } }, now)
    }
  }
}

const BULLET = /^(?:[-*+•‣◦▪●–—]|\(?\d{1,4}[.)]|[a-z][.)])\s+(?:\[[ x]\]\s+)?/iu
const HEADING = /^#{1,6}\s/u
const FENCE = /^(?:```|~~~)/u
const RULE = /^(?:[-*_=]\s?){3,}$/u
/** `[2024-05-01] -`, `2024-05-01:`, `[unknown] -`, as import prompts of other assistants ask for. */
const DATED =
  /^\[?(?<date>\d{4}-\d\d(?:-\d\d)?|unknown|date unknown|no date|undated|n\/a|\?)(?:T[\d:.]+Z?)?\]?\s*(?:[-–—:|]\s*|(?<=\])\s*)/iu
const DATE_AFTER = /\(?\b(?:date|saved|noted):\s{0,3}\[?(?<date>\d{4}-\d\d(?:-\d\d)?|unknown|n\/a)\]?\)?\.?$/iu
/** `[1]`, `[^2]`, `(Source: …)` at the end. */
const SOURCE = /(?:\[\^?\d{1,3}\]|\((?:source|sources|ref):[^)]{0,300}\))$/iu
/** What such an answer begins and ends with, and what it was asked. */
const ECHO =
  /^(?:(?:sure|certainly|of course|absolutely|okay|ok)\b[,.!:]|(?:here(?:'s| is| are)\b|below (?:is|are)\b|these are\b|this is (?:everything|all|a complete)|the following (?:is|are)\b).{0,200}(?:memor|know|remember|context|list|export|about you|stored)|(?:let me know|i hope|feel free|would you like|do you want|if you(?:'d| would) like|that(?:'s| is) (?:everything|all)|i (?:do not|don't) have any (?:other|more|further)|(?:there are )?no (?:other|more|further) memor)|(?:export|list|output|write|show|give me|tell me|print|format|organi[sz]e|group|do not|don't|make sure|include|preserve|put|begin|start)\b.{0,300}\b(?:memor\w*|entr(?:y|ies)|code block|stored|verbatim|context (?:you|about)|you know about me|summari[sz]e|omit\w*)|i(?:'m| am) (?:moving|switching) to (?:another|a new|a different) (?:service|assistant|ai)|(?:evidence|quote|source):\s)/iu
const PROMPT_END = /^(?:you said|user|human|me|prompt|question):\s*$/iu

/** The memories of a text, with their lines. */
export function* dumpLines(text: string): Iterable<DumpLine> {
  let open: DumpLine | null = null
  let number = 0
  for (const raw of text.split('\n')) {
    number += 1
    const indented = /^\s{2,}\S/u.test(raw)
    const line = withoutCitations(raw).trim().replace(/^>\s?/u, '')
    if (line === '' || FENCE.test(line) || RULE.test(line)) {
      if (open) yield* pieces(open)
      open = null
      continue
    }
    // A line that is set in without a mark of its own goes on with the one before it.
    if (open && indented && !BULLET.test(line)) {
      if (!ECHO.test(line)) open.text = `${open.text} ${line}`
      continue
    }
    if (open) yield* pieces(open)
    open = readLine(line, number)
  }
  if (open) yield* pieces(open)
}

function readLine(line: string, number: number): DumpLine | null {
  if (HEADING.test(line) || PROMPT_END.test(line)) return null
  const listed = BULLET.test(line)
  let text = line.replace(BULLET, '')
  const dated = DATED.exec(text)
  if (dated) text = text.slice(dated[0].length)
  let date = dated?.groups?.['date']
  const after = DATE_AFTER.exec(text)
  if (after) {
    date ??= after.groups?.['date']
    text = text.slice(0, after.index).trimEnd()
  }
  text = withoutSources(plain(text))
  if (text.length < 3 || ECHO.test(text) || (text.endsWith('?') && !dated)) return null
  // "Work:" or "**Work**" alone stands above others.
  if (!dated && (text.endsWith(':') || isTitle(line, listed))) return null
  return { line: number, text, at: date === undefined ? null : timeOf(date.length === 7 ? `${date}-01` : date) }
}

function withoutSources(text: string): string {
  let rest = text.trim()
  for (let last = SOURCE.exec(rest); last !== null; last = SOURCE.exec(rest)) rest = rest.slice(0, last.index).trimEnd()
  return rest
}

function isTitle(line: string, listed: boolean): boolean {
  return !listed && /^\*\*[^*]{1,80}\*\*:?$/u.test(line)
}

/** Without the marks of Markdown for bold, code and links. */
function plain(text: string): string {
  return text
    .replace(/\*\*([^*]{1,1000})\*\*/gu, '$1')
    .replace(/__([^_]{1,1000})__/gu, '$1')
    .replace(/^`([^`]+)`$/u, '$1')
    .replace(/^["“](.*)["”]$/u, '$1')
    .replace(/\[([^[\]]{1,300})\]\((?:https?:)?[^)\s]{0,500}\)/gu, '$1')
}

/** Some assistants write paragraphs; cut at the ends of sentences, each piece is one memory. */
function* pieces({ line, text, at }: DumpLine): Iterable<DumpLine> {
  if (text.length <= MEMORY_MAX) return yield { line, text, at }
  let piece = ''
  for (const sentence of text.split(/(?<=[.!?。])(?=\s)/u)) {
    if (piece !== '' && piece.length + sentence.length > MEMORY_MAX) {
      yield { line, text: piece.trim(), at }
      piece = ''
    }
    piece += sentence
  }
  if (piece.trim() !== '') yield { line, text: piece.trim(), at }
}
