// Who a database folder belongs to, for as long as it is there, wherever it is moved to: its backups carry the same id. It
// also says that there was a database, so that one that vanished is not taken for a profile that begins.

import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { z } from 'zod'
import { readJson, writeJson } from './durable-file.ts'
import { partsOf } from './folder.ts'

const markFile = z.object({ version: z.literal(1), id: z.uuid(), folder: z.string() })

/** @returns the id of the profile a database folder belongs to; null when none was made there yet */
export function readMark(folder: string): string | null {
  return readJson(partsOf(folder).mark, markFile)?.id ?? null
}

/**
 * Marks a folder that has a database. A copy of a whole folder is a profile of its own: it gets an id of its own, so that
 * neither ever touches the backups of the other.
 */
export async function markFolder(folder: string): Promise<string> {
  const { mark } = partsOf(folder)
  const here = realpathSync(folder)
  const before = readJson(mark, markFile)
  if (before?.folder === here) return before.id
  const moved = before && !stands(before.folder, before.id)
  const id = moved ? before.id : randomUUID()
  await writeJson(mark, { version: 1, id, folder: here })
  return id
}

function stands(folder: string, id: string): boolean {
  return existsSync(folder) && readMark(folder) === id
}
