// One logger. It never gets chat or memory text: names of calls, counts, codes and durations only.
import { mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import pino from 'pino'

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>

/** A log that has grown past this is put aside when the app starts; the one put aside before goes. */
const FULL_BYTES = 8_000_000

/** Log that writes JSON lines to `file`; null writes nowhere. */
export function createLog(file: string | null): Log & { flush(): void } {
  if (file === null) return pino({ level: 'silent' })
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  putAside(file)
  return pino({ level: 'info', base: null }, pino.destination({ dest: file, sync: true, mode: 0o600 }))
}

function putAside(file: string): void {
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (bytes > FULL_BYTES) renameSync(file, `${file}.old`)
}
