// From the key that stops to silence, on the starter model, in the built page with the real core behind it: while it writes,
// and in the middle of a long prompt. Silence is both: no word comes to the page any more, and the engine computes nothing
// for the answer any more. That the end is shown, which waits until it is stored, stands beside it.
import { loadavg } from 'node:os'
import type { Page } from '@playwright/test'
import { withCore } from '../eval/core.ts'
import { requireStarter } from '../eval/starter.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { withPage } from './page.ts'
import { percentile, type Result, type Results } from './result.ts'

const RUNS = 20
/** Changes of the answer's words before the stop: never at the same place. */
const CHANGES = 6
const sentence = 'The harbour master wrote down every ship that came in, what it carried, and who paid for it. '

/** Milliseconds from the key. */
interface Stopped {
  /** The last change of the answer's words. */
  words: number
  /** The engine is done with the answer. */
  engine: number
  /** The page shows how it ended. */
  end: number
}

export async function measureStop(): Promise<Results> {
  const model = await requireStarter()
  return withCore(async (core) => {
    await core.learning.setLevel(OWNER, 'off')
    await core.engine.load(model)
    // How long the machine, as busy as it is, takes for what a stop must wait for: one token, one piece of a prompt.
    const speed = await core.engine.measure()
    return withPage(core, {}, async (page) => {
      await page.evaluate(WATCH)
      const writing: Stopped[] = []
      for (let run = 0; run < RUNS; run++) {
        const text = `${run}. Tell me at length how a lighthouse works.`
        writing.push(await stop(core, page, text, `changes > ${run % CHANGES}`))
      }
      const reading: Stopped[] = []
      for (let run = 0; run < RUNS; run++) {
        // About 4,000 tokens, with other words at the beginning each time: nothing of it is in the prefix cache.
        const text = `${run} ${run * 7}. ${sentence.repeat(200)}`
        reading.push(await stop(core, page, text, 'reading()'))
      }
      const detail = { token: 1000 / speed.writing, prefill: speed.reading }
      return {
        'stop-while-writing': figure(writing, detail),
        'stop-in-a-long-prompt': figure(reading, detail),
      }
    })
  })
}

function figure(samples: Stopped[], detail: Result['detail']): Result {
  const silent = samples.map(({ words, engine }) => Math.max(words, engine))
  const p95 = (part: keyof Stopped) =>
    percentile(
      samples.map((sample) => sample[part]),
      0.95,
    )
  return {
    value: percentile(silent, 0.95),
    unit: 'ms',
    detail: {
      p50: percentile(silent, 0.5),
      worst: Math.max(...silent),
      ...{ words: p95('words'), engine: p95('engine'), end: p95('end') },
      ...{ runs: samples.length, load: loadavg()[0] ?? null },
      ...detail,
    },
  }
}

/** @param when what must be true of the watcher in the page when the key is pressed */
async function stop(core: Core, page: Page, text: string, when: string): Promise<Stopped> {
  const conversationId = newId<ConversationId>()
  let quiet = 0
  const unhear = core.engine.onState(({ state }) => {
    if (state !== 'answering') quiet = performance.timeOrigin + performance.now()
  })
  try {
    await core.chat.send(OWNER, { conversationId, messageId: newId<MessageId>(), text })
    await page.evaluate(`benchStop.begin('#/chat/${conversationId}')`)
    await page.evaluate(`benchStop.until(() => benchStop.${when})`)
    await page.keyboard.press('Escape')
    await page.evaluate('benchStop.until(() => benchStop.ended > 0)')
    const { pressed, changed, ended } = await page.evaluate<{ pressed: number; changed: number; ended: number }>(
      'benchStop.times()',
    )
    // What came before the key is silence from the first moment on.
    return { words: Math.max(0, changed - pressed), engine: Math.max(0, quiet - pressed), end: ended - pressed }
  } finally {
    unhear()
    await core.chat.idle()
  }
}

/** Words, not a function: what runs in the page knows the page's types, and this file node's. */
const WATCH = `
  window.benchStop = {
    begin(hash) {
      Object.assign(this, { words: '', changes: 0, pressed: 0, changed: 0, ended: 0 })
      location.hash = hash
    },
    until: (holds) => new Promise((resolve) => {
      const look = () => (holds() ? resolve() : requestAnimationFrame(look))
      look()
    }),
    reading: () => /Reading, [1-9]/.test(document.querySelector('[role=log]')?.textContent ?? ''),
    times() {
      const { timeOrigin } = performance
      return { pressed: timeOrigin + this.pressed, changed: timeOrigin + this.changed, ended: timeOrigin + this.ended }
    },
    look() {
      const answer = [...document.querySelectorAll('[role=log] article[aria-busy]')].at(-1)
      const words = answer?.querySelector('.markdown')?.textContent ?? ''
      const now = performance.now()
      if (words !== this.words) {
        this.words = words
        this.changes += 1
        this.changed = now
      }
      if (this.pressed > 0 && answer?.ariaBusy === 'false') this.ended ||= now
    },
  }
  benchStop.begin(location.hash)
  window.addEventListener('keydown', (event) => { benchStop.pressed = event.timeStamp }, true)
  const change = { subtree: true, childList: true, characterData: true, attributeFilter: ['aria-busy'] }
  new MutationObserver(() => benchStop.look()).observe(document.body, change)
`
