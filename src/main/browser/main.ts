// The browser shell: node only. Listens first and prints the address, then starts the core; a page that is opened
// meanwhile shows at once and its calls wait.
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { systemClock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import { installNetworkGuard } from '../app/network-guard.ts'
import { startProfile } from '../app/profile.ts'
import { CLOSE_LIMIT_MS, type RunningCore, within } from '../shell/core.ts'
import { readPageFiles } from '../shell/page-files.ts'
import { createProfileLogs } from '../shell/profile-logs.ts'
import { type CoreStart, createProfileRunner, type ProfileRunner } from '../shell/profile-runner.ts'
import { withSocket } from '../terminal/socket.ts'
import { openAddress } from './open-address.ts'
import { type BrowserOptions, readBrowserOptions } from './options.ts'
import type { BrowserServer } from './server.ts'
import { startOnUsualPort } from './usual-port.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

/** What a person reads in the terminal. The log file gets codes, never these. */
const say = (line: string) => process.stdout.write(`${line}\n`)
const complain = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  let options: BrowserOptions
  try {
    options = readBrowserOptions(process.argv.slice(2))
  } catch (error) {
    complain((error as Error).message)
    process.exitCode = EXIT_USAGE
    return
  }
  const first = startProfile(options.profile)
  const logs = createProfileLogs(openLog)
  const log = logs.follow(first)
  const network = installNetworkGuard((what) => log.warn({ what }, 'network refused'))

  let settle: { started: (core: RunningCore) => void; failed: (error: unknown) => void } | undefined
  const core = new Promise<RunningCore>((started, failed) => {
    settle = { started, failed }
  })
  core.catch(() => {})
  let server: BrowserServer
  try {
    const files = await readPageFiles(join(import.meta.dirname, '../renderer'))
    server = await startOnUsualPort({ files, core, port: options.port, log }, first)
  } catch (error) {
    fail(error)
    return
  }
  say(`Understudy is running at ${server.address}`)
  if (options.open) openAddress(server.address)

  const start = async ({ profile, failure, switchTo, restart }: CoreStart): Promise<RunningCore> => {
    logs.follow(profile)
    // Loaded only now: the page is on its way to the window while the core's code is read.
    const [{ startOrRepair }, { createProfiles }, { createChildLauncher }, { modelFolders }, { resourcesFolder }] =
      await Promise.all([
        import('../app/start-or-repair.ts'),
        import('../app/profiles.ts'),
        import('../engine/child-launcher.ts'),
        import('../engine/models/paths.ts'),
        import('../app/resources.ts'),
      ])
    const running = await startOrRepair({
      profile,
      modelsFolder: modelFolders().folder,
      resourcesFolder: resourcesFolder(),
      launcher: createChildLauncher(),
      shell: 'browser',
      log,
      network,
      restart,
      profiles: createProfiles({ current: profile, switchTo, failure, clock: systemClock }),
    })
    return withSocket(profile, running, log)
  }
  const runner = createProfileRunner({ profile: first, start, handOver: (next) => server.handOver(next) })
  stopOnSignal(server, runner)
  try {
    settle?.started(await runner.core)
  } catch (error) {
    log.error({ err: (error as Error)?.name, stack: (error as Error)?.stack }, 'start failed')
    settle?.failed(error)
    fail(error)
    await server.close()
    process.exit(EXIT_FAILED)
  }
}

/** A profile folder that cannot be written still opens (read only), without a log. */
function openLog(file: string): ReturnType<typeof createLog> {
  try {
    return createLog(file)
  } catch {
    complain('The log file cannot be written; going on without it.')
    return createLog(null)
  }
}

function fail(error: unknown): void {
  const known = error instanceof AppError
  complain(known ? error.message : `Understudy could not start: ${(error as Error)?.message ?? error}`)
  process.exitCode = EXIT_FAILED
}

/** The first signal stops in order, the second at once. */
function stopOnSignal(server: BrowserServer, runner: ProfileRunner): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(EXIT_FAILED)
    stopping = true
    say('Stopping…')
    const closing = server.close().then(() => runner.core.then((running) => running.close()).catch(() => {}))
    void within(CLOSE_LIMIT_MS, closing).then((inTime) => process.exit(inTime ? 0 : EXIT_FAILED))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

await main()
