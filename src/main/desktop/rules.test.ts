import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import type { PageFiles } from '../shell/page-files.ts'
import {
  answerAppRequest,
  argumentsWithProfile,
  commandLineSwitches,
  isOwnPage,
  mayLoad,
  mayNavigate,
  mayUse,
  onQuit,
  refusedSwitches,
  switchesToRemove,
  webPreferences,
} from './rules.ts'

test('E1: the window is sandboxed, isolated and has no node', () => {
  expect(webPreferences('/preload.cjs', true)).toEqual({
    preload: '/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: false,
  })
})

const file = (text: string) => ({ type: 'text/html; charset=utf-8', body: Buffer.from(text) })
const files: PageFiles = {
  paths: [],
  find: (path) => (path === '/' || path === '/index.html' ? file('page') : path === '/a.js' ? file('a') : null),
}

test.each([
  'app://bundle/',
  'app://bundle/index.html',
  'app://bundle/a.js',
  'app://bundle/#/memory',
  'app://bundle/?x',
])('E2: %s is served, with every header', (address) => {
  const answer = answerAppRequest(files, 'GET', address)
  expect(answer.status).toBe(200)
  expect(answer.headers['Content-Security-Policy']).toContain("default-src 'none'")
  expect(answer.headers['X-Content-Type-Options']).toBe('nosniff')
})

test.each([
  'app://bundle/../secret',
  'app://bundle/%2e%2e/secret',
  'app://bundle/a.js%00',
  'app://bundle/\\a.js',
  'app://bundle//a.js',
  'app://bundle/A.JS',
  'app://bundle/etc/passwd',
  'app://bundle-evil/a.js',
  'app://bundle',
  'app://other/a.js',
  'APP://bundle/a.js',
  'app:///a.js',
  'file:///a.js',
  'https://example.com/a.js',
])('E2: %s is not found, with every header', (address) => {
  const answer = answerAppRequest(files, 'GET', address)
  expect(answer.status).toBe(404)
  expect(answer.headers['Content-Security-Policy']).toContain("default-src 'none'")
})

test('E2: nothing but reading', () => {
  expect(answerAppRequest(files, 'POST', 'app://bundle/a.js').status).toBe(404)
})

test.each([
  ['app://bundle/', true],
  ['app://bundle/#/memory', true],
  ['app://bundle/index.html', true],
  ['app://bundle/a.js', false],
  ['app://bundle', false],
  ['app://bundle.evil/', false],
  ['https://example.com/', false],
  ['file:///etc/passwd', false],
  ['about:blank', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['blob:app://bundle/1', false],
])('E4: navigation to %s: %s', (address, may) => {
  expect(mayNavigate(address)).toBe(may)
})

test('E5: of all permissions the Electron in use knows, one is granted', () => {
  const types = readFileSync(createRequire(import.meta.url).resolve('electron/electron.d.ts'), 'utf8')
  const lists = types.match(/setPermission(?:Request|Check)Handler\(handler: .*/g) ?? []
  const names = new Set(
    lists.flatMap((list) => [...list.matchAll(/'(?<name>[\w-]+)'/g)].map((match) => match[1] ?? '')),
  )
  expect(names.size).toBeGreaterThan(20)
  for (const known of ['media', 'geolocation', 'display-capture', 'hid', 'usb', 'serial'])
    expect(names).toContain(known)
  expect([...names].filter(mayUse)).toEqual(['clipboard-sanitized-write'])
})

test('E6: only the page in the window itself is heard', () => {
  expect(isOwnPage({ url: 'app://bundle/', parent: null })).toBe(true)
  expect(isOwnPage({ url: 'app://bundle/#/memory', parent: null })).toBe(true)
  expect(isOwnPage({ url: 'app://bundle/', parent: {} })).toBe(false)
  expect(isOwnPage({ url: 'https://example.com/', parent: null })).toBe(false)
  expect(isOwnPage({ url: 'app://bundle.evil/', parent: null })).toBe(false)
  expect(isOwnPage(null)).toBe(false)
})

test('E12: a packaged app takes no switch that opens it up', () => {
  const given = new Set(['remote-debugging-port', 'inspect', 'lang'])
  expect(switchesToRemove(true, (name) => given.has(name))).toEqual(['inspect', 'remote-debugging-port'])
  expect(switchesToRemove(false, (name) => given.has(name))).toEqual([])
  expect(refusedSwitches).toContain('no-sandbox')
})

test('N: Chromium gets no way out', () => {
  expect(commandLineSwitches).toContainEqual(['host-resolver-rules', 'MAP * ~NOTFOUND'])
  expect(commandLineSwitches).toContainEqual(['webrtc-ip-handling-policy', 'disable_non_proxied_udp'])
})

test.each([
  ['app://bundle/a.js', 'script', true],
  ['data:image/png;base64,x', 'image', true],
  ['data:text/javascript,x', 'script', false],
  ['https://example.com/', 'image', false],
  ['http://127.0.0.1:1/', 'xhr', false],
  ['ws://127.0.0.1:1/', 'webSocket', false],
  ['file:///etc/passwd', 'xhr', false],
  ['blob:app://bundle/1', 'script', false],
  ['devtools://devtools/x', 'mainFrame', false],
])('N: loading %s as %s: %s', (address, type, may) => {
  expect(mayLoad(address, type, true)).toBe(may)
})

test('quitting while an answer is written asks once, and ends at once otherwise', () => {
  expect(onQuit('open', false)).toBe('stop')
  expect(onQuit('open', true)).toBe('ask')
  expect(onQuit('asking', true)).toBe('wait')
  expect(onQuit('stopping', true)).toBe('wait')
  expect(onQuit('stopping', false)).toBe('wait')
})

test('another profile is a new start with its folder and everything else as it was', () => {
  const other = '/data/profiles/work place'
  expect(argumentsWithProfile([], other)).toEqual([`--profile=${other}`])
  expect(argumentsWithProfile(['.', '--profile', 'old', '--flag'], other)).toEqual([
    '.',
    '--flag',
    `--profile=${other}`,
  ])
  expect(argumentsWithProfile(['--profile=old', '--profiles'], other)).toEqual(['--profiles', `--profile=${other}`])
})
