// When a person last asked for anything, so that what would keep them waiting is done while nobody does.

export class Calls {
  #last = Number.NEGATIVE_INFINITY

  note(): void {
    this.#last = performance.now()
  }

  /** Milliseconds since the last call; without end where nobody ever called. */
  get pausedForMs(): number {
    return performance.now() - this.#last
  }
}
