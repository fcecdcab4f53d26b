import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient, isDefinedError } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Client } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import { defaultSettings } from '../../shared/settings.ts'
import { CLOSE_FAILED, CLOSE_SWITCHED } from '../../shared/transport.ts'
import { createLog } from '../app/log.ts'
import { profilePaths } from '../app/profile.ts'
import { securityHeaders } from '../shell/content-security-policy.ts'
import type { RunningCore } from '../shell/core.ts'
import { type PageFiles, readPageFiles } from '../shell/page-files.ts'
import { aTinyCore, type TinyCore, until } from '../shell/testing.ts'
import { type BrowserServer, startBrowserServer } from './server.ts'
import { startOnUsualPort } from './usual-port.ts'

let folder: string
let files: PageFiles
let core: TinyCore
let server: BrowserServer
let sockets: WebSocket[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'understudy-server-'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Understudy</title>')
  files = await readPageFiles(folder)
  core = aTinyCore()
  sockets = []
  server = await start(Promise.resolve(core))
})

afterEach(async () => {
  for (const socket of sockets) socket.terminate()
  await server.close()
  await rm(folder, { recursive: true })
})

const start = (running: Promise<RunningCore>, port = 0) =>
  startBrowserServer({ files, core: running, port, log: createLog(null) })

interface Answer {
  status: number
  headers: http.IncomingHttpHeaders
  body: string
}

function ask(path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ port: server.port, host: '127.0.0.1', path, headers, method, agent: false })
    request.on('error', reject).on('response', async (response) => {
      response.setEncoding('utf8')
      let body = ''
      for await (const piece of response) body += piece
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
    })
    request.end()
  })
}

async function signIn(): Promise<string> {
  const { headers } = await ask(new URL(server.address).search.replace('?', '/?'))
  return headers['set-cookie']?.[0]?.split(';', 1)[0] ?? ''
}

function connect(cookie: string, origin = `http://127.0.0.1:${server.port}`): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers: { cookie, origin } })
  sockets.push(socket)
  return socket
}

const closed = (socket: WebSocket) =>
  new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })).on('error', () => {}),
  )

const opened = (socket: WebSocket) => new Promise((resolve) => socket.on('open', resolve))

const clientOver = (socket: WebSocket): Client =>
  createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }))

test('the address leads through a cookie to the clean page', async () => {
  expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
  const first = await ask(server.address.slice(server.address.indexOf('/?')))
  expect(first.status).toBe(303)
  expect(first.headers.location).toBe('/')
  expect(first.headers['referrer-policy']).toBe('no-referrer')
  expect(first.headers['cache-control']).toBe('no-store')
  const page = await ask('/', { cookie: first.headers['set-cookie']?.[0]?.split(';', 1)[0] })
  expect(page.status).toBe(200)
  expect(page.body).toContain('<title>Understudy</title>')
})

test('every answer carries every security header and none that shares', async () => {
  const cookie = await signIn()
  for (const answer of [
    await ask('/', { cookie }),
    await ask('/none', { cookie }),
    await ask('/'),
    await ask('/rpc'),
  ]) {
    for (const [name, value] of Object.entries(securityHeaders)) expect(answer.headers[name.toLowerCase()]).toBe(value)
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
})

test('without cookie or token every path answers 403', async () => {
  for (const path of ['/', '/index.html', '/rpc', '/none', '/favicon.ico', '/../x']) {
    expect(await ask(path)).toMatchObject({ status: 403 })
  }
  expect((await ask('/', { host: `evil.example:${server.port}`, cookie: await signIn() })).status).toBe(403)
  expect((await ask('/', { cookie: await signIn() }, 'POST')).status).toBe(403)
})

test('a request without a host and one of HTTP/1.0 answer 403', async () => {
  const raw = (text: string) =>
    new Promise<string>((resolve) => {
      let answer = ''
      const socket = net.connect(server.port, '127.0.0.1', () => socket.write(text))
      socket.setEncoding('utf8').on('data', (piece: string) => (answer += piece))
      socket.on('close', () => resolve(answer))
    })
  expect(await raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 403 /)
  expect(await raw(`GET / HTTP/1.0\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403 /)
  expect(await raw('not http at all\r\n\r\n')).toBe('')
})

test('HEAD tells a page whether its cookie still counts', async () => {
  expect(await ask('/', {}, 'HEAD')).toMatchObject({ status: 403, body: '' })
  expect(await ask('/', { cookie: await signIn() }, 'HEAD')).toMatchObject({ status: 200, body: '' })
})

test('listens on loopback only', async () => {
  const socket = net.connect(server.port, '::1')
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => socket.on('error', resolve))
  expect(['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']).toContain(error.code)
})

test('a taken port is said in words', async () => {
  await expect(start(Promise.resolve(core), server.port)).rejects.toMatchObject({
    code: 'BUSY',
    message: `Port ${server.port} is taken by another program. Start with another one (--port N), or without --port.`,
  })
})

test('the contract answers over the socket, errors with their code', async () => {
  const client = clientOver(connect(await signIn()))
  expect(await client.app.updateSettings({ theme: 'dark' })).toEqual(defaultSettings)
  const failure = await client.app.openExternal({ url: 'https://example.com/' }).catch((error: unknown) => error)
  expect(isDefinedError(failure as Error) && (failure as unknown as { data: unknown }).data).toEqual({
    code: 'NOT_ALLOWED',
    field: null,
  })
})

/** One message as a hostile page would write it, past the client's own checks. */
async function tell(path: string, json: string): Promise<{ s?: number; b?: { json: { code: string } } }> {
  const socket = connect(await signIn())
  await opened(socket)
  const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(data.toString())))
  socket.send(`{"i":"1","p":{"u":"${path}","b":{"json":${json}}}}`)
  return JSON.parse(await answer).p
}

test.each([
  ['an unknown key', '{"theme":"dark","admin":true}'],
  ['a wrong value', '{"theme":"pink"}'],
  ['a prototype key', '{"__proto__":{"theme":"dark"}}'],
  ['a constructor key', '{"constructor":{"prototype":{}}}'],
  ['no object', '"dark"'],
  ['nothing', 'null'],
])('refuses %s before a handler runs', async (_name, json) => {
  expect(await tell('/app/updateSettings', json)).toMatchObject({ s: 400, b: { json: { code: 'BAD_REQUEST' } } })
  expect(core.reached).toEqual([])
})

test.each(['/app/quit', '/app', '/', '/__proto__/toString', '/constructor/name'])(
  'knows no procedure %s',
  async (path) => {
    expect((await tell(path, '{}')).s).toBe(404)
    expect(core.reached).toEqual([])
  },
)

test('a stream is followed, and a window that vanishes frees its work', async () => {
  const socket = connect(await signIn())
  const stream = await clientOver(socket).app.events({})
  expect((await stream.next()).value).toEqual({ type: 'settings', settings: defaultSettings })
  expect(core.streams).toBe(1)
  socket.terminate()
  await until(() => core.streams === 0)
})

test('calls wait while the core starts', async () => {
  await server.close()
  let ready: (core: RunningCore) => void = () => {}
  server = await start(
    new Promise((resolve) => {
      ready = resolve
    }),
  )
  const socket = connect(await signIn())
  await opened(socket)
  const answer = clientOver(socket).app.updateSettings({ theme: 'light' })
  expect(core.reached).toEqual([])
  ready(core)
  expect(await answer).toEqual(defaultSettings)
})

test('windows of one profile go over to the core of another at the same address', async () => {
  const cookie = await signIn()
  const before = connect(cookie)
  await clientOver(before).app.updateSettings({ theme: 'light' })
  const next = aTinyCore()
  server.handOver(Promise.resolve(next))
  expect(await closed(before)).toMatchObject({ code: CLOSE_SWITCHED })
  await clientOver(connect(cookie)).app.updateSettings({ theme: 'dark' })
  expect([core.reached, next.reached]).toEqual([[{ theme: 'light' }], [{ theme: 'dark' }]])
})

test('a profile keeps its port, another program or a wish comes first', async () => {
  const profile = profilePaths(folder)
  const options = { files, core: Promise.resolve(core), log: createLog(null) }
  const first = await startOnUsualPort({ ...options, port: 0 }, profile)
  const beside = await startOnUsualPort({ ...options, port: 0 }, profile)
  expect(beside.port).not.toBe(first.port)
  await Promise.all([first.close(), beside.close()])
  const again = await startOnUsualPort({ ...options, port: 0 }, profile)
  expect(again.port).toBe(beside.port)
  await expect(startOnUsualPort({ ...options, port: again.port }, profile)).rejects.toThrow(/is taken/)
  await again.close()
  await writeFile(join(folder, 'port'), '80')
  const any = await startOnUsualPort({ ...options, port: 0 }, profile)
  expect(any.port).toBeGreaterThan(1023)
  await any.close()
})

test('a core that does not start says so to the window', async () => {
  await server.close()
  server = await start(Promise.reject(new AppError('BUSY', 'Another Understudy has this profile open.')))
  expect(await closed(connect(await signIn()))).toEqual({
    code: CLOSE_FAILED,
    reason: 'Another Understudy has this profile open.',
  })
})

test('refuses a socket of another origin, without a cookie, or elsewhere', async () => {
  const cookie = await signIn()
  const refused = (socket: WebSocket) =>
    new Promise((resolve) =>
      socket.on('unexpected-response', (_r, answer) => resolve(answer.statusCode)).on('error', () => {}),
    )
  expect(await refused(connect(cookie, 'http://evil.example'))).toBe(403)
  expect(await refused(connect(cookie, 'null'))).toBe(403)
  expect(await refused(connect(''))).toBe(403)
  const elsewhere = new WebSocket(`ws://127.0.0.1:${server.port}/`, {
    headers: { cookie, origin: `http://127.0.0.1:${server.port}` },
  })
  expect(await refused(elsewhere)).toBe(403)
})

test('a message that is too large, binary, or one of a flood ends the line', async () => {
  const cookie = await signIn()
  const send = async (work: (socket: WebSocket) => void) => {
    const socket = connect(cookie)
    await opened(socket)
    work(socket)
    return (await closed(socket)).code
  }
  expect(await send((socket) => socket.send('x'.repeat(1_000_001)))).toBe(1009)
  expect(await send((socket) => socket.send(Buffer.from('{}')))).toBe(1008)
  const flood = (socket: WebSocket) => {
    for (let i = 0; i < 2000; i += 1) socket.send('{"i":"1","t":4}')
  }
  expect(await send(flood)).toBe(1008)
  expect(core.reached).toEqual([])
})
