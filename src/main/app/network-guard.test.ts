import dgram from 'node:dgram'
import dns, { lookup } from 'node:dns'
import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installNetworkGuard, type NetworkGuard, NetworkRefused } from './network-guard.ts'

let guard: NetworkGuard
let server: http.Server
let requests: number
let port: number

beforeEach(async () => {
  requests = 0
  server = http.createServer((_request, response) => {
    requests += 1
    response.end('answer')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as net.AddressInfo).port
  guard = installNetworkGuard()
})

afterEach(async () => {
  guard.remove()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const failed = async (work: () => unknown): Promise<unknown> => {
  try {
    await work()
    return null
  } catch (error) {
    return (error as Error).cause ?? error
  }
}

test('every way out is refused', async () => {
  const ways: Record<string, () => unknown> = {
    fetch: () => fetch(`http://127.0.0.1:${port}/`),
    'fetch by name': () => fetch('https://example.com/'),
    'http.get': () => http.get(`http://127.0.0.1:${port}/`),
    'net.connect': () => net.connect(port, '127.0.0.1'),
    'net.connect with options': () => net.connect({ port, host: '127.0.0.1' }),
    'socket.connect': () => new net.Socket().connect(port),
    'tls.connect': () => tls.connect(port, '127.0.0.1'),
    'remote pipe': () => net.connect('\\\\server\\pipe\\name'),
    datagram: () => dgram.createSocket('udp4').send('x', 9, '127.0.0.1'),
    'dns.lookup': () => dns.lookup('example.com', () => {}),
    'imported lookup': () => lookup('example.com', () => {}),
    'dns.promises.lookup': () => dns.promises.lookup('example.com'),
    'dns.resolve': () => dns.resolve('example.com', () => {}),
    'dns.Resolver': () => new dns.promises.Resolver().resolve4('example.com'),
  }
  const outcomes: Record<string, boolean> = {}
  for (const [name, way] of Object.entries(ways)) outcomes[name] = (await failed(way)) instanceof NetworkRefused
  expect(outcomes).toEqual(Object.fromEntries(Object.keys(ways).map((name) => [name, true])))
  expect(requests).toBe(0)
  expect(guard.refused).toBeGreaterThanOrEqual(Object.keys(ways).length)
})

test('a host is open from allow to release, and no other one', async () => {
  const address = `127.0.0.1:${port}`
  const release = guard.allow(address)
  const again = guard.allow(address)
  expect(await (await fetch(`http://${address}/`)).text()).toBe('answer')
  release()
  release()
  expect(await (await fetch(`http://${address}/`)).text()).toBe('answer')
  expect(await failed(() => fetch(`http://localhost:${port}/`))).toBeInstanceOf(NetworkRefused)
  again()
  // A fresh connection: fetch would reuse the one it holds open.
  expect(await failed(() => http.get({ host: '127.0.0.1', port, agent: false }))).toBeInstanceOf(NetworkRefused)
  expect(requests).toBe(2)
})

test('a name opens its web ports only', async () => {
  guard.allow('localhost')
  expect(await failed(() => net.connect(port, 'localhost'))).toBeInstanceOf(NetworkRefused)
  const socket = net.connect(443, 'localhost')
  await new Promise((resolve) => socket.once('error', resolve).once('connect', resolve))
  socket.destroy()
  expect(guard.refused).toBe(1)
})
