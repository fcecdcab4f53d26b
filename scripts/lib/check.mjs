// `npm run check`: format and lint, types of every part, unused code. Each with its time.
import { readdirSync } from 'node:fs'
import { Failure } from './failure.mjs'
import { ensurePackages } from './packages.mjs'
import { at } from './paths.mjs'
import { runNode, say, seconds } from './processes.mjs'

/** Two at a time: each of them uses more than one core by itself. */
const AT_ONCE = 2

/** @returns {{ name: string, args: string[] }[]} */
function checks() {
  const parts = readdirSync(at())
    .map((name) => /^tsconfig\.(?<part>\w+)\.json$/.exec(name)?.groups?.['part'])
    .filter((part) => part !== undefined && part !== 'base')
  return [
    ...parts.map((part) => ({
      name: `types of ${part}`,
      args: [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', `tsconfig.${part}.json`],
    })),
    {
      name: 'format and lint',
      args: [at('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'ci', '--colors=off', '--max-diagnostics=100'],
    },
    { name: 'unused code', args: [at('node_modules', 'knip', 'bin', 'knip.js')] },
  ]
}

export async function check() {
  await ensurePackages()
  const begin = performance.now()
  const waiting = checks()
  let failed = 0
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const start = performance.now()
      const { code, output } = await runNode(next.args)
      say(`${code === 0 ? 'ok    ' : 'FAILED'} ${next.name.padEnd(18)} ${seconds(start)}`)
      if (code !== 0) {
        failed += 1
        say(output.trim())
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  say(`Checked in ${seconds(begin)}.`)
  if (failed > 0) throw new Failure(`${failed} of the checks failed.`)
}
