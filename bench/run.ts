// `npm run bench [-- --only NAME] [--json FILE]`: measures and prints a table. Nothing here asserts.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureRecall } from './measure-recall.ts'
import { measureStart } from './measure-start.ts'
import { measureTurns } from './measure-turns.ts'
import type { Results } from './result.ts'

/** Each measures one or more figures; `only` chooses by the name on the left. */
const benches: Record<string, () => Promise<Results>> = {
  recall: measureRecall,
  start: measureStart,
  turns: measureTurns,
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
  if (values.only && !(values.only in benches)) {
    print(`There is no bench named "${values.only}". There are: ${Object.keys(benches).join(', ')}.`)
    return 2
  }
  const results: Results = {}
  for (const [name, bench] of Object.entries(benches)) {
    if (values.only && values.only !== name) continue
    print(`measuring ${name} …`)
    const begin = performance.now()
    Object.assign(results, await bench())
    print(`  took ${((performance.now() - begin) / 1000).toFixed(1)} s`)
  }
  for (const [name, { value, unit, detail }] of Object.entries(results)) {
    const facts = Object.entries(detail).map(([key, fact]) => `${key} ${typeof fact === 'number' ? round(fact) : fact}`)
    print(`${name.padEnd(28)} ${String(round(value)).padStart(9)} ${unit.padEnd(6)} ${facts.join(', ')}`)
  }
  if (values.json) writeFileSync(resolve(values.json), `${JSON.stringify(results, null, 2)}\n`)
  return 0
}

const round = (value: number) => Math.round(value * 1000) / 1000

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

process.exitCode = await main()
