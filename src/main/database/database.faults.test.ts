// What happens when things go wrong: kills, second openers, damage, hangs, full disks.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { Connection } from './connection.ts'
import type { Database, DatabaseState } from './database.ts'
import { type Child, startChild } from './fixtures/child.ts'
import { partsOf } from './folder.ts'
import { LEAST_FREE_BYTES } from './local-database.ts'
import { type OpenOptions, openDatabase } from './open.ts'
import { memory, setting } from './schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from './search.ts'
import { testTemplate } from './testing.ts'
import { onlyOwn } from './visible.ts'

// Most tests start the engine several times, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

let folder: string
const open: Database[] = []
const children: Child[] = []
beforeEach(async () => {
  await testTemplate()
  folder = mkdtempSync(join(tmpdir(), 'understudy-faults-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill()
  for (const database of open.splice(0)) await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openHere(options: Partial<OpenOptions> = {}): Promise<Database> {
  const database = await openDatabase({ folder, log: createLog(null), clock: systemClock, ...options })
  open.push(database)
  return database
}

function start(name: 'hold' | 'write-loop', ...args: string[]): Child {
  const child = startChild(name, [folder, ...args])
  children.push(child)
  return child
}

const put = (database: Database, key: string, value: unknown = true) =>
  database.write('test', (tx) => tx.insert(setting).values({ owner: 'me', key, value }))
const keys = async (database: Database) =>
  (await database.read.select({ key: setting.key }).from(setting).orderBy(setting.key)).map(({ key }) => key)

describe('kill -9', () => {
  it('loses nothing acknowledged, and search still answers rightly', async () => {
    let next = 0
    for (const kills of [30, 15]) {
      const child = start('write-loop', String(next))
      await child.line((line) => Number(line) >= next + kills)
      await child.kill()
      const acknowledged = child.lines.map(Number)
      next = Math.max(...acknowledged) + 2

      const database = await openHere()
      const rows = await database.read.select({ text: memory.text }).from(memory)
      const found = new Set(rows.map(({ text }) => text))
      expect(found.size).toBe(rows.length)
      for (const number of acknowledged) expect(found).toContain(`The codeword number${number} was said.`)
      for (const { text } of rows) {
        const query = text.split(' ')[2] ?? ''
        const hits = await searchMemoriesByWords(database.read, { viewer: onlyOwn('me'), query, limit: 5 })
        expect(hits, query).toHaveLength(1)
      }
      const vector = Float32Array.from({ length: 384 }, (_, index) => Math.sin(index))
      const near = { viewer: onlyOwn('me'), model: 'test', vector, limit: rows.length + 10 }
      expect(await searchMemoriesByVector(database.read, near)).toHaveLength(rows.length)
      const counts = await database.read.execute(
        sql`select (select count(*)::int from journal) as journal, (select count(*)::int from embedding) as embedding`,
      )
      expect(counts.rows).toEqual([{ journal: rows.length, embedding: rows.length }])
      await database.close()
    }
  })

  it('while a profile is made leaves nothing in the way of the next start', async () => {
    const { draft } = partsOf(folder)
    mkdirSync(join(draft, 'base'), { recursive: true })
    writeFileSync(join(draft, 'PG_VERSION'), '18\n')
    const database = await openHere()
    await put(database, 'a')
    expect(existsSync(draft)).toBe(false)
  })

  it('that left an empty postmaster.pid does not keep the database from opening', async () => {
    await put(await openHere(), 'a')
    await open.pop()?.close()
    writeFileSync(join(partsOf(folder).data, 'postmaster.pid'), '')
    expect(await keys(await openHere())).toEqual(['a'])
  })
})

describe('a second opener', () => {
  it('is refused with the name of the holder, and gets in once the holder was killed', async () => {
    const child = start('hold')
    await child.line((line) => line === 'open')
    await expect(openHere()).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`process ${child.pid}, since 2`),
    })
    await child.kill()
    expect(await keys(await openHere())).toEqual([])
  })

  it('that takes the lock away stops this one from writing', async () => {
    const database = await openHere()
    await put(database, 'a')
    writeFileSync(partsOf(folder).lock, '{}')
    await expect(put(database, 'b')).rejects.toMatchObject({ code: 'BUSY' })
    expect(database.state.state).toBe('failed')
    expect(await keys(database)).toEqual(['a'])
  })
})

describe('a folder that cannot be used', () => {
  it('because a file is in its place', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(openHere({ folder: join(file, 'database') })).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
      message: expect.stringContaining('cannot write to its profile'),
    })
  })

  it('because it is read-only', async () => {
    const nobody = 65534
    const isRoot = process.geteuid?.() === 0
    if (isRoot) chownSync(folder, nobody, nobody)
    chmodSync(folder, 0o500)
    // Root may write everywhere, so the test becomes somebody else for a moment.
    if (isRoot) process.seteuid?.(nobody)
    try {
      await expect(openHere()).rejects.toMatchObject({
        code: 'NOT_ALLOWED',
        message: expect.stringContaining('Make the folder writable'),
      })
    } finally {
      if (isRoot) process.seteuid?.(0)
      chmodSync(folder, 0o700)
    }
    expect(readdirSync(folder)).toEqual([])
  })

  it('because a newer version of the app wrote it', async () => {
    await put(await openHere(), 'a')
    await open.pop()?.close()
    const connection = await Connection.open(partsOf(folder).data, 60_000, () => {})
    await connection.script(`insert into schema_migration values (999, 'from_the_future', now())`, 10_000)
    await connection.close(10_000)
    await expect(openHere()).rejects.toMatchObject({
      code: 'NOT_ALLOWED',
      message: expect.stringMatching(/newer version of Understudy.*Nothing was changed/),
    })
    expect(existsSync(partsOf(folder).lock)).toBe(false)
  })

  it('because it is of another PostgreSQL, or incomplete', async () => {
    const { data } = partsOf(folder)
    mkdirSync(data)
    await expect(openHere()).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
    writeFileSync(join(data, 'PG_VERSION'), '17\n')
    await expect(openHere()).rejects.toThrow('PostgreSQL 17')
    expect(readdirSync(data)).toEqual(['PG_VERSION'])
  })

  it('because its control file is damaged: says where the last backup lies and deletes nothing', async () => {
    await put(await openHere(), 'a')
    await open.pop()?.close()
    const { data, backups } = partsOf(folder)
    mkdirSync(join(backups, 'before-schema-2-2026-03-01'), { recursive: true })
    rmSync(join(data, 'global', 'pg_control'))
    await expect(openHere()).rejects.toMatchObject({
      code: 'DATABASE_STOPPED',
      message: expect.stringMatching(/Nothing was deleted\. The last backup is .*before-schema-2/),
    })
    expect(existsSync(join(data, 'PG_VERSION'))).toBe(true)
  })
})

describe('rights', () => {
  it('keep everything to its owner', async () => {
    await put(await openHere(), 'a')
    const { data } = partsOf(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    for (const path of [data, join(data, 'base')]) expect(statSync(path).mode & 0o777).toBe(0o700)
    for (const name of ['PG_VERSION', 'postgresql.conf', 'global/pg_control']) {
      expect(statSync(join(data, name)).mode & 0o077, name).toBe(0)
    }
  })
})

describe('an engine that hangs or fails', () => {
  const short = { statementMs: 3000, transactionMs: 10_000 }

  it('is replaced after the deadline: the call fails, the data stays, later calls work', async () => {
    const database = await openHere({ deadlines: short })
    await put(database, 'a')
    const states: DatabaseState['state'][] = []
    database.onState(({ state }) => states.push(state))
    const endless = sql`with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n`
    const stuck = database.read.execute(endless).then(() => 'never')
    const waiting = keys(database)
    await expect(stuck).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
    expect(await waiting).toEqual(['a'])
    expect(states).toEqual(['restarting', 'ready'])
    await expect(
      database.write('hang', async (tx) => {
        await tx.insert(setting).values({ owner: 'me', key: 'lost', value: 1 })
        await tx.execute(sql`select pg_sleep(1000)`)
      }),
    ).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
    await put(database, 'b')
    expect(await keys(database)).toEqual(['a', 'b'])
  })

  it('is replaced when a trap swallowed an answer', async () => {
    const database = await openHere()
    await put(database, 'a')
    const trap = database.write('trap', (tx) => tx.execute(sql`copy (select 1) to program 'true'`))
    await expect(trap).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
    await put(database, 'b')
    expect(await keys(database)).toEqual(['a', 'b'])
  })

  it('gives an error, and goes on, where input is nested too deeply', async () => {
    const database = await openHere()
    const nested = '['.repeat(60_000) + ']'.repeat(60_000)
    await expect(database.read.execute(sql`select ${nested}::jsonb`)).rejects.toMatchObject({ code: '54001' })
    expect(await keys(database)).toEqual([])
  })

  it('takes back a transaction that somebody forgot, and lets the next one in', async () => {
    const database = await openHere({ deadlines: { statementMs: 10_000, transactionMs: 100 } })
    const forgotten = database.write('forgotten', async (tx) => {
      await tx.insert(setting).values({ owner: 'me', key: 'half', value: 1 })
      await new Promise(() => {})
    })
    const next = put(database, 'next')
    await expect(forgotten).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
    await next
    expect(await keys(database)).toEqual(['next'])
  })

  it('refuses calls after close, and closes once', async () => {
    const database = await openHere()
    await Promise.all([database.close(), database.close()])
    await expect(keys(database)).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
    await expect(put(database, 'a')).rejects.toThrow('Understudy is closing')
  })
})

describe('a disk that fills up', () => {
  it('stops writes, keeps reads, and takes writes again when there is room', async () => {
    let free = LEAST_FREE_BYTES * 2
    const database = await openHere({ freeBytes: async () => free })
    await put(database, 'a')
    free = LEAST_FREE_BYTES - 1
    const readonly = new Promise<void>((resolve) => {
      database.onState(({ state }) => {
        if (state === 'readonly') resolve()
      })
    })
    const attempts = (async () => {
      for (;;) await put(database, `more ${performance.now()}`)
    })()
    await expect(attempts).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('500 MB') })
    await readonly
    expect(await keys(database)).toContain('a')
    const ready = new Promise<void>((resolve) => {
      database.onState(({ state }) => {
        if (state === 'ready') resolve()
      })
    })
    free = LEAST_FREE_BYTES * 2
    await ready
    await put(database, 'z')
    expect(await keys(database)).toContain('z')
  })

  it('makes no new profile without room', async () => {
    await expect(openHere({ freeBytes: async () => 1000 })).rejects.toMatchObject({ code: 'DISK_FULL' })
  })
})

describe('durability', () => {
  it('flushes to disk before each commit is acknowledged', async () => {
    await openHere()
    await open.pop()?.close()
    const connection = await Connection.open(partsOf(folder).data, 60_000, () => {})
    try {
      for (let round = 0; round < 5; round++) {
        const before = await connection.countFsyncs(10_000)
        await connection.query(`insert into setting values ('me', $1, 'true')`, [`key ${round}`], 'object', 10_000)
        expect(await connection.countFsyncs(10_000)).toBeGreaterThan(before)
      }
      const { rows } = await connection.query(
        `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'wal_sync_method') order by name`,
        [],
        'array',
        10_000,
      )
      expect(rows).toEqual([
        ['fsync', 'on'],
        ['full_page_writes', 'on'],
        ['synchronous_commit', 'on'],
        ['wal_sync_method', 'fsync'],
      ])
    } finally {
      await connection.close(10_000)
    }
  })
})
