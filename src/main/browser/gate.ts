// Who may come in: every decision of the loopback server about a request, taken before anything is served.
// Pure of network: it gets what a request says about itself and answers with what to do.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { RPC_PATH } from '../../shared/transport.ts'

/** What a request says about itself, nothing decoded or normalised. */
export interface Request {
  method: string
  /** Request target as it came: path and query. */
  target: string
  httpVersion: string
  /** Names in lower case; a header that came twice has two values. */
  headers: Readonly<Record<string, readonly string[]>>
  /** It asks to become a WebSocket. */
  upgrade: boolean
}

export type Refusal =
  | 'host'
  | 'origin'
  | 'cross-site'
  | 'method'
  | 'target'
  | 'body'
  | 'not-signed-in'
  | 'wrong-token'
  | 'pause'

export type Decision =
  | { do: 'serve'; path: string }
  | { do: 'sign-in'; cookie: string }
  | { do: 'connect' }
  | { do: 'refuse'; why: Refusal }

/** Wrong tokens or cookies in a row that start a pause, and its length. */
export const FAILURES_MAX = 5
export const PAUSE_MS = 10_000

export interface GateOptions {
  port: number
  /** Of this run; shown in the address. */
  token: string
  /** Milliseconds, from a clock that does not go back. */
  now?: () => number
}

/** 256 random bits, as text for an address or a cookie. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url')
}

export class Gate {
  readonly #hosts: readonly string[]
  readonly #cookieName: string
  readonly #token: string
  /** Value of the cookie. Not the token: what is in the address stays out of the cookie jar. */
  readonly #session = createSecret()
  readonly #now: () => number
  #failures = 0
  #pausedUntil = Number.NEGATIVE_INFINITY

  constructor({ port, token, now = () => performance.now() }: GateOptions) {
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
    // Cookies are shared by all ports of a host; the name keeps two runs apart.
    this.#cookieName = `understudy-${port}`
    this.#token = token
    this.#now = now
  }

  decide(request: Request): Decision {
    const refuse = (why: Refusal): Decision => ({ do: 'refuse', why })
    const host = only(request.headers['host'])
    if (host === null || !this.#hosts.includes(host) || request.httpVersion !== '1.1') return refuse('host')

    const changes = request.upgrade || (request.method !== 'GET' && request.method !== 'HEAD')
    const origins = request.headers['origin'] ?? []
    if (origins.length === 0 ? changes : only(origins) !== `http://${host}`) return refuse('origin')

    const sites = request.headers['sec-fetch-site'] ?? []
    if (sites.some((site) => site !== 'same-origin' && site !== 'none')) return refuse('cross-site')
    // Everything that changes something goes over the WebSocket.
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse('method')
    if ((request.headers['content-length'] ?? []).some((length) => length !== '0')) return refuse('body')
    if (request.headers['transfer-encoding'] !== undefined) return refuse('body')
    if (!request.target.startsWith('/') || request.target.startsWith('//')) return refuse('target')

    const question = request.target.indexOf('?')
    const path = question < 0 ? request.target : request.target.slice(0, question)
    const query = new URLSearchParams(question < 0 ? '' : request.target.slice(question))
    const token = query.get('token')
    if (token !== null) {
      if (path !== '/' || request.upgrade) return refuse('target')
      if (this.#now() < this.#pausedUntil) return refuse('pause')
      if (!same(token, this.#token)) return this.#failed('wrong-token')
      this.#failures = 0
      return {
        do: 'sign-in',
        cookie: `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`,
      }
    }

    const cookies = cookieValues(request.headers['cookie'] ?? [], this.#cookieName)
    if (cookies.length === 0) return refuse('not-signed-in')
    if (!cookies.some((cookie) => same(cookie, this.#session))) {
      return this.#now() < this.#pausedUntil ? refuse('pause') : this.#failed('not-signed-in')
    }
    if (request.upgrade) return path === RPC_PATH ? { do: 'connect' } : refuse('target')
    return { do: 'serve', path }
  }

  /** A pause holds off whoever has no cookie yet; who is signed in goes on. */
  #failed(why: Refusal): Decision {
    this.#failures += 1
    if (this.#failures >= FAILURES_MAX) {
      this.#failures = 0
      this.#pausedUntil = this.#now() + PAUSE_MS
    }
    return { do: 'refuse', why }
  }
}

/** The value of a header that must come once; null when it is absent or came twice. */
function only(values: readonly string[] | undefined): string | null {
  return values?.length === 1 ? (values[0] ?? null) : null
}

function cookieValues(headers: readonly string[], name: string): string[] {
  return headers
    .flatMap((header) => header.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}

/** Compares in a time that says nothing about where two texts differ, nor how long they are. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

/** The sentence a person sees where the door stays shut. */
export function refusalText(why: Refusal): string {
  switch (why) {
    case 'pause':
      return `Too many wrong addresses. Wait ${PAUSE_MS / 1000} seconds, then open the address Understudy printed.`
    case 'cross-site':
      return 'Understudy opens only from its own address. Copy the address it printed into the address bar.'
    case 'wrong-token':
    case 'not-signed-in':
      return 'This page belongs to one run of Understudy. Open the address it printed when it started.'
    default:
      return 'Understudy does not answer this request.'
  }
}
