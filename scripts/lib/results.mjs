// Reads what the two test programs wrote and adds it up.

/**
 * @typedef {{ passed: number, failed: number, skipped: string[] }} Counts
 * `skipped`: the names of the tests
 */

/** @type {Counts} */
export const nothing = { passed: 0, failed: 0, skipped: [] }

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export function sum(counts) {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
    skipped: counts.flatMap(({ skipped }) => skipped),
  }
}

/**
 * @param {{ testResults: { name: string, status: string, assertionResults: { fullName: string, status: string }[] }[] }} report
 * of vitest's json reporter
 * @returns {Counts}
 */
export function countUnitTests(report) {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  // A file that could not be loaded has no tests and still is a failure.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failed = tests.filter(({ status }) => status === 'failed').length
  const passed = tests.filter(({ status }) => status === 'passed').length
  const skipped = tests.filter(({ status }) => status !== 'failed' && status !== 'passed')
  return { passed, failed: failed + broken.length, skipped: skipped.map(({ fullName }) => fullName) }
}

/**
 * @typedef {{ title: string, file?: string, suites?: Suite[], specs?: { title: string, file: string, tests: { status: string }[] }[] }} Suite
 * @param {{ suites: Suite[], errors: unknown[] }} report of Playwright's json reporter
 * @returns {Counts}
 */
export function countJourneys(report) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: report.errors.length, skipped: [] }
  const walk = (/** @type {Suite} */ suite) => {
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        if (status === 'expected') counts.passed += 1
        else if (status === 'skipped') counts.skipped.push(`${spec.file} › ${spec.title}`)
        else counts.failed += 1
      }
    }
    for (const inner of suite.suites ?? []) walk(inner)
  }
  for (const suite of report.suites) walk(suite)
  return counts
}

/**
 * The one test that may skip: it needs a binary that cannot be had everywhere.
 * @param {string} name
 */
export const maySkip = (name) => name.startsWith('electron.spec.ts › ')

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped.length} skipped`
}
