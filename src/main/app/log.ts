// One logger. It never gets chat or memory text: names of calls, counts, codes and durations only.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import pino from 'pino'

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>

/** Log that writes JSON lines to `file`; null writes nowhere. */
export function createLog(file: string | null): Log & { flush(): void } {
  if (file === null) return pino({ level: 'silent' })
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return pino({ level: 'info', base: null }, pino.destination({ dest: file, sync: true, mode: 0o600 }))
}
