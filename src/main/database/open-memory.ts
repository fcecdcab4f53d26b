// A database that lives in memory alone: the same schema and code, no byte on disk, gone when it is closed or the app ends.
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import { Connection } from './connection.ts'
import type { Database } from './database.ts'
import { LocalDatabase } from './local-database.ts'
import { readMigrations } from './migrations.ts'
import { makeTemplate, templateFits, templateFolder } from './template.ts'

const OPEN_DEADLINE_MS = 60_000
const DEADLINES = { statementMs: 30_000, transactionMs: 30_000 }

/**
 * Opens an empty database in memory. It starts as a copy of the template, which holds no words of anybody.
 * @throws AppError DATABASE_STOPPED when it does not start
 */
export async function openMemoryDatabase({ clock, log }: { clock: Clock; log: Log }): Promise<Database> {
  let database: LocalDatabase | undefined
  const connection = await withTemplate(clock, (data) =>
    Connection.open(data, OPEN_DEADLINE_MS, (reason) => database?.ended(reason), { memory: true }),
  )
  await connection.script('set default_transaction_read_only = on', OPEN_DEADLINE_MS)
  database = new LocalDatabase({
    data: null,
    folder: '',
    clock,
    connection,
    // What was in it went with the worker; an empty one in its place would pretend otherwise.
    reconnect: async () => {
      throw new AppError('DATABASE_STOPPED', 'This chat was only in memory, and is gone. Please start a new one.')
    },
    lock: { replacedDead: false, held: () => true, release: () => {} },
    log,
    deadlines: DEADLINES,
    freeBytes: async () => Number.POSITIVE_INFINITY,
    renewBackups: async () => {},
    noteDamage: async () => {},
    seal: async () => {},
  })
  return database
}

/** Where none was made ahead, one is made for the moment: an empty cluster, removed again. */
async function withTemplate<T>(clock: Clock, work: (data: string) => Promise<T>): Promise<T> {
  const migrations = readMigrations()
  const ready = templateFolder()
  if (templateFits(ready, migrations)) return work(join(ready, 'data'))
  const folder = await mkdtemp(join(tmpdir(), 'understudy-empty-'))
  try {
    await makeTemplate(join(folder, 'template'), migrations, clock.now())
    return await work(join(folder, 'template', 'data'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
