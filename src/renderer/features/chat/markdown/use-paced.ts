// How often a growing block is drawn anew when drawing it takes long: by what it took, so that keys never wait for it often.
import { useEffect, useLayoutEffect, useReducer, useRef } from 'react'

/** Milliseconds that leave room in a frame for everything else: a block drawn in less is drawn with every piece. */
const FREE_MS = 8
/** A block that takes longer rests this many times as long: at most 3 % of the time goes into it. */
const REST = 32

/** @returns milliseconds to wait before a block is drawn again that took `cost` milliseconds to draw */
export function restAfter(cost: number): number {
  return cost <= FREE_MS ? 0 : cost * REST
}

/**
 * @param text of a block; while it grows it may be shown a while later
 * @returns the text to draw now
 */
export function usePaced(text: string, growing: boolean): string {
  // Not state: to note how long drawing took must not draw again.
  const pace = useRef({ shown: text, next: 0 })
  const [, drawAgain] = useReducer((count: number) => count + 1, 0)
  const begun = performance.now()
  const due = !growing || begun >= pace.current.next || !text.startsWith(pace.current.shown)
  const shown = due ? text : pace.current.shown
  // biome-ignore lint/correctness/useExhaustiveDependencies: what counts is how long drawing a new text took
  useLayoutEffect(() => {
    const now = performance.now()
    pace.current = { shown, next: now + restAfter(now - begun) }
  }, [shown])
  useEffect(() => {
    if (shown === text) return
    const timer = setTimeout(drawAgain, Math.max(0, pace.current.next - performance.now()))
    return () => clearTimeout(timer)
  }, [shown, text])
  return shown
}
