// A core without a window on an empty temporary profile, with the models of this machine: what every evaluation and bench runs on.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Core, type CoreOptions, startCore } from '../src/main/app/core.ts'
import { createLog } from '../src/main/app/log.ts'
import { profilePaths } from '../src/main/app/profile.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'
import { modelFolders } from '../src/main/engine/models/paths.ts'

/** @param options what differs from the app's own; one that is undefined does not */
export async function withCore<T>(
  work: (core: Core) => Promise<T>,
  options: { [Key in 'clock' | 'answerTokens' | 'chatContext']?: CoreOptions[Key] | undefined } = {},
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-eval-'))
  const { clock, answerTokens, chatContext } = options
  const core = await startCore({
    profile: profilePaths(join(folder, 'profile')),
    modelsFolder: modelFolders().folder,
    resourcesFolder: resourcesFolder(),
    launcher: createChildLauncher(),
    shell: 'browser',
    log: createLog(null),
    ...(clock ? { clock } : {}),
    ...(answerTokens === undefined ? {} : { answerTokens }),
    ...(chatContext === undefined ? {} : { chatContext }),
  })
  try {
    return await work(core)
  } finally {
    await core.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
