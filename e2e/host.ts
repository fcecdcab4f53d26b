// The app as a host runs it that brings tools of its own: the built page, and the core with a tool that needs a person.
import { join } from 'node:path'
import { z } from 'zod'
import { startCore } from '../src/main/app/core.ts'
import { createLog } from '../src/main/app/log.ts'
import { startProfile } from '../src/main/app/profile.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { startBrowserServer } from '../src/main/browser/server.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'
import { modelFolders } from '../src/main/engine/models/paths.ts'
import { defineTool } from '../src/main/learning/tools/tool.ts'
import { readPageFiles } from '../src/main/shell/page-files.ts'

const openDoor = defineTool({
  name: 'open_door',
  summary: 'a door is to be opened',
  description: 'Opens a door of the house and says so. door: which one.',
  params: z.strictObject({ door: z.string().max(40), seconds: z.int() }),
  writes: false,
  approval: 'chat',
  run: async ({ door, seconds }) => ({ reply: `The ${door} door is open for ${seconds} seconds.` }),
})

// Run from source, the engine's process looks for its loader from here.
process.chdir(join(import.meta.dirname, '..'))
const profile = startProfile(process.argv.at(-1))
const log = createLog(null)
const core = startCore({
  profile,
  modelsFolder: modelFolders().folder,
  resourcesFolder: resourcesFolder(),
  launcher: createChildLauncher(),
  shell: 'browser',
  log,
  tools: [openDoor],
})
const files = await readPageFiles(join(import.meta.dirname, '..', 'out', 'renderer'))
const server = await startBrowserServer({ files, core, port: 0, log })
process.stdout.write(`Understudy is running at ${server.address}\n`)
