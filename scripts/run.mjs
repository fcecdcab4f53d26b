// The one entry behind every npm command. Plain JavaScript without packages: it runs before any is installed.
import { checkNode, ensurePackages } from './lib/packages.mjs'
import { at } from './lib/paths.mjs'

/** @type {Record<string, (args: string[]) => Promise<unknown>>} */
const commands = {
  start: async (args) => (await import('./lib/start.mjs')).start(args),
  setup: async () => {
    await ensurePackages()
    await (await import('./lib/electron.mjs')).ensureElectron({ again: true })
    await (await import('./lib/build.mjs')).ensureBuild()
  },
  build: async () => {
    await ensurePackages()
    await (await import('./lib/build.mjs')).ensureBuild()
  },
  test: async (args) => (await import('./lib/test.mjs')).test(args),
  'test-faults': async () => (await import('./lib/test.mjs')).testFaults(),
  'test-real': async () => (await import('./lib/test.mjs')).testReal(),
  check: async () => (await import('./lib/check.mjs')).check(),
  demo: (args) => fromSource('eval/demo.ts', args),
  model: (args) => fromSource('src/main/engine/models/cli.ts', args),
  learn: (args) => fromSource('src/main/terminal/main.ts', args),
  data: (args) => fromSource('src/main/terminal/data-main.ts', args),
  // As shipped: what is measured are the built processes.
  bench: (args) => fromSource('bench/run.ts', args, { UNDERSTUDY_BUILT: at('out', 'main') }),
  eval: (args) => fromSource('eval/run.ts', args),
  // Each of its many processes starts faster with what the build has made.
  soak: (args) => fromSource('soak/run.ts', args, { UNDERSTUDY_BUILT: at('out', 'main') }),
}

/**
 * Runs a TypeScript program of the repository as it is.
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function fromSource(file, args, env = {}) {
  await ensurePackages()
  await (await import('./lib/build.mjs')).ensureBuild()
  const { runNode } = await import('./lib/processes.mjs')
  const { code } = await runNode(['--import', 'tsx', at(file), ...args], { show: true, env })
  process.exitCode = code
}

const [name = '', ...args] = process.argv.slice(2)
try {
  checkNode()
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    process.stderr.write(`Unknown command "${name}". There are: ${Object.keys(commands).join(', ')}.\n`)
    process.exitCode = 2
  } else await command(args)
} catch (error) {
  const known = error instanceof Error && error.name === 'Failure'
  process.stderr.write(`${known ? error.message : /** @type {Error} */ (error).stack}\n`)
  process.exitCode = known ? /** @type {import('./lib/failure.mjs').Failure} */ (error).exitCode : 1
}
