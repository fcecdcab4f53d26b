// A profile with a life in it: backed up, restored, killed in between, forgotten in, damaged and repaired.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ConversationId, type MemoryId, type MessageId, newId } from '../../shared/ids.ts'
import { defaultSettings } from '../../shared/settings.ts'
import type { Clock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { profilePaths } from '../app/profile.ts'
import { type Backup, backupsOf } from '../database/backup.ts'
import { backupRoots, choosePlace } from '../database/backup-places.ts'
import type { Database } from '../database/database.ts'
import { partsOf } from '../database/folder.ts'
import { checkIntegrity } from '../database/integrity.ts'
import { openDatabase } from '../database/open.ts'
import { asidesOf } from '../database/replace.ts'
import { conversation, evidence, journal, memory, message } from '../database/schema.ts'
import { testTemplate } from '../database/testing.ts'
import { readReport } from './report.ts'
import { repair, restoreHere, restoreInto } from './restore.ts'
import { createBackups } from './service.ts'

const OWNER = 'me'
const DAY = 86_400_000
let root: string
let folder: string
let now: Date
let database: Database
const clock: Clock = { now: () => now, timeZone: 'UTC' }
const log = createLog(null)
const open = async () => {
  database = await openDatabase({ folder, log, clock, template: await testTemplate() })
  return database
}
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'understudy-backups-'))
  folder = join(root, 'profile', 'database')
  now = new Date('2026-03-02T10:00:00Z')
  await open()
})
afterEach(async () => {
  await database.close()
  rmSync(root, { recursive: true, force: true })
})

/** An item with its ground and its entry in the journal. */
async function know(text: string): Promise<MemoryId> {
  const id = newId<MemoryId>()
  await database.write('know', async (tx) => {
    const base = { id, owner: OWNER, store: 'user_memory', kind: 'fact', text, status: 'active' as const }
    const [row] = await tx
      .insert(memory)
      .values({ ...base, author: 'person', createdAt: now, updatedAt: now })
      .returning()
    const ground = { id: newId<never>(), owner: OWNER, memoryId: id, origin: 'hand' as const, quote: text, at: now }
    await tx.insert(evidence).values(ground)
    await tx.insert(journal).values({
      ...{ owner: OWNER, batchId: newId<never>(), at: now, actor: 'person', memoryId: id, store: 'user_memory' },
      ...{ action: 'add' as const, after: { memory: row, evidence: [ground] } as never },
    })
  })
  return id
}

async function say(text: string): Promise<MessageId> {
  const conversationId = newId<ConversationId>()
  const [top, id] = [newId<MessageId>(), newId<MessageId>()]
  await database.write('say', async (tx) => {
    await tx.insert(conversation).values({ id: conversationId, owner: OWNER, createdAt: now, updatedAt: now })
    const base = { owner: OWNER, conversationId, status: 'complete' as const, createdAt: now }
    await tx.insert(message).values([
      { ...base, id: top, role: 'root', text: '' },
      { ...base, id, role: 'user', parentId: top, text },
    ])
    await tx.update(conversation).set({ headId: id }).where(sql`id = ${conversationId}`)
  })
  return id
}
const known = async () =>
  (await database.read.select({ text: memory.text }).from(memory)).map(({ text }) => text).sort()

function service(options: { idle?: () => boolean; daily?: number; weekly?: number } = {}) {
  return createBackups({
    profile: profilePaths(join(root, 'profile')),
    db: database,
    settings: () => ({ ...defaultSettings, backupsDaily: options.daily ?? 2, backupsWeekly: options.weekly ?? 1 }),
    clock,
    log,
    idle: options.idle ?? (() => true),
    changed: () => {},
    profiles: undefined,
    restart: undefined,
  })
}

/** Files below a folder that hold a word. */
function filesWith(word: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(word))
}

describe('backups by themselves', () => {
  it('are made when something changed and nobody waits, once a day, and rotate; also by a clock that jumps', async () => {
    let quiet = false
    const backups = service({ idle: () => quiet })
    await know('The user keeps bees.')
    await backups.tick()
    expect(await backupsOf(folder)).toEqual([])
    quiet = true
    await backups.tick()
    const [first] = await backupsOf(folder)
    expect(first?.manifest).toMatchObject({ reason: 'automatic', counts: { memory: { active: 1 } } })
    // The same day, or another one without a change: none.
    await backups.tick()
    now = new Date(now.getTime() + DAY)
    await backups.tick()
    expect(await backupsOf(folder)).toHaveLength(1)
    await know('The user rows.')
    // Back to a wrong past, where no backup is near: one more, and not another.
    now = new Date('2001-01-01T00:00:00Z')
    await backups.tick()
    await know('The user sings.')
    await backups.tick()
    expect(await backupsOf(folder)).toHaveLength(2)
    now = new Date('2026-03-04T10:00:00Z')
    await backups.tick()
    const names = (await backupsOf(folder)).map(({ manifest }) => manifest?.number)
    // The first is of the same week as the newest.
    expect(names).toEqual([3, 2])
    // Before an import nothing is made twice.
    await backups.before('import')
    expect(await backupsOf(folder)).toHaveLength(2)
    await know('The user paints.')
    await backups.before('import')
    expect((await backupsOf(folder))[0]?.manifest?.reason).toBe('before-import')
  })

  it('go to a place of one’s own, which no other profile touches, and beside the database while it is away', async () => {
    const place = join(root, 'disk')
    for (const [bad, words] of [
      ['backups', /whole path/],
      [join(root, 'none'), /not there/],
      [partsOf(folder).data, /inside the database folder/],
    ] as const) {
      await expect(choosePlace(folder, bad)).rejects.toMatchObject({
        message: expect.stringMatching(words),
        details: { field: 'place' },
      })
    }
    mkdirSync(place)
    await choosePlace(folder, place)
    const backups = service()
    await know('The user keeps bees.')
    const there = await backups.make()
    expect(there.path.startsWith(place)).toBe(true)
    // Another profile, and what a person put there, are left alone.
    cpSync(join(place, readdirSync(place)[0] ?? ''), join(place, 'mine'), { recursive: true })

    renameSync(place, `${place}.away`)
    expect((await backups.view()).places[0]).toMatchObject({ chosen: true, reachable: false, owedSince: null })
    const here = await backups.make()
    expect(here.path.startsWith(folder)).toBe(true)
    // Something is forgotten while the disk is away: what lies there is owed, and settled when it is back.
    await database.scrub()
    expect((await backups.view()).places[0]?.owedSince).toEqual(now)
    expect((await backupsOf(folder)).map(({ manifest }) => manifest?.reason)).toEqual(['after-forgetting'])
    renameSync(`${place}.away`, place)
    await backups.tick()
    expect(backupRoots(folder)[0]).toMatchObject({ reachable: true, owed: null })
    expect(existsSync(there.path)).toBe(false)
    expect(existsSync(join(place, 'mine', there.name))).toBe(true)
  })
})

describe('a restore', () => {
  it('killed at any step leaves the old state or the new one, whole; the old one is kept aside', async () => {
    await know('The user keeps bees.')
    const backup = await database.backup(null)
    await know('The user rows.')
    await database.close()
    const steps: string[] = []
    const looked = new Map([
      ['checked', 2],
      ['place made', 2],
      ['decided', 1],
      ['set aside', 1],
      ['put in place', 1],
    ])
    const ports = { folder, clock, log }
    // A kill is the end of everything between two steps: what is on disk is copied away at each of them.
    await restoreHere(
      {
        ...ports,
        step: async (name) => {
          steps.push(name)
          if (looked.has(name)) cpSync(folder, join(root, 'killed', name), { recursive: true })
        },
      },
      backup,
    )
    expect(steps).toEqual([
      ...['copied', 'checked', 'brought to this version'],
      ...['place made', 'decided', 'set aside', 'put in place', 'end'],
    ])
    await open()
    expect(await known()).toEqual(['The user keeps bees.'])
    const [aside] = await asidesOf(folder)
    expect(aside?.reason).toBe('restored')
    expect(readReport(folder)).toMatchObject({ kind: 'restored', seen: false, backup: { name: backup.name } })
    await database.close()

    for (const [name, items] of looked) {
      const killed = join(root, 'killed', name)
      rmSync(partsOf(killed).lock, { force: true })
      const after = await openDatabase({ folder: killed, log, clock })
      expect(await after.read.$count(memory), name).toBe(items)
      await after.close()
      expect(existsSync(partsOf(killed).restoring), name).toBe(false)
    }
    await open()
  })

  it('brings nothing back that was forgotten since, into this profile or a new one', async () => {
    const doomed = await know('The user collects xyloquartz.')
    await know('The user keeps bees.')
    const told = await say('I collect xyloquartz and keep bees.')
    const backup = await database.backup(join(root, 'copied', 'by-hand-copy'))
    // What forgetting leaves when it is final.
    await database.write('forget', async (tx) => {
      await tx.update(message).set({ text: '▒ ▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒ and keep bees.' }).where(sql`id = ${told}`)
      await tx.update(journal).set({ before: null, after: null, purgedAt: now }).where(sql`memory_id = ${doomed}`)
      await tx.delete(memory).where(sql`id = ${doomed}`)
    })
    await know('The user rows.')
    await database.close()
    const report = await restoreHere({ folder, clock, log }, backup)
    expect(report.forgottenAgain).toBe(2)
    await open()
    expect(await known()).toEqual(['The user keeps bees.'])
    expect((await database.read.select().from(message)).map(({ text }) => text)).toContain(
      '▒ ▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒▒▒ and keep bees.',
    )
    expect(await checkIntegrity(database.read)).toEqual([])
    await database.close()
    rmSync(backup.path, { recursive: true })
    rmSync(partsOf(folder).aside, { recursive: true })
    expect(filesWith('xyloquartz')).toEqual([])
    await open()
  })

  it('refuses a backup of a newer version, and one that is damaged, and changes nothing', async () => {
    await know('The user keeps bees.')
    const backup = await database.backup(null)
    await database.close()
    const ports = { folder, clock, log }
    const newer = { ...backup, manifest: { ...backup.manifest, schema: 9999 } } as Backup
    await expect(restoreHere(ports, newer)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    const other = { ...backup, manifest: { ...backup.manifest, postgres: '17' } } as Backup
    await expect(restoreHere(ports, other)).rejects.toThrow(/PostgreSQL 17/)
    truncateSync(join(partsOf(backup.path).data, 'global', 'pg_control'), 100)
    await expect(restoreHere(ports, backup)).rejects.toThrow(/cut short/)
    await expect(restoreInto(ports, backup, null)).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' })
    await open()
    expect(await known()).toEqual(['The user keeps bees.'])
  })
})

describe('a repair', () => {
  async function fileOf(table: string): Promise<string> {
    const { rows } = await database.read.execute<{ file: string }>(
      sql`select pg_relation_filepath(${table}::regclass) as file`,
    )
    return join(partsOf(folder).data, rows[0]?.file ?? '')
  }

  it('puts the newest good backup in place and replays what is newer: rows that can be read, and the journal', async () => {
    const early = await know('The user keeps bees.')
    const backup = await database.backup(null)
    await know('The user rows.')
    await say('I row on Sundays.')
    await database.write('change', async (tx) => {
      await tx.delete(memory).where(sql`id = ${early}`)
      await tx.update(journal).set({ before: null, after: null, purgedAt: now }).where(sql`memory_id = ${early}`)
    })
    // The table of memories is gone altogether; messages and journal are whole.
    const file = await fileOf('memory')
    await database.close()
    truncateSync(file, 0)
    await expect(open()).rejects.toMatchObject({ damage: { kind: 'files' } })

    const report = await repair({ folder, clock, log }, backup, true)
    await open()
    // Made again from the journal; what was forgotten stays forgotten.
    expect(await known()).toEqual(['The user rows.'])
    expect(report).toMatchObject({ kind: 'repaired', fromHistory: 1, replayed: { message: 2 } })
    expect(report.lost['memory']?.pages).toBeGreaterThan(0)
    expect((await database.read.select().from(message)).map(({ text }) => text)).toContain('I row on Sundays.')
    expect(await checkIntegrity(database.read)).toEqual([])
    expect((await asidesOf(folder))[0]?.reason).toBe('damaged')
  })

  it('without a backup saves what can be read; a database that vanished comes back from one', async () => {
    await know('The user keeps bees.')
    await say('I keep bees.')
    const file = await fileOf('setting')
    const backup = await database.backup(null)
    await database.close()
    rmSync(file)
    await expect(open()).rejects.toMatchObject({ damage: { kind: 'files' } })
    await repair({ folder, clock, log }, null, true)
    await open()
    expect(await known()).toEqual(['The user keeps bees.'])
    await database.close()

    rmSync(partsOf(folder).data, { recursive: true })
    await expect(open()).rejects.toMatchObject({ damage: { kind: 'missing' } })
    await repair({ folder, clock, log }, backup, true)
    await open()
    expect(await known()).toEqual(['The user keeps bees.'])
  })
})
