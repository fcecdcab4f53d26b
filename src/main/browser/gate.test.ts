import { expect, test } from 'vitest'
import { createSecret, type Decision, FAILURES_MAX, Gate, PAUSE_MS, type Request } from './gate.ts'

const port = 4321
const host = `127.0.0.1:${port}`
const token = createSecret()

function aGate() {
  let now = 0
  const gate = new Gate({ port, token, now: () => now })
  return { gate, wait: (ms: number) => (now += ms) }
}

type Headers = Record<string, string | string[] | undefined>

function aRequest(target: string, headers: Headers = {}, more: Partial<Request> = {}): Request {
  const all: Headers = { host, ...headers }
  const entries = Object.entries(all).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined)
  return {
    method: 'GET',
    target,
    httpVersion: '1.1',
    headers: Object.fromEntries(entries.map(([name, value]) => [name, [value].flat()])),
    upgrade: false,
    ...more,
  }
}

function signIn(gate: Gate): string {
  const decision = gate.decide(aRequest(`/?token=${token}`))
  if (decision.do !== 'sign-in') throw new Error('the token was refused')
  return decision.cookie.split(';', 1)[0] as string
}

const kind = (decision: Decision) => (decision.do === 'refuse' ? decision.why : decision.do)

test('a secret has 256 bits and is never the same', () => {
  expect(Buffer.from(createSecret(), 'base64url')).toHaveLength(32)
  expect(createSecret()).not.toBe(createSecret())
})

test('the token is answered with a strict cookie that is not the token', () => {
  const { gate } = aGate()
  const decision = gate.decide(aRequest(`/?token=${token}`))
  expect(decision.do).toBe('sign-in')
  const cookie = decision.do === 'sign-in' ? decision.cookie : ''
  expect(cookie).toMatch(/^understudy-4321=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
  expect(cookie).not.toContain(token)
})

test('with the cookie files are served and the socket opens', () => {
  const { gate } = aGate()
  const cookie = signIn(gate)
  const origin = `http://${host}`
  expect(gate.decide(aRequest('/assets/a.js?v=1', { cookie }))).toEqual({ do: 'serve', path: '/assets/a.js' })
  expect(kind(gate.decide(aRequest('/', { cookie: `other=1; ${cookie}`, 'sec-fetch-site': 'none' })))).toBe('serve')
  expect(kind(gate.decide(aRequest('/', { cookie }, { method: 'HEAD' })))).toBe('serve')
  expect(kind(gate.decide(aRequest('/rpc', { cookie, origin }, { upgrade: true })))).toBe('connect')
  const local = { cookie, host: `localhost:${port}`, origin: `http://localhost:${port}` }
  expect(kind(gate.decide(aRequest('/rpc', local, { upgrade: true })))).toBe('connect')
})

// Every one of these comes with the right cookie, so only what is named can be the reason.
test.each<[string, string, string, Headers, Partial<Request>]>([
  ['a rebinding host', 'host', '/', { host: `evil.example:${port}` }, {}],
  ['a host without the port', 'host', '/', { host: '127.0.0.1' }, {}],
  ['another port', 'host', '/', { host: '127.0.0.1:80' }, {}],
  ['localhost with a dot', 'host', '/', { host: `localhost.:${port}` }, {}],
  ['a short form', 'host', '/', { host: `127.1:${port}` }, {}],
  ['a number', 'host', '/', { host: `2130706433:${port}` }, {}],
  ['upper case', 'host', '/', { host: `LOCALHOST:${port}` }, {}],
  ['user info', 'host', '/', { host: `a@127.0.0.1:${port}` }, {}],
  ['IPv6', 'host', '/', { host: `[::1]:${port}` }, {}],
  ['no host', 'host', '/', { host: undefined }, {}],
  ['two hosts', 'host', '/', { host: [host, 'evil.example'] }, {}],
  ['HTTP/1.0', 'host', '/', {}, { httpVersion: '1.0' }],
  ['a null origin', 'origin', '/', { origin: 'null' }, {}],
  ['an origin with another port', 'origin', '/', { origin: 'http://127.0.0.1:9999' }, {}],
  ['an origin of the other name', 'origin', '/', { origin: `http://localhost:${port}` }, {}],
  ['an https origin', 'origin', '/', { origin: `https://${host}` }, {}],
  ['an origin that starts alike', 'origin', '/', { origin: `http://${host}.evil.example` }, {}],
  ['two origins', 'origin', '/', { origin: [`http://${host}`, `http://${host}`] }, {}],
  ['another site', 'cross-site', '/', { 'sec-fetch-site': 'cross-site' }, {}],
  ['the same site, another port', 'cross-site', '/', { 'sec-fetch-site': 'same-site' }, {}],
  ['a form post of plain text', 'origin', '/', { 'content-type': 'text/plain' }, { method: 'POST' }],
  ['a form post with an own origin', 'method', '/', { origin: `http://${host}` }, { method: 'POST' }],
  ['a preflight', 'method', '/', { origin: `http://${host}` }, { method: 'OPTIONS' }],
  ['a GET with a body', 'body', '/', { 'content-length': '4' }, {}],
  ['a GET with a chunked body', 'body', '/', { 'transfer-encoding': 'chunked' }, {}],
  ['a whole address as target', 'target', 'http://evil.example/', {}, {}],
  ['a target without a host of its own', 'target', '//evil.example/', {}, {}],
  ['a star', 'target', '*', {}, {}],
  ['a socket without an origin', 'origin', '/rpc', {}, { upgrade: true }],
  ['a socket of another origin', 'origin', '/rpc', { origin: 'http://evil.example' }, { upgrade: true }],
  ['a socket elsewhere', 'target', '/other', { origin: `http://${host}` }, { upgrade: true }],
  ['a socket with the token', 'target', `/rpc?token=${token}`, { origin: `http://${host}` }, { upgrade: true }],
  ['the token on another path', 'target', `/assets?token=${token}`, {}, {}],
])('refuses %s', (_name, why, target, headers, more) => {
  const { gate } = aGate()
  const cookie = signIn(gate)
  expect(kind(gate.decide(aRequest(target, { cookie, ...headers }, more)))).toBe(why)
})

test('without cookie or token nothing is served', () => {
  const { gate } = aGate()
  const origin = `http://${host}`
  expect(kind(gate.decide(aRequest('/')))).toBe('not-signed-in')
  expect(kind(gate.decide(aRequest('/assets/a.js', { cookie: 'understudy-4321=' })))).toBe('not-signed-in')
  expect(kind(gate.decide(aRequest('/', { cookie: `understudy-4321=${token}` })))).toBe('not-signed-in')
  expect(kind(gate.decide(aRequest('/rpc', { origin }, { upgrade: true })))).toBe('not-signed-in')
  expect(kind(gate.decide(aRequest('/?token=')))).toBe('wrong-token')
  expect(kind(gate.decide(aRequest(`/?token=${token.slice(0, -1)}`)))).toBe('wrong-token')
})

test('a cookie of another run on the same port is refused', () => {
  const cookie = signIn(aGate().gate)
  expect(kind(aGate().gate.decide(aRequest('/', { cookie })))).toBe('not-signed-in')
})

test('five wrong tokens start a pause that holds off the right one too, but not who is in already', () => {
  const { gate, wait } = aGate()
  const cookie = signIn(gate)
  for (let i = 0; i < FAILURES_MAX; i += 1) expect(kind(gate.decide(aRequest('/?token=no')))).toBe('wrong-token')
  expect(kind(gate.decide(aRequest(`/?token=${token}`)))).toBe('pause')
  expect(kind(gate.decide(aRequest('/', { cookie })))).toBe('serve')
  wait(PAUSE_MS - 1)
  expect(kind(gate.decide(aRequest(`/?token=${token}`)))).toBe('pause')
  wait(1)
  expect(kind(gate.decide(aRequest(`/?token=${token}`)))).toBe('sign-in')
})
