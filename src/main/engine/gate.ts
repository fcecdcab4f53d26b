// Who may compute. A person waits for the foreground; the background works in short steps and only between them.

/**
 * Foreground work runs as long as it likes. Background work is cut into steps (a piece of a prompt, a token, a text to
 * embed); one step at a time, and none starts while there is foreground work, not even work that waits for the running
 * step to end. llama.cpp's own priorities cannot do this: the next batch starts before the foreground queues its next
 * token (docs/engine.md, T2 and T3).
 */
export class Gate {
  #foreground = 0
  #step: Promise<void> | null = null
  #waiting: (() => void)[] = []

  /**
   * Runs work a person waits for, when the background step that runs now is over.
   * @param options `beside`: short work that may run beside that step; `linger`: milliseconds the background stays halted
   * afterwards, because more is likely to come
   */
  async foreground<T>(work: () => Promise<T>, options: { beside?: boolean; linger?: number } = {}): Promise<T> {
    this.#foreground++
    try {
      if (options.beside !== true) await this.#step
      return await work()
    } finally {
      const release = () => {
        this.#foreground--
        this.#next()
      }
      if (options.linger) setTimeout(release, options.linger)
      else release()
    }
  }

  /**
   * Runs one background step when nothing else computes; steps that wait run in the order they came.
   * @throws the signal's reason when it is aborted before the step starts
   */
  async background<T>(step: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    while (this.#foreground > 0 || this.#step !== null) {
      signal?.throwIfAborted()
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        this.#waiting.push(wake)
        signal?.addEventListener('abort', wake)
      })
    }
    signal?.throwIfAborted()
    const running = step()
    const ended = running.then(
      () => {},
      () => {},
    )
    this.#step = ended
    try {
      return await running
    } finally {
      this.#step = null
      this.#next()
    }
  }

  /** Wakes all that wait; the first one takes the turn, the others wait again in their order. */
  #next(): void {
    if (this.#foreground > 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}
