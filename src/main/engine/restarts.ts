// Decides what happens after the engine's process died: again, later, without the GPU, or not any more.

/** Loading a large model can take a minute. */
const window = 300_000
const mostCrashes = 3
const firstDelay = 250

/** Crashes of the engine's process within the last five minutes. */
export class Restarts {
  #crashes: number[] = []
  readonly excludedGpus = new Set<string>()

  /**
   * @param at milliseconds of any steady clock
   * @param gpu kind of GPU the process used; not tried again, a driver is the likeliest reason
   * @returns how often it died of late, and milliseconds to wait before the next start; null: give up
   */
  crashed(at: number, gpu: string | null): { attempt: number; delay: number | null } {
    if (gpu !== null) this.excludedGpus.add(gpu)
    this.#crashes = [...this.#crashes.filter((crash) => at - crash < window), at]
    const attempt = this.#crashes.length
    return { attempt, delay: attempt >= mostCrashes ? null : firstDelay * 2 ** (attempt - 1) }
  }

  /** A person asked for another try. */
  forget(): void {
    this.#crashes = []
  }
}
