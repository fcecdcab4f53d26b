// Checks model files by checksum, each file once: a gigabyte takes seconds to read.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'

/** Name of the cache beside the models; the shelf of models and the engine share it. */
export const CHECKSUM_FILE = '.checksums.json'

const known = z.record(z.string(), z.string())

/**
 * @param path file to read
 * @param cacheFile JSON file that keeps checksums by path, length and time of change; null: nowhere
 * @returns SHA-256 of the file in lower case hex
 */
export async function fileSha256(path: string, cacheFile: string | null, signal?: AbortSignal): Promise<string> {
  const key = await keyOf(path)
  const cache = await readCache(cacheFile)
  const found = cache[key]
  if (found !== undefined) return found
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024, ...(signal ? { signal } : {}) })) {
    hash.update(piece as Buffer)
  }
  const sha256 = hash.digest('hex')
  if (cacheFile !== null) await writeCache(cacheFile, path, { ...cache, [key]: sha256 })
  return sha256
}

/** Keeps a checksum that is known already, of a download that was hashed as it came. */
export async function rememberSha256(path: string, cacheFile: string, sha256: string): Promise<void> {
  await writeCache(cacheFile, path, { ...(await readCache(cacheFile)), [await keyOf(path)]: sha256 })
}

async function keyOf(path: string): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  return `${path}|${size}|${Math.round(mtimeMs)}`
}

async function readCache(file: string | null): Promise<Record<string, string>> {
  if (file === null) return {}
  try {
    return known.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    // Not there yet, or not ours: the checksums are computed again.
    return {}
  }
}

/** Older states of the same file are dropped. A cache that cannot be written costs time, nothing else. */
async function writeCache(file: string, path: string, cache: Record<string, string>): Promise<void> {
  const keys = Object.keys(cache)
  const last = keys.at(-1)
  const kept = Object.fromEntries(Object.entries(cache).filter(([key]) => key === last || !key.startsWith(`${path}|`)))
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await writeFile(temporary, JSON.stringify(kept), { mode: 0o600 })
    await rename(temporary, file)
  } catch {
    return
  }
}
