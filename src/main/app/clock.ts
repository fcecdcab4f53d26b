// Time as a port, so that tests can set it.
export interface Clock {
  now(): Date
  /** IANA name of the person's time zone. */
  readonly timeZone: string
}

export const systemClock: Clock = {
  now: () => new Date(),
  get timeZone() {
    return Intl.DateTimeFormat().resolvedOptions().timeZone
  },
}
