// Backups of the open profile: made by themselves while it is quiet, on demand and before what changes a lot; what the page
// shows of them; and the way back. Nothing of it holds up a chat: the database is held still for the copy alone.
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type {
  BackupsView,
  BackupView,
  RestorePreview,
  RestoreReport,
  VerifyReport,
} from '../../shared/contract/backups.ts'
import { AppError } from '../../shared/errors.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { ProfilePaths } from '../app/profile.ts'
import type { Profiles } from '../app/profiles.ts'
import {
  type Backup,
  type BackupReason,
  backupsOf,
  checkBackup,
  noteChecked,
  removeBackup,
  settleOwed,
} from '../database/backup.ts'
import { backupRoots, changePlaces, choosePlace, readPlaces } from '../database/backup-places.ts'
import type { Database } from '../database/database.ts'
import { type Ask, changeMark, countKinds, type KindCounts, totals } from '../database/inspect.ts'
import { readMigrations } from '../database/migrations.ts'
import { type Aside, asidesOf, removeAside } from '../database/replace.ts'
import { readForgotten } from './forgotten.ts'
import { readReport, writeReport } from './report.ts'
import { findBackup, needUsable, restoreHere, restoreInto, sameProfile } from './restore.ts'
import { dueAt, generationsOf, outlived } from './rotation.ts'
import { verify } from './verify.ts'
import { viewBackup } from './view.ts'

export interface BackupsPorts {
  profile: ProfilePaths
  db: Database
  settings: () => Settings
  clock: Clock
  log: Log
  /** Nobody waits for anything. */
  idle: () => boolean
  changed: () => void
  profiles: Profiles | undefined
  /** Closes the profile, does the work, opens it again; absent where that is not possible. */
  restart: ((work: () => Promise<void>) => void) | undefined
}

export interface Backups {
  view(): Promise<BackupsView>
  make(): Promise<BackupView>
  /** Makes one before something that changes a lot; it may be the newest one, where nothing changed since. */
  before(occasion: 'import'): Promise<void>
  check(name: string): Promise<BackupView>
  preview(name: string): Promise<RestorePreview>
  restore(name: string): Promise<void>
  restoreAsNew(name: string, profile: string): Promise<{ profileId: string; folder: string }>
  remove(name: string): Promise<void>
  removeAside(name: string): Promise<void>
  choosePlace(place: string | null): Promise<void>
  report(): RestoreReport | null
  reportSeen(): Promise<void>
  counts(): Promise<KindCounts>
  verify(): Promise<VerifyReport>
  /** Does what is due, if it is quiet; called again and again while the app runs. */
  tick(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const TICK_MS = 60_000
/** Somebody who forgets one thing after another may do so while a backup is made, and the next one. */
const TRIES = 4
const FIRST_TICK_MS = 90_000
const DAY_MS = 86_400_000
const ASIDE_DAYS = 30
const READ_DAYS = 7
/** After a failure the next try waits, so that a full disk is not filled again and again. */
const RETRY_MS = 3_600_000

export function createBackups(ports: BackupsPorts): Backups {
  const { db, clock, log, profile } = ports
  const folder = profile.database
  const ask: Ask = async (statement) => (await db.read.execute(sql.raw(statement))).rows
  let making: Promise<Backup> | null = null
  let ticking: Promise<void> | null = null
  let failure: { message: string; at: number } | null = null
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const generations = () => {
    const { backupsDaily: daily, backupsWeekly: weekly } = ports.settings()
    return { daily, weekly }
  }
  const all = async () => {
    await settleOwed(folder)
    return backupsOf(folder)
  }
  /** By its name or path; a path alone would let a window read any folder. */
  const find = async (name: string) => findBackup(await all(), name)

  /** What was forgotten while one was made lies in it; the next one is without it. */
  async function makeWithout(reason: BackupReason, tries = TRIES): Promise<Backup> {
    try {
      return await db.backup(null, reason)
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'BUSY' || tries <= 1) throw error
      return makeWithout(reason, tries - 1)
    }
  }

  async function makeOne(reason: BackupReason): Promise<Backup> {
    if (making) {
      // One that is being made was begun before; what this one is for must be in it or before it.
      await making.catch(() => {})
      return makeOne(reason)
    }
    making = (async () => {
      const begun = performance.now()
      await settleOwed(folder)
      const backup = await makeWithout(reason)
      for (const old of outlived(await backupsOf(folder), generations(), clock.timeZone)) await removeBackup(old)
      log.info({ reason, ms: Math.round(performance.now() - begun), bytes: backup.manifest?.bytes }, 'backup made')
      return backup
    })()
    ports.changed()
    try {
      const backup = await making
      failure = null
      return backup
    } catch (error) {
      failure = { message: wordsOf(error), at: performance.now() }
      log.warn({ reason, code: (error as { code?: string }).code }, 'no backup was made')
      throw error
    } finally {
      making = null
      ports.changed()
    }
  }

  async function isChanged(newest: Backup | undefined): Promise<boolean> {
    return newest?.manifest?.change !== (await changeMark(ask))
  }

  async function tick(): Promise<void> {
    if (db.state.state !== 'ready' || !ports.idle() || making) return
    const now = clock.now()
    const settled = await settleOwed(folder)
    if (settled > 0)
      log.info({ backups: settled }, 'backups with forgotten words were removed from a place that is back')
    for (const aside of await asidesOf(folder)) if (untilOf(aside) <= now) await removeAside(aside)
    const backups = await backupsOf(folder)
    const waits = failure !== null && performance.now() - failure.at < RETRY_MS
    if (!waits && generations().daily > 0 && dueAt(backups, now) <= now && (await isChanged(backups[0]))) {
      await makeOne('automatic').catch(() => {})
      return
    }
    const unchecked = backups.find(({ manifest }) => manifest?.checkedAt === null)
    if (!waits && unchecked) {
      await checkOne(unchecked).catch((error: unknown) => {
        failure = { message: wordsOf(error), at: performance.now() }
      })
      return
    }
    await readNowAndThen(now)
  }

  /** So that a disk that goes bad is found while there is a good backup. */
  async function readNowAndThen(now: Date): Promise<void> {
    const { lastRead } = readPlaces(folder)
    if (lastRead !== null && Math.abs(now.getTime() - new Date(lastRead).getTime()) < READ_DAYS * DAY_MS) return
    await db.readEverything(async () => {
      if (stopped) throw new AppError('BUSY', 'Understudy is closing.')
      while (!ports.idle() && !stopped) await new Promise((resolve) => setTimeout(resolve, 1000).unref())
    })
    await changePlaces(folder, (places) => ({ ...places, lastRead: now.toISOString() }))
  }

  async function checkOne(backup: Backup): Promise<void> {
    await noteChecked(backup, await checkBackup(folder, backup), clock.now())
    ports.changed()
  }

  const show = async (backup: Backup) =>
    viewBackup(backup, generationsOf(await backupsOf(folder), generations(), clock.timeZone))

  const tickOnce = () => {
    ticking ??= tick()
      .catch((error: unknown) => log.warn({ code: (error as { code?: string }).code }, 'backups were not looked after'))
      .finally(() => {
        ticking = null
      })
    return ticking
  }
  const schedule = (ms: number) => {
    if (stopped) return
    timer = setTimeout(() => void tickOnce().then(() => schedule(TICK_MS)), ms)
    timer.unref()
  }

  return {
    async view() {
      const backups = await all()
      const now = clock.now()
      const kept = generationsOf(backups, generations(), clock.timeZone)
      return {
        backups: await Promise.all(backups.map((backup) => viewBackup(backup, kept))),
        places: backupRoots(folder).map(({ folder: path, own, chosen, reachable, owed }) => ({
          folder: path,
          own,
          chosen,
          reachable,
          owedSince: owed === null ? null : new Date(owed),
        })),
        asides: (await asidesOf(folder)).map((aside) => ({
          ...aside,
          at: new Date(aside.at),
          until: untilOf(aside),
        })),
        running: making !== null,
        failure: failure?.message ?? null,
        due: generations().daily > 0 ? dueAt(backups, now) : null,
        canRestore: ports.restart !== undefined,
      }
    },
    make: async () => show(await makeOne('by-hand')),
    async before(occasion) {
      const [newest] = await all()
      if (newest && !(await isChanged(newest)) && newest.manifest?.checkedAt) return
      await makeOne(`before-${occasion}`)
    },
    async check(name) {
      const backup = await find(name)
      await checkOne(backup)
      return show(await find(name))
    },
    async preview(name) {
      // What is in one that was never opened is not known.
      if ((await find(name)).manifest?.checkedAt === null) await checkOne(await find(name))
      const backup = await find(name)
      const now = totals(await countKinds(ask))
      const held = totals(backup.manifest?.counts ?? {})
      const at = backup.manifest ? new Date(backup.manifest.at) : null
      return {
        backup: await show(backup),
        kinds: [...new Set([...Object.keys(now), ...Object.keys(held)])]
          .sort()
          .map((kind) => ({ kind, held: held[kind] ?? 0, now: now[kind] ?? 0 })),
        newer: at ? await newerThan(at) : {},
        migrated: (backup.manifest?.schema ?? 0) < readMigrations().length,
      }
    },
    async restore(name) {
      const backup = await find(name)
      await needUsable(backup)
      if (!ports.restart) {
        throw new AppError('NOT_ALLOWED', 'Restoring needs the app that opened this profile. Nothing was changed.')
      }
      ports.restart(async () => {
        await restoreHere({ folder, clock, log }, backup)
      })
    },
    async restoreAsNew(name, profileName) {
      const backup = await find(name)
      await needUsable(backup)
      if (!ports.profiles) throw new AppError('NOT_ALLOWED', 'There is no list of profiles here. Nothing was changed.')
      const forgotten = sameProfile(folder, backup) ? await readForgotten(db.read) : null
      const made = await ports.profiles.add(profileName, async (path) => {
        await restoreInto({ folder: join(path, 'database'), clock, log }, backup, forgotten)
      })
      return { profileId: made.id, folder: made.folder }
    },
    async remove(name) {
      await removeBackup(await find(name))
      ports.changed()
    },
    async removeAside(name) {
      const aside = (await asidesOf(folder)).find((one) => one.name === name)
      if (!aside) throw new AppError('NOT_FOUND', 'This data is not there any more.')
      await removeAside(aside)
      ports.changed()
    },
    async choosePlace(place) {
      await choosePlace(folder, place)
      ports.changed()
    },
    report: () => readReport(folder),
    async reportSeen() {
      const report = readReport(folder)
      if (report) await writeReport(folder, { ...report, seen: true })
      ports.changed()
    },
    counts: () => countKinds(ask),
    verify: () => verify(db),
    tick: tickOnce,
    start() {
      schedule(FIRST_TICK_MS)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await ticking
      await making?.catch(() => {})
    },
  }

  /** Rows made or changed after a time, of what a person would miss. */
  async function newerThan(at: Date): Promise<Record<string, number>> {
    const since = sql`${at.toISOString()}::timestamptz`
    const { rows } = await db.read.execute<Record<string, number>>(sql`select
      (select count(*)::int from conversation where updated_at > ${since}) as conversation,
      (select count(*)::int from message where created_at > ${since} and role <> 'root') as message,
      (select count(*)::int from memory where updated_at > ${since}) as memory,
      (select count(*)::int from entity where updated_at > ${since}) as entity,
      (select count(*)::int from document where created_at > ${since}) as document,
      (select count(*)::int from project where updated_at > ${since}) as project,
      (select count(*)::int from journal where at > ${since}) as journal`)
    return Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, count]) => count > 0))
  }
}

function untilOf({ at }: Pick<Aside, 'at'>): Date {
  return new Date(new Date(at).getTime() + ASIDE_DAYS * DAY_MS)
}

function wordsOf(error: unknown): string {
  return error instanceof AppError ? error.message : 'The backup could not be made. Nothing was changed.'
}
