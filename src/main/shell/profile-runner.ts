// Runs the core of one profile at a time, and goes over to another one in the same process.
import { AppError } from '../../shared/errors.ts'
import type { ProfilePaths } from '../app/profile.ts'
import type { RunningCore } from './core.ts'

/** How a core is started: of which profile, and what its window may do to get another one. */
export interface CoreStart {
  profile: ProfilePaths
  /** Why the switch before did not work; null after one that did. */
  failure: string | null
  switchTo(profile: ProfilePaths): void
  /** Closes the core, does the work, and starts a core of the same profile; `failure` then says why the work failed. */
  restart(work: () => Promise<void>): void
}

export interface ProfileRunner {
  /** The core that runs or is being started; rejected when it cannot. */
  readonly core: Promise<RunningCore>
  readonly profile: ProfilePaths
  /** Whether an answer is being written now. */
  answering(): boolean
}

interface RunnerOptions {
  profile: ProfilePaths
  start(start: CoreStart): Promise<RunningCore>
  /** The windows go over to this core, which is being started. */
  handOver(core: Promise<RunningCore>): void
}

/**
 * Starts the core of `profile`. A switch closes the core that runs, so that there is never more than one engine; when the
 * other profile cannot be opened the one before is opened again and told why.
 */
export function createProfileRunner({ profile: first, start, handOver }: RunnerOptions): ProfileRunner {
  let profile = first
  let switching = false
  let running: RunningCore | null = null
  const begin = async (of: ProfilePaths, failure: string | null) => {
    running = null
    running = await start({ profile: of, failure, switchTo, restart })
    return running
  }
  let core = begin(first, null)

  function switchTo(next: ProfilePaths): void {
    if (switching) throw new AppError('BUSY', 'Another profile is being opened already. Wait a moment.')
    switching = true
    const before = { profile, core }
    profile = next
    core = (async () => {
      try {
        await before.core.then((running) => running.close())
        return await begin(next, null)
      } catch (error) {
        profile = before.profile
        return await begin(before.profile, wordsOf(error))
      } finally {
        switching = false
      }
    })()
    follow()
  }

  function restart(work: () => Promise<void>): void {
    if (switching) throw new AppError('BUSY', 'This profile is being closed already. Wait a moment.')
    switching = true
    const before = core
    core = (async () => {
      try {
        await before.then((running) => running.close())
        await work()
        return await begin(profile, null)
      } catch (error) {
        return await begin(profile, wordsOf(error))
      } finally {
        switching = false
      }
    })()
    follow()
  }

  function follow(): void {
    core.catch(() => {})
    // After the answer to the call that asked for it.
    setImmediate(handOver, core)
  }

  return {
    get core() {
      return core
    },
    get profile() {
      return profile
    },
    answering: () => running?.answering() ?? false,
  }
}

function wordsOf(error: unknown): string {
  return error instanceof AppError
    ? error.message
    : 'That did not work, and nothing was changed. The profile is open as it was.'
}
