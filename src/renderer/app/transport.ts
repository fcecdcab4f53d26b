// The window's line to the core: a MessagePort in the desktop shell, a WebSocket in the browser shell.
// The rest of the window sees one client and one connection state and never asks which shell it runs in.
import { type ClientLink, createORPCClient } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import type { Client } from '../../shared/contract/index.ts'
import { type Bridge, CLOSE_FAILED, CLOSE_SWITCHED, PORT_MESSAGE, RPC_PATH } from '../../shared/transport.ts'

declare global {
  interface Window {
    readonly understudy?: Bridge
  }
}

export type ConnectionState =
  | { state: 'connecting' }
  | { state: 'open' }
  /** Lost and being tried again. Calls made meanwhile wait. */
  | { state: 'lost' }
  /** Not tried again by itself: the core refused to start, or this page's address belongs to an earlier run. */
  | { state: 'ended'; reason: 'expired' | 'failed'; message: string | null }

export interface Connection {
  /** Calls wait while the connection is made; a call in flight when it breaks is rejected. */
  readonly client: Client
  readonly state: ConnectionState
  onState(listener: (state: ConnectionState) => void): () => void
  close(): void
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5_000

/** Connects to the core this page came from. */
export function createConnection(page: Window = window): Connection {
  return page.understudy === undefined ? connectBySocket(page) : connectByPort(page, page.understudy)
}

/**
 * Follows a stream for as long as it is wanted: opens it, and opens it again whenever it ends or breaks.
 * @param open starts the stream; `signal` must be passed on to the call
 * @param onEvent gets each event. After a break the stream starts anew with its first event (a whole snapshot).
 * @returns stops following
 */
export function follow<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  onEvent: (event: T) => void,
  onError: (error: unknown) => void = () => {},
): () => void {
  const controller = new AbortController()
  const { signal } = controller
  const run = async () => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        for await (const event of await open(signal)) {
          if (signal.aborted) return
          failures = 0
          onEvent(event)
        }
      } catch (error) {
        if (signal.aborted) return
        onError(error)
      }
      await pause(retryDelay(failures), signal)
    }
  }
  void run()
  return () => controller.abort()
}

type Link = ClientLink<Record<never, never>>

/** A link whose other end may change: each call goes to the connection that is open when it is made. */
class SwitchingLink implements Link {
  #state: ConnectionState = { state: 'connecting' }
  #open: Link | null = null
  readonly #listeners = new Set<(state: ConnectionState) => void>()

  get state(): ConnectionState {
    return this.#state
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  set(state: ConnectionState, open: Link | null): void {
    this.#open = open
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }

  async call(...[path, input, options]: Parameters<Link['call']>): Promise<unknown> {
    const link = this.#open ?? (await this.#opened(options.signal))
    return link.call(path, input, options)
  }

  #opened(signal: AbortSignal | undefined): Promise<Link> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        stop()
        signal?.removeEventListener('abort', aborted)
        finish()
      }
      const aborted = () => settle(() => reject(signal?.reason))
      const check = (state: ConnectionState) => {
        const link = this.#open
        if (link !== null) settle(() => resolve(link))
        else if (state.state === 'ended') settle(() => reject(new Error('The connection to Understudy has ended.')))
      }
      const stop = this.onState(check)
      signal?.addEventListener('abort', aborted, { once: true })
      if (signal?.aborted) aborted()
      else check(this.#state)
    })
  }
}

function connectionOver(link: SwitchingLink, close: () => void): Connection {
  const client: Client = createORPCClient(link)
  return {
    client,
    get state() {
      return link.state
    },
    onState: (listener) => link.onState(listener),
    close,
  }
}

function connectByPort(page: Window, bridge: Bridge): Connection {
  const link = new SwitchingLink()
  let port: MessagePort | null = null
  const receive = (event: MessageEvent) => {
    if (event.source !== page || event.data !== PORT_MESSAGE) return
    const [received] = event.ports
    if (received === undefined) return
    port?.close()
    port = received
    received.addEventListener('close', () => {
      // Main closes the port only when the core ended; the window follows it.
      if (port === received) link.set({ state: 'ended', reason: 'failed', message: null }, null)
    })
    const open = new MessagePortLink({ port: received })
    received.start()
    link.set({ state: 'open' }, open)
  }
  page.addEventListener('message', receive)
  bridge.connect()
  return connectionOver(link, () => {
    page.removeEventListener('message', receive)
    port?.close()
    link.set({ state: 'ended', reason: 'failed', message: null }, null)
  })
}

function connectBySocket(page: Window): Connection {
  const link = new SwitchingLink()
  const stopped = new AbortController()
  const address = new URL(RPC_PATH, page.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'

  const run = async () => {
    for (let failures = 0; !stopped.signal.aborted; failures += 1) {
      const socket = new WebSocket(address)
      const abort = () => socket.close()
      stopped.signal.addEventListener('abort', abort, { once: true })
      // The link listens before the socket opens, so that no message is missed.
      const open = new WebSocketLink({ websocket: socket })
      socket.addEventListener('open', () => {
        failures = 0
        link.set({ state: 'open' }, open)
      })
      const closed = await new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve))
      stopped.signal.removeEventListener('abort', abort)
      if (stopped.signal.aborted) return
      if (closed.code === CLOSE_SWITCHED) {
        // Everything this page shows belongs to the profile that was closed.
        page.location.replace('/')
        return
      }
      if (closed.code === CLOSE_FAILED) {
        link.set({ state: 'ended', reason: 'failed', message: closed.reason }, null)
        return
      }
      if (link.state.state === 'open') link.set({ state: 'lost' }, null)
      if (await isExpired(page)) {
        link.set({ state: 'ended', reason: 'expired', message: null }, null)
        return
      }
      if (link.state.state === 'connecting') link.set({ state: 'lost' }, null)
      await pause(retryDelay(failures), stopped.signal)
    }
  }
  void run()
  return connectionOver(link, () => {
    stopped.abort()
    link.set({ state: 'ended', reason: 'failed', message: null }, null)
  })
}

/** True when a server is there but does not know this page: Understudy was started again, with a new address. */
async function isExpired(page: Window): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/', page.location.href), { method: 'HEAD', cache: 'no-store' })
    return answer.status === 403
  } catch {
    return false
  }
}

function retryDelay(failures: number): number {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, milliseconds)
    function done() {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
}
