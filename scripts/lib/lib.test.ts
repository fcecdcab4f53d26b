import { describe, expect, test } from 'vitest'
import { usualPlaces } from './chromium.mjs'
import { checkNode, npmCommand, sameVersions } from './packages.mjs'
import { closingLine, countJourneys, countUnitTests, maySkip, sum } from './results.mjs'

test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('node %s will do', (version) => {
  expect(() => checkNode(version)).not.toThrow()
})

test.each(['20.18.3', '18.20.0', '12.0.0'])('node %s is refused in words', (version) => {
  expect(() => checkNode(version)).toThrow(`Understudy needs Node.js 20.19 or newer; this is ${version}.`)
})

test('npm is run by node where its script is found, and by name elsewhere', () => {
  const cli = '/usr/lib/node_modules/npm/bin/npm-cli.js'
  const all = () => true
  expect(npmCommand({ npm_execpath: cli }, '/usr/bin/node', 'linux', all)).toEqual({
    command: '/usr/bin/node',
    args: [cli],
  })
  // pnpm and yarn set the same variable.
  expect(npmCommand({ npm_execpath: '/x/pnpm.cjs' }, '/usr/bin/node', 'linux', (path) => path === cli)).toEqual({
    command: '/usr/bin/node',
    args: [cli],
  })
  expect(npmCommand({}, '/usr/bin/node', 'linux', () => false)).toEqual({ command: 'npm', args: [] })
  expect(npmCommand({}, 'C:\\node.exe', 'win32', () => false)).toEqual({ command: 'npm.cmd', args: [] })
})

describe('packages that are installed already', () => {
  const locked = { '': {}, a: { version: '1.0.0' }, b: { version: '1.0.0', optional: true } }
  test('are not installed again', () => {
    expect(sameVersions(locked, { a: { version: '1.0.0' } })).toBe(true)
    expect(sameVersions(locked, { a: { version: '1.0.0' }, b: { version: '1.0.0', optional: true } })).toBe(true)
  })
  test.each([
    ['another version', { a: { version: '1.0.1' } }],
    ['one is missing', {}],
    ['one too many', { a: { version: '1.0.0' }, c: { version: '1.0.0' } }],
  ])('are, when there is %s', (_why, installed) => {
    expect(sameVersions(locked, installed as Record<string, { version: string }>)).toBe(false)
  })
})

test('Chromium is looked for where it usually lies', () => {
  expect(usualPlaces('linux', { PATH: '/opt/bin' })).toEqual(
    expect.arrayContaining(['/opt/bin/chromium', '/usr/bin/chromium', '/usr/bin/google-chrome-stable']),
  )
  expect(usualPlaces('darwin', { HOME: '/Users/a' })).toContain(
    '/Users/a/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  )
  expect(usualPlaces('win32', { PROGRAMFILES: 'C:\\Programs' })).toContain(
    'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe',
  )
})

test('unit tests are counted, a file that does not load too', () => {
  const report = {
    testResults: [
      {
        name: 'a',
        status: 'failed',
        assertionResults: [
          { fullName: 'one', status: 'passed' },
          { fullName: 'two', status: 'failed' },
          { fullName: 'three', status: 'skipped' },
          { fullName: 'four', status: 'todo' },
        ],
      },
      { name: 'b', status: 'failed', assertionResults: [] },
    ],
  }
  expect(countUnitTests(report)).toEqual({
    passed: 1,
    failed: ['a › two', 'b'],
    skipped: ['a › three', 'a › four'],
    retried: [],
  })
})

test('journeys are counted, however deep they lie', () => {
  const spec = (title: string, status: string) => ({ title, file: 'electron.spec.ts', tests: [{ status }] })
  const report = {
    suites: [
      {
        title: 'file',
        specs: [spec('a', 'expected'), spec('b', 'unexpected')],
        suites: [{ title: 'inner', specs: [spec('c', 'skipped'), spec('d', 'flaky')] }],
      },
    ],
    errors: [],
  }
  expect(countJourneys(report)).toEqual({
    passed: 2,
    failed: ['electron.spec.ts › b'],
    skipped: ['electron.spec.ts › c'],
    retried: ['electron.spec.ts › d'],
  })
  expect(countJourneys({ suites: [], errors: [{ message: 'no tests' }] }).failed).toEqual(['no tests'])
})

test('only the Electron journey may skip', () => {
  expect(maySkip('electron.spec.ts › opens')).toBe(true)
  expect(maySkip('chat.spec.ts › opens')).toBe(false)
})

test('the closing line adds up', () => {
  const one = { passed: 2, failed: ['b'], skipped: ['a'], retried: [] }
  expect(closingLine(sum([one, one]))).toBe('4 passed, 2 failed, 2 skipped')
})
