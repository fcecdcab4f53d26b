// One process a profile. PGlite has no lock of its own, and two openers lose each other's rows without an error.
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { AppError } from '../../shared/errors.ts'
import { bootId, isAlive, startOf } from './process-identity.ts'

interface Holder {
  pid: number
  /** When that process started: a number given to a newer process is not the holder. */
  started: string | null
  /** When the profile was opened, ISO. */
  since: string
  host: string
  boot: string | null
  token: string
}

export interface Lock {
  /** The lock of a process that died was found: its database was not closed in order. */
  readonly replacedDead: boolean
  /** Whether the file is still the one this process made. */
  held(): boolean
  release(): void
}

/** A lock file still empty after this time belongs to nobody: its maker writes it at once. */
const EMPTY_FILE_GRACE_MS = 10_000

/**
 * Takes the lock of a profile, replacing only that of a process that is dead.
 * @param file the lock file; its folder exists
 * @throws AppError BUSY naming the holder; NOT_ALLOWED when the file cannot be written
 */
export function takeLock(file: string, now: Date): Lock {
  const own: Holder = {
    pid: process.pid,
    started: startOf(process.pid),
    since: now.toISOString(),
    host: hostname(),
    boot: bootId(),
    token: randomUUID(),
  }
  let replacedDead = false
  // Each round ends with the lock, with an error, or with a dead holder's file out of the way.
  for (let round = 0; round < 5; round++) {
    const descriptor = create(file, JSON.stringify(own))
    if (descriptor !== null) return hold(file, descriptor, own.token, replacedDead)
    const content = read(file)
    if (content === null) continue
    const holder = parse(content)
    if (holder ? isHeld(holder, own) : isFresh(file)) throw busy(file, holder)
    if (moveAway(file, content, own.token)) replacedDead = true
  }
  throw busy(file, null)
}

function hold(file: string, descriptor: number, token: string, replacedDead: boolean): Lock {
  let released = false
  const held = () => !released && parse(read(file) ?? '')?.token === token
  return {
    replacedDead,
    held,
    release() {
      if (held()) rmSync(file, { force: true })
      if (!released) closeSync(descriptor)
      released = true
    },
  }
}

/** @returns an open file, or null when another's is there. */
function create(file: string, content: string): number | null {
  // Written aside and linked in place, so that nobody ever reads half a lock.
  const draft = `${file}.${randomUUID()}`
  try {
    const descriptor = openSync(draft, 'wx', 0o600)
    writeSync(descriptor, content)
    fsyncSync(descriptor)
    try {
      linkSync(draft, file)
      return descriptor
    } catch (error) {
      closeSync(descriptor)
      if (codeOf(error) === 'EEXIST') return null
      // A file system without hard links.
      return createInPlace(file, content)
    } finally {
      rmSync(draft, { force: true })
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw notWritable(file, error)
  }
}

function createInPlace(file: string, content: string): number | null {
  try {
    const descriptor = openSync(file, 'wx', 0o600)
    writeSync(descriptor, content)
    fsyncSync(descriptor)
    return descriptor
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null
    throw notWritable(file, error)
  }
}

/** Takes a dead holder's file away. Renaming is what makes two processes that see the same dead lock come one by one. */
function moveAway(file: string, content: string, token: string): boolean {
  const aside = `${file}.dead-${token}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw notWritable(file, error)
  }
  const wasDead = read(aside) === content
  if (!wasDead) {
    // Another process replaced the dead lock in between: give it back its own.
    try {
      linkSync(aside, file)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
  rmSync(aside, { force: true })
  return wasDead
}

function isHeld(holder: Holder, own: Holder): boolean {
  if (holder.host !== own.host) {
    // A shared folder: whether a process of another computer lives cannot be seen from here. The same start of the
    // same kernel under a new name is this computer.
    if (holder.boot === null || holder.boot !== own.boot) return true
  } else if (holder.boot !== own.boot) {
    return false
  }
  if (!isAlive(holder.pid)) return false
  const started = startOf(holder.pid)
  return holder.started === null || started === null || started === holder.started
}

function isFresh(file: string): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs < EMPTY_FILE_GRACE_MS
  } catch {
    return false
  }
}

function parse(content: string): Holder | null {
  try {
    const value: unknown = JSON.parse(content)
    if (typeof value !== 'object' || value === null) return null
    const { pid, host, token } = value as Holder
    return Number.isInteger(pid) && typeof host === 'string' && typeof token === 'string' ? (value as Holder) : null
  } catch {
    return null
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw notWritable(file, error)
  }
}

function busy(file: string, holder: Holder | null): AppError {
  const where = holder && holder.host !== hostname() ? ` on the computer "${holder.host}"` : ''
  const who = holder ? `process ${holder.pid}${where}, since ${holder.since}` : 'another process, just now'
  const away = where === '' ? '' : ` If it does not run there any more, delete ${file}.`
  return new AppError(
    'BUSY',
    `This profile is already open (${who}). Nothing was changed. Close the other Understudy, or start with another profile.${away}`,
    { pid: holder?.pid, since: holder?.since },
  )
}

function notWritable(file: string, cause: unknown): AppError {
  return new AppError(
    'NOT_ALLOWED',
    `Understudy cannot write to its profile: ${file} (${codeOf(cause) ?? 'unknown error'}). Nothing was changed. Make the folder writable, or start with another profile.`,
    { cause },
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
