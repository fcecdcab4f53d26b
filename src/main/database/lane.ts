// One after another: the database has one session, so a read waits until the transaction before it is over.

export class Lane {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Number of works queued or running. */
  get length(): number {
    return this.#waiting
  }

  /** Runs `work` when everything asked for before is over. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1
    const result = this.#last.then(work, work)
    this.#last = result.then(
      () => this.#leave(),
      () => this.#leave(),
    )
    return result
  }

  #leave(): void {
    this.#waiting -= 1
  }
}
