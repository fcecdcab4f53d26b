// A database that is there and cannot be trusted: what was found, said in words, and noted so that the next start knows.
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { readJson, removeFile, writeJson } from './durable-file.ts'
import { partsOf } from './folder.ts'
import type { ChangedFile } from './seal.ts'

/**
 * `missing`: the data folder is gone or empty. `files`: files are gone or have another size than at the last close.
 * `unreadable`: Postgres met a part it cannot read. `stopped`: Postgres does not start.
 */
export type DamageKind = 'missing' | 'files' | 'unreadable' | 'stopped'

export interface Damage {
  kind: DamageKind
  /** Of `files`: which. */
  files: ChangedFile[]
}

const WORDS: Record<DamageKind, string> = {
  missing: 'The database of this profile is gone, although there was one.',
  files: 'Files of the database are missing or were cut short since it was last closed.',
  unreadable: 'A part of the database cannot be read any more.',
  stopped: 'The database does not start.',
}

/** The profile needs a repair before it opens. Nothing was changed. */
export class DamageFound extends AppError {
  constructor(
    readonly damage: Damage,
    cause?: unknown,
    words = `${WORDS[damage.kind]} Nothing was deleted.`,
  ) {
    super('DATABASE_STOPPED', words, {
      cause,
      ...(cause instanceof AppError ? { lines: cause.details['lines'] } : {}),
    })
  }
}

/** What Postgres says of a page or an index that is not what was written, and of a file that is not there. */
const DAMAGE_STATES = new Set(['XX001', 'XX002', '58P01'])

export function tellsDamage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && DAMAGE_STATES.has(code)
}

const noteFile = z.object({ version: z.literal(1), at: z.iso.datetime(), code: z.string() })

/** Notes damage met while running, for the next start. */
export async function noteDamage(folder: string, code: string, now: Date): Promise<void> {
  await writeJson(partsOf(folder).damage, { version: 1, at: now.toISOString(), code })
}

export function isDamageNoted(folder: string): boolean {
  return existsSync(partsOf(folder).damage) && readJson(partsOf(folder).damage, noteFile) !== null
}

/** The person wants to try again, or it was repaired. */
export async function forgetDamage(folder: string): Promise<void> {
  if (existsSync(partsOf(folder).damage)) await removeFile(partsOf(folder).damage)
}
