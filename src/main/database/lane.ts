// One after another: the database has one session, so a read waits until the transaction before it is over.

/** A wait of so many milliseconds is worth telling a person about. */
const HELD_MS = 2000

export class Lane {
  readonly #onHeld: (held: boolean) => void
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #held = false
  #timer: NodeJS.Timeout | undefined

  /** @param onHeld hears that one work keeps others waiting for long, and when it is over */
  constructor(onHeld: (held: boolean) => void = () => {}) {
    this.#onHeld = onHeld
  }

  /** Number of works queued or running. */
  get length(): number {
    return this.#waiting
  }

  /** Whether one work keeps others waiting for long. */
  get held(): boolean {
    return this.#held
  }

  /** Runs `work` when everything asked for before is over. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    this.#watch()
    const result = this.#last.then(work, work)
    this.#last = result.then(
      () => this.#leave(),
      () => this.#leave(),
    )
    return result
  }

  #leave(): void {
    this.#waiting -= 1
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#tell(false)
    this.#watch()
  }

  #watch(): void {
    if (this.#waiting < 2 || this.#timer) return
    this.#timer = setTimeout(() => this.#tell(true), HELD_MS)
    this.#timer.unref()
  }

  #tell(held: boolean): void {
    if (held === this.#held) return
    this.#held = held
    this.#onHeld(held)
  }
}
