// The memory page among 100,000 memories: from the address to the frame with the first rows, a search as it is typed, the log
// of what happened, and 1,000 items forgotten: gone from list, search and prompt, and in the end from the files.
import { loadavg } from 'node:os'
import type { Page } from '@playwright/test'
import { sql } from 'drizzle-orm'
import { withCore } from '../eval/core.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { UNDO_MS } from '../src/main/learning/forgetting/undo-time.ts'
import { type ConversationId, type MemoryId, newId } from '../src/shared/ids.ts'
import { withPage } from './page.ts'
import { percentile, type Results } from './result.ts'
import { rareWord, seeded, seedMemories, tidied } from './seed.ts'

const MEMORIES = 100_000
const OPENINGS = 8
const SEARCHES = 100
const FORGOTTEN = 1000

export async function measureMemory(): Promise<Results> {
  // Time can be put forward, so that the end of the undo time need not be waited for.
  let ahead = 0
  const clock = { now: () => new Date(Date.now() + ahead), timeZone: 'UTC' }
  return withCore(
    async (core) => {
      const texts = await seedMemories(core.db, core.engine.embedder, OWNER, MEMORIES)
      const opened = await withPage(core, {}, openings)
      const searched = await searches(core, texts)
      const listed = await timed(() => core.learning.list(OWNER, { limit: 100 }))
      const changed = await changeMany(core)
      const log = await timed(() => core.learning.activity(OWNER, {}))
      const forgotten = await forgetMany(core)
      ahead = UNDO_MS + 1000
      const erased = await timed(() => core.learning.idle())
      return {
        'memory-first-rows': {
          value: percentile(opened, 0.95),
          unit: 'ms',
          detail: {
            p50: percentile(opened, 0.5),
            core: listed.ms,
            coreCpu: listed.cpu,
            openings: OPENINGS,
            memories: MEMORIES,
          },
        },
        'memory-search': {
          value: percentile(
            searched.map(({ ms }) => ms),
            0.95,
          ),
          unit: 'ms',
          detail: {
            p50: percentile(
              searched.map(({ ms }) => ms),
              0.5,
            ),
            cpuP95: percentile(
              searched.map(({ cpu }) => cpu),
              0.95,
            ),
            nowhere: Math.max(...searched.filter(({ nowhere }) => nowhere).map(({ ms }) => ms)),
            searches: SEARCHES,
            load: loadavg()[0] ?? null,
          },
        },
        'memory-forget-1000': {
          value: forgotten.gone / 1000,
          unit: 's',
          detail: {
            preview: forgotten.preview / 1000,
            items: forgotten.items,
            undo: forgotten.undo / 1000,
            erasedAfter: erased.ms / 1000,
          },
        },
        'memory-change-1000': {
          value: changed.ms,
          unit: 'ms',
          detail: { undo: changed.undo, log: log.ms },
        },
      }
    },
    { clock },
  )
}

async function timed(work: () => Promise<unknown>): Promise<{ ms: number; cpu: number }> {
  const at = performance.now()
  const cpu = process.cpuUsage()
  await work()
  const used = process.cpuUsage(cpu)
  return { ms: performance.now() - at, cpu: (used.user + used.system) / 1000 }
}

/** Goes to an address and resolves with the milliseconds until the frame after the first row stands on the page. */
const OPEN = `
  window.benchMemory = (hash) => new Promise((resolve) => {
    const begin = performance.now()
    const look = () => {
      if (document.querySelector('a[id^="memory-"]')) requestAnimationFrame(() => resolve(performance.now() - begin))
      else requestAnimationFrame(look)
    }
    location.hash = hash
    look()
  })
`

/** Each in a window that has just been opened, where nothing was read before. */
async function openings(page: Page): Promise<number[]> {
  const times: number[] = []
  for (let time = 0; time < OPENINGS; time++) {
    await page.evaluate(`location.hash = '#/shortcuts'`)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Keyboard shortcuts' }).waitFor()
    // The code of the page is loaded when the window has nothing to do.
    await page.waitForLoadState('networkidle')
    await page.evaluate(OPEN)
    times.push(await page.evaluate(`benchMemory('#/memory')`))
  }
  return times
}

interface Search {
  ms: number
  cpu: number
  nowhere: boolean
}

/** A word that no text has. */
const NOWHERE = 'zeppelin'

async function searches(core: Core, texts: readonly string[]): Promise<Search[]> {
  const random = seeded(19)
  const samples: Search[] = []
  // The first one after a start reads what the others find in memory.
  await core.learning.list(OWNER, { query: 'greenhouse' })
  for (let index = 0; index < SEARCHES; index++) {
    const query = queryFrom(texts[Math.floor(random() * texts.length)] ?? '', index)
    const nowhere = query === NOWHERE
    samples.push({ ...(await timed(() => core.learning.list(OWNER, { query, limit: 100 }))), nowhere })
  }
  return samples
}

/** A word, the beginning of one, two words, a sentence, and now and then a word that stands nowhere. */
function queryFrom(text: string, index: number): string {
  const words = text.replace(/\.$/, '').split(' ')
  if (index % 25 === 24) return NOWHERE
  return (
    [words[3], words[3]?.slice(0, 4), words.slice(0, 2).join(' '), `who ${words.slice(1, 6).join(' ')}`][index % 4] ??
    ''
  )
}

async function changeMany(core: Core): Promise<{ ms: number; undo: number }> {
  const { ids } = await core.learning.matching(OWNER, {})
  const at = performance.now()
  const { batchId } = await core.learning.changeMany(OWNER, ids, 'pin')
  const ms = performance.now() - at
  const { ms: undo } = await timed(() => core.learning.undo(OWNER, batchId))
  return { ms, undo }
}

/**
 * Seeded sentences are made of few words, so that a thousand of them say much the same as all others, which forgetting takes
 * along. Those to forget have words of their own.
 */
async function seedApart({ db }: Core): Promise<MemoryId[]> {
  const random = seeded(29)
  const ids = Array.from({ length: FORGOTTEN }, () => newId<MemoryId>())
  const texts = ids.map(() => `${rareWord(random)} keeps the ${rareWord(random)} of ${rareWord(random)}.`)
  // The oldest of all, where the list that begins with them shows that they are gone.
  const at = '2025-01-01T12:00:00Z'
  const rows = sql`unnest(${sql.param(ids)}::uuid[], ${sql.param(texts)}::text[]) as told (id, text)`
  await db.write('bench.apart', async (tx) => {
    await tx.execute(sql`insert into memory (id, owner, store, kind, text, status, author, created_at, updated_at)
      select told.id, ${OWNER}, 'user_memory', 'fact', told.text, 'active', 'person', ${at}::timestamptz, ${at}::timestamptz from ${rows}`)
    await tx.execute(sql`insert into evidence (id, owner, memory_id, origin, quote, at)
      select gen_random_uuid(), ${OWNER}, told.id, 'hand', told.text, ${at}::timestamptz from ${rows}`)
  })
  await tidied(db)
  return ids
}

async function forgetMany(core: Core) {
  const first = await seedApart(core)
  const { ms: preview } = await timed(() => core.learning.forgetPreview(OWNER, { ids: first }))
  const tried = await core.learning.forget(OWNER, first)
  const { ms: undo } = await timed(() => core.learning.undo(OWNER, tried.batchId))
  const { items } = await core.learning.list(OWNER, { sort: 'oldest', limit: 100 })
  const at = performance.now()
  const { count } = await core.learning.forget(OWNER, first)
  // Gone from the page, from its search and from a prompt.
  const sample = items[0]?.text ?? ''
  const gone = new Set<string>(first)
  const { items: listed } = await core.learning.list(OWNER, { sort: 'oldest', limit: 100 })
  const { items: found } = await core.learning.list(OWNER, { query: sample, limit: 100 })
  const { used } = await core.learning.buildContext({
    ...{ owner: OWNER, conversationId: newId<ConversationId>(), text: sample, recent: [], core: null, earlier: [] },
    budgetTokens: 200,
  })
  const time = performance.now() - at
  const left = [...listed, ...found].some(({ id }) => gone.has(id)) || used.some((use) => gone.has(use.memoryId ?? ''))
  if (left) throw new Error('A forgotten memory is still shown.')
  return { preview, gone: time, items: count, undo }
}
