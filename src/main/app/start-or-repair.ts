// How a shell starts a profile: its core, or where the database is damaged a core that offers nothing but the repair.
import { startRepairCore } from '../backups/repair-core.ts'
import { DamageFound, isDamageNoted } from '../database/damage.ts'
import type { RunningCore } from '../shell/core.ts'
import { type CoreOptions, startCore } from './core.ts'

/** @throws AppError when the profile cannot be opened for another reason than damage */
export async function startOrRepair(options: CoreOptions): Promise<RunningCore> {
  try {
    return await startCore(options)
  } catch (error) {
    const damage =
      error instanceof DamageFound
        ? error
        : isDamageNoted(options.profile.database)
          ? new DamageFound({ kind: 'unreadable', files: [] }, error)
          : null
    if (!damage || !options.restart) throw error
    return startRepairCore({ ...options, restart: options.restart }, damage)
  }
}
