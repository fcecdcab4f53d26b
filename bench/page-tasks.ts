// What the page's main thread computed, task by task, in its own time: what other programs of a busy machine took from it
// does not count.
import type { Page } from '@playwright/test'
import { z } from 'zod'

const traced = z.object({
  pid: z.number(),
  tid: z.number(),
  name: z.string(),
  /** Microseconds the thread computed. */
  tdur: z.number().optional(),
  args: z.object({ name: z.string().optional() }).optional(),
})
const trace = z.object({ traceEvents: z.array(traced) })

/** @returns milliseconds of each task the page's main thread did meanwhile */
export async function taskTimes(page: Page, work: () => Promise<unknown>): Promise<number[]> {
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser that could be traced')
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] })
  await work()
  const { traceEvents } = trace.parse(JSON.parse((await browser.stopTracing()).toString()))
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
  const times = mains.map(({ pid, tid }) =>
    traceEvents
      .filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid)
      .map(({ tdur = 0 }) => tdur / 1000),
  )
  // A spare process of the browser has a main thread too, and hardly a task.
  return times.sort((a, b) => b.length - a.length)[0] ?? []
}
