// What a computer does to an app besides losing power: a clock that jumps, a slow disk, a disk that is really full, a second
// opener, hours of mixed work.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/main/app/clock.ts'
import { createLog } from '../src/main/app/log.ts'
import { profilePaths } from '../src/main/app/profile.ts'
import { openDatabase } from '../src/main/database/open.ts'
import { ordersIn } from './kills.ts'
import { work } from './process.ts'
import { randomFrom } from './random.ts'
import type { Report } from './report.ts'

/** Milliseconds each write and flush takes longer on a slow disk. */
const SLOW_MS = 5

/** Mixed work without a kill, to its end. @param minutes how long */
export async function playMixedLoad(folder: string, minutes: number, seed: number, report: Report): Promise<void> {
  let begun = 0
  const orders = { ...ordersIn(folder), seed, time: minutes * 60_000, settle: true }
  const { failures, lines } = await work(
    orders,
    {
      line: (line) => {
        if (line.say === 'act') begun += 1
      },
    },
    minutes * 60_000 + LONGEST_END_MS,
  )
  const acknowledged = lines.filter(({ say }) => say === 'ack').length
  report.done(
    `${minutes} min of mixed work, seed ${seed}: ${begun} acts, ${acknowledged} acknowledged`,
    failures,
    folder,
  )
}

/** Longest time until what is under way is done and everything was looked at. */
const LONGEST_END_MS = 180_000

/** @param seed of all of them */
export async function playSurroundings(root: string, seed: number, report: Report): Promise<void> {
  const random = randomFrom(seed)
  const jumping = join(root, 'clock')
  const orders = { ...ordersIn(jumping), acts: 60, settle: true, clock: 'jumping' as const }
  for (const start of ['first', 'second'] as const) {
    const { failures } = await work({ ...orders, seed: random.below(2 ** 31) }, { line: () => {} })
    report.done(`a clock that jumps by hours and years, ${start} start, seed ${seed}`, failures, jumping)
  }
  const slow = join(root, 'slow')
  const late = await work(
    { ...ordersIn(slow), seed: random.below(2 ** 31), acts: 40, settle: true, slow: SLOW_MS },
    { line: () => {} },
  )
  report.done(`a disk that takes ${SLOW_MS} ms longer for each write, seed ${seed}`, late.failures, slow)

  const twice = join(root, 'twice')
  let second: Promise<string[]> | null = null
  const one = await work(
    { ...ordersIn(twice), seed: random.below(2 ** 31), acts: 20, settle: true },
    {
      line: (line) => {
        if (line.say === 'ready') second = openedTwice(profilePaths(join(twice, 'profile')).database)
      },
    },
  )
  const failures = [...one.failures, ...((await second) ?? ['nobody came'])]
  report.done(`a second opener while the first works, seed ${seed}`, failures, twice)
  playTmpfs(report)
}

async function openedTwice(folder: string): Promise<string[]> {
  try {
    const db = await openDatabase({ folder, log: createLog(null), clock: systemClock })
    await db.close()
    return ['two had it open']
  } catch (error) {
    return (error as { code?: string }).code === 'BUSY' ? [] : [`refused with ${String(error)}`]
  }
}

/** A disk that is full in fact: a small one in memory, where the system lets one be mounted. */
export function playTmpfs(report: Report): void {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-tmpfs-'))
  const mount = `mount -t tmpfs -o size=${TMPFS_MEGABYTES}m tmpfs "$1"`
  const inNamespace = (command: string) =>
    spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', command, 'sh', folder, process.execPath, join(import.meta.dirname, 'tmpfs.ts')],
      {
        encoding: 'utf8',
      },
    )
  if (inNamespace(mount).status !== 0) {
    report.say('           a small disk in memory: mounting is not allowed here, so it was not played')
  } else {
    const { status, stdout, stderr } = inNamespace(`${mount} && exec "$2" --import tsx "$3" "$1"`)
    const failures = status === 0 ? [] : [`${stdout}${stderr}`.slice(-2000)]
    report.done(`a small disk in memory, mounted, ${TMPFS_MEGABYTES} MB: it fills up`, failures, folder)
  }
  rmSync(folder, { recursive: true, force: true })
}

const TMPFS_MEGABYTES = 220
