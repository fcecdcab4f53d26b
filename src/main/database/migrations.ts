// Brings a database to the schema of this version. Migrations are numbered SQL files, each run in one transaction.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../shared/errors.ts'
import type { Connection } from './connection.ts'

export interface Migration {
  number: number
  name: string
  sql: string
}

const DEADLINE_MS = 10 * 60_000
const FILE_NAME = /^(\d{4})_(.+)\.sql$/

/** @returns the migrations of this version, in order: beside this file in source, beside the bundle in a build. */
export function readMigrations(): Migration[] {
  const here = dirname(fileURLToPath(import.meta.url))
  const folder = join(basename(here) === 'chunks' ? dirname(here) : here, 'migrations')
  const found = readdirSync(folder).flatMap((file) => {
    const [, number, name] = FILE_NAME.exec(file) ?? []
    return number && name ? [{ number: Number(number), name, sql: readFileSync(join(folder, file), 'utf8') }] : []
  })
  const migrations = found.sort((a, b) => a.number - b.number)
  if (migrations.length === 0 || migrations.some(({ number }, index) => number !== index)) {
    throw new AppError('INTERNAL', `The migrations in ${folder} are not numbered from 0 without a gap.`)
  }
  return migrations
}

/** @returns a name for the schema that these migrations make; a template with another one is not used. */
export function fingerprint(migrations: Migration[]): string {
  const hash = createHash('sha256')
  for (const { sql } of migrations) hash.update(sql)
  return hash.digest('hex').slice(0, 16)
}

/**
 * @returns the migrations a database still needs.
 * @throws AppError NOT_ALLOWED when a newer version of the app wrote it
 */
export async function pendingMigrations(connection: Connection, migrations: Migration[]): Promise<Migration[]> {
  const applied = await appliedCount(connection)
  if (applied > migrations.length) {
    throw new AppError(
      'NOT_ALLOWED',
      `This profile was written by a newer version of Understudy (its schema is ${applied}, this version knows ${migrations.length}). Nothing was changed. Install the newer version, or start with another profile.`,
      { applied, known: migrations.length },
    )
  }
  return migrations.slice(applied)
}

/** Runs migrations, each in its own transaction. What one that fails had done is taken back. */
export async function migrate(connection: Connection, pending: Migration[], now: Date): Promise<void> {
  for (const migration of pending) {
    await connection.query('begin read write', [], 'object', DEADLINE_MS)
    try {
      await connection.script(migration.sql, DEADLINE_MS)
      await connection.query(
        'insert into schema_migration (number, name, applied_at) values ($1, $2, $3)',
        [migration.number, migration.name, now],
        'object',
        DEADLINE_MS,
      )
      await connection.query('commit', [], 'object', DEADLINE_MS)
    } catch (cause) {
      if (!connection.ended) await connection.query('rollback', [], 'object', DEADLINE_MS)
      throw new AppError(
        'DATABASE_STOPPED',
        `The profile could not be brought to this version (step ${migration.number}, ${migration.name}). It is as it was before.`,
        { cause, migration: migration.number },
      )
    }
  }
  if (pending.length > 0) await connection.learnTypes(DEADLINE_MS)
}

async function appliedCount(connection: Connection): Promise<number> {
  const count = `select count(*)::int as applied from schema_migration`
  const exists = await connection.query(`select to_regclass('public.schema_migration')`, [], 'array', DEADLINE_MS)
  if ((exists.rows[0] as [string | null])[0] === null) {
    await connection.script(
      'begin read write; create table schema_migration (number integer primary key, name text not null, applied_at timestamptz not null); commit',
      DEADLINE_MS,
    )
  }
  const { rows } = await connection.query(count, [], 'object', DEADLINE_MS)
  return (rows[0] as { applied: number }).applied
}
