// The power goes at random moments of a mixed workload. What the disk then holds is made from the record of what was written
// (power-loss.ts), and opened: nothing acknowledged may be missing, every table, index and journal entry has to agree.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../src/main/app/clock.ts'
import { createLog } from '../src/main/app/log.ts'
import { partsOf } from '../src/main/database/folder.ts'
import { openDatabase } from '../src/main/database/open.ts'
import { breakSeal } from '../src/main/database/seal.ts'
import type { AppError } from '../src/shared/errors.ts'
import { ordersIn } from './kills.ts'
import { type Ack, checkLedger, type Line } from './ledger.ts'
import { losePower, numbersOf } from './power-loss.ts'
import { work } from './process.ts'
import { randomFrom } from './random.ts'
import type { Report } from './report.ts'

/** How probably a write that was not flushed is on the disk all the same. */
const SURVIVALS = [0.2, 0.5, 0.9]

/**
 * Loses power so many times: each process is recorded once, and what it wrote is cut at several moments. The next process goes
 * on with what the last cut left.
 * @param folder of the profile and its ledger; kept when something fails
 */
export async function playPowerLosses(folder: string, losses: number, seed: number, report: Report): Promise<void> {
  const random = randomFrom(seed)
  const orders = ordersIn(folder)
  const database = join(folder, 'profile', 'database')
  const { data } = partsOf(database)
  // The first one makes the profile, and something to lose.
  const first = await work({ ...orders, seed: random.below(2 ** 31), acts: 20 }, { line: () => {} })
  report.done(`a profile to lose, seed ${seed}`, first.failures, folder)
  for (let count = 0; count < losses; ) {
    const before = join(folder, 'before')
    rmSync(before, { recursive: true, force: true })
    cpSync(data, before, { recursive: true })
    // As opening does before anything is written; it is no write of Postgres, so it is not in the record.
    await breakSeal(before)
    const numbers = numbersOf(data)
    const known = readAcks(orders.ledger)
    const recording = join(folder, `recording-${count}`)
    const after = 500 + random.below(6000)
    const killAt = { line: (line: Line, kill: (ms: number) => void) => line.say === 'ready' && kill(after) }
    const { failures, lines } = await work({ ...orders, seed: random.below(2 ** 31), recording }, killAt)
    if (failures.length > 0) {
      report.done(`the process before power loss ${count + 1}, seed ${seed}`, failures, folder)
      return
    }
    const all = statSync(recording).size
    const said = lines.flatMap((line) =>
      line.say === 'ack' && line.bytes !== null ? [{ ...line, bytes: line.bytes }] : [],
    )
    const opened = said[0]?.bytes ?? 0
    let left: { cut: string; acks: Ack[] } | null = null
    for (const survival of SURVIVALS) {
      if (count === losses) break
      count += 1
      // Anywhere in the work, and every third time at its very end.
      const bytes = random.chance(0.33) ? all : opened + random.below(all - opened + 1)
      const acks = [...known, ...said.filter((line) => line.bytes <= bytes).map(({ ack }) => ack)]
      const cut = join(folder, `cut-${count}`)
      const target = partsOf(cut).data
      mkdirSync(cut, { recursive: true, mode: 0o700 })
      cpSync(before, target, { recursive: true })
      const { lost, torn } = losePower({ target, numbers, recording, bytes, survival, random })
      const found = await openCut(cut, acks)
      const name = `power loss ${count} of ${losses}, seed ${seed}: ${lost} writes lost, ${torn} torn, ${acks.length} acknowledged`
      report.done(name, found, folder)
      if (found.length > 0) return
      if (left) rmSync(left.cut, { recursive: true, force: true })
      left = { cut, acks }
    }
    if (left) {
      rmSync(data, { recursive: true })
      renameSync(partsOf(left.cut).data, data)
      rmSync(left.cut, { recursive: true, force: true })
      writeFileSync(orders.ledger, left.acks.map((ack) => `${JSON.stringify(ack)}\n`).join(''))
    }
    rmSync(recording)
  }
}

function readAcks(ledger: string): Ack[] {
  const lines = readFileSync(ledger, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Ack)
}

async function openCut(cut: string, acks: readonly Ack[]): Promise<string[]> {
  try {
    const db = await openDatabase({ folder: cut, log: createLog(null), clock: systemClock })
    try {
      return await checkLedger(db.read, acks)
    } finally {
      await db.close()
    }
  } catch (error) {
    return [`it does not open: ${(error as Error).message} ${JSON.stringify((error as AppError).details ?? {})}`]
  }
}
