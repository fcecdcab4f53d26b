// Where a person's data lives. A profile is one folder; models are shared by all profiles.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join, resolve } from 'node:path'

export interface ProfilePaths {
  /** The same for the same folder at every start. */
  id: string
  folder: string
  name: string
  database: string
  log: string
}

/** The folder for the app's data on this system. */
export function dataFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home = homedir()): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Understudy')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Understudy')
  return join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'understudy')
}

/** @param chosen folder given by the person; the default profile when absent */
export function profilePaths(chosen: string | undefined, env = process.env): ProfilePaths {
  const folder = chosen ? resolve(chosen) : join(dataFolder(process.platform, env), 'profiles', 'default')
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return { id, folder, name: basename(folder), database: join(folder, 'database'), log: join(folder, 'log', 'app.log') }
}

/** The file that names the profiles there are. */
export function profileListFile(env = process.env): string {
  return join(dataFolder(process.platform, env), 'profiles', 'profiles.json')
}

/** @param chosen folder given by the person; without it the profile they switched to last, where it is still there */
export function startProfile(chosen: string | undefined, env = process.env): ProfilePaths {
  return profilePaths(chosen ?? lastProfile(env) ?? undefined, env)
}

function lastProfile(env: NodeJS.ProcessEnv): string | null {
  try {
    const { last } = JSON.parse(readFileSync(profileListFile(env), 'utf8')) as { last?: unknown }
    return typeof last === 'string' && statSync(last).isDirectory() ? last : null
  } catch {
    return null
  }
}
