// When a person last asked for anything, so that what would keep them waiting is done while nobody does.

export class Calls {
  #last = performance.now()

  note(): void {
    this.#last = performance.now()
  }

  /** Milliseconds since the last call. */
  get pausedForMs(): number {
    return performance.now() - this.#last
  }
}
