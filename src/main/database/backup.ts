// Copies of the whole database folder, made while nothing is written. A backup is itself a folder that opens.
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { copyTree, freeBytesAt, partsOf, syncFolder, syncTree, treeBytes } from './folder.ts'

/** Free space that must remain after a backup. */
const RESERVE_BYTES = 500 * 1024 * 1024
const KEPT_BEFORE_MIGRATION = 3
const BEFORE_MIGRATION = 'before-schema-'

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

/** Keeps a copy of a database as it was before its schema changes; the three newest stay. */
export async function backUpBeforeMigration(folder: string, applied: number, now: Date): Promise<void> {
  const { data, backups } = partsOf(folder)
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-')
  await copyCluster(data, join(backups, `${BEFORE_MIGRATION}${applied + 1}-${stamp}`))
  const older = (await backupsOf(folder)).slice(KEPT_BEFORE_MIGRATION)
  for (const path of older) await rm(path, { recursive: true, force: true })
}

/** @returns paths of the backups made before migrations, newest first. */
export async function backupsOf(folder: string): Promise<string[]> {
  const { backups } = partsOf(folder)
  if (!existsSync(backups)) return []
  const names = (await readdir(backups)).filter((name) => name.startsWith(BEFORE_MIGRATION) && !name.endsWith('.part'))
  const time = (name: string) => name.split('-').slice(3).join('-')
  return names.sort((a, b) => (time(a) < time(b) ? 1 : -1)).map((name) => join(backups, name))
}

/** Removes all backups made before migrations. */
export async function removeBackups(folder: string): Promise<void> {
  await rm(partsOf(folder).backups, { recursive: true, force: true })
}
