// The page's side of the worker that colours code: one piece at a time, and an end to one that takes too long.
import type { HighlightReply, HighlightRequest } from './highlight-worker.ts'
import type { LanguageId } from './languages.ts'
import type { CodeLine } from './tokens.ts'

export interface Highlighter {
  /** @returns null when this code stays without colours */
  highlight(language: LanguageId, code: string): Promise<CodeLine[] | null>
}

/** The part of a worker that is needed. */
export interface WorkerPort {
  postMessage(request: HighlightRequest): void
  onmessage: ((event: MessageEvent<HighlightReply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

/** A grammar can be led into a match without end: its worker is replaced then, and the code stays as it is. */
const PATIENCE_MS = 10_000

/** @param start starts a worker; called when the first code comes, and again after one was ended */
export function createHighlighter(start: () => WorkerPort): Highlighter {
  let worker: WorkerPort | null = null
  let last: Promise<unknown> = Promise.resolve()
  let count = 0

  function ask(language: LanguageId, code: string): Promise<CodeLine[] | null> {
    const id = ++count
    return new Promise((resolve) => {
      const port = worker ?? start()
      worker = port
      const end = (lines: CodeLine[] | null, healthy: boolean) => {
        clearTimeout(timer)
        if (!healthy) {
          port.terminate()
          worker = null
        }
        resolve(lines)
      }
      const timer = setTimeout(() => end(null, false), PATIENCE_MS)
      port.onmessage = ({ data }) => {
        if (data.id === id) end(data.lines, true)
      }
      port.onerror = () => end(null, false)
      port.postMessage({ id, language, code })
    })
  }

  return {
    highlight(language, code) {
      const next = last.then(() => ask(language, code))
      last = next
      return next
    },
  }
}
