// A core on an empty temporary profile, for what is measured without a window.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Core, startCore } from '../src/main/app/core.ts'
import { createLog } from '../src/main/app/log.ts'
import { profilePaths } from '../src/main/app/profile.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'

export async function withCore<T>(work: (core: Core) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'))
  const core = await startCore({
    profile: profilePaths(join(folder, 'profile')),
    modelsFolder: join(folder, 'models'),
    resourcesFolder: resourcesFolder(),
    launcher: createChildLauncher(),
    shell: 'browser',
    log: createLog(null),
  })
  try {
    return await work(core)
  } finally {
    await core.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
