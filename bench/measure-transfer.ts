// A whole profile out and in again, at 100,000 memories and 100,000 messages with real vectors in mixture: export, dry run,
// taking over until every row is stored, listed and found by words, the indexes that are made after it, and a backup with
// searches meanwhile; and what main grows by.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { withCore } from '../eval/core.ts'
import { type Core, OWNER } from '../src/main/app/core.ts'
import { type ImportId, newId } from '../src/shared/ids.ts'
import type { Results } from './result.ts'
import { seedJournal, seedMemories, seedMessages, seedPassages } from './seed.ts'

const MEMORIES = 100_000
const MESSAGES = 100_000
const LOOK_MS = 50

export async function measureTransfer(count = { memories: MEMORIES, messages: MESSAGES }): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'understudy-bench-'))
  const path = join(folder, 'archive.zip')
  try {
    const [out, backup] = await withCore(async (core) => {
      await seedMemories(core.db, core.engine.embedder, OWNER, count.memories)
      await seedMessages(core.db, OWNER, count.messages)
      await seedPassages(core.db, core.engine.embedder, OWNER)
      await seedJournal(core.db, OWNER)
      const out = await watched(async () => {
        const wish = { type: 'archive' as const, selection: { conversations: true } }
        const { id } = await core.exports.begin(OWNER, { wish, passphrase: null, path })
        const view = await core.exports.settled(OWNER, id)
        if (view.state !== 'ready') throw new Error(`export ${view.state}: ${view.error}`)
      })
      const waits: number[] = []
      const backup = await watched(() => whileSearched(core, waits, core.db.backup(join(folder, 'backup'))))
      return [out, { ...backup, longestSearchMs: Math.round(Math.max(...waits)), searches: waits.length }] as const
    })
    const size = { bytes: statSync(path).size, load: loadavg()[0] ?? null }
    const [dry, taken, indexed] = await withCore(async (core) => bringIn(core, path, count))
    return {
      'transfer-export': { value: out.ms / 1000, unit: 's', detail: { ...size, grewMB: out.grewMB, ...count } },
      'transfer-dry-run': { value: dry.ms / 1000, unit: 's', detail: { grewMB: dry.grewMB } },
      'transfer-import': { value: taken.ms / 1000, unit: 's', detail: { grewMB: taken.grewMB } },
      'transfer-indexes': { value: indexed.ms / 1000, unit: 's', detail: { grewMB: indexed.grewMB } },
      'transfer-backup': {
        ...{ value: backup.ms / 1000, unit: 's' },
        detail: { grewMB: backup.grewMB, searches: backup.searches, longestSearchMs: backup.longestSearchMs },
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function bringIn(core: Core, path: string, count: { memories: number; messages: number }) {
  const id = newId<ImportId>()
  const dry = await watched(async () => {
    await core.imports.begin(OWNER, { id, path, passphrase: null, mapping: null })
    const view = await core.imports.settled(OWNER, id)
    if (view.state !== 'ready') throw new Error(`import ${view.state}: ${view.error}`)
  })
  const taken = await watched(async () => {
    const choices = { own: true, onConflict: 'skip' as const, leaveOutRefused: false, learn: false }
    await core.imports.publish(OWNER, id, choices)
    const view = await core.imports.settled(OWNER, id)
    if (view.state !== 'done') throw new Error(`import ${view.state}: ${view.error}`)
    const [listed, found] = await Promise.all([
      core.learning.list(OWNER, { limit: 1 }),
      core.learning.search(OWNER, 'greenhouse in Porto', 5),
    ])
    if (listed.total !== count.memories || found.length === 0) throw new Error('not everything came in')
  })
  const indexed = await watched(async () => {
    while (!(await hasIndexes(core))) await new Promise((resolve) => setTimeout(resolve, 1000))
  })
  return [dry, taken, indexed] as const
}

/** Whether the indexes that are made after an import are there. */
async function hasIndexes(core: Core): Promise<boolean> {
  const { rows } = await core.db.read.execute<{ n: number }>(
    sql`select count(*)::int as n from pg_indexes where indexname in ('message_find', 'memory_find')`,
  )
  return rows[0]?.n === 2
}

/** Searches again and again until `work` is done, and notes how long each takes, in milliseconds. */
async function whileSearched(core: Core, waits: number[], work: Promise<unknown>): Promise<void> {
  const state = { done: false }
  const end = work.finally(() => {
    state.done = true
  })
  while (!state.done) {
    const begin = performance.now()
    await core.learning.search(OWNER, 'greenhouse in Porto', 5)
    waits.push(performance.now() - begin)
  }
  await end
}

/** How long a work takes, and how much more memory the process held at most meanwhile. */
async function watched(work: () => Promise<unknown>): Promise<{ ms: number; grewMB: number }> {
  const before = process.memoryUsage.rss()
  let most = before
  const look = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, LOOK_MS)
  const begin = performance.now()
  try {
    await work()
  } finally {
    clearInterval(look)
  }
  return { ms: performance.now() - begin, grewMB: Math.round((most - before) / 1e6) }
}
