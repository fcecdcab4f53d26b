// How long a key waits for the page while an answer streams in at 60 tokens a second: the built page in a Chromium, the
// real core behind it, and in place of a model a script that writes everything an answer can hold.
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { withCore } from '../eval/core.ts'
import type { Core } from '../src/main/app/core.ts'
import { procedures } from '../src/main/procedures.ts'
import { HELD_MAX } from '../src/renderer/features/chat/chat-state.ts'
import type { ChatEvent, MessageView } from '../src/shared/chat.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { withPage } from './page.ts'
import { taskTimes } from './page-tasks.ts'
import { percentile, type Result, type Results } from './result.ts'

const TOKENS_PER_SECOND = 60
const SECONDS = 30
const KEYS_PER_SECOND = 10
/** Turns that stand above the one being written. */
const TURNS = 20
/** What the person expects of a key. */
const LIMIT_MS = 16

const part = `## What to look at

Since the shop **moved** on Monday, I would look at a few things this week, with \`psql\` at hand and some *time*:

- Restore a backup, not just take one. You wanted a [rehearsal](https://example.org/rehearsal) after every move.
- The mail reputation of the new addresses, before the newsletter goes out on Friday.

| step | where | minutes |
|---|---|---|
| copy the database | Falkenstein | 20 |
| switch the names | registrar | 5 |

The share that is lost is $e = \\frac{a}{b}$, at $5 to $10 a month:

\\[ \\int_0^1 x^2\\,dx = \\tfrac13 \\]

\`\`\`ts
export async function restore(from: string, into: Pool): Promise<number> {
  const rows = await read(from) // one after the other
  for (const row of rows) await into.query('insert into shop values ($1)', [row])
  return rows.length
}
\`\`\`

`

/** What stands on the page before the answer goes on: turns above it, and how many parts of it were written. */
const CHATS = {
  'typing-while-streaming': { turns: TURNS, parts: 0 },
  // As many messages as the window holds, and about 4,000 tokens of the answer.
  'typing-in-a-long-chat': { turns: HELD_MAX / 2 - 1, parts: 14 },
}
type Chat = (typeof CHATS)[keyof typeof CHATS]

export async function measurePage(): Promise<Results> {
  return withCore(async (core) => {
    const results: Results = {}
    for (const [name, chat] of Object.entries(CHATS)) results[name] = await measureChat(core, chat)
    return results
  })
}

function measureChat(core: Core, chat: Chat): Promise<Result> {
  const conversationId = newId<ConversationId>()
  const begun = new EventTarget()
  const watch = procedures.chat.watch.handler(({ signal }) => stream(conversationId, chat, begun, signal))
  return withPage(core, { watch }, async (page) => {
    await page.evaluate(`location.hash = '#/chat/${conversationId}'`)
    const composer = page.getByRole('textbox', { name: /message/i })
    await page.getByText('What to look at').first().waitFor()
    await composer.focus()
    await page.evaluate(WATCH)
    // What this machine, as busy as it is, makes a key wait without any answer: the figure is to be read beside it.
    const still = await type(page, SECONDS / 3)
    begun.dispatchEvent(new Event('begin'))
    const keys = await type(page, SECONDS)
    // Apart from the figure, because to be watched this closely costs the page time.
    const tasks = await taskTimes(page, () => type(page, SECONDS / 6))
    return figure(keys, still, tasks)
  })
}

/** A chat that was there, and then an answer that grows by a token at a time. */
async function* stream(
  id: ConversationId,
  { turns, parts }: Chat,
  begun: EventTarget,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChatEvent> {
  const root = newId<MessageId>()
  const messages: MessageView[] = []
  for (let turn = 0; turn < turns; turn++) {
    const question = aMessage({ parentId: messages.at(-1)?.id ?? root, role: 'user', text: 'And what then?' })
    messages.push(question, aMessage({ parentId: question.id, role: 'assistant', text: part }))
  }
  const question = aMessage({ parentId: messages.at(-1)?.id ?? root, role: 'user', text: 'Tell me everything.' })
  const written = part.repeat(parts)
  const answer = aMessage({ parentId: question.id, role: 'assistant', text: written, status: 'pending' })
  yield {
    type: 'snapshot',
    conversation: {
      ...{ id, title: 'Moving the shop', createdAt: new Date(), updatedAt: new Date(), mode: 'normal' },
      ...{ projectId: null, pinned: false, archived: false, unread: false, toolRules: [] },
    },
    messages: [...messages, question, answer],
    ...{ earlier: 0, later: 0, queue: [], phase: { phase: 'writing' } },
  }
  await once(begun, 'begin')
  const text = part.repeat(100)
  const start = performance.now()
  for (let at = 0, token = 0; !signal?.aborted; token++) {
    const length = 3 + (token % 3)
    yield { type: 'text', messageId: answer.id, at: written.length + at, text: text.slice(at, at + length) }
    at += length
    await sleep(Math.max(0, start + (token * 1000) / TOKENS_PER_SECOND - performance.now()))
  }
}

function aMessage(given: Partial<MessageView> & Pick<MessageView, 'parentId' | 'role'>): MessageView {
  return {
    id: newId<MessageId>(),
    ...{ text: '', imported: false, thoughts: null, siblings: [], attachments: [], status: 'complete', error: null },
    ...{ model: null, createdAt: new Date(), stats: null, used: [], calls: [], learning: null, learned: [], asks: [] },
    ...given,
  }
}

interface Keys {
  /** From the key to the page's first handler of it, in milliseconds. */
  waits: number[]
  /** Tasks of the page that took longer than 50 ms. */
  long: number[]
}

/** Words, not a function: what runs in the page knows the page's types, and this file node's. */
const WATCH = `
  window.benchKeys = { waits: [], long: [] }
  window.addEventListener('keydown', (event) => benchKeys.waits.push(performance.now() - event.timeStamp), true)
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) benchKeys.long.push(duration)
  }).observe({ type: 'longtask' })
`

/** Types for some seconds, and tells what was seen meanwhile. */
async function type(page: Page, seconds: number): Promise<Keys> {
  await page.evaluate('void (benchKeys = { waits: [], long: [] })')
  const until = performance.now() + seconds * 1000
  for (let typed = 0; performance.now() < until; typed++) {
    await page.keyboard.press(typed % 6 === 5 ? 'Space' : 'a')
    await sleep(1000 / KEYS_PER_SECOND)
  }
  return page.evaluate('benchKeys')
}

/** @param tasks milliseconds of computing of each task of the page, at another moment of the same answer */
function figure({ waits, long }: Keys, still: Keys, tasks: number[]): Result {
  return {
    value: percentile(waits, 0.95),
    unit: 'ms',
    detail: {
      p50: percentile(waits, 0.5),
      p99: percentile(waits, 0.99),
      worst: Math.max(...waits),
      over: waits.filter((wait) => wait > LIMIT_MS).length,
      keys: waits.length,
      longTasks: long.length,
      longest: Math.max(0, ...long),
      withoutAnswer: percentile(still.waits, 0.95),
      longestTaskCpu: Math.max(...tasks),
      tasksOverCpu: tasks.filter((task) => task > LIMIT_MS).length,
      tasks: tasks.length,
      load: loadavg()[0] ?? null,
      tokensPerSecond: TOKENS_PER_SECOND,
    },
  }
}
