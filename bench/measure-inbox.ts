// From a decision to the page that shows it, in an inbox of 10,000 suggestions: a key on a card, and the next card in its
// place and painted, before the core has answered. At the top of the list, and in the middle of it. Beside it how long the
// page takes to open, and until a place far down is read.
import { loadavg } from 'node:os'
import type { Page } from '@playwright/test'
import { sql } from 'drizzle-orm'
import { withCore } from '../eval/core.ts'
import { OWNER } from '../src/main/app/core.ts'
import type { Database } from '../src/main/database/database.ts'
import { withPage } from './page.ts'
import { percentile, type Results } from './result.ts'
import { seedMessages, tidied } from './seed.ts'

const WAITING = 10_000
/** Messages they come from: a hundred conversations. */
const MESSAGES = 10_000
const DECISIONS = 40
const KEYS = ['a', 'd', 'l']

export async function measureInbox(): Promise<Results> {
  return withCore(async (core) => {
    await seedMessages(core.db, OWNER, MESSAGES)
    await seedProposals(core.db, OWNER, WAITING)
    return withPage(core, {}, async (page) => {
      await page.evaluate(WATCH)
      const open = await page.evaluate<number>('benchInbox.open()')
      const top = await decide(page)
      const far = await page.evaluate<number>('benchInbox.scroll(0.5)')
      const middle = await decide(page)
      const times = [...top, ...middle]
      return {
        'inbox-decision': {
          value: percentile(times, 0.95),
          unit: 'ms',
          detail: {
            p50: percentile(times, 0.5),
            worst: Math.max(...times),
            inTheMiddle: percentile(middle, 0.95),
            open,
            jump: far,
            waiting: WAITING,
            decisions: times.length,
            load: loadavg()[0] ?? null,
          },
        },
      }
    })
  })
}

async function decide(page: Page): Promise<number[]> {
  const times: number[] = []
  for (let run = 0; run < DECISIONS; run++) {
    await page.evaluate('benchInbox.ready()')
    await page.keyboard.press(KEYS[run % KEYS.length] ?? 'a')
    times.push(await page.evaluate<number>('benchInbox.decided()'))
  }
  return times
}

/** New memories as a mode proposes them, one for each message. */
async function seedProposals(db: Database, owner: string, count: number): Promise<void> {
  await db.write('bench.proposals', async (tx) => {
    await tx.execute(sql`
      insert into memory (id, owner, store, kind, text, data, status, author, created_at, updated_at)
      select gen_random_uuid(), ${owner}, 'user_memory', 'fact', left(text, 120), '{"voice": "note"}', 'proposed',
        'extraction', created_at, created_at
      from message where role <> 'root' order by id limit ${count}`)
    await tx.execute(sql`
      insert into proposal (id, owner, store, action, memory_id, base_version, after, reason, evidence, message_id, created_at)
      select gen_random_uuid(), ${owner}, 'user_memory', 'add', memory.id, 1,
        jsonb_build_object('claim', memory.text, 'change', jsonb_build_object('action', 'add', 'evidence', '[]'::jsonb,
          'item', jsonb_build_object('kind', 'fact', 'text', memory.text, 'content', memory.data))),
        'mode-propose', jsonb_build_array(jsonb_build_object('origin', 'user', 'quote', memory.text,
          'conversationId', message.conversation_id, 'messageId', message.id, 'at', message.created_at)),
        message.id, message.created_at
      from memory join message on left(message.text, 120) = memory.text and message.created_at = memory.created_at
      where memory.owner = ${owner} and memory.status = 'proposed'`)
  })
  await tidied(db)
}

/** Words, not a function: what runs in the page knows the page's types, and this file node's. */
const WATCH = `
  window.benchInbox = {
    until: (holds) => new Promise((resolve) => {
      const look = () => (holds() ? resolve() : requestAnimationFrame(look))
      look()
    }),
    cards: () => [...document.querySelectorAll('main article, [role=main] article')],
    async open() {
      const from = performance.now()
      location.hash = '#/inbox'
      await this.until(() => this.cards().length > 0)
      return performance.now() - from
    },
    async scroll(share) {
      const box = this.cards()[0].closest('.overflow-y-auto')
      const from = performance.now()
      box.scrollTop = box.scrollHeight * share
      await this.until(() => this.inSight())
      return performance.now() - from
    },
    /** The uppermost card that is in sight as a whole. */
    inSight() {
      return this.cards().find((card) => {
        const box = card.closest('.overflow-y-auto').getBoundingClientRect()
        const at = card.getBoundingClientRect()
        return at.top >= box.top && at.bottom <= box.bottom
      })
    },
    async ready() {
      await this.until(() => this.inSight())
      const card = this.inSight()
      card.focus()
      Object.assign(this, { id: card.id, pressed: 0, gone: 0 })
    },
    async decided() {
      await this.until(() => this.gone > 0)
      return this.gone - this.pressed
    },
  }
  window.addEventListener('keydown', (event) => { benchInbox.pressed = event.timeStamp }, true)
  new MutationObserver(() => {
    const { id, pressed } = benchInbox
    if (!pressed || !id || document.getElementById(id)) return
    benchInbox.id = ''
    // After the frame that shows it.
    requestAnimationFrame(() => setTimeout(() => { benchInbox.gone = performance.now() }))
  }).observe(document.body, { subtree: true, childList: true })
`
