// Starts a process that works (child.ts), writes down what it acknowledges, and ends it when it is told to.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Orders } from './child.ts'
import type { Line } from './ledger.ts'

export interface Work {
  /** What it said, in order. */
  lines: Line[]
  /** Everything it wrote to stderr. */
  errors: string
  /** What it found missing or wrong, and what ended it unasked. */
  failures: string[]
}

export interface Watcher {
  /** Called with each line; `kill` ends the process so many milliseconds later. */
  line(line: Line, kill: (afterMs: number) => void): void
  /** Called once it was started. */
  started?(kill: (afterMs: number) => void): void
}

/** No process may take longer: one that hangs is a failure. */
const LONGEST_MS = 180_000

/** Runs one process to its end, by a kill or by itself. */
export async function work(orders: Orders, watcher: Watcher, longestMs = LONGEST_MS): Promise<Work> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'child.ts'), JSON.stringify(orders)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const result: Work = { lines: [], errors: '', failures: [] }
  let wanted = false
  const timers: NodeJS.Timeout[] = []
  const end = () => {
    wanted = true
    child.kill('SIGKILL')
  }
  const kill = (afterMs: number) => {
    timers.push(setTimeout(end, afterMs))
  }
  const overdue = setTimeout(() => {
    result.failures.push(`it hung: ${JSON.stringify(result.lines.at(-1))}`)
    end()
  }, longestMs)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    result.errors += text
  })
  const reader = createInterface(child.stdout)
  reader.on('line', (text) => {
    let line: Line
    try {
      line = JSON.parse(text) as Line
    } catch {
      // The kill came in the middle of a line: it was not said.
      return
    }
    result.lines.push(line)
    if (line.say === 'ack') appendFileSync(orders.ledger, `${JSON.stringify(line.ack)}\n`)
    if (line.say === 'checked' || line.say === 'failed') result.failures.push(...line.failures)
    watcher.line(line, kill)
  })
  watcher.started?.(kill)
  await Promise.all([once(child, 'close'), once(reader, 'close')])
  clearTimeout(overdue)
  for (const timer of timers) clearTimeout(timer)
  if (!wanted && child.exitCode !== 0) {
    result.failures.push(`it ended by itself with ${child.exitCode ?? child.signalCode}: ${result.errors.slice(-2000)}`)
  }
  return result
}
