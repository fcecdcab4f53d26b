// Reads prompts in pieces, so that a stop or a person's question never waits for a whole prompt (T5).
import type { LlamaContextSequence, Token } from 'node-llama-cpp'

/** Seconds of reading in one piece. */
export const pieceSeconds = { foreground: 0.5, background: 0.25 } as const
const largestPiece = 128
const smallestPiece = 4
/** Fewer tokens than this say little about speed; pieces are added up until they are enough. */
const measurable = 24
const assumedSpeed = 50

/** So many of the last measurements say what this machine can do. */
const remembered = 32

/**
 * Measured reading speed of the loaded model. Pieces are sized by how it is right now, a moving average. What is told
 * outside is what this machine can do, the upper quartile of late measurements: another program that is busy for a
 * moment, or a background step on fewer threads, does not make the next answer recall less.
 */
export class ReadingSpeed {
  #speed: number | null = null
  readonly #measured: number[] = []
  #tokens = 0
  #milliseconds = 0

  constructor(private readonly onChange: (tokensPerSecond: number) => void) {}

  record(tokens: number, milliseconds: number): void {
    this.#tokens += tokens
    this.#milliseconds += milliseconds
    if (this.#tokens < measurable || this.#milliseconds <= 0) return
    const now = (this.#tokens * 1000) / this.#milliseconds
    this.#tokens = 0
    this.#milliseconds = 0
    // A machine that became slow is believed sooner than one that became quick: a stop waits for the piece.
    const weight = this.#speed !== null && now < this.#speed ? 0.5 : 0.2
    this.#speed = this.#speed === null ? now : this.#speed * (1 - weight) + now * weight
    this.#measured.push(now)
    if (this.#measured.length > remembered) this.#measured.shift()
    const sorted = [...this.#measured].sort((a, b) => a - b)
    this.onChange(sorted[Math.floor((sorted.length - 1) * 0.75)] ?? now)
  }

  /** Tokens that take about `seconds` to read, 4 to 128. */
  piece(seconds: number): number {
    const tokens = Math.floor((this.#speed ?? assumedSpeed) * seconds)
    return Math.min(largestPiece, Math.max(smallestPiece, tokens))
  }
}

/**
 * Brings a sequence to hold exactly these tokens, keeping the longest common beginning it holds already.
 * @param of.target all tokens but the last one of the prompt: generating needs one to evaluate
 * @param of.checkpoint for models that cannot go back to any point (sliding windows): where to keep a state
 * @param of.step runs one piece; the background waits in here
 * @param of.signal looked at between pieces
 * @throws the signal's reason; what was read until then stays in the sequence
 */
export async function readPrompt(of: {
  sequence: LlamaContextSequence
  target: Token[]
  checkpoint: number
  speed: ReadingSpeed
  seconds: number
  step: <T>(work: () => Promise<T>) => Promise<T>
  signal: AbortSignal
  /** Hears how many tokens were there already. */
  onStart?: (cached: number) => void
  onProgress?: (share: number) => void
}): Promise<void> {
  const { sequence, target, speed } = of
  of.signal.throwIfAborted()
  await of.step(() => sequence.adaptStateToTokens(target, false))
  const cached = sequence.nextTokenIndex
  of.onStart?.(cached)
  while (sequence.nextTokenIndex < target.length) {
    of.signal.throwIfAborted()
    await of.step(async () => {
      const from = sequence.nextTokenIndex
      let to = Math.min(from + speed.piece(of.seconds), target.length)
      if (from < of.checkpoint && to > of.checkpoint) to = of.checkpoint
      const started = performance.now()
      await sequence.evaluateWithoutGeneratingNewTokens(target.slice(from, to))
      speed.record(to - from, performance.now() - started)
      if (to === of.checkpoint && sequence.needsCheckpoints) await sequence.takeCheckpoint()
    })
    of.onProgress?.((sequence.nextTokenIndex - cached) / (target.length - cached))
  }
  of.signal.throwIfAborted()
}
