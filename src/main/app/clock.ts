// Time as a port, so that tests can set it.
export interface Clock {
  now(): Date
  /** IANA name of the person's time zone. */
  readonly timeZone: string
}

/** How long the time zone is taken for the same, in milliseconds: to ask for it costs more than a search of the words. */
const SAME_ZONE_MS = 60_000

class SystemClock implements Clock {
  #zone = { name: '', at: Number.NEGATIVE_INFINITY }

  now(): Date {
    return new Date()
  }

  get timeZone(): string {
    const at = performance.now()
    if (at - this.#zone.at > SAME_ZONE_MS) {
      this.#zone = { name: Intl.DateTimeFormat().resolvedOptions().timeZone, at }
    }
    return this.#zone.name
  }
}

export const systemClock: Clock = new SystemClock()
