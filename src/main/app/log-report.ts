// The log for people: its last lines, and a report to hand on. Only what the code itself names gets through: no text of a
// chat or a memory, no name of a person's file, no path of their home.
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'

/** Bytes read from the end of the file, and lines shown of them. */
const TAIL_BYTES = 256 * 1024
const LINES = 200

/** What gets through of a line. */
export interface LogLine {
  at: Date
  level: 'debug' | 'info' | 'warn' | 'error'
  text: string
  /** Numbers, codes and names of calls. */
  facts: string[]
}

const LEVELS: Readonly<Record<number, LogLine['level']>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

const entry = z.looseObject({ level: z.number(), time: z.number(), msg: z.string() })

/** Fields that hold a name out of the code, never words of a person. */
const NAMED = new Set(['attempt', 'call', 'chore', 'code', 'err', 'job', 'signal', 'step', 'what', 'why', 'write'])
const NAME = /^[\w.:-]{1,60}$/
/** Of a step in a stack: the function and the file's own name. */
const FRAME =
  /^\s*at (?:async |new )?(?:(?<name>[\w.#<>$]{1,80})(?: \[as \w+\])? \((?<inside>.+):(?<line>\d+):\d+\)|(?<alone>\S+):(?<at>\d+):\d+)$/

/** @returns the last lines of a log file, oldest first; none when there is no file */
export async function readLog(file: string): Promise<LogLine[]> {
  const text = await tailOf(file)
  return text
    .split('\n')
    .flatMap((line) => lineOf(line) ?? [])
    .slice(-LINES)
}

async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => null)
  if (handle === null) return ''
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - TAIL_BYTES)
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - start), position: start })
    const text = buffer.toString('utf8', 0, bytesRead)
    // The first line may be cut.
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
  } finally {
    await handle.close()
  }
}

/** @returns null for what is no line of the log */
export function lineOf(json: string): LogLine | null {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return null
  }
  const parsed = entry.safeParse(value)
  if (!parsed.success) return null
  const { level, time, msg, stack, ...fields } = parsed.data
  return {
    at: new Date(time),
    level: LEVELS[level] ?? 'error',
    text: msg,
    facts: [...Object.entries(fields).flatMap(([name, field]) => factOf(name, field)), ...framesOf(stack)],
  }
}

function factOf(name: string, value: unknown): string[] {
  if (!/^[a-zA-Z]{1,30}$/.test(name)) return []
  if (typeof value === 'number' || typeof value === 'boolean') return [`${name}: ${value}`]
  return NAMED.has(name) && typeof value === 'string' && NAME.test(value) ? [`${name}: ${value}`] : []
}

/** The message above the frames is left out: it may quote what could not be stored. */
function framesOf(stack: unknown): string[] {
  if (typeof stack !== 'string') return []
  return stack.split('\n').flatMap((line) => {
    const { name, inside, alone, line: number, at } = FRAME.exec(line)?.groups ?? {}
    const file = inside ?? alone
    if (file === undefined) return []
    return [`at ${name ? `${name}, ` : ''}${basename(file.replaceAll('\\', '/'))}:${number ?? at}`]
  })
}

/** @param about facts about the app and the machine, in order */
export function reportText(about: readonly (readonly [string, string])[], lines: readonly LogLine[]): string {
  const head = about.map(([name, value]) => `${name}: ${value}`)
  const log = lines.map(({ at, level, text, facts }) =>
    [`${at.toISOString()} ${level} ${text}`, ...facts.map((fact) => `    ${fact}`)].join('\n'),
  )
  return [...head, '', ...log].join('\n')
}
