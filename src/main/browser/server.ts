// The loopback server: serves the window's files and carries the contract over a WebSocket.
// It listens before the core has started; connections wait for the core, so the page shows at once.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { AppError } from '../../shared/errors.ts'
import { CLOSE_FAILED, CLOSE_SWITCHED } from '../../shared/transport.ts'
import type { Log } from '../app/log.ts'
import type { Caller } from '../procedures.ts'
import { securityHeaders } from '../shell/content-security-policy.ts'
import { type RunningCore, within } from '../shell/core.ts'
import { MESSAGE_BYTES_MAX, MessageGate } from '../shell/message-gate.ts'
import type { PageFiles } from '../shell/page-files.ts'
import { createSecret, Gate, type Refusal, type Request, refusalText } from './gate.ts'

const CONNECTIONS_MAX = 64
const SOCKETS_MAX = 16
/** How long a window may take to answer the end of its line. */
const GOODBYE_MS = 500
/** Bytes that may wait for a window that does not read; past that its line is cut. */
const UNREAD_BYTES_MAX = 16_000_000

/** Close code of a window that broke a limit (policy violation in RFC 6455). */
const CLOSE_LIMIT = 1008

export interface BrowserServerOptions {
  files: PageFiles
  /** Rejected when the core cannot start; its message then reaches the windows. */
  core: Promise<RunningCore>
  /** 0 lets the system choose. */
  port: number
  log: Log
}

export interface BrowserServer {
  readonly port: number
  /** The address with this run's token. */
  readonly address: string
  /** Ends the connections to the core before; new ones go to this one. */
  handOver(core: Promise<RunningCore>): void
  /** Ends connections; stops listening. */
  close(): Promise<void>
}

/** @throws AppError BUSY when the port is taken, NOT_ALLOWED when this system does not permit it */
export async function startBrowserServer({ files, core, port, log }: BrowserServerOptions): Promise<BrowserServer> {
  let handling = handlingOf(core)
  const token = createSecret()
  const server = createServer({
    requireHostHeader: false,
    maxHeaderSize: 16_384,
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
  })
  server.maxConnections = CONNECTIONS_MAX
  server.maxHeadersCount = 64
  await listen(server, port)
  const bound = (server.address() as AddressInfo).port
  const gate = new Gate({ port: bound, token })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false })

  server.on('request', (incoming, response) => {
    answer(gate, files, log, incoming, response)
  })
  server.on('upgrade', (incoming, socket: Duplex, head: Buffer) => {
    const decision = gate.decide(describe(incoming, true))
    if (decision.do !== 'connect' || sockets.clients.size >= SOCKETS_MAX) {
      refuseUpgrade(socket, decision.do === 'refuse' ? decision.why : 'target', log)
      return
    }
    sockets.handleUpgrade(incoming, socket, head, (line) => serveLine(line, handling, log))
  })
  // Half a request or bytes that are not HTTP: no answer worth giving.
  server.on('clientError', (_error, socket) => socket.destroy())

  return {
    port: bound,
    address: `http://127.0.0.1:${bound}/?token=${token}`,
    handOver(next) {
      handling = handlingOf(next)
      for (const line of sockets.clients) line.close(CLOSE_SWITCHED, 'Another profile is opened.')
    },
    async close() {
      const ended = new Promise((resolve) => server.close(resolve))
      const lines = [...sockets.clients]
      const left = Promise.all(lines.map((line) => new Promise((resolve) => line.once('close', resolve))))
      for (const line of lines) line.close(1001, 'Understudy was stopped.')
      sockets.close()
      // A window that is gone does not say goodbye.
      await within(GOODBYE_MS, left)
      for (const line of lines) line.terminate()
      server.closeAllConnections()
      await ended
    },
  }
}

function handlingOf(core: Promise<RunningCore>): Promise<Handling> {
  const handling = core.then((running): Handling => ({ running, handler: new RPCHandler<Caller>(running.router) }))
  // Whoever awaits `core` sees its failure; here it must not count as unhandled.
  handling.catch(() => {})
  return handling
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        const message = `Port ${port} is taken by another program. Start with another one (--port N), or without --port.`
        reject(new AppError('BUSY', message, { field: 'port' }))
      } else if (error.code === 'EACCES') {
        const message = `This system does not permit port ${port}. Choose one above 1023 (--port N).`
        reject(new AppError('NOT_ALLOWED', message, { field: 'port' }))
      } else reject(error)
    })
    server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve)
  })
}

function describe(incoming: IncomingMessage, upgrade: boolean): Request {
  const headers: Record<string, string[]> = {}
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    const name = (incoming.rawHeaders[i] as string).toLowerCase()
    headers[name] = [
      ...(Object.hasOwn(headers, name) ? (headers[name] ?? []) : []),
      incoming.rawHeaders[i + 1] as string,
    ]
  }
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    httpVersion: incoming.httpVersion,
    headers,
    upgrade,
  }
}

function answer(gate: Gate, files: PageFiles, log: Log, incoming: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  const end = (status: number, type: string, body: Buffer | string) => {
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) })
    response.end(incoming.method === 'HEAD' ? undefined : body)
  }
  const decision = gate.decide(describe(incoming, false))
  switch (decision.do) {
    case 'sign-in':
      response.writeHead(303, { Location: '/', 'Set-Cookie': decision.cookie, 'Content-Length': 0 })
      response.end()
      return
    case 'serve': {
      const file = files.find(decision.path)
      if (file === null) end(404, 'text/plain; charset=utf-8', 'Not found.')
      else end(200, file.type, file.body)
      return
    }
    case 'connect':
    case 'refuse': {
      const why = decision.do === 'refuse' ? decision.why : 'target'
      log.warn({ why }, 'request refused')
      // The connection ends with it: what a refused request still sends is not read.
      response.setHeader('Connection', 'close')
      end(403, 'text/plain; charset=utf-8', refusalText(why))
    }
  }
}

function refuseUpgrade(socket: Duplex, why: Refusal, log: Log): void {
  log.warn({ why }, 'connection refused')
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n${headers.join('')}\r\n`)
  ;(socket as Socket).destroySoon()
}

interface Handling {
  running: RunningCore
  handler: RPCHandler<Caller>
}

/** What the RPC handler sees of a WebSocket: messages that passed the gate, none lost while the core starts. */
function serveLine(line: WebSocket, core: Promise<Handling>, log: Log): void {
  const gate = new MessageGate()
  const waiting: string[] = []
  let deliver: ((event: { data: string }) => void) | null = null

  line.on('message', (data: Buffer, isBinary: boolean) => {
    const text = isBinary ? null : data.toString('utf8')
    const admission = gate.admit(text)
    if (admission !== 'admitted' || text === null) {
      log.warn({ why: admission }, 'message refused')
      line.close(CLOSE_LIMIT, admission)
    } else if (deliver === null) waiting.push(text)
    else deliver({ data: text })
  })
  // A window that vanishes is no failure of ours; `close` follows.
  line.on('error', (error: NodeJS.ErrnoException) => log.warn({ code: error.code ?? error.name }, 'connection broke'))

  const peer = {
    send(data: string | Buffer) {
      if (line.readyState !== line.OPEN) return
      if (line.bufferedAmount > UNREAD_BYTES_MAX) line.terminate()
      else line.send(data)
    },
    addEventListener(type: string, listener: (event: { data: string }) => void) {
      if (type === 'close') line.on('close', () => listener({ data: '' }))
      if (type !== 'message') return
      deliver = listener
      for (const data of waiting.splice(0)) listener({ data })
    },
  }
  core.then(
    ({ handler, running }) => {
      if (line.readyState !== line.OPEN) return
      // The handler asks a whole WebSocket and uses these two.
      void handler.upgrade(peer as unknown as WebSocket, { context: running.caller() })
    },
    (error: unknown) => {
      const reason = error instanceof AppError ? error.message : 'Understudy could not start.'
      line.close(CLOSE_FAILED, shorten(reason))
    },
  )
}

/** A close reason holds at most 123 bytes. */
function shorten(reason: string): string {
  let text = reason
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1)
  return text
}
