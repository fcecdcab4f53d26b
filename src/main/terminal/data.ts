// `npm run data -- …`: the whole of what is kept, in a terminal and for scripts. The same procedures as the window's; a
// restore takes the place of the data itself, so it needs the profile closed.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { KindCounts } from '../../shared/contract/backups.ts'
import { AppError } from '../../shared/errors.ts'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { type ProfilePaths, profilePaths } from '../app/profile.ts'
import { findBackup, forgottenIn, type RestorePorts, restoreHere, restoreInto } from '../backups/restore.ts'
import { type Backup, backupsOf, checkBackup, readBackup } from '../database/backup.ts'
import { prepareFolder } from '../database/folder.ts'
import { totals } from '../database/inspect.ts'
import { type Answer, type Call, type CommandSet, runCommand, type Terminal } from './command.ts'
import { isRunning } from './connect.ts'
import { exportData, importData, TRANSFER_OPTIONS } from './transfer.ts'

const USAGE = `npm run data -- export FILE                writes an archive of everything, or of a part (--store A,B, --namespace N,
                                           --no-conversations)
npm run data -- import FILE                brings in an archive, or an export of another product; of --dry-run only what it
                                           would do. --own: this archive is your own, states are restored as they were.
                                           --on-conflict skip|replace|keep-both|ask (skip). Of a table (CSV): --store A
                                           and, as often as needed, --column "COLUMN=FIELD" (text: the entry itself)
npm run data -- backup                     makes a backup, opens it and reads it
npm run data -- restore BACKUP             puts a backup (its name or its folder) in the place of the data, which is set aside
npm run data -- restore BACKUP --into DIR  makes a new profile of it in a folder
npm run data -- verify [BACKUP]            reads everything of the profile, or of a backup, and tells what is wrong
npm run data -- count                      how much of each kind there is

  --profile DIR   the profile; without it the one the app opens
  --json          answers as JSON, for programs
  --passphrase-file FILE   of an encrypted archive (or the variable UNDERSTUDY_PASSPHRASE)`

/** A new command is one line here, one in the usage. */
const DATA: CommandSet = {
  usage: USAGE,
  options: { into: { type: 'string' }, ...TRANSFER_OPTIONS },
  commands: {
    export: { least: 1, most: 1, run: exportData },
    import: { least: 1, most: 1, run: importData },
    backup: { least: 0, most: 0, run: backup },
    restore: { least: 1, most: 1, run: restore },
    verify: { least: 0, most: 1, run: verify },
    count: { least: 0, most: 0, run: count },
  },
}

/** Exit codes: 0 done, 1 could not be done or something is wrong, 2 not understood. */
export function runDataCommand(args: string[], terminal: Terminal): Promise<number> {
  return runCommand(DATA, args, terminal)
}

async function backup({ client }: Call): Promise<Answer> {
  const made = await (await client()).backups.make({})
  const rows = made.about ? sum(made.about.counts) : 0
  return { value: made, text: `${made.path}\n${rows} rows, read back as a whole.` }
}

async function restore({ given: [wanted = ''], options, profile }: Call): Promise<Answer> {
  if (await isRunning(profile)) {
    throw new AppError(
      'BUSY',
      'Understudy is running with this profile. Nothing was changed. Close it first, or restore in its window.',
    )
  }
  const found = await find(profile, wanted)
  const into = options['into']
  if (typeof into === 'string') {
    const target = profilePaths(resolve(into))
    await restoreInto(portsOf(target), found, await forgottenIn(portsOf(profile), found))
    return { value: { folder: target.folder, backup: found.name }, text: `A new profile stands in ${target.folder}` }
  }
  if (!existsSync(profile.folder)) prepareFolder(profile.folder)
  const report = await restoreHere(portsOf(profile), found)
  const aside = report.aside ? `\nThe data before lies in ${report.aside}` : ''
  return { value: report, text: `Restored: ${found.name}${aside}` }
}

async function verify({ given: [wanted], client, profile }: Call): Promise<Answer> {
  if (wanted === undefined) {
    const found = await (await client()).backups.verify({})
    const problems = found.problems.map(({ rule, where, count: n }) => `${rule}: ${n} in ${where}`)
    return {
      value: found,
      text: found.ok ? `Everything was read, and all of it agrees.\n${table(found.counts)}` : problems.join('\n'),
      failed: !found.ok,
    }
  }
  const backup = await find(profile, wanted)
  const { counts } = await checkBackup(profile.database, backup)
  return { value: { ok: true, counts, problems: [] }, text: `The backup was read as a whole.\n${table(counts)}` }
}

/** What a person would miss: the same after an export and an import into an empty profile. The rest serves the app alone. */
const COUNTED = [
  ...[
    'conversation',
    'document',
    'embedding',
    'entity',
    'evidence',
    'journal',
    'memory',
    'message',
    'passage',
    'project',
  ],
  ...['proposal', 'store_definition', 'usage'],
]

async function count({ client }: Call): Promise<Answer> {
  const all = await (await client()).backups.counts({})
  const counts = sorted(Object.fromEntries(COUNTED.flatMap((kind) => (all[kind] ? [[kind, all[kind]]] : []))))
  return { value: counts, text: table(counts) }
}

/** Among the backups of the profile by its name, else a folder anywhere. */
async function find(profile: ProfilePaths, wanted: string): Promise<Backup> {
  const named = resolve(wanted)
  const elsewhere = existsSync(named) ? readBackup(named) : null
  return elsewhere ?? findBackup(await backupsOf(profile.database), wanted)
}

function portsOf(profile: ProfilePaths): RestorePorts {
  return { folder: profile.database, clock: systemClock, log: createLog(null) }
}

function sorted(counts: KindCounts): KindCounts {
  const byKey = <T>(of: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)))
  return byKey(Object.fromEntries(Object.entries(counts).map(([kind, of]) => [kind, byKey(of)])))
}

function table(counts: KindCounts): string {
  return Object.entries(counts)
    .map(([kind, of]) => {
      const parts = Object.entries(of).map(([status, n]) => `${status} ${n}`)
      return `${kind.padEnd(18)}  ${parts.join(', ') || '0'}`
    })
    .join('\n')
}

function sum(counts: KindCounts): number {
  return Object.values(totals(counts)).reduce((all, n) => all + n, 0)
}
