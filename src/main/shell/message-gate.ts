// Limits on what the window may send: size of a message and messages a second. Checked before anything is parsed.

/** Most bytes of one message from the window. */
export const MESSAGE_BYTES_MAX = 1_000_000
/** Messages that may come at once, and how fast the allowance fills up again. */
const BURST = 500
const PER_SECOND = 200

export type Admission = 'admitted' | 'too-large' | 'too-many' | 'not-text'

export class MessageGate {
  readonly #now: () => number
  #allowance = BURST
  #filledAt: number

  /** @param now milliseconds, from a clock that does not go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#filledAt = now()
  }

  /** Counts the message, so ask once for each. The contract carries text only. */
  admit(message: unknown): Admission {
    const now = this.#now()
    this.#allowance = Math.min(BURST, this.#allowance + ((now - this.#filledAt) / 1000) * PER_SECOND)
    this.#filledAt = now
    if (this.#allowance < 1) return 'too-many'
    this.#allowance -= 1
    if (typeof message !== 'string') return 'not-text'
    // Two steps: text is at most three bytes a UTF-16 unit, so most messages need no count.
    if (message.length * 3 <= MESSAGE_BYTES_MAX) return 'admitted'
    return Buffer.byteLength(message) > MESSAGE_BYTES_MAX ? 'too-large' : 'admitted'
  }
}
