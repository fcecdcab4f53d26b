// The port a profile had last: what a browser keeps for a page (drafts, the last place) belongs to its address.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import type { ProfilePaths } from '../app/profile.ts'
import { type BrowserServer, type BrowserServerOptions, startBrowserServer } from './server.ts'

/** Starts the server on the port the profile had last, where none is asked for and it is free; else on any. */
export async function startOnUsualPort(options: BrowserServerOptions, profile: ProfilePaths): Promise<BrowserServer> {
  const file = join(profile.folder, 'port')
  const usual = options.port === 0 ? readPort(file) : 0
  const server = await startBrowserServer({ ...options, port: usual || options.port }).catch((error: unknown) => {
    if (usual === 0 || !(error instanceof AppError)) throw error
    return startBrowserServer(options)
  })
  try {
    writeFileSync(file, `${server.port}\n`, { mode: 0o600 })
  } catch {
    // A folder that cannot be written: the next start takes any port.
  }
  return server
}

/** @returns 0 when there is none that a program of a person may use */
function readPort(file: string): number {
  try {
    const port = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(port) && port > 1023 && port <= 65_535 ? port : 0
  } catch {
    return 0
  }
}
