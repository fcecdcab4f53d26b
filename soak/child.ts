// A process with a whole core that works without a pause until it is killed:
//
//     child.ts {"folder":…,"seed":…,"ledger":…,"recording":…,"acts":…}
//
// It first holds the database against the ledger of its predecessors. Each line it prints is a `Line`, written at once.
import { existsSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { type Clock, systemClock } from '../src/main/app/clock.ts'
import { startCore } from '../src/main/app/core.ts'
import { createLog } from '../src/main/app/log.ts'
import { profilePaths } from '../src/main/app/profile.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { DiskControl } from '../src/main/database/faulty-fs.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'
import { type Ack, checkLedger, type Line } from './ledger.ts'
import { randomFrom } from './random.ts'
import { actOnce } from './workload.ts'

export interface Orders {
  folder: string
  seed: number
  /** File of acknowledgements, one a line. */
  ledger: string
  /** The chat model. */
  model: string
  recording: string | null
  /** After so many acts it closes in order; null: never. */
  acts: number | null
  /** So long it works when nobody kills it, in milliseconds; null: no limit. */
  time: number | null
  /** It waits for all background work, checks once more, and closes. */
  settle: boolean
  /** The clock jumps between its acts, by hours and by years, forth and back. */
  clock: 'steady' | 'jumping'
  /** Every write and flush of the database takes so much longer, in milliseconds. */
  slow: number
}

/** What the queue says of work that was under way at five kills in a row: here that is no fault of the work. */
const KILLED_EACH_TIME = 'The app stopped each time this ran.'

/** An hour of summer time, a day, and what a battery that ran out does. */
const JUMPS_HOURS = [1, 2, 26, 24 * 40, 24 * 365, 24 * 365 * 7]
const HOUR_MS = 3_600_000

/** The system's clock, put forth and back. */
class SoakClock implements Clock {
  readonly timeZone = systemClock.timeZone
  #offset = 0

  now(): Date {
    return new Date(Date.now() + this.#offset)
  }

  /** @param hours below zero: back */
  jump(hours: number): void {
    this.#offset += hours * HOUR_MS
  }
}

const say = (line: Line) => {
  writeSync(1, `${JSON.stringify(line)}\n`)
}
const orders = JSON.parse(process.argv[2] ?? '{}') as Orders
const { folder, seed, ledger, model, recording, acts, time, settle, slow } = orders
const random = randomFrom(seed)
const disk = new DiskControl()
disk.slow(slow)
const clock = new SoakClock()
const core = await startCore({
  profile: profilePaths(join(folder, 'profile')),
  modelsFolder: join(folder, 'models'),
  resourcesFolder: resourcesFolder(),
  launcher: createChildLauncher(),
  shell: 'browser',
  log: createLog(null),
  clock,
  ...(recording === null && slow === 0 ? {} : { trial: disk.trial(recording ?? undefined) }),
})
say({ say: 'open' })
const acknowledged = existsSync(ledger)
  ? readFileSync(ledger, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Ack)
  : []
await check()
await core.engine.load({ path: model, name: 'soak' })
say({ say: 'ready' })
const acknowledge = (ack: Ack) => {
  acknowledged.push(ack)
  say({ say: 'ack', ack, bytes: recording === null ? null : statSync(recording).size })
}
const end = time === null ? Number.POSITIVE_INFINITY : performance.now() + time
for (let done = 0; done < (acts ?? Number.POSITIVE_INFINITY) && performance.now() < end; done++) {
  if (orders.clock === 'jumping' && random.chance(0.3)) clock.jump(random.pick(JUMPS_HOURS) * random.pick([1, -1]))
  await actOnce({ core, random, files: join(folder, 'files'), acknowledge }, (name) => say({ say: 'act', name }))
}
if (settle) {
  await core.chat.idle()
  await core.learning.idle()
  await check()
  const { rows } = await core.db.read.execute<{ kind: string; status: string; count: number }>(
    sql`select kind, status, count(*)::int as count from job
      where (status = 'failed' and error <> ${KILLED_EACH_TIME}) or (status in ('queued', 'running') and run_after <= ${clock.now()}) group by kind, status`,
  )
  if (rows.length > 0) say({ say: 'failed', failures: rows.map((row) => `work is left: ${JSON.stringify(row)}`) })
}
if (settle) say({ say: 'checked', failures: await badBackups() })
say({ say: 'closing' })
await core.close()
say({ say: 'closed' })
process.exit()

/** Opens and reads each backup there is. */
async function badBackups(): Promise<string[]> {
  const failures: string[] = []
  for (const { name } of (await core.backups.view()).backups) {
    const backup = await core.backups.check(name).catch(() => null)
    if (!backup?.whole || backup.refused !== null || !backup.about?.checkedAt)
      failures.push(`backup ${name} is of no use`)
  }
  return failures
}

/** With nothing written meanwhile: it is the one transaction. */
async function check(): Promise<void> {
  const failures = await core.db.write('soak.check', (tx) => checkLedger(tx, acknowledged))
  say({ say: 'checked', failures })
}
