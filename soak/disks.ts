// Full and broken disks: each kind of write fails in the middle of work, stays broken for a while, and works again. Nothing that
// was acknowledged may be missing, a person must be told, and writing must go on by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { systemClock } from '../src/main/app/clock.ts'
import { createLog } from '../src/main/app/log.ts'
import type { Database, DatabaseState } from '../src/main/database/database.ts'
import { DiskControl, type Fault } from '../src/main/database/faulty-fs.ts'
import { checkIntegrity } from '../src/main/database/integrity.ts'
import { openDatabase } from '../src/main/database/open.ts'
import { setting } from '../src/main/database/schema.ts'
import { AppError } from '../src/shared/errors.ts'

/** A kind of write that fails, and what is done besides plain writes so that it comes to it. */
export interface DiskCase {
  name: string
  fault: Omit<Fault, 'error' | 'after'>
  /** Work that makes this kind of write, again and again. */
  provoke?: (db: Database) => Promise<unknown>
}

/** Work until the fault comes. */
const MOST_ROUNDS = 200
/** Longest time until a lifted fault is forgotten. */
const RECOVERY_MS = 60_000

const checkpoint = (db: Database) => db.write('switch', (tx) => tx.execute(sql`select pg_switch_wal()`))
const maintain = (db: Database) => db.scrub()
/** Sorts more than fits into memory. */
const spill = (db: Database) =>
  db.read.execute(sql`select count(*) from (select i from generate_series(1, 400000) i order by md5(i::text)) sorted`)

export const DISK_CASES: readonly DiskCase[] = [
  { name: 'a new log segment', fault: { kinds: ['create', 'extend'], files: '^pg_wal/' }, provoke: checkpoint },
  { name: 'a log segment, in part', fault: { kinds: ['extend'], files: '^pg_wal/', short: true }, provoke: checkpoint },
  { name: 'the log', fault: { kinds: ['write'], files: '^pg_wal/' } },
  { name: 'a flush of the log', fault: { kinds: ['fsync'], files: '^pg_wal/' } },
  { name: 'the name of a log segment', fault: { kinds: ['rename'], files: '^pg_wal/' }, provoke: checkpoint },
  { name: 'a table or index that grows', fault: { kinds: ['extend'], files: '^base/' } },
  { name: 'a table or index, in part', fault: { kinds: ['extend'], files: '^base/', short: true } },
  { name: 'a page of a table', fault: { kinds: ['write'], files: '^base/' }, provoke: maintain },
  { name: 'a flush of a table', fault: { kinds: ['fsync'], files: '^base/' }, provoke: maintain },
  { name: 'a new table file', fault: { kinds: ['create'], files: '^base/' }, provoke: maintain },
  { name: 'the control file', fault: { kinds: ['write', 'extend'], files: 'pg_control$' }, provoke: maintain },
  { name: 'a flush of the control file', fault: { kinds: ['fsync'], files: 'pg_control$' }, provoke: maintain },
  { name: 'room for sorting', fault: { kinds: ['mkdir', 'create', 'extend'], files: 'pgsql_tmp' }, provoke: spill },
  { name: 'the state of transactions', fault: { kinds: ['write', 'extend'], files: '^pg_xact/' }, provoke: maintain },
  { name: 'a file that gets shorter', fault: { kinds: ['truncate'] }, provoke: maintain },
  { name: 'everything', fault: { kinds: ['write', 'extend', 'truncate', 'create', 'mkdir', 'rename', 'fsync'] } },
]

export interface DiskResult {
  name: string
  failures: string[]
  /** States the database went through, for the eye. */
  states: DatabaseState['state'][]
  hits: number
}

/**
 * Plays one case on a database of its own.
 * @param told whether the system says that the disk is full; a quota or a bad block says nothing beforehand
 * @param statementMs after this time an engine that hangs is replaced
 */
export async function playDiskCase(
  root: string,
  { name, fault, provoke }: DiskCase,
  error: Fault['error'],
  told: boolean,
  statementMs = 2000,
): Promise<DiskResult> {
  const folder = mkdtempSync(join(root, 'disk-'))
  const disk = new DiskControl()
  let isBroken = false
  const db = await openDatabase({
    folder,
    log: createLog(null),
    clock: systemClock,
    deadlines: { statementMs, transactionMs: 2 * statementMs },
    // The room was there when the write began, or nothing would have been written.
    freeBytes: async () => (told && isBroken && disk.hits > 0 ? 1000 : Number.POSITIVE_INFINITY),
    trial: disk.trial(),
  })
  const states: DatabaseState['state'][] = []
  db.onState(({ state }) => states.push(state))
  const failures: string[] = []
  const acknowledged: string[] = []
  let next = 0
  const put = async () => {
    const key = `key ${next++}`
    // Long enough that tables, indexes and the log grow with it.
    await db.write('soak', (tx) => tx.insert(setting).values({ owner: 'me', key, value: `${key} `.repeat(400) }))
    acknowledged.push(key)
  }
  try {
    for (let round = 0; round < 30; round++) await put()
    isBroken = true
    disk.fail({ ...fault, error, after: 2 })
    let codes = new Set<string>()
    for (let round = 0; round < MOST_ROUNDS && (disk.hits === 0 || codes.size === 0); round++) {
      for (const act of [put, () => provoke?.(db) ?? Promise.resolve()]) {
        try {
          await act()
        } catch (cause) {
          codes = new Set([...codes, (cause as { code?: string }).code ?? String(cause)])
        }
      }
      // Not every failure is an error: a log file may keep its first name for a while.
      if (disk.hits > 0 && round > 10) break
    }
    if (disk.hits === 0) failures.push('the fault never came')
    await settled(db)
    // Reading goes on, or is refused in words: it never hangs.
    await db.read.$count(setting).catch((cause: unknown) => {
      if (!(cause instanceof AppError)) failures.push(`reading fails with ${String(cause)}`)
    })
    const state = db.state
    states.push(state.state)
    if (told && state.state !== 'readonly' && codes.size > 0) failures.push(`the state is ${state.state}`)
    if ((state.state === 'readonly' || state.state === 'failed') && !/kept/.test(state.reason))
      failures.push('no reason is told')

    disk.lift()
    isBroken = false
    const until = performance.now() + RECOVERY_MS
    for (;;) {
      const before = acknowledged.length
      await put().catch(() => new Promise((resolve) => setTimeout(resolve, 100)))
      if (acknowledged.length > before) break
      if (performance.now() > until) {
        failures.push(`no write went through ${RECOVERY_MS / 1000} s after the disk worked again (${db.state.state})`)
        break
      }
    }
    failures.push(...(await missing(db, acknowledged)))
  } finally {
    await db.close()
  }
  // And once more from the disk.
  const again = await openDatabase({ folder, log: createLog(null), clock: systemClock })
  failures.push(...(await missing(again, acknowledged)))
  await again.close()
  if (failures.length === 0) rmSync(folder, { recursive: true, force: true })
  return { name, failures, states, hits: disk.hits }
}

/** Resolves when no engine is being started any more. */
function settled(db: Database): Promise<void> {
  if (db.state.state !== 'restarting') return Promise.resolve()
  return new Promise((resolve) => {
    const stop = db.onState(({ state }) => {
      if (state === 'restarting') return
      stop()
      resolve()
    })
  })
}

async function missing(db: Database, acknowledged: readonly string[]): Promise<string[]> {
  const rows = await db.read.select({ key: setting.key, value: setting.value }).from(setting)
  const found = new Map(rows.map(({ key, value }) => [key, value]))
  const lost = acknowledged.filter((key) => found.get(key) !== `${key} `.repeat(400))
  const damage = await checkIntegrity(db.read)
  return [
    ...(lost.length > 0 ? [`${lost.length} acknowledged rows are missing: ${lost.slice(0, 3)}`] : []),
    ...damage.map((finding) => JSON.stringify(finding)),
  ]
}
