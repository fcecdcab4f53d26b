// `npm run bench [-- NAME …] [--json FILE]`: measures and prints a table. Nothing here asserts.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureBundle } from './measure-bundle.ts'
import { measureGraph } from './measure-graph.ts'
import { measureInbox } from './measure-inbox.ts'
import { measureLearning } from './measure-learning.ts'
import { measureMemory } from './measure-memory.ts'
import { measureOpen } from './measure-open.ts'
import { measurePage } from './measure-page.ts'
import { measurePalette } from './measure-palette.ts'
import { measureRecall } from './measure-recall.ts'
import { measureStart } from './measure-start.ts'
import { measureStop } from './measure-stop.ts'
import { measureTransfer } from './measure-transfer.ts'
import { measureTurns } from './measure-turns.ts'
import type { Results } from './result.ts'

/** Each measures one or more figures, in about so many minutes on two cores. */
const benches: Record<string, { minutes: number; run: () => Promise<Results> }> = {
  'recall-10k': { minutes: 1, run: () => measureRecall('recall-10k', 10_000) },
  'recall-100k': { minutes: 2, run: () => measureRecall('recall-100k', 100_000) },
  bundle: { minutes: 0.1, run: measureBundle },
  page: { minutes: 1, run: measurePage },
  graph: { minutes: 1, run: measureGraph },
  inbox: { minutes: 2, run: measureInbox },
  memory: { minutes: 4, run: measureMemory },
  open: { minutes: 1, run: measureOpen },
  palette: { minutes: 3, run: measurePalette },
  start: { minutes: 1, run: measureStart },
  stop: { minutes: 2, run: measureStop },
  transfer: { minutes: 12, run: () => measureTransfer() },
  turns: { minutes: 3, run: () => measureTurns() },
  'turns-all-stores': { minutes: 6, run: () => measureTurns(true) },
  learning: { minutes: 8, run: measureLearning },
}

/** `recall` stands for `recall-10k` and `recall-100k`, `turns` for both of its kinds. */
function isChosen(name: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((each) => name === each || name.startsWith(`${each}-`))
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true }, json: { type: 'string' } },
  })
  const wanted = [...positionals, ...(values.only ?? [])]
  const names = Object.keys(benches)
  const unknown = wanted.find((each) => !names.some((name) => isChosen(name, [each])))
  if (unknown !== undefined) {
    print(`There is no bench named "${unknown}". There are: ${names.join(', ')}.`)
    return 2
  }
  const results: Results = {}
  for (const [name, { minutes, run }] of Object.entries(benches)) {
    if (!isChosen(name, wanted)) continue
    print(`measuring ${name}, about ${minutes} min …`)
    const begin = performance.now()
    const measured = await run()
    Object.assign(results, measured)
    print(`  took ${((performance.now() - begin) / 1000).toFixed(1)} s`)
    printFigures(measured)
  }
  if (values.json) writeFileSync(resolve(values.json), `${JSON.stringify(results, null, 2)}\n`)
  return 0
}

function printFigures(results: Results): void {
  for (const [name, { value, unit, detail }] of Object.entries(results)) {
    const facts = Object.entries(detail).map(([key, fact]) => `${key} ${typeof fact === 'number' ? round(fact) : fact}`)
    print(`${name.padEnd(28)} ${String(round(value)).padStart(9)} ${unit.padEnd(6)} ${facts.join(', ')}`)
  }
}

const round = (value: number) => Math.round(value * 1000) / 1000

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
