// Small files of JSON beside the database: replaced as a whole, and on disk when the call returns.
import { readFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { z } from 'zod'
import { syncFolder } from './folder.ts'

/** Writes a file so that a kill leaves the old one or the new one. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const draft = `${file}.part`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncFolder(dirname(file))
}

/** @returns null when it is not there or is not what it should be */
export function readJson<T>(file: string, shape: z.ZodType<T>): T | null {
  try {
    const read = shape.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** Removes a file for good. */
export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true })
  await syncFolder(dirname(file))
}
