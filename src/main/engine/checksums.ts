// Checks model files by checksum, each file once: a gigabyte takes seconds to read.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const known = z.record(z.string(), z.string())

/**
 * @param path file to read
 * @param cacheFile JSON file that keeps checksums by path, length and time of change; null: nowhere
 * @returns SHA-256 of the file in lower case hex
 */
export async function fileSha256(path: string, cacheFile: string | null, signal?: AbortSignal): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = `${path}|${size}|${Math.round(mtimeMs)}`
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
    await writeFile(temporary, JSON.stringify(kept))
    await rename(temporary, file)
  } catch {
    return
  }
}
