// The door for programs of the same person: while the app runs, commands in a terminal reach its core through a socket in
// the profile folder, with the same contract and the same checks as a window. Only the person's own account may open it.

import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { RPCHandler } from '@orpc/server/node'
import type { Log } from '../app/log.ts'
import type { ProfilePaths } from '../app/profile.ts'
import type { Caller } from '../procedures.ts'
import type { RunningCore } from '../shell/core.ts'
import { MESSAGE_BYTES_MAX } from '../shell/message-gate.ts'

/** What systems allow for the path of a socket, the end mark included (macOS has the least). */
const LONGEST_PATH = 103
const CONNECTIONS_MAX = 16

/** @returns where the socket of a profile lies: a file in its folder, on Windows a pipe named after it */
export function socketPath(profile: ProfilePaths, platform = process.platform): string {
  if (platform !== 'win32') return join(profile.folder, 'app.sock')
  const name = createHash('sha256').update(profile.folder.toLowerCase()).digest('hex').slice(0, 32)
  return `\\\\.\\pipe\\understudy-${name}`
}

/** The same core, that also listens for commands; the socket closes with it. */
export async function withSocket(profile: ProfilePaths, core: RunningCore, log: Log): Promise<RunningCore> {
  const socket = await serveSocket(profile, core, log)
  return {
    router: core.router,
    caller: () => core.caller(),
    answering: () => core.answering(),
    close: async () => {
      await socket?.close()
      await core.close()
    },
  }
}

interface TerminalSocket {
  close(): Promise<void>
}

/**
 * Listens for commands. The caller holds the profile's lock, so a socket file that is there is left over.
 * @returns null when this system cannot make one here (a very long path, a read-only folder): the app works without it
 */
async function serveSocket(profile: ProfilePaths, core: RunningCore, log: Log): Promise<TerminalSocket | null> {
  const path = socketPath(profile)
  const isFile = process.platform !== 'win32'
  if (isFile && Buffer.byteLength(path) > LONGEST_PATH) {
    log.warn({ length: Buffer.byteLength(path) }, 'no socket for commands: the path of the profile is too long')
    return null
  }
  const handler = new RPCHandler<Caller>(core.router)
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000 }, (request, response) => {
    const refuse = (status: number) => response.writeHead(status).end()
    if (Number(request.headers['content-length'] ?? 0) > MESSAGE_BYTES_MAX) return refuse(413)
    handler
      .handle(request, response, { context: core.caller() })
      .then(({ matched }) => {
        if (!matched) refuse(404)
      })
      .catch(() => response.destroy())
  })
  server.maxConnections = CONNECTIONS_MAX
  try {
    if (isFile) rmSync(path, { force: true })
    await listen(server, path)
  } catch (error) {
    log.warn({ code: (error as NodeJS.ErrnoException).code }, 'no socket for commands')
    return null
  }
  return {
    async close() {
      const ended = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await ended
    },
  }
}

/** Nobody else may connect from the moment it is there. */
async function listen(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  const before = process.platform === 'win32' ? null : process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(path, () => resolve())
    })
  } finally {
    if (before !== null) process.umask(before)
  }
  if (before !== null) chmodSync(path, 0o600)
}
