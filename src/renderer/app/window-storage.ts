// Where the window keeps its own state: a place for each profile, so that nothing of one is seen in another.
const SEEN = 'understudy.profile'

/** The key of a profile's window state. */
export function storageKey(profile: string | null): string {
  return profile === null ? 'understudy.window' : `understudy.window.${profile}`
}

/** The profile seen last in this browser: its look is painted before the core says who is there. */
export function lastProfile(storage: Storage): string | null {
  return storage.getItem(SEEN)
}

/** To be called when it is known which profile is or will be open. */
export function rememberProfile(storage: Storage, profile: string): void {
  storage.setItem(SEEN, profile)
}
