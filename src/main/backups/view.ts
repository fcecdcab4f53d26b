// A backup as the window shows it.
import type { BackupView } from '../../shared/contract/backups.ts'
import { type Backup, isWhole } from '../database/backup.ts'
import { refusalOf } from './restore.ts'

export async function viewBackup(
  backup: Backup,
  generations: ReadonlyMap<string, 'daily' | 'weekly'>,
): Promise<BackupView> {
  const { manifest, name, path } = backup
  return {
    name,
    path,
    about: manifest && {
      at: new Date(manifest.at),
      reason: manifest.reason,
      generation: generations.get(name) ?? null,
      version: manifest.version,
      schema: manifest.schema,
      bytes: manifest.bytes,
      counts: manifest.counts,
      checkedAt: manifest.checkedAt === null ? null : new Date(manifest.checkedAt),
    },
    whole: await isWhole(backup),
    refused: refusalOf(backup),
  }
}
