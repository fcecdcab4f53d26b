// From "stop" to silence on the starter model: while it writes, and in the middle of a long prompt. Silence is the end of
// the call: nothing computes for it any more, and what was written is in hand.
import { join } from 'node:path'
import { requireStarter } from '../eval/starter.ts'
import { createLog } from '../src/main/app/log.ts'
import { resourcesFolder } from '../src/main/app/resources.ts'
import { createChildLauncher } from '../src/main/engine/child-launcher.ts'
import { createEngine } from '../src/main/engine/client.ts'
import type { Engine } from '../src/main/engine/engine.ts'
import { percentile, type Results } from './result.ts'

const RUNS = 20
/** Pieces of an answer before the stop: never at the same place. */
const PIECES = 6
const sentence = 'The harbour master wrote down every ship that came in, what it carried, and who paid for it. '

export async function measureStop(): Promise<Results> {
  const engine = createEngine({
    launcher: createChildLauncher(),
    embedderFile: join(resourcesFolder(), 'models', 'all-MiniLM-L6-v2-Q8_0.gguf'),
    log: createLog(null),
  })
  try {
    await engine.load(await requireStarter())
    const writing: number[] = []
    for (let run = 0; run < RUNS; run++) writing.push(await stopWhileWriting(engine, 1 + (run % PIECES)))
    const reading: number[] = []
    for (let run = 0; run < RUNS; run++) reading.push(await stopWhileReading(engine, run))
    const figure = (samples: number[]) => ({
      value: percentile(samples, 0.95),
      unit: 'ms',
      detail: { p50: percentile(samples, 0.5), worst: Math.max(...samples), runs: RUNS, prefill: engine.prefillSpeed },
    })
    return { 'stop-while-writing': figure(writing), 'stop-in-a-long-prompt': figure(reading) }
  } finally {
    await engine.close()
  }
}

/** @returns milliseconds from the stop to the end of the call, `pieces` pieces into an answer */
async function stopWhileWriting(engine: Engine, pieces: number): Promise<number> {
  const stop = new AbortController()
  let seen = 0
  let at = 0
  await engine.chat({
    messages: [{ role: 'user', text: 'Tell me at length how a lighthouse works.' }],
    maxTokens: 200,
    signal: stop.signal,
    onText: () => {
      seen += 1
      if (seen !== pieces) return
      at = performance.now()
      stop.abort()
    },
  })
  return performance.now() - at
}

/** @returns milliseconds from the stop to the end of the call, somewhere in a prompt of about 4,000 tokens */
async function stopWhileReading(engine: Engine, run: number): Promise<number> {
  const stop = new AbortController()
  let at = 0
  await engine.chat({
    // Other words at the beginning each time: nothing of it is in the prefix cache.
    messages: [{ role: 'user', text: `${run} ${run * 7}. ${sentence.repeat(200)}` }],
    maxTokens: 10,
    signal: stop.signal,
    onText: () => {},
    onPhase: (phase) => {
      if (at > 0 || phase.phase !== 'reading' || phase.progress === 0) return
      // Just after a piece has begun is the worst moment there is.
      at = performance.now()
      stop.abort()
    },
  })
  return performance.now() - at
}
