// `npm test`, `npm run test:faults` and `npm run test:real`: set up, build, run, add up.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBuild } from './build.mjs'
import { ensureChromium } from './chromium.mjs'
import { ensureElectron } from './electron.mjs'
import { Failure } from './failure.mjs'
import { readOptions } from './options.mjs'
import { ensurePackages } from './packages.mjs'
import { at } from './paths.mjs'
import { runNode, say, seconds } from './processes.mjs'
import { closingLine, countJourneys, countUnitTests, maySkip, nothing, sum } from './results.mjs'

const STARTER = 'qwen2.5-coder-1.5b'
const reports = at('test-results')

const usage = `npm test [-- --only unit|journeys]`

/** @param {string[]} args */
export async function test(args) {
  const { only } = readOptions(args, usage, { only: { type: 'string' } })
  if (only !== undefined && only !== 'unit' && only !== 'journeys') {
    throw new Failure(`--only is unit or journeys, not "${only}".\n\n${usage}`, 2)
  }
  const begin = performance.now()
  await ensurePackages()
  await ensureElectron({ again: false })
  await ensureBuild()
  mkdirSync(reports, { recursive: true })
  const counts = []
  if (only !== 'journeys') counts.push(await unitTests())
  if (only !== 'unit') counts.push(await journeys('chromium'))
  finish(sum(counts), begin)
}

/** The tests and journeys that need the real starter model. */
export async function testReal() {
  const begin = performance.now()
  await ensurePackages()
  await ensureBuild()
  mkdirSync(reports, { recursive: true })
  const { code } = await runNode(['--import', 'tsx', at('src', 'main', 'engine', 'models', 'cli.ts'), 'get', STARTER], {
    show: true,
  })
  if (code !== 0) {
    say(`The starter model ${STARTER} is not here and cannot be had, so its journeys fail.`)
    finish({ ...nothing, failed: ['the starter model is missing'] }, begin)
    return
  }
  finish(sum([await unitTests('golden'), await journeys('real')]), begin)
}

/** The tests that kill, fill, damage and fuzz: minutes of them, so they have a command of their own. */
export async function testFaults() {
  const begin = performance.now()
  await ensurePackages()
  await ensureBuild()
  mkdirSync(reports, { recursive: true })
  finish(await unitTests('faults'), begin)
}

/** @param {'unit' | 'faults' | 'golden'} kind golden: what the starter model makes of a few messages */
async function unitTests(kind = 'unit') {
  const report = at('test-results', `${kind}.json`)
  rmSync(report, { force: true })
  const { code } = await runNode(
    [
      at('node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...(kind === 'unit' ? [] : ['--config', at(`vitest.${kind}.config.ts`)]),
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    // Workers and the engine of these tests are of the build, which is never older than the source here.
    { show: true, env: { UNDERSTUDY_BUILT: at('out', 'main') } },
  )
  return withExit(code, report, countUnitTests)
}

/** @param {'chromium' | 'real'} project */
async function journeys(project) {
  let chromium
  try {
    chromium = await ensureChromium()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    say(error.message)
    return { ...nothing, failed: ['Chromium is missing'] }
  }
  const report = at('test-results', `${project}.json`)
  rmSync(report, { force: true })
  const { code } = await runNode(
    [at('node_modules', '@playwright', 'test', 'cli.js'), 'test', `--project=${project}`],
    { show: true, env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: report } },
  )
  return withExit(code, report, countJourneys)
}

/**
 * A program that failed without a failed test (it broke itself) counts as one failure.
 * @template Report
 * @param {number} code
 * @param {string} report
 * @param {(report: Report) => import('./results.mjs').Counts} count
 */
function withExit(code, report, count) {
  let counts = nothing
  try {
    counts = count(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    code ||= 1
  }
  return code !== 0 && counts.failed.length === 0 ? { ...counts, failed: [`${report}: ended with ${code}`] } : counts
}

/**
 * @param {import('./results.mjs').Counts} counts
 * @param {number} begin
 */
function finish(counts, begin) {
  const wrong = counts.skipped.filter((name) => !maySkip(name))
  for (const name of wrong) say(`skipped, and may not: ${name}`)
  // Named once more at the end: the failures themselves may stand thousands of lines above.
  for (const name of counts.retried) say(`passed at the second try only, look into it: ${name}`)
  for (const name of counts.failed) say(`failed: ${name}`)
  say(`Tested in ${seconds(begin)}.`)
  say(closingLine(counts))
  if (counts.failed.length > 0 || wrong.length > 0 || counts.passed === 0) process.exitCode = 1
}
