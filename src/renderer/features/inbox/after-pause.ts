// A short wait before the core is asked. Whoever decides quickly makes every answer old before it comes: what is given up
// within the pause is never asked, and the core has its time for the decisions.

const PAUSE_MS = 250

/** @throws what the signal says, when it is given up within the pause */
export function afterPause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE_MS)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
