import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { backUpBeforeMigration, backupsOf } from './backup.ts'
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
const keys = async (database: Database) => (await database.read.select().from(setting)).map(({ key }) => key).sort()

describe('a backup', () => {
  it('is a folder that opens, with everything written before it and nothing after', async () => {
    const database = await openAt(join(root, 'profile'), await testTemplate())
    const target = join(root, 'backups', 'monday')
    const before = Array.from({ length: 20 }, (_, index) => put(database, `before ${index}`))
    const backup = database.backup(target)
    const after = put(database, 'after')
    await Promise.all([...before, backup, after])
    expect(readdirSync(join(root, 'backups'))).toEqual(['monday'])
    const copy = await openAt(target, null)
    expect(await keys(copy)).toHaveLength(20)
    await put(copy, 'only in the copy')
    expect(await keys(database)).toHaveLength(21)
    await expect(database.backup(target)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('made before migrations is kept three times', async () => {
    const folder = join(root, 'profile')
    mkdirSync(partsOf(folder).data, { recursive: true })
    writeFileSync(join(partsOf(folder).data, 'PG_VERSION'), '18')
    for (let day = 1; day <= 5; day++) {
      await backUpBeforeMigration(folder, day, new Date(Date.UTC(2026, 2, day)))
    }
    const kept = (await backupsOf(folder)).map((path) => basename(path).slice(0, 27))
    expect(kept).toEqual(['before-schema-6-2026-03-05T', 'before-schema-5-2026-03-04T', 'before-schema-4-2026-03-03T'])
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
    expect(basename(backup ?? '')).toMatch(/^before-schema-2-/)
    expect(others).toEqual([])

    const connection = await Connection.open(partsOf(backup ?? '').data, 60_000, () => {})
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
