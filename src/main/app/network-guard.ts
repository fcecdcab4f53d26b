// Keeps this thread off the network: connections, datagrams and name look-ups throw, whatever code asks for them.
// Only a host that a download started by the person needs is open, while it runs. Listening is not touched: the
// browser shell's own server answers, it does not call. Each thread and each process has its own copies of node's
// modules, so each installs its own guard, first thing.
import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

export interface NetworkGuard {
  /** Opens `host` (`name` or `name:port`, as URL.host says it) until the returned function is called. */
  allow(host: string): () => void
  /** What is open at this moment, as it was given to `allow`. */
  readonly openHosts: readonly string[]
  /** Attempts refused so far. */
  readonly refused: number
  /** Puts node's own functions back; for tests. */
  remove(): void
}

export class NetworkRefused extends Error {
  override readonly name = 'NetworkRefused'
  readonly code = 'ENETUNREACH'
  constructor(what: string) {
    super(`Understudy refused ${what}: nothing leaves this machine unless you ask for it.`)
  }
}

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown

const resolverCalls = [
  'resolve',
  'resolve4',
  'resolve6',
  'resolveAny',
  'resolveCaa',
  'resolveCname',
  'resolveMx',
  'resolveNaptr',
  'resolveNs',
  'resolvePtr',
  'resolveSoa',
  'resolveSrv',
  'resolveTxt',
  'reverse',
] as const

/** @param onRefused gets what was tried, without addresses: `connection`, `datagram`, `name look-up` */
export function installNetworkGuard(onRefused: (what: string) => void = () => {}): NetworkGuard {
  const open = new Map<string, number>()
  const undo: (() => void)[] = []
  let refused = 0

  const refuse = (what: string): NetworkRefused => {
    refused += 1
    onRefused(what)
    return new NetworkRefused(`a ${what}`)
  }
  const isOpen = (name: string, port?: number) =>
    (port === undefined || port === 80 || port === 443 ? open.has(name) : false) ||
    (port === undefined ? [...open.keys()].some((host) => host.startsWith(`${name}:`)) : open.has(`${name}:${port}`))

  const replace = (owner: object, name: string, make: (original: AnyFunction) => AnyFunction) => {
    const table = owner as Record<string, unknown>
    const original = table[name]
    if (typeof original !== 'function') return
    table[name] = make(original as AnyFunction)
    undo.push(() => {
      table[name] = original
    })
  }

  // Every outgoing TCP connection of net, tls, http, fetch and WebSocket ends up in this one method.
  replace(
    net.Socket.prototype,
    'connect',
    (original) =>
      function connect(...given) {
        const target = targetOf(given)
        if (target === 'local' || (target !== null && isOpen(target.host, target.port))) {
          return original.apply(this, given)
        }
        throw refuse('connection')
      },
  )
  for (const name of ['bind', 'connect', 'send', 'addMembership']) {
    replace(dgram.Socket.prototype, name, () => () => {
      throw refuse('datagram')
    })
  }
  for (const owner of [dns, dns.promises]) {
    replace(
      owner,
      'lookup',
      (original) =>
        function lookup(...given) {
          const [host] = given
          if (typeof host === 'string' && (net.isIP(host) !== 0 || isOpen(host))) return original.apply(this, given)
          throw refuse('name look-up')
        },
    )
  }
  for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
    for (const name of [...resolverCalls, 'lookupService']) {
      replace(owner, name, () => () => {
        throw refuse('name look-up')
      })
    }
  }
  // `import { lookup } from 'node:dns'` sees the replacement from here on.
  syncBuiltinESMExports()

  return {
    allow(host) {
      open.set(host, (open.get(host) ?? 0) + 1)
      let done = false
      return () => {
        if (done) return
        done = true
        const left = (open.get(host) ?? 1) - 1
        if (left === 0) open.delete(host)
        else open.set(host, left)
      }
    },
    get openHosts() {
      return [...open.keys()]
    },
    get refused() {
      return refused
    },
    remove() {
      for (const restore of undo.reverse()) restore()
      syncBuiltinESMExports()
    },
  }
}

/**
 * Where a socket is asked to connect to: `local` for a pipe or a Unix socket on this machine, null when it cannot be
 * told. Node passes its own already normalised arguments as one array.
 */
function targetOf(given: unknown[]): { host: string; port: number } | 'local' | null {
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given
  if (typeof first === 'object' && first !== null) {
    const { path, port, host } = first as { path?: unknown; port?: unknown; host?: unknown }
    if (typeof path === 'string') return isLocalPath(path) ? 'local' : null
    return portOf(port, host)
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return isLocalPath(first) ? 'local' : null
  return portOf(first, second)
}

function portOf(port: unknown, host: unknown): { host: string; port: number } | null {
  const number = Number(port)
  if (!Number.isInteger(number)) return null
  return { host: typeof host === 'string' ? host.replace(/^\[(?<inner>.*)\]$/, '$<inner>') : 'localhost', port: number }
}

/** A named pipe may lie on another machine (`\\server\pipe\…`). */
function isLocalPath(path: string): boolean {
  return !path.startsWith('\\\\') || path.startsWith('\\\\.\\pipe\\') || path.startsWith('\\\\?\\pipe\\')
}
