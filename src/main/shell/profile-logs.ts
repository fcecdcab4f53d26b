// The log of the profile that is open: what the shell itself notes goes where the core's notes go.
import type { Log } from '../app/log.ts'
import type { ProfilePaths } from '../app/profile.ts'

export interface ProfileLogs {
  /** From now on everything is noted in the log of this profile. @returns the one log that follows */
  follow(profile: ProfilePaths): Log
}

/** @param open opens the log file of a profile */
export function createProfileLogs(open: (file: string) => Log): ProfileLogs {
  let file: string | null = null
  let target: Log | null = null
  const log = new Proxy({} as Log, {
    get(_, name) {
      const value: unknown = target === null ? undefined : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    follow(profile) {
      if (profile.log !== file) {
        target = open(profile.log)
        file = profile.log
      }
      return log
    },
  }
}
