// Reads what the two test programs wrote and adds it up.

/**
 * @typedef {{ passed: number, failed: string[], skipped: string[], retried: string[] }} Counts
 * `failed`, `skipped`, `retried`: file and name of each; those retried passed at their second try, and count as passed
 */

/** @type {Counts} */
export const nothing = { passed: 0, failed: [], skipped: [], retried: [] }

/**
 * @param {Counts[]} counts
 * @returns {Counts}
 */
export function sum(counts) {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.flatMap(({ failed }) => failed),
    skipped: counts.flatMap(({ skipped }) => skipped),
    retried: counts.flatMap(({ retried }) => retried),
  }
}

/**
 * @param {{ testResults: { name: string, status: string, assertionResults: { fullName: string, status: string }[] }[] }} report
 * of vitest's json reporter
 * @returns {Counts}
 */
export function countUnitTests(report) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: [], skipped: [], retried: [] }
  for (const { name: file, status: outcome, assertionResults } of report.testResults) {
    // A file that could not be loaded has no tests and still is a failure.
    if (outcome === 'failed' && !assertionResults.some(({ status }) => status === 'failed')) counts.failed.push(file)
    for (const { fullName, status } of assertionResults) {
      if (status === 'passed') counts.passed += 1
      else counts[status === 'failed' ? 'failed' : 'skipped'].push(`${file} › ${fullName}`)
    }
  }
  return counts
}

/**
 * @typedef {{ title: string, file?: string, suites?: Suite[], specs?: { title: string, file: string, tests: { status: string }[] }[] }} Suite
 * @param {{ suites: Suite[], errors: { message?: string }[] }} report of Playwright's json reporter
 * @returns {Counts}
 */
export function countJourneys(report) {
  /** @type {Counts} */
  const counts = {
    passed: 0,
    failed: report.errors.map(({ message }) => message ?? 'Playwright'),
    skipped: [],
    retried: [],
  }
  const walk = (/** @type {Suite} */ suite) => {
    for (const spec of suite.specs ?? []) {
      for (const { status } of spec.tests) {
        const name = `${spec.file} › ${spec.title}`
        if (status === 'expected' || status === 'flaky') counts.passed += 1
        if (status === 'flaky') counts.retried.push(name)
        else if (status !== 'expected') counts[status === 'skipped' ? 'skipped' : 'failed'].push(name)
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
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`
}
