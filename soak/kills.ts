// Kill -9 at random moments of a mixed workload, in one profile from cycle to cycle: each process holds what it finds against
// everything its predecessors acknowledged.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { scriptedModel } from '../src/main/engine/testing/models.ts'
import type { Orders } from './child.ts'
import type { Line } from './ledger.ts'
import { type Watcher, work } from './process.ts'
import { type Random, randomFrom } from './random.ts'
import type { Report } from './report.ts'

/** Acts that write in several steps, or for long. */
const LONG_ACTS = ['back up', 'scrub', 'mark', 'forget', 'decide', 'talk', 'export', 'import']

/** @returns orders for the processes of one profile */
export function ordersIn(folder: string): Omit<Orders, 'seed'> {
  mkdirSync(join(folder, 'files'), { recursive: true })
  const model = join(folder, 'soak.gguf')
  if (!existsSync(model)) scriptedModel(model, [{ answer: 'Very well, I shall keep that in mind for another day.' }])
  return {
    folder,
    ledger: join(folder, 'ledger.jsonl'),
    model,
    recording: null,
    acts: null,
    time: null,
    settle: false,
    clock: 'steady',
    slow: 0,
  }
}

/** When the next process is killed, and what it is told to do. */
function plan(random: Random): { name: string; acts: number | null; watcher: Watcher } {
  const kind = random.next()
  if (kind < 0.15) {
    const after = random.below(3000)
    return {
      name: `${after} ms after its start`,
      acts: null,
      watcher: { started: (kill) => kill(after), line: () => {} },
    }
  }
  const patience = 5000
  const after = random.below(3000)
  const on = (wanted: (line: Line) => boolean, ms: number): Watcher => {
    let met = false
    return {
      line: (line, kill) => {
        if (line.say === 'ready') kill(patience)
        if (met || !wanted(line)) return
        met = true
        kill(ms)
      },
    }
  }
  if (kind < 0.3) {
    const act = random.pick(LONG_ACTS)
    const ms = random.below(random.chance(0.5) ? 30 : 300)
    return {
      name: `${ms} ms into "${act}"`,
      acts: null,
      watcher: on((line) => line.say === 'act' && line.name === act, ms),
    }
  }
  if (kind < 0.4) {
    const ms = random.below(120)
    return {
      name: `${ms} ms into closing`,
      acts: 1 + random.below(8),
      watcher: on((line) => line.say === 'closing', ms),
    }
  }
  return { name: `${after} ms into its work`, acts: null, watcher: on((line) => line.say === 'ready', after) }
}

/**
 * Kills so many processes one after another.
 * @param folder of the profile and its ledger; kept when something fails
 */
export async function playKills(folder: string, kills: number, seed: number, report: Report): Promise<void> {
  const random = randomFrom(seed)
  const orders = ordersIn(folder)
  for (let count = 0; count < kills; count++) {
    const { name, acts, watcher } = plan(random)
    const { failures, lines } = await work({ ...orders, seed: random.below(2 ** 31), acts }, watcher)
    const acknowledged = lines.filter(({ say }) => say === 'ack').length
    report.done(`kill ${count + 1} of ${kills}, seed ${seed}: ${name}, ${acknowledged} acknowledged`, failures, folder)
  }
  const { failures } = await work({ ...orders, seed: random.below(2 ** 31), acts: 5, settle: true }, { line: () => {} })
  failures.push(...leftovers(join(folder, 'profile')))
  report.done(
    `after ${kills} kills, seed ${seed}: work goes on to its end, nothing is left over, backups open`,
    failures,
    folder,
  )
}

/** Files that were being made when a process died and that nobody took away. */
function leftovers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.part$|\.new$|\.tmp$/.test(path))
    .map((path) => `left over: ${path}`)
}
