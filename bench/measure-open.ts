// From the click on a conversation of 10,000 messages to the frame that shows its end, and from there to a message in its
// middle, in the built page with the real core and database behind it; beside a conversation of one turn.
import type { Page } from '@playwright/test'
import { eq } from 'drizzle-orm'
import { withCore } from '../eval/core.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { conversation, message } from '../src/main/database/schema.ts'
import { type ConversationId, type MessageId, newId } from '../src/shared/ids.ts'
import { withPage } from './page.ts'
import { percentile, type Results } from './result.ts'

const MESSAGES = 10_000
const BATCH = 1_000
const TIMES = 20

export async function measureOpen(): Promise<Results> {
  return withCore(async (core) => {
    const long = await seedConversation(core, MESSAGES)
    const short = await seedConversation(core, 2)
    const elsewhere = await seedConversation(core, 2)
    return withPage(core, {}, async (page) => {
      await page.evaluate(OPEN)
      const samples = { long: [] as number[], short: [] as number[], jump: [] as number[] }
      for (let time = 0; time < TIMES; time++) {
        await open(page, elsewhere.id, elsewhere.last)
        samples.long.push(await open(page, long.id, long.last))
        samples.jump.push(await open(page, `${long.id}/${long.middle}`, long.middle))
        await open(page, elsewhere.id, elsewhere.last)
        samples.short.push(await open(page, short.id, short.last))
      }
      return {
        'open-10k-messages': {
          value: percentile(samples.long, 0.95),
          unit: 'ms',
          detail: {
            p50: percentile(samples.long, 0.5),
            short: percentile(samples.short, 0.95),
            shortP50: percentile(samples.short, 0.5),
            jump: percentile(samples.jump, 0.95),
            jumpP50: percentile(samples.jump, 0.5),
            messages: MESSAGES,
            times: TIMES,
          },
        },
      }
    })
  })
}

/** Goes to an address, and resolves with the milliseconds until the frame after the message stands on the page. */
const OPEN = `
  window.benchOpen = (hash, id) => new Promise((resolve) => {
    const begin = performance.now()
    const look = () => {
      if (document.getElementById('message-' + id)) requestAnimationFrame(() => resolve(performance.now() - begin))
      else requestAnimationFrame(look)
    }
    location.hash = hash
    look()
  })
`

function open(page: Page, path: string, id: MessageId): Promise<number> {
  return page.evaluate(`benchOpen('#/chat/${path}', '${id}')`)
}

interface Seeded {
  id: ConversationId
  middle: MessageId
  last: MessageId
}

async function seedConversation({ db }: Core, count: number): Promise<Seeded> {
  const id = newId<ConversationId>()
  const at = new Date('2026-01-02T10:00:00Z')
  const same = { owner: OWNER, conversationId: id, status: 'complete' as const }
  const rootId = newId<MessageId>()
  let parentId = rootId
  const rows = Array.from({ length: count }, (_, index) => {
    const isAnswer = index % 2 === 1
    const row = {
      ...same,
      ...{ id: newId<MessageId>(), parentId, createdAt: new Date(at.getTime() + index * 60_000) },
      role: isAnswer ? ('assistant' as const) : ('user' as const),
      text: isAnswer
        ? `Step ${index}: **copy** the files.\n\n- one\n- two\n\n\`\`\`sh\ncp a b\n\`\`\``
        : `What is step ${index}?`,
    }
    parentId = row.id
    return row
  })
  await db.write('bench.seed', async (tx) => {
    await tx.insert(conversation).values({ id, owner: OWNER, title: `Chat of ${count}`, createdAt: at, updatedAt: at })
    await tx.insert(message).values({ ...same, id: rootId, role: 'root', text: '', createdAt: at })
    for (let from = 0; from < count; from += BATCH) await tx.insert(message).values(rows.slice(from, from + BATCH))
    await tx.update(conversation).set({ headId: parentId }).where(eq(conversation.id, id))
  })
  return { id, last: parentId, middle: rows[Math.floor(count / 2)]?.id ?? parentId }
}
