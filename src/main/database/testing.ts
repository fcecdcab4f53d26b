// A real database for tests of other parts: a temporary folder, the real migrations, the real engine.
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type EvidenceId, newId } from '../../shared/ids.ts'
import { type Clock, systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import type { Database } from './database.ts'
import { readMigrations } from './migrations.ts'
import { type OpenOptions, openDatabase } from './open.ts'
import type { evidence, memory } from './schema.ts'
import { makeTemplate, templateFits, templateFolder } from './template.ts'

export interface TestDatabase extends Database {
  readonly folder: string
  /** Closes, and removes the folder. */
  close(): Promise<void>
}

/**
 * Opens a fresh, empty, migrated database in a temporary folder; `close` removes it. Takes about half a second, once
 * the template is made.
 *
 *     const db = await openTestDatabase()
 *     afterAll(() => db.close())
 */
export async function openTestDatabase(
  options: { clock?: Clock } & Partial<Pick<OpenOptions, 'deadlines' | 'freeBytes' | 'log'>> = {},
): Promise<TestDatabase> {
  const template = await testTemplate()
  const folder = mkdtempSync(join(tmpdir(), 'understudy-test-'))
  const database = await openDatabase({ log: createLog(null), clock: systemClock, ...options, folder, template })
  return new Proxy(database, {
    get(target, name) {
      if (name === 'folder') return folder
      if (name === 'close') {
        return async () => {
          await target.close()
          await rm(folder, { recursive: true, force: true })
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  }) as TestDatabase
}

/** @returns evidence for rows a test writes itself: nothing is known without somebody who said or wrote it. */
export function writtenByHand(
  rows: readonly Pick<typeof memory.$inferInsert, 'id' | 'owner' | 'text' | 'createdAt'>[],
): (typeof evidence.$inferInsert)[] {
  return rows.map(({ id, owner, text, createdAt }) => ({
    id: newId<EvidenceId>(),
    owner,
    memoryId: id,
    origin: 'hand',
    quote: text,
    at: createdAt,
  }))
}

/** @returns the cached template of the current schema, made by the first test process that needs it. */
export async function testTemplate(): Promise<string> {
  const template = templateFolder()
  const migrations = readMigrations()
  mkdirSync(dirname(template), { recursive: true })
  const mutex = `${template}.making`
  while (!templateFits(template, migrations)) {
    if (!takeMutex(mutex)) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    try {
      if (!templateFits(template, migrations)) await makeTemplate(template, migrations, systemClock.now())
    } finally {
      rmSync(mutex, { recursive: true, force: true })
    }
  }
  return template
}

/** A folder made by one process only; one older than a minute was left by a killed process. */
function takeMutex(mutex: string): boolean {
  try {
    mkdirSync(mutex)
    return true
  } catch {
    if (existsSync(mutex) && Date.now() - statSync(mutex).mtimeMs > 60_000)
      rmSync(mutex, { recursive: true, force: true })
    return false
  }
}
