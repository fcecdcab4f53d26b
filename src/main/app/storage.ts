// What the data of a profile takes on the disk, by part.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { StorageView } from '../../shared/contract/system.ts'
import { freeBytesAt, partsOf, treeBytes } from '../database/folder.ts'
import type { ProfilePaths } from './profile.ts'

/** @returns bytes of each part as they are now; files that come and go meanwhile count as they were met */
export async function measureStorage(profile: ProfilePaths, modelsFolder: string): Promise<StorageView> {
  const { aside, backups } = partsOf(profile.database)
  const [whole, own, replaced, log, window, models, freeBytes] = await Promise.all([
    bytesOf(profile.database),
    bytesOf(backups),
    bytesOf(aside),
    bytesOf(dirname(profile.log)),
    bytesOf(join(profile.folder, 'desktop')),
    bytesOf(modelsFolder),
    freeBytesAt(profile.folder).catch(() => null),
  ])
  const copies = own + replaced
  return {
    folder: profile.folder,
    modelsFolder,
    parts: [
      { part: 'database', bytes: Math.max(0, whole - copies) },
      { part: 'backups', bytes: copies },
      { part: 'log', bytes: log },
      { part: 'window', bytes: window },
      { part: 'models', bytes: models },
    ],
    freeBytes,
  }
}

/** A folder that cannot be read counts nothing. */
async function bytesOf(folder: string): Promise<number> {
  return existsSync(folder) ? treeBytes(folder).catch(() => 0) : 0
}
