import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { HighlightReply, HighlightRequest } from './highlight-worker.ts'
import { createHighlighter, type WorkerPort } from './highlighter.ts'

/** A worker that answers all but code that says it never ends. */
class FakeWorker implements WorkerPort {
  onmessage: ((event: MessageEvent<HighlightReply>) => void) | null = null
  onerror: ((event: ErrorEvent) => void) | null = null
  ended = false

  postMessage({ id, code }: HighlightRequest): void {
    if (code === 'endless') return
    queueMicrotask(() => {
      if (code === 'broken') this.onerror?.({} as ErrorEvent)
      else this.onmessage?.({ data: { id, lines: [[[code]]] } } as unknown as MessageEvent<HighlightReply>)
    })
  }

  terminate(): void {
    this.ended = true
  }
}

const workers: FakeWorker[] = []
const start = () => {
  const worker = new FakeWorker()
  workers.push(worker)
  return worker
}

beforeEach(() => {
  workers.length = 0
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

it('starts no worker before there is code, and one for all of it', async () => {
  const highlighter = createHighlighter(start)
  expect(workers).toHaveLength(0)
  const both = await Promise.all([highlighter.highlight('go', 'a'), highlighter.highlight('go', 'b')])
  expect(both).toEqual([[[['a']]], [[['b']]]])
  expect(workers).toHaveLength(1)
})

it.each(['endless', 'broken'])('code that is %s stays plain, and the next gets a fresh worker', async (code) => {
  const highlighter = createHighlighter(start)
  const [bad, good] = [highlighter.highlight('go', code), highlighter.highlight('go', 'a')]
  await vi.runAllTimersAsync()
  expect(await bad).toBeNull()
  expect(await good).toEqual([[['a']]])
  expect(workers.map(({ ended }) => ended)).toEqual([true, false])
})
