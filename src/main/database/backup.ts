// Copies of the whole database folder, made while nothing is written. A backup is itself a folder that opens.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Log } from '../app/log.ts'
import { copyTree, freeBytesAt, partsOf, syncFolder, syncTree, treeBytes } from './folder.ts'

/** Free space that must remain after a backup. */
const RESERVE_BYTES = 500 * 1024 * 1024
const KEPT_BEFORE_MIGRATION = 3
const BEFORE_MIGRATION = 'before-schema-'
const AFTER_FORGETTING = 'after-forgetting-'
/** Names of whole backups, without their time. */
const OWN = /^(?:before-schema-\d+-|after-forgetting-)(?!.*\.part$)/

/**
 * Copies a cluster so that the target is whole and on disk, or absent. The caller has just made a checkpoint and lets
 * nothing be written until this ends.
 * @throws AppError CONFLICT when the target exists; DISK_FULL when the copy would not fit
 */
export async function copyCluster(data: string, target: string): Promise<void> {
  if (existsSync(target)) {
    throw new AppError('CONFLICT', `There is already something at ${target}. Choose another name for the backup.`)
  }
  const parent = dirname(target)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  if ((await freeBytesAt(parent)) < (await treeBytes(data)) + RESERVE_BYTES) {
    throw new AppError(
      'DISK_FULL',
      'There is not enough space for a backup. Nothing was changed. Make room and try again.',
    )
  }
  const draft = `${target}.part`
  await rm(draft, { recursive: true, force: true })
  try {
    await copyTree(data, partsOf(draft).data)
    await syncTree(draft)
    await rename(draft, target)
    await syncFolder(parent)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** Keeps a copy of a database as it was before its schema changes; the three newest backups stay. */
export async function backUpBeforeMigration(folder: string, applied: number, now: Date): Promise<void> {
  const { data, backups } = partsOf(folder)
  await copyCluster(data, join(backups, `${BEFORE_MIGRATION}${applied + 1}-${stampOf(now)}`))
  const older = (await backupsOf(folder)).slice(KEPT_BEFORE_MIGRATION)
  for (const path of older) await rm(path, { recursive: true, force: true })
}

/** @returns paths of the backups the app made by itself, newest first. */
export async function backupsOf(folder: string): Promise<string[]> {
  const { backups } = partsOf(folder)
  const names = (await namesIn(backups)).filter((name) => OWN.test(name))
  const time = (name: string) => name.replace(OWN, '')
  return names.sort((a, b) => (time(a) < time(b) ? 1 : -1)).map((name) => join(backups, name))
}

/**
 * Puts one fresh copy in the place of all backups the app made by itself, because they hold what was forgotten since. They
 * are not purged one by one: each has the schema of an older version, and the code that finds every word in each of them
 * would have to be kept for ever; a copy of the scrubbed database protects against the same loss. Without room for the copy
 * the old ones go all the same.
 */
export async function renewBackups(folder: string, now: Date, log: Pick<Log, 'info' | 'warn'>): Promise<void> {
  const { data, backups } = partsOf(folder)
  const old = await namesIn(backups)
  if (old.length === 0) return
  const target = join(backups, `${AFTER_FORGETTING}${stampOf(now)}`)
  try {
    // One of this very moment is what a killed process had just made.
    if (!old.includes(basename(target))) await copyCluster(data, target)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DISK_FULL') throw error
    log.warn(
      { code: error.code },
      'no room for a fresh backup; the old ones are removed, because they hold what was forgotten',
    )
  }
  log.info({ step: 'old backups' }, 'scrub')
  for (const name of old) {
    if (name !== basename(target)) await rm(join(backups, name), { recursive: true, force: true })
  }
  await syncFolder(backups)
}

async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? await readdir(folder) : []
}

function stampOf(now: Date): string {
  return now.toISOString().replaceAll(/[:.]/g, '-')
}
