// Where model files lie: one folder for all profiles, and one more that the person may point to.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { dataFolder } from '../../app/profile.ts'

export interface ModelFolders {
  /** Downloads go here. */
  folder: string
  /** Searched first; a folder or one file of the person's own, never written to. Null when not set. */
  own: string | null
}

/** @param env `UNDERSTUDY_MODELS` names a folder (or a file) with models the person already has. */
export function modelFolders(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): ModelFolders {
  const own = env['UNDERSTUDY_MODELS']
  return { folder: join(dataFolder(platform, env, home), 'models'), own: own ? resolve(own) : null }
}
