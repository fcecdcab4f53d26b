// Opens a profile's database, in the order that keeps it safe: lock, checks, first cluster, engine, backup, migrations.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import { askThrough, backupsOf, holdThrough, makeBackup, removeUnfinished, renewBackups } from './backup.ts'
import { Connection } from './connection.ts'
import { DamageFound, isDamageNoted, noteDamage, tellsDamage } from './damage.ts'
import type { Database } from './database.ts'
import type { DiskTrial } from './faulty-fs.ts'
import { checkCluster, freeBytesAt, partsOf, prepareFolder } from './folder.ts'
import { type Deadlines, LEAST_FREE_BYTES, LocalDatabase } from './local-database.ts'
import { takeLock } from './lock.ts'
import { migrate, pendingMigrations, readMigrations } from './migrations.ts'
import { markFolder, readMark } from './profile-mark.ts'
import { finishReplacement } from './replace.ts'
import { breakSeal, checkSeal, sealCluster } from './seal.ts'
import { makeFirstCluster, templateFolder } from './template.ts'

export interface OpenOptions {
  /** The database's own folder in the profile; made when missing. */
  folder: string
  log: Log
  clock: Clock
  deadlines?: Deadlines
  /** Free bytes of the folder's disk. */
  freeBytes?: () => Promise<number>
  /** A cluster made ahead; null runs initdb. */
  template?: string | null
  /** For tests of durability: what stands between Postgres and the disk. */
  trial?: DiskTrial
  /** False: it is a copy, of which no backup is needed before its schema changes. */
  backUp?: boolean
}

const OPEN_DEADLINE_MS = 60_000
const DEADLINES: Deadlines = { statementMs: 30_000, transactionMs: 30_000 }

/**
 * Opens the database and takes its lock.
 * @throws AppError BUSY (open elsewhere, the message names the holder), NOT_ALLOWED (folder not writable, or written
 * by a newer version), DISK_FULL, DATABASE_STOPPED (it does not start; nothing was deleted)
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { folder, log, clock } = options
  const parts = partsOf(folder)
  const freeBytes = options.freeBytes ?? (() => freeBytesAt(folder))
  prepareFolder(folder)
  const lock = takeLock(parts.lock, clock.now())
  if (lock.replacedDead) log.warn({}, 'the database was not closed in order; it repairs itself')
  let connection: Connection | undefined
  try {
    const migrations = readMigrations()
    const free = await freeBytes()
    await removeUnfinished(folder)
    await finishReplacement(folder)
    if (isDamageNoted(folder)) throw new DamageFound({ kind: 'unreadable', files: [] })
    if (!checkCluster(parts.data)) {
      // There was one: an empty profile in its place would look as if everything had been lost.
      if (readMark(folder) !== null) throw new DamageFound({ kind: 'missing', files: [] })
      if (free < LEAST_FREE_BYTES) throw noSpace('make a new profile')
      const template = options.template === undefined ? templateFolder() : options.template
      await makeFirstCluster(parts.draft, parts.data, template, migrations, clock.now())
    }
    const changed = await checkSeal(parts.data)
    if (changed.length > 0) throw new DamageFound({ kind: 'files', files: changed })
    await markFolder(folder)
    await breakSeal(parts.data)
    // The database object comes after its connection, and hears of the connection's end.
    let database: LocalDatabase | undefined
    const onEnd = (reason: string) => database?.ended(reason)
    connection = await connect(folder, onEnd, options.trial)

    const pending = await pendingMigrations(connection, migrations)
    const [next] = pending
    if (next) {
      if (free < LEAST_FREE_BYTES) throw noSpace('bring the profile to this version')
      if (next.number > 0 && options.backUp !== false) await backUpBeforeMigration(folder, connection, clock.now())
      await migrate(connection, pending, clock.now())
      log.info({ from: next.number, to: migrations.length - 1 }, 'database migrated')
    }
    database = new LocalDatabase({
      data: parts.data,
      folder,
      clock,
      connection,
      reconnect: (ended) => connect(folder, ended, options.trial),
      lock,
      log,
      deadlines: options.deadlines ?? DEADLINES,
      freeBytes,
      renewBackups: (hold) => renewBackups(folder, clock.now(), log, hold),
      noteDamage: (code) => noteDamage(folder, code, clock.now()),
      seal: () => sealCluster(parts.data),
    })
    return database
  } catch (error) {
    await connection?.kill('opening failed')
    lock.release()
    throw await withAdvice(await becauseOfSpace(error, freeBytes), folder, log)
  }
}

async function connect(folder: string, onEnd: (reason: string) => void, trial?: DiskTrial): Promise<Connection> {
  const { data } = partsOf(folder)
  // Left behind by a kill, perhaps empty, which would keep Postgres from starting. The lock says that nobody is there.
  rmSync(join(data, 'postmaster.pid'), { force: true })
  const connection = await Connection.open(data, OPEN_DEADLINE_MS, onEnd, trial ? { trial } : {})
  try {
    // Starting alone flushes a few files.
    if ((await connection.countFsyncs(OPEN_DEADLINE_MS)) === 0) {
      throw new AppError('INTERNAL', 'The database does not flush to disk, so it is not used.')
    }
    // Only `write` may write; a stray change through a read is an error, not a surprise.
    await connection.script('set default_transaction_read_only = on', OPEN_DEADLINE_MS)
    return connection
  } catch (error) {
    await connection.kill('opening failed')
    throw error
  }
}

/** On a full disk Postgres does not start, and nothing is wrong with the database. */
async function becauseOfSpace(error: unknown, freeBytes: () => Promise<number>): Promise<unknown> {
  const stopped = asDamage(error)?.damage.kind === 'stopped'
  return stopped && (await freeBytes().catch(() => Number.POSITIVE_INFINITY)) < LEAST_FREE_BYTES
    ? noSpace('open the profile')
    : error
}

/** Keeps the database as it was before its schema changes. */
async function backUpBeforeMigration(folder: string, connection: Connection, now: Date): Promise<void> {
  const hold = holdThrough(askThrough(connection, OPEN_DEADLINE_MS), () =>
    connection.script('checkpoint', OPEN_DEADLINE_MS),
  )
  await makeBackup({ folder, reason: 'before-migration', now, hold })
}

/** A database that does not start is left as it is; the person learns where the last backup lies. */
async function withAdvice(error: unknown, folder: string, log: Log): Promise<unknown> {
  const found = asDamage(error)
  if (!found) return error
  log.error(
    { details: error instanceof AppError ? error.details : {}, damage: found.damage.kind },
    'database not opened',
  )
  const [backup] = await backupsOf(folder)
  const advice = backup ? ` The last backup is ${backup.path}.` : ''
  return new DamageFound(found.damage, found.cause, `${found.message}${advice}`)
}

/** Postgres that does not start, and a page it cannot read, are damage; a migration that failed is not. */
function asDamage(error: unknown): DamageFound | null {
  if (error instanceof DamageFound) return error
  if (tellsDamage(error)) return new DamageFound({ kind: 'unreadable', files: [] }, error)
  const stopped =
    error instanceof AppError && error.code === 'DATABASE_STOPPED' && error.details['migration'] === undefined
  return stopped ? new DamageFound({ kind: 'stopped', files: [] }, error) : null
}

function noSpace(wish: string): AppError {
  return new AppError(
    'DISK_FULL',
    `There is not enough space on the disk to ${wish}. Nothing was changed. Free at least 500 MB.`,
  )
}
