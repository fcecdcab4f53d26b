// How fast the loaded model reads and writes on this machine, when the person asks for it.
import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { MeasuredSpeed } from './engine.ts'
import { pieceSeconds, type ReadingSpeed } from './prefill.ts'

/** Tokens to read, and to write after the first. */
const measured = { read: 256, written: 32 }

/**
 * Reads a text anew and writes on. Steps of reading are timed alone; of the tokens written the middle time counts, so
 * that a person who asks meanwhile, and goes first, does not make the machine look slow.
 * @param text at least `measured.read` tokens are wanted; fewer are measured too
 * @param step runs one piece; the background waits in here
 */
export async function measureSpeed(
  sequence: LlamaContextSequence,
  text: Token[],
  parts: { speed: ReadingSpeed; step: <T>(work: () => Promise<T>) => Promise<T>; signal: AbortSignal },
): Promise<MeasuredSpeed> {
  const { step, signal } = parts
  const tokens = text.slice(0, measured.read + 1)
  const last = tokens.pop()
  if (last === undefined || tokens.length === 0) throw new Error('nothing to read')
  await step(() => sequence.clearHistory())
  let milliseconds = 0
  while (sequence.nextTokenIndex < tokens.length) {
    signal.throwIfAborted()
    const from = sequence.nextTokenIndex
    const piece = tokens.slice(from, from + parts.speed.piece(pieceSeconds.background))
    await step(async () => {
      const started = performance.now()
      await sequence.evaluateWithoutGeneratingNewTokens(piece)
      milliseconds += performance.now() - started
    })
  }
  const times: number[] = []
  let before: number | null = null
  // Its sequence waits for its turn between two tokens by itself.
  for await (const _ of sequence.evaluate([last], { temperature: 0, yieldEogToken: true })) {
    signal.throwIfAborted()
    const now = performance.now()
    if (before !== null) times.push(now - before)
    before = now
    if (times.length === measured.written) break
  }
  await step(() => sequence.clearHistory())
  const middle = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
  return { reading: (tokens.length * 1000) / Math.max(1, milliseconds), writing: 1000 / Math.max(0.5, middle) }
}
