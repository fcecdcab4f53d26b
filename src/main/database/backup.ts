// Copies of the whole database: made while the app runs, opened and read once before they count, and told apart by a small
// manifest. A backup is a folder with the cluster in it, which opens.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import type { Log } from '../app/log.ts'
import { version } from '../app/version.ts'
import { backupRoots, changePlaces, readPlaces, rootForNext } from './backup-places.ts'
import { Connection } from './connection.ts'
import { readJson, writeJson } from './durable-file.ts'
import { freeBytesAt, partsOf, syncFolder, syncTree, TreeCopy, treeBytes } from './folder.ts'
import {
  type Ask,
  changeMark,
  countKinds,
  countTables,
  type KindCounts,
  readEverything,
  schemaNumber,
} from './inspect.ts'
import { readMark } from './profile-mark.ts'
import { changedSince, sizesOf } from './seal.ts'

/** Free space that must remain after a backup. */
const RESERVE_BYTES = 500 * 1024 * 1024
const CHECK_DEADLINE_MS = 10 * 60_000
const MANIFEST = 'backup.json'
const UNFINISHED = '.part'
/** What versions without a manifest named theirs. */
const EARLIER_NAME = /^(?:before-schema-\d+|after-forgetting)-(.+)$/

export const backupReason = z.enum(['automatic', 'by-hand', 'before-migration', 'before-import', 'after-forgetting'])
export type BackupReason = z.infer<typeof backupReason>

const manifestFile = z.object({
  format: z.literal(1),
  /** Of the app that made it. */
  version: z.string(),
  /** Whose it is; null for a profile that has no mark. */
  profile: z.uuid().nullable(),
  /** Grows with each backup of the profile: their order, whatever the clock says. */
  number: z.int(),
  at: z.iso.datetime(),
  reason: backupReason,
  postgres: z.string(),
  /** Number of migrations that were applied. */
  schema: z.int(),
  /** Told the last change of the data (inspect.ts). */
  change: z.string(),
  /** Rows of each table at the moment of the copy. */
  tables: z.record(z.string(), z.int()),
  counts: z.record(z.string(), z.record(z.string(), z.int())),
  bytes: z.int(),
  files: z.array(z.tuple([z.string(), z.int()])),
  /** When it was opened and read as a whole; null: not yet. */
  checkedAt: z.iso.datetime().nullable(),
})
export type Manifest = z.infer<typeof manifestFile>

export interface Backup {
  name: string
  path: string
  /** Null for one of a version that wrote none. */
  manifest: Manifest | null
}

/** What the data was at the moment of a copy. */
export interface Snapshot {
  tables: Record<string, number>
  change: string
}

/** Runs `copy` while nothing is written and everything is in the files. */
export type HoldStill = (copy: () => Promise<void>) => Promise<Snapshot>

export interface BackupOrder {
  /** The database folder of the profile. */
  folder: string
  /** Folder the backup becomes; one named after reason and time at the chosen place when absent. */
  target?: string
  reason: BackupReason
  now: Date
  hold: HoldStill
  /** False: it is not opened now, because the database waits for it. */
  check?: boolean
}

/**
 * Makes a backup: whole, opened, read and on disk, or absent.
 * @throws AppError CONFLICT when the target exists; DISK_FULL when it would not fit; CHECKSUM_MISMATCH when it does not open
 *   or holds another number of rows than the database did
 */
export async function makeBackup(order: BackupOrder): Promise<Backup> {
  const { folder, reason, now, hold, check = true } = order
  const { data } = partsOf(folder)
  const target = order.target ?? join(rootForNext(folder), `${reason}-${stampOf(now)}`)
  if (existsSync(target)) {
    throw new AppError('CONFLICT', `There is already something at ${target}. Choose another name for the backup.`)
  }
  const parent = dirname(target)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await needRoom(parent, await treeBytes(data))
  const draft = `${target}${UNFINISHED}`
  await rm(draft, { recursive: true, force: true })
  try {
    await mkdir(draft, { mode: 0o700 })
    const copied = partsOf(draft).data
    const { forgotten } = readPlaces(folder)
    const copy = new TreeCopy(data, copied)
    // Most of it before the database is held still, so that nobody waits for that.
    await copy.pass()
    const snapshot = await hold(() => copy.pass())
    await syncTree(draft)
    const found = check ? await checkCopy(copied, snapshot) : null
    await syncTree(draft)
    const files = await sizesOf(copied)
    const manifest: Manifest = {
      format: 1,
      version,
      profile: readMark(folder),
      number: Math.max(0, ...(await backupsOf(folder)).map((one) => one.manifest?.number ?? 0)) + 1,
      at: now.toISOString(),
      reason,
      postgres: '18',
      schema: found?.schema ?? snapshot.tables['schema_migration'] ?? 0,
      change: snapshot.change,
      tables: snapshot.tables,
      counts: found?.counts ?? {},
      bytes: files.reduce((sum, [, bytes]) => sum + bytes, 0),
      files,
      checkedAt: found ? now.toISOString() : null,
    }
    await writeJson(join(draft, MANIFEST), manifest)
    if (check && readPlaces(folder).forgotten !== forgotten) {
      throw new AppError('BUSY', 'Something was forgotten while the backup was made, so it is not kept. Try again.')
    }
    await rename(draft, target)
    await syncFolder(parent)
    return { name: basename(target), path: target, manifest }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** @throws AppError DISK_FULL when so many bytes would not leave enough free */
export async function needRoom(folder: string, bytes: number): Promise<void> {
  if ((await freeBytesAt(folder)) < bytes + RESERVE_BYTES) {
    throw new AppError(
      'DISK_FULL',
      'There is not enough space for a backup. Nothing was changed. Make room and try again.',
    )
  }
}

/** Copies and holds still at once, where the caller lets nothing be written. */
export function holdThrough(ask: Ask, checkpoint: () => Promise<void>): HoldStill {
  return async (copy) => {
    await checkpoint()
    await copy()
    return { tables: await countTables(ask), change: await changeMark(ask) }
  }
}

/**
 * Opens a copied cluster, in a thread of its own, and reads all of it.
 * @param snapshot what must be in it
 * @throws AppError CHECKSUM_MISMATCH when something is missing or cannot be read
 */
export async function checkCopy(
  data: string,
  snapshot: Pick<Snapshot, 'tables'> | null,
): Promise<{ counts: KindCounts; schema: number }> {
  let connection: Connection | undefined
  try {
    connection = await Connection.open(data, CHECK_DEADLINE_MS, () => {})
    const ask = askThrough(connection, CHECK_DEADLINE_MS)
    await connection.script('set default_transaction_read_only = on', CHECK_DEADLINE_MS)
    await readEverything(ask)
    const tables = await countTables(ask)
    const other = Object.keys({ ...tables, ...snapshot?.tables }).filter(
      (table) => snapshot && tables[table] !== snapshot.tables[table],
    )
    if (other.length > 0) {
      throw new AppError('CHECKSUM_MISMATCH', `The backup does not hold every row of: ${other.join(', ')}.`, { other })
    }
    return { counts: await countKinds(ask), schema: await schemaNumber(ask) }
  } catch (cause) {
    if (cause instanceof AppError && cause.details['other']) throw cause
    throw new AppError('CHECKSUM_MISMATCH', 'The backup cannot be read as a whole, so it is not used.', { cause })
  } finally {
    await connection?.close(CHECK_DEADLINE_MS)
  }
}

export function askThrough(connection: Connection, deadlineMs: number): Ask {
  return async (sql) => (await connection.query(sql, [], 'object', deadlineMs)).rows as Record<string, unknown>[]
}

/** @returns the backups that can be reached, newest first */
export async function backupsOf(folder: string): Promise<Backup[]> {
  const found: Backup[] = []
  for (const root of backupRoots(folder)) {
    if (root.reachable) found.push(...(await backupsIn(root.folder)))
  }
  const number = ({ manifest }: Backup) => manifest?.number ?? 0
  const time = ({ manifest, name }: Backup) => manifest?.at ?? EARLIER_NAME.exec(name)?.[1] ?? ''
  return found.sort((a, b) => number(b) - number(a) || (time(a) < time(b) ? 1 : -1))
}

async function backupsIn(root: string): Promise<Backup[]> {
  return (await namesIn(root)).flatMap((name) => readBackup(join(root, name)) ?? [])
}

/** @returns the backup at a path; null when there is none */
export function readBackup(path: string): Backup | null {
  const name = basename(path)
  if (name.endsWith(UNFINISHED)) return null
  const manifest = readJson(join(path, MANIFEST), manifestFile)
  if (!manifest && !existsSync(partsOf(path).data) && !EARLIER_NAME.test(name)) return null
  return { name, path, manifest }
}

/** @returns whether the files of a backup are there with the sizes they had; true where none were noted */
export async function isWhole({ path, manifest }: Backup): Promise<boolean> {
  if (!manifest) return existsSync(join(partsOf(path).data, 'PG_VERSION'))
  return (await changedSince(partsOf(path).data, manifest.files)).length === 0
}

/** Reads a backup as a whole, on a copy, so that it stays as it is. @throws AppError CHECKSUM_MISMATCH, DISK_FULL */
export async function checkBackup(folder: string, backup: Backup): Promise<{ counts: KindCounts; schema: number }> {
  if (!(await isWhole(backup))) {
    throw new AppError('CHECKSUM_MISMATCH', 'Files of this backup are missing or were cut short, so it is not used.')
  }
  const copy = join(folder, `checking-${basename(backup.path)}${UNFINISHED}`)
  await needRoom(folder, backup.manifest?.bytes ?? (await treeBytes(backup.path)))
  try {
    await rm(copy, { recursive: true, force: true })
    await new TreeCopy(partsOf(backup.path).data, copy).pass()
    return await checkCopy(copy, backup.manifest)
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

/** Notes what a check found, so that it is done once. */
export async function noteChecked({ path, manifest }: Backup, found: { counts: KindCounts }, now: Date): Promise<void> {
  if (manifest)
    await writeJson(join(path, MANIFEST), { ...manifest, counts: found.counts, checkedAt: now.toISOString() })
}

export async function removeBackup({ path }: Pick<Backup, 'path'>): Promise<void> {
  // Renamed first: a kill in between leaves nothing that looks like a backup.
  const doomed = `${path}.removed${UNFINISHED}`
  await rename(path, doomed)
  await rm(doomed, { recursive: true, force: true })
  await syncFolder(dirname(path))
}

/** Removes what a killed process had begun; the caller holds the profile's lock. */
export async function removeUnfinished(folder: string): Promise<void> {
  const roots = [folder, ...backupRoots(folder).flatMap((root) => (root.reachable ? root.folder : []))]
  for (const root of roots) {
    for (const name of await namesIn(root)) {
      if (name.endsWith(UNFINISHED)) await rm(join(root, name), { recursive: true, force: true })
    }
  }
}

/**
 * Puts one fresh copy in the place of all backups the app made by itself, because they hold what was forgotten since. They
 * are not purged one by one: each has the schema of an older version, and the code that finds every word in each of them
 * would have to be kept for ever; a copy of the scrubbed database protects against the same loss. Without room for the copy
 * the old ones go all the same, and so does data that was set aside. A place that cannot be reached owes it.
 */
export async function renewBackups(
  folder: string,
  now: Date,
  log: Pick<Log, 'info' | 'warn'>,
  hold: HoldStill,
): Promise<void> {
  await changePlaces(folder, (places) => ({ ...places, forgotten: places.forgotten + 1 }))
  const old = await backupsOf(folder)
  // One of this very moment is what a killed process had just made.
  let fresh = old.find(({ name }) => name === `after-forgetting-${stampOf(now)}`) ?? null
  try {
    if (old.length > 0) fresh ??= await makeBackup({ folder, reason: 'after-forgetting', now, hold, check: false })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DISK_FULL') throw error
    log.warn(
      { code: error.code },
      'no room for a fresh backup; the old ones are removed, because they hold what was forgotten',
    )
  }
  log.info({ step: 'old backups' }, 'scrub')
  const unreachable = new Set(backupRoots(folder).flatMap((root) => (root.reachable ? [] : root.folder)))
  if (unreachable.size > 0) {
    await changePlaces(folder, (places) => ({
      ...places,
      places: places.places.map((place) =>
        unreachable.has(place.folder) ? { ...place, owed: place.owed ?? now.toISOString() } : place,
      ),
    }))
    log.warn({ places: unreachable.size }, 'a place of backups cannot be reached; forgotten words go when it is back')
  }
  for (const backup of old) if (backup.path !== fresh?.path) await removeBackup(backup)
  await rm(partsOf(folder).aside, { recursive: true, force: true })
}

/**
 * Takes away what lies at places that could not be reached when something was forgotten, where they are back.
 * @returns number of backups that went
 */
export async function settleOwed(folder: string): Promise<number> {
  let removed = 0
  for (const root of backupRoots(folder)) {
    if (root.owed === null || !root.reachable) continue
    for (const backup of await backupsIn(root.folder)) {
      await removeBackup(backup)
      removed += 1
    }
    await changePlaces(folder, (places) => ({
      ...places,
      places: places.places.map((place) => (place.folder === root.folder ? { ...place, owed: null } : place)),
    }))
  }
  return removed
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? await readdir(folder) : []
}

export function stampOf(now: Date): string {
  return now.toISOString().replaceAll(/[:.]/g, '-')
}
