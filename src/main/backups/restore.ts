// The way back to a backup, into the profile it belongs to or into a new one, and the repair of a damaged profile: a good
// state is copied, opened, read and brought to this version beside the data, and takes its place at the very end.
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RestoreReport } from '../../shared/contract/backups.ts'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import { OWNER } from '../app/owner.ts'
import { type Backup, checkCopy, isWhole, needRoom } from '../database/backup.ts'
import { DamageFound } from '../database/damage.ts'
import type { Database } from '../database/database.ts'
import { checkCluster, partsOf, prepareFolder, syncFolder, syncTree, TreeCopy, treeBytes } from '../database/folder.ts'
import { takeLock } from '../database/lock.ts'
import { readMigrations } from '../database/migrations.ts'
import { openDatabase } from '../database/open.ts'
import { readMark } from '../database/profile-mark.ts'
import { replaceData } from '../database/replace.ts'
import { breakSeal, changedSince, sealedFiles } from '../database/seal.ts'
import { makeFirstCluster, templateFolder } from '../database/template.ts'
import { type Forgotten, forgetAgain, readForgotten } from './forgotten.ts'
import { writeReport } from './report.ts'
import { type Salvaged, salvage } from './salvage.ts'

const PAGE_BYTES = 8192

export interface RestorePorts {
  /** The database folder of the profile, closed. */
  folder: string
  clock: Clock
  log: Log
  /** Called after each step a kill may follow; for tests. */
  step?: (name: string) => Promise<void>
}

/** @returns why a backup cannot be restored with this version; null when it can */
export function refusalOf({ manifest }: Backup): string | null {
  if (!manifest) return null
  const known = readMigrations().length
  if (manifest.schema > known) {
    return `It was made by a newer version of Understudy (its schema is ${manifest.schema}, this version knows ${known}). Install the newer version first.`
  }
  if (manifest.postgres !== '18') {
    return `It was written by PostgreSQL ${manifest.postgres}; this version reads PostgreSQL 18. Use the version of Understudy that made it.`
  }
  return null
}

/** @throws AppError NOT_ALLOWED, CHECKSUM_MISMATCH when the backup cannot be used */
export async function needUsable(backup: Backup): Promise<void> {
  const refused = refusalOf(backup)
  if (refused) throw new AppError('NOT_ALLOWED', `This backup cannot be restored. ${refused} Nothing was changed.`)
  if (!(await isWhole(backup))) {
    throw new AppError(
      'CHECKSUM_MISMATCH',
      'Files of this backup are missing or were cut short. Nothing was changed. Choose another one.',
    )
  }
}

/**
 * Puts a backup in the place of the profile's data. What was forgotten since is forgotten in it, too.
 * @throws AppError what keeps the backup from being used; then the profile is as it was
 */
export async function restoreHere(ports: RestorePorts, backup: Backup): Promise<RestoreReport> {
  await needUsable(backup)
  const forgotten = await forgottenIn(ports, backup)
  return locked(ports, async () => {
    const again = await prepare(ports, backup, forgotten)
    return finish(ports, { backup, kind: 'restored', forgottenAgain: again, salvaged: null })
  })
}

/**
 * Puts a backup, or an empty state, in the place of damaged data, and over it what can still be read of that. The damaged
 * folder is only read, and kept.
 */
export async function repair(ports: RestorePorts, backup: Backup | null, replay: boolean): Promise<RestoreReport> {
  if (backup) await needUsable(backup)
  return locked(ports, async () => {
    const { folder, log } = ports
    const { data, restoring } = partsOf(folder)
    await prepare(ports, backup, null)
    let salvaged: Salvaged | null = null
    if (replay && existsSync(join(data, 'PG_VERSION'))) {
      const copy = join(folder, 'damaged.part')
      await needRoom(folder, await treeBytes(data))
      try {
        await rm(copy, { recursive: true, force: true })
        await new TreeCopy(data, copy).pass()
        await breakSeal(partsOf(restoring).data)
        salvaged = await salvage(copy, partsOf(restoring).data, await lostPagesOf(data))
      } finally {
        await rm(copy, { recursive: true, force: true })
      }
      log.info({ opened: salvaged !== null, tables: Object.keys(salvaged?.replayed ?? {}).length }, 'salvage')
      // Opened as it will be, so that a bad row shows before the damaged data is set aside.
      const database = await openRestored(ports)
      await database.close()
    }
    return finish(ports, { backup, kind: 'repaired', forgottenAgain: salvaged ? 0 : null, salvaged })
  })
}

/**
 * Makes a database folder that has the state of a backup.
 * @param ports its folder must not have a database
 * @param forgotten by the profile the backup belongs to, since it was made; null: nothing, or not known
 * @throws AppError CONFLICT when there is a database
 */
export async function restoreInto(ports: RestorePorts, backup: Backup, forgotten: Forgotten | null): Promise<void> {
  await needUsable(backup)
  const { folder } = ports
  const { data, restoring } = partsOf(folder)
  if (existsSync(data)) {
    throw new AppError('CONFLICT', 'There is a profile already. Nothing was changed. Choose a new folder.')
  }
  await locked(ports, async () => {
    await prepare(ports, backup, forgotten)
    await rename(partsOf(restoring).data, data)
    await syncFolder(folder)
    await rm(restoring, { recursive: true, force: true })
  })
}

/** Finds a backup of a profile by its name or the path of its folder. @throws AppError NOT_FOUND */
export function findBackup(all: readonly Backup[], wanted: string): Backup {
  const found = all.find(({ name, path }) => name === wanted || path === wanted)
  if (!found) throw new AppError('NOT_FOUND', `There is no backup called "${wanted}". Nothing was changed.`)
  return found
}

export function sameProfile(folder: string, { manifest }: Backup): boolean {
  return manifest === null || manifest.profile === null || manifest.profile === readMark(folder)
}

/** What a closed profile has forgotten; null for a backup of another one, and where the database cannot be opened. */
export async function forgottenIn(ports: RestorePorts, backup: Backup): Promise<Forgotten | null> {
  if (!sameProfile(ports.folder, backup) || !existsSync(partsOf(ports.folder).data)) return null
  let database: Database | undefined
  try {
    database = await openDatabase({ folder: ports.folder, log: ports.log, clock: ports.clock })
    return await readForgotten(database.read)
  } catch (error) {
    if (error instanceof DamageFound) return null
    throw error
  } finally {
    await database?.close()
  }
}

async function locked<T>({ folder, clock }: RestorePorts, work: () => Promise<T>): Promise<T> {
  prepareFolder(folder)
  const lock = takeLock(partsOf(folder).lock, clock.now())
  try {
    return await work()
  } finally {
    lock.release()
  }
}

/** Makes `restoring` a whole, closed cluster of this version. @returns how much was forgotten again; null: not known */
async function prepare(
  ports: RestorePorts,
  backup: Backup | null,
  forgotten: Forgotten | null,
): Promise<number | null> {
  const { folder, clock, step = async () => {} } = ports
  const { restoring } = partsOf(folder)
  const target = partsOf(restoring)
  await rm(restoring, { recursive: true, force: true })
  await mkdir(restoring, { recursive: true, mode: 0o700 })
  if (backup) {
    await needRoom(folder, await treeBytes(partsOf(backup.path).data))
    await new TreeCopy(partsOf(backup.path).data, target.data).pass()
    await step('copied')
    checkCluster(target.data)
    await checkCopy(target.data, backup.manifest)
    await step('checked')
  } else {
    await makeFirstCluster(target.draft, target.data, templateFolder(), readMigrations(), clock.now())
  }
  const database = await openRestored(ports)
  let again: number | null = null
  try {
    if (forgotten) again = await forgetAgain(database, OWNER, forgotten)
  } finally {
    await database.close()
  }
  await step('brought to this version')
  await syncTree(target.data)
  return again
}

function openRestored({ folder, log, clock }: RestorePorts): Promise<Database> {
  return openDatabase({ folder: partsOf(folder).restoring, log, clock, backUp: false })
}

async function finish(
  ports: RestorePorts,
  done: {
    backup: Backup | null
    kind: RestoreReport['kind']
    forgottenAgain: number | null
    salvaged: Salvaged | null
  },
): Promise<RestoreReport> {
  const { folder, clock, step = async () => {} } = ports
  const now = clock.now()
  const { backup, kind, forgottenAgain, salvaged } = done
  const aside = await replaceData(folder, { now, reason: kind === 'repaired' ? 'damaged' : 'restored', step })
  const report: RestoreReport = {
    at: now,
    kind,
    backup: backup && { name: backup.name, at: backup.manifest ? new Date(backup.manifest.at) : null },
    aside,
    forgottenAgain,
    replayed: salvaged?.replayed ?? {},
    fromHistory: salvaged?.fromHistory ?? 0,
    lost: salvaged?.lost ?? {},
    seen: false,
  }
  await writeReport(folder, report)
  return report
}

/** Pages that files lost since the last orderly close, by path in the cluster. */
async function lostPagesOf(data: string): Promise<Map<string, number>> {
  const changed = await changedSince(data, sealedFiles(data))
  return new Map(
    changed.map(({ path, expected, actual }) => [
      path.replaceAll('\\', '/').replace(/\.\d+$/, ''),
      Math.max(1, Math.ceil((expected - (actual ?? 0)) / PAGE_BYTES)),
    ]),
  )
}
