// A database that lost a file, a page or itself says so, at the start or when it is met; nothing is opened as if it were empty.
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { forgetDamage } from './damage.ts'
import type { Database } from './database.ts'
import { partsOf } from './folder.ts'
import { openDatabase } from './open.ts'
import { setting } from './schema.ts'
import { testTemplate } from './testing.ts'

let folder: string
let database: Database
const openHere = async () => {
  database = await openDatabase({ folder, log: createLog(null), clock: systemClock, template: await testTemplate() })
  return database
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-damage-'))
  await openHere()
  const value = Array.from({ length: 50 }, (_, index) => `${index} ${'word '.repeat(300)}`)
  await database.write('test', (tx) =>
    tx.insert(setting).values(value.map((text, index) => ({ owner: 'me', key: `${index}`, value: text }))),
  )
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function fileOf(table: string): Promise<string> {
  const { rows } = await database.read.execute<{ file: string }>(
    sql`select pg_relation_filepath(${table}::regclass) as file`,
  )
  return join(partsOf(folder).data, rows[0]?.file ?? '')
}

it('a file cut short or gone is found at the start, each time, and the rest is left alone', async () => {
  const file = await fileOf('setting')
  await database.close()
  const { size } = statSync(file)
  truncateSync(file, 8192)
  for (const attempt of [1, 2]) {
    await expect(openHere(), `${attempt}`).rejects.toMatchObject({
      code: 'DATABASE_STOPPED',
      damage: { kind: 'files', files: [{ expected: size, actual: 8192 }] },
    })
  }
  rmSync(file)
  await expect(openHere()).rejects.toMatchObject({ damage: { kind: 'files', files: [{ actual: null }] } })
})

it('a database that vanished is no new profile', async () => {
  await database.close()
  const { data } = partsOf(folder)
  renameSync(data, `${data}.elsewhere`)
  await expect(openHere()).rejects.toMatchObject({ damage: { kind: 'missing' } })
  renameSync(`${data}.elsewhere`, data)
  await openHere()
  expect(await database.read.$count(setting)).toBe(50)
})

it('a flipped bit is found when everything is read: nothing is written from then on, and the next start knows', async () => {
  const file = await fileOf('setting')
  await database.close()
  const descriptor = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  readSync(descriptor, byte, 0, 1, 8000)
  writeSync(descriptor, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 8000)
  closeSync(descriptor)

  await openHere()
  let pauses = 0
  const between = async () => {
    pauses += 1
  }
  await expect(database.readEverything(between)).rejects.toMatchObject({ code: 'DATABASE_STOPPED' })
  expect(pauses).toBeGreaterThan(10)
  expect(database.state.state).toBe('damaged')
  await expect(database.write('more', (tx) => tx.delete(setting))).rejects.toThrow(/Nothing was deleted/)
  await database.close()
  await expect(openHere()).rejects.toMatchObject({ damage: { kind: 'unreadable' } })
  await forgetDamage(folder)
  await openHere()
})
