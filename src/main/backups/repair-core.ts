// The core of a profile whose database is damaged: it says what was found and offers the ways out. Nothing else answers, so
// that nobody takes an empty window for an empty profile.

import { arch, platform } from 'node:os'
import { isContractProcedure } from '@orpc/contract'
import type { AppEvent, AppState } from '../../shared/contract/app.ts'
import { contract } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import { defaultSettings } from '../../shared/settings.ts'
import { systemClock } from '../app/clock.ts'
import type { CoreOptions } from '../app/core.ts'
import { OWNER } from '../app/owner.ts'
import { createProfileProcedures } from '../app/profile-procedures.ts'
import { createProfiles } from '../app/profiles.ts'
import { version } from '../app/version.ts'
import { backupsOf } from '../database/backup.ts'
import { backupRoots } from '../database/backup-places.ts'
import { type DamageFound, forgetDamage } from '../database/damage.ts'
import { partsOf } from '../database/folder.ts'
import { procedures } from '../procedures.ts'
import type { RunningCore } from '../shell/core.ts'
import { findBackup, needUsable, repair } from './restore.ts'
import { viewBackup } from './view.ts'

type RepairOptions = Pick<CoreOptions, 'profile' | 'shell' | 'log' | 'clock' | 'profiles'> & {
  restart: NonNullable<CoreOptions['restart']>
}

export function startRepairCore(options: RepairOptions, found: DamageFound): RunningCore {
  const { profile, log, restart } = options
  const clock = options.clock ?? systemClock
  const folder = profile.database
  log.error(
    { damage: found.damage.kind, files: found.damage.files.length, system: `${platform()} ${arch()}` },
    'repair',
  )
  const state: AppState = {
    version,
    shell: options.shell,
    profileId: profile.id,
    profileName: profile.name,
    profileFolder: profile.folder,
    database: { state: 'repair', reason: found.message },
    engine: { state: 'none' },
    learning: { enabled: false, queued: 0, running: 0, failed: 0, waiting: 0, stores: [] },
    settings: { ...defaultSettings, firstRunDone: true },
    downloads: [],
    embedderChange: null,
  }
  const { app, backups } = procedures
  const offered = {
    app: {
      state: app.state.handler(() => state),
      events: app.events.handler(async function* ({ signal }): AsyncGenerator<AppEvent> {
        yield { type: 'state', state }
        await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }))
      }),
    },
    profiles: createProfileProcedures(
      options.profiles ?? createProfiles({ current: profile, switchTo: undefined, failure: null, clock }),
    ),
    backups: {
      repairState: backups.repairState.handler(async () => ({
        message: found.message,
        kind: found.damage.kind,
        files: found.damage.files,
        backups: await Promise.all((await backupsOf(folder)).map((backup) => viewBackup(backup, new Map()))),
        unreachable: backupRoots(folder).flatMap((root) => (root.reachable ? [] : root.folder)),
        data: partsOf(folder).data,
      })),
      repair: backups.repair.handler(async ({ input }) => {
        const backup = input.name === null ? null : findBackup(await backupsOf(folder), input.name)
        if (backup) await needUsable(backup)
        restart(async () => {
          await repair({ folder, clock, log }, backup, input.replay)
        })
        return {}
      }),
      reopen: backups.reopen.handler(async () => {
        restart(() => forgetDamage(folder))
        return {}
      }),
    },
  }
  return {
    router: { ...refusing(contract, procedures), ...withRefusing(offered) } as RunningCore['router'],
    caller: () => ({ owner: OWNER, log }),
    answering: () => false,
    close: async () => {},
  }
}

type Tree = { [name: string]: unknown }

/** The parts that are offered, with the rest of each part refused. */
function withRefusing(offered: Tree): Tree {
  return Object.fromEntries(
    Object.entries(offered).map(([part, calls]) => [
      part,
      {
        ...refusing(contract[part as keyof typeof contract], procedures[part as keyof typeof procedures]),
        ...(calls as Tree),
      },
    ]),
  )
}

/** Every call of a part of the contract, answered with why there is no answer. */
function refusing(part: Tree, implementer: unknown): Tree {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      const of = (implementer as Tree)[name]
      if (!isContractProcedure(value)) return [name, refusing(value as Tree, of)]
      const call = of as { handler(work: () => never): unknown }
      return [
        name,
        call.handler(() => {
          throw new AppError('DATABASE_STOPPED', 'This profile has to be repaired first. Nothing was changed.')
        }),
      ]
    }),
  )
}
