// `npm run soak`: pulls the plug for as long as it is told to. See docs/quality.md for what the last full run gave.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { testTemplate } from '../src/main/database/testing.ts'
import { DISK_CASES, playDiskCase } from './disks.ts'
import { playKills } from './kills.ts'
import { playPowerLosses } from './powers.ts'
import { Report } from './report.ts'
import { playMixedLoad, playSurroundings } from './surroundings.ts'

const USAGE = `npm run soak -- --full | --minutes N | any of: --kills N --power N --disks --surroundings --mixed MINUTES
  --full          200 kills, 100 power losses, every kind of full and broken disk, clocks, slow disks, 5 min of mixed work
  --minutes N     all of them in turn, until the time is over
  --seed N        the seed of the run; printed when it is not given
  --lanes N       profiles worked on at a time (2)
`

/** Kills and power losses in one profile: enough that damage could add up, few enough that one failure spoils little. */
const KILLS_A_PROFILE = 25
const LOSSES_A_PROFILE = 15

type Part = (folder: string, seed: number) => Promise<void>

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    kills: { type: 'string' },
    power: { type: 'string' },
    disks: { type: 'boolean', default: false },
    surroundings: { type: 'boolean', default: false },
    mixed: { type: 'string' },
    seed: { type: 'string' },
    lanes: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000))
const report = new Report()
await testTemplate()
const root = mkdtempSync(join(tmpdir(), 'understudy-soak-'))
report.say(`Seed ${seed}; profiles in ${root}.`)
const until = values.minutes === undefined ? null : performance.now() + Number(values.minutes) * 60_000
const parts = until === null ? chosen() : inTurn(until)
if (parts === null) {
  process.stderr.write(USAGE)
  process.exit(2)
}
await Promise.all(Array.from({ length: Number(values.lanes ?? 2) }, (_, lane) => workThrough(parts, lane)))
if (report.failed === 0) rmSync(root, { recursive: true, force: true })
process.stdout.write(`${report.closingLine()}\n`)
process.exit(report.failed === 0 ? 0 : 1)

/** One after another, in a folder each, as long as there are any. */
async function workThrough(queue: Iterator<Part>, lane: number): Promise<void> {
  for (let count = 0, next = queue.next(); !next.done; count++, next = queue.next()) {
    const folder = mkdtempSync(join(root, `${lane}-${count}-`))
    const before = report.failed
    try {
      await next.value(folder, seed + lane * 1000 + count)
    } catch (error) {
      report.done('it ended by itself', [(error as Error).stack ?? String(error)], folder)
    }
    if (report.failed === before) rmSync(folder, { recursive: true, force: true })
  }
}

/** What was asked for; null: nothing was. */
function chosen(): Iterator<Part> | null {
  const { full } = values
  const list: Part[] = [
    ...split(Number(values.kills ?? (full ? 200 : 0)), KILLS_A_PROFILE, playKills),
    ...split(Number(values.power ?? (full ? 100 : 0)), LOSSES_A_PROFILE, playPowerLosses),
    ...(full || values.disks ? [playDisks] : []),
    ...(full || values.surroundings ? [surroundings] : []),
    ...(full || values.mixed ? [mixed(Number(values.mixed ?? 5))] : []),
  ]
  return list.length === 0 ? null : list.values()
}

function* inTurn(end: number): Generator<Part> {
  for (;;) {
    for (const part of [
      ...split(10, KILLS_A_PROFILE, playKills),
      ...split(6, LOSSES_A_PROFILE, playPowerLosses),
      playDisks,
      mixed(1),
      surroundings,
    ]) {
      if (performance.now() > end) return
      yield part
    }
  }
}

function split(
  count: number,
  most: number,
  play: (folder: string, count: number, seed: number, report: Report) => Promise<void>,
): Part[] {
  const profiles = Math.ceil(count / most)
  return Array.from({ length: profiles }, (_, index) => {
    const here = Math.floor(count / profiles) + (index < count % profiles ? 1 : 0)
    return (folder, partSeed) => play(folder, here, partSeed, report)
  })
}

function mixed(minutes: number): Part {
  return (folder, partSeed) => playMixedLoad(folder, minutes, partSeed, report)
}

function surroundings(folder: string, partSeed: number): Promise<void> {
  return playSurroundings(folder, partSeed, report)
}

/** Each kind of write, once on a disk that says it is full, once on one that does not say so, once on a broken one. */
async function playDisks(folder: string): Promise<void> {
  for (const one of DISK_CASES) {
    for (const [error, told] of [
      ['ENOSPC', true],
      ['ENOSPC', false],
      ['EIO', false],
    ] as const) {
      const { failures, states, hits } = await playDiskCase(folder, one, error, told)
      const how = error === 'EIO' ? 'broken' : told ? 'full, and the system says so' : 'full, and nobody says so'
      report.done(`${one.name}: ${how}; ${hits} failed, ${states.join(' → ')}`, failures, folder)
    }
  }
}
