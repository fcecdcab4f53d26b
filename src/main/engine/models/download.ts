// The one file of the core that fetches over the network, and only while a download that a person started runs.
// Goes on where an earlier try stopped (HTTP Range), follows redirects itself, gives up fast on a silent server.
import { AppError } from '../../../shared/errors.ts'
import { SourceError, type SourceRequest } from './source.ts'

/** Opens the network for one host while a download needs it; the app's network guard stands behind it. */
export interface NetworkGate {
  allow(host: string): () => void
}

export const openGate: NetworkGate = { allow: () => () => undefined }

export interface DownloadOptions {
  gate: NetworkGate
  /** Longest silence in milliseconds: until the headers come, and between two pieces. */
  quietMs: number
  /** Waits before a connection that broke is tried again. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>
}

const MAX_REDIRECTS = 5
const MAX_TRIES_WITHOUT_PROGRESS = 3
/** No catalogue model is near; a server that tells no size must not fill the disk. */
const MAX_BYTES = 64 * 1024 ** 3
const MAGIC = 'GGUF'

/**
 * Fetches `address` into the part file, from where it ends.
 * @throws SourceError when it cannot be had; the signal's reason when aborted; errors of the file system
 */
export async function download(address: string, request: SourceRequest, options: DownloadOptions): Promise<void> {
  let triesLeft = MAX_TRIES_WITHOUT_PROGRESS
  for (let delivered = false; ; delivered = true) {
    const before = request.part.size
    const outcome = await attempt(address, delivered, request, options)
    if (outcome === 'done') return
    triesLeft = request.part.size > before ? MAX_TRIES_WITHOUT_PROGRESS : triesLeft - 1
    if (triesLeft <= 0) throw new SourceError(`${hostOf(address)}: the connection broke again and again`, true)
    await options.pause(1000 * (MAX_TRIES_WITHOUT_PROGRESS - triesLeft), request.signal)
  }
}

/**
 * @param delivered an earlier attempt got through, so a failure may pass and is worth another try
 * @returns 'broken' when the connection ended early and another try may go on from there
 */
async function attempt(
  address: string,
  delivered: boolean,
  request: SourceRequest,
  options: DownloadOptions,
): Promise<'done' | 'broken'> {
  const { part, signal } = request
  const closers: (() => void)[] = []
  const watch = watchdog(options.quietMs, signal)
  try {
    const response = await follow(address, part.size, watch, options.gate, closers)
    const host = hostOf(response.url || address)
    const start = await placeOf(response, request)
    if (start === 'complete') return 'done'
    if (start === 'again') return 'broken'
    const length = numberOf(response.headers.get('content-length'))
    const total = length === null ? request.expectedBytes : start + length
    checkTotal(host, total, request.expectedBytes)
    if (total !== null) await request.checkSpace(total)
    return await receive(response, total ?? MAX_BYTES, total === null, request, watch, host)
  } catch (error) {
    signal.throwIfAborted()
    // An AppError says that the disk is too small.
    if (error instanceof SourceError || error instanceof AppError || isFileError(error)) throw error
    // Nothing came at all: the address cannot be had now. Otherwise the line broke on the way.
    if (watch.pieces === 0 && !delivered)
      throw new SourceError(`${hostOf(address)} ${reasonOf(error, options.quietMs)}`, true)
    return 'broken'
  } finally {
    watch.stop()
    for (const close of closers) close()
  }
}

/** Asks, following redirects by hand so that each host is seen and none leads back to an unencrypted address. */
async function follow(
  address: string,
  offset: number,
  watch: Watchdog,
  gate: NetworkGate,
  closers: (() => void)[],
): Promise<Response> {
  let url = new URL(address)
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    closers.push(gate.allow(url.host))
    const response = await watch.during(
      fetch(url, {
        redirect: 'manual',
        signal: watch.signal,
        headers: {
          // A compressed answer could not be continued by byte numbers.
          'accept-encoding': 'identity',
          'user-agent': 'Understudy',
          ...(offset > 0 ? { range: `bytes=${offset}-` } : {}),
        },
      }),
    )
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    url = redirected(url, location)
  }
  throw new SourceError(`${hostOf(address)} redirected more than ${MAX_REDIRECTS} times`)
}

/** @throws SourceError when the redirect leaves encryption, or leads to something that is no web address */
export function redirected(from: URL, location: string): URL {
  const next = new URL(location, from)
  if (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) return next
  throw new SourceError(`${from.host} led to an address that is not encrypted`)
}

/** Where the answer's bytes belong: cuts the part file back when the server starts from the beginning. */
async function placeOf(
  response: Response,
  { part, expectedBytes }: SourceRequest,
): Promise<number | 'complete' | 'again'> {
  const host = hostOf(response.url)
  if (response.status === 206) {
    const range = /^bytes (?<start>\d+)-\d+\/(?<total>\d+|\*)$/.exec(response.headers.get('content-range') ?? '')
    if (Number(range?.groups?.['start'] ?? -1) === part.size) {
      checkTotal(host, numberOf(range?.groups?.['total'] ?? null), expectedBytes)
      return part.size
    }
    await response.body?.cancel()
    await part.truncate(0)
    return 'again'
  }
  if (response.status === 416) {
    await response.body?.cancel()
    const range = /^bytes \*\/(?<total>\d+)$/.exec(response.headers.get('content-range') ?? '')
    if (part.size > 0 && Number(range?.groups?.['total'] ?? -1) === part.size) return 'complete'
    await part.truncate(0)
    return 'again'
  }
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new SourceError(
      `${host} answered ${response.status}${response.status === 404 ? ' (not there any more)' : ''}`,
      isPassing(response.status),
    )
  }
  // Not cut yet: first the new answer must prove to be a model file.
  return 0
}

async function receive(
  response: Response,
  limit: number,
  open: boolean,
  { part, onProgress }: SourceRequest,
  watch: Watchdog,
  host: string,
): Promise<'done' | 'broken'> {
  if (!response.body) throw new SourceError(`${host} sent nothing`)
  const reader = response.body.getReader()
  const total = open ? null : limit
  let fresh = response.status === 200
  let head: Uint8Array = new Uint8Array()
  try {
    for (;;) {
      const { done, value } = await watch.during(reader.read())
      if (done) break
      watch.pieces++
      let piece: Uint8Array = value
      if (fresh) {
        head = Buffer.concat([head, piece])
        if (head.byteLength < MAGIC.length) continue
        if (Buffer.from(head.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC) {
          throw new SourceError(`${host} sent something that is no model file (a sign-in page of the network?)`, true)
        }
        await part.truncate(0)
        piece = head
        fresh = false
      }
      if (part.size + piece.byteLength > limit) throw new SourceError(`${host} sent more than the file has`)
      await part.write(piece)
      onProgress(part.size, total)
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
  if (fresh) throw new SourceError(`${host} sent nothing`)
  return total === null || part.size === total ? 'done' : 'broken'
}

interface Watchdog {
  readonly signal: AbortSignal
  /** Pieces of the body received. */
  pieces: number
  /** Waits for `promise`, and ends the connection when it takes longer than allowed. Writing to disk is not counted. */
  during<T>(promise: Promise<T>): Promise<T>
  stop(): void
}

function watchdog(quietMs: number, signal: AbortSignal): Watchdog {
  const controller = new AbortController()
  const cancel = () => controller.abort(signal.reason)
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  return {
    signal: controller.signal,
    pieces: 0,
    async during(promise) {
      const timer = setTimeout(() => controller.abort(new QuietError()), quietMs)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
      }
    },
    stop() {
      signal.removeEventListener('abort', cancel)
      controller.abort()
    },
  }
}

class QuietError extends Error {}

function checkTotal(host: string, total: number | null, expected: number | null): void {
  if (total === null || expected === null || total === expected) return
  throw new SourceError(`${host} offers another file than the catalogue names (${total} bytes instead of ${expected})`)
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'was not found; is this machine online?',
  EAI_AGAIN: 'was not found; is this machine online?',
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'broke the connection',
  ENETUNREACH: 'cannot be reached from this network',
  EHOSTUNREACH: 'cannot be reached from this network',
  UND_ERR_CONNECT_TIMEOUT: 'did not answer',
}

function reasonOf(error: unknown, quietMs: number): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (error instanceof QuietError || cause instanceof QuietError) return `did not answer for ${quietMs / 1000} s`
  const code = String((cause as NodeJS.ErrnoException)?.code ?? '')
  return reasons[code] ?? (code ? `could not be reached (${code})` : 'could not be reached')
}

/** Too much asked of it now, or a trouble of its own. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}

function isFileError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException)?.code
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EACCES' || code === 'EROFS' || code === 'EIO'
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : 'the server'
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null
}
