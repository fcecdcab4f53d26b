// A client of the contract for a command: through the socket of the app that runs on this profile, else with a core of its
// own, which takes the lock.
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { type ClientContext, createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { Contract } from '../../shared/contract/index.ts'
import type { ProfilePaths } from '../app/profile.ts'
import { socketPath } from './socket.ts'

export type Client = ContractRouterClient<Contract>

export interface Connection {
  client: Client
  /** `app`: the running app answers. `own`: this process opened the profile. */
  through: 'app' | 'own'
  close(): Promise<void>
}

/** @throws AppError BUSY when another program holds the profile and does not answer */
export async function connect(profile: ProfilePaths): Promise<Connection> {
  const path = socketPath(profile)
  if (await answers(path)) return { client: clientOf(path), through: 'app', close: async () => {} }
  const [{ startCore }, { createChildLauncher }, { modelFolders }, { resourcesFolder }, { createLog }] =
    await Promise.all([
      import('../app/core.ts'),
      import('../engine/child-launcher.ts'),
      import('../engine/models/paths.ts'),
      import('../app/resources.ts'),
      import('../app/log.ts'),
    ])
  const core = await startCore({
    profile,
    modelsFolder: modelFolders().folder,
    resourcesFolder: resourcesFolder(),
    launcher: createChildLauncher(),
    shell: 'terminal',
    still: true,
    log: createLog(null),
  })
  const client = createRouterClient(core.router, { context: () => core.caller() })
  return { client: client as Client, through: 'own', close: () => core.close() }
}

function clientOf(path: string): Client {
  const link = new RPCLink<ClientContext>({
    url: 'http://localhost/',
    fetch: (request) => fetchThrough(path, request),
  })
  return createORPCClient(link)
}

/** Whether the app runs on this profile. */
export function isRunning(profile: ProfilePaths): Promise<boolean> {
  return answers(socketPath(profile))
}

/** Whether somebody listens; a socket file alone may be left over from a process that was killed. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = httpRequest({ socketPath: path, path: '/', method: 'HEAD' }, (response) => {
      response.resume()
      resolve(true)
    })
    probe.on('error', () => resolve(false))
    probe.end()
  })
}

/** `fetch` over a socket file, which Node's own cannot do. */
async function fetchThrough(path: string, request: Request): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer())
  const url = new URL(request.url)
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        socketPath: path,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: { ...Object.fromEntries(request.headers), 'content-length': body.byteLength },
        signal: request.signal,
      },
      (incoming) => {
        const headers = new Headers()
        for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
        const stream = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
        resolve(new Response(stream, { status: incoming.statusCode ?? 500, headers }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
