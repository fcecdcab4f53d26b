import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { backupsOf, checkBackup, isWhole } from './backup.ts'
import { Connection } from './connection.ts'
import type { Database } from './database.ts'
import { partsOf } from './folder.ts'
import { migrate, pendingMigrations, readMigrations } from './migrations.ts'
import { openDatabase } from './open.ts'
import { setting } from './schema.ts'
import { makeCluster, templateFits } from './template.ts'
import { testTemplate } from './testing.ts'

let root: string
const open: Database[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'understudy-backup-'))
})
afterEach(async () => {
  for (const database of open.splice(0)) await database.close()
  rmSync(root, { recursive: true, force: true })
})

async function openAt(folder: string, template: string | null): Promise<Database> {
  const database = await openDatabase({ folder, log: createLog(null), clock: systemClock, template })
  open.push(database)
  return database
}
const put = (database: Database, key: string) =>
  database.write('test', (tx) => tx.insert(setting).values({ owner: 'me', key, value: 1 }))
/** Files of a table in a cluster. */
const relationFiles = async (database: Database, table: string) =>
  (
    await database.read.execute<{ file: string }>(sql`select pg_relation_filepath(${table}::regclass) as file`)
  ).rows.map(({ file }) => file)
/** One bit of a page is no longer what was written. */
function flip(file: string): void {
  expect(statSync(file).size).toBeGreaterThan(0)
  const descriptor = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  readSync(descriptor, byte, 0, 1, 8000)
  writeSync(descriptor, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 8000)
  closeSync(descriptor)
}
const keys = async (database: Database) => (await database.read.select().from(setting)).map(({ key }) => key).sort()

describe('a backup', () => {
  it('is a folder that opens, with everything acknowledged before it and nothing after', async () => {
    const database = await openAt(join(root, 'profile'), await testTemplate())
    const target = join(root, 'backups', 'monday')
    const before = Array.from({ length: 20 }, (_, index) => put(database, `before ${index}`))
    await Promise.all([...before, database.backup(target)])
    await put(database, 'after')
    expect(readdirSync(join(root, 'backups'))).toEqual(['monday'])
    const copy = await openAt(target, null)
    expect(await keys(copy)).toHaveLength(20)
    await put(copy, 'only in the copy')
    expect(await keys(database)).toHaveLength(21)
    await expect(database.backup(target)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('says what is in it, and is found out when it was damaged since', async () => {
    const folder = join(root, 'profile')
    const database = await openAt(folder, await testTemplate())
    await put(database, 'a')
    const backup = await database.backup(null)
    expect(backup.manifest).toMatchObject({
      format: 1,
      reason: 'by-hand',
      number: 1,
      counts: { setting: { stored: 1 } },
    })
    expect(backup.manifest?.checkedAt).not.toBeNull()
    await put(database, 'b')
    const second = await database.backup(null, 'before-import')
    expect((await backupsOf(folder)).map(({ name }) => name)).toEqual([second.name, backup.name])
    expect(second.manifest?.change).not.toBe(backup.manifest?.change)
    // Looking at it leaves it as it is.
    await checkBackup(folder, backup)
    expect(await isWhole(backup)).toBe(true)

    const [page] = await relationFiles(database, 'setting')
    flip(join(partsOf(backup.path).data, page ?? ''))
    expect(await isWhole(backup)).toBe(true)
    await expect(checkBackup(folder, backup)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    truncateSync(join(partsOf(second.path).data, page ?? ''), 0)
    expect(await isWhole(second)).toBe(false)
    await expect(checkBackup(folder, second)).rejects.toThrow(/cut short/)
    expect(readdirSync(folder).filter((name) => name.startsWith('checking'))).toEqual([])
  })
})

describe('migrations', () => {
  const migrations = readMigrations()

  it('run on a profile of an older version after a backup of it', async () => {
    const folder = join(root, 'profile')
    const { data } = partsOf(folder)
    await makeCluster(data, migrations.slice(0, 2), new Date())
    const database = await openAt(folder, null)
    expect((await database.read.execute(sql`select * from user_memory`)).rows).toEqual([])
    const [backup, ...others] = await backupsOf(folder)
    if (!backup) throw new Error('there is no backup')
    expect(backup.manifest).toMatchObject({ reason: 'before-migration', schema: 2, checkedAt: expect.any(String) })
    expect(others).toEqual([])

    const connection = await Connection.open(partsOf(backup.path).data, 60_000, () => {})
    try {
      expect((await pendingMigrations(connection, migrations)).map(({ number }) => number)).toEqual(
        migrations.slice(2).map(({ number }) => number),
      )
      const broken = [{ number: 2, name: 'broken', sql: 'create table half (id int); select 1 / 0' }]
      await expect(migrate(connection, broken, new Date())).rejects.toMatchObject({
        code: 'DATABASE_STOPPED',
        message: expect.stringContaining('It is as it was before.'),
      })
      const { rows } = await connection.query(`select to_regclass('half') as half`, [], 'object', 10_000)
      expect(rows).toEqual([{ half: null }])
      // Each one, by itself, brings the copy to where the database is.
      for (const migration of await pendingMigrations(connection, migrations)) {
        await migrate(connection, [migration], new Date())
      }
      expect(await pendingMigrations(connection, migrations)).toEqual([])
    } finally {
      await connection.close(10_000)
    }
  })

  it('decide whether a template may be used: only one of the very same schema', async () => {
    const template = await testTemplate()
    expect(templateFits(template, migrations)).toBe(true)
    expect(templateFits(template, migrations.slice(0, 1))).toBe(false)
    const changed = migrations.map((migration) => ({ ...migration, sql: `${migration.sql} ` }))
    expect(templateFits(template, changed)).toBe(false)
    expect(templateFits(join(root, 'none'), migrations)).toBe(false)
  })
})
