// Undo and budgets under random use: whatever was done, taking it back restores what was there, and no block of the
// prompt ever grows beyond its budget.
import { and, asc, eq, ne } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import { evidence, memory } from '../../database/schema.ts'
import type { Embedder } from '../../engine/engine.ts'
import { readBody } from '../rows.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'
import { bodiesAt, sameState } from './state.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

/** The journal is about rows; vectors would only make this slower. */
function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return { model, dimensions, embed: () => Promise.reject(new Error('no embedder')) }
}

let person = 0
const words = ['anchor', 'barrel', 'candle', 'drill', 'easel', 'funnel', 'goblet', 'hammer']

type Act =
  | { do: 'add'; word: number; room: number }
  | { do: 'tell'; word: number; room: number }
  | { do: 'edit' | 'pin' | 'forget' | 'split' | 'wrong' | 'merge'; at: number; room: number }
  | { do: 'many'; act: 'pin' | 'unpin' | 'archive' | 'activate'; at: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constantFrom('add' as const, 'tell' as const), word: fc.nat(7), room: fc.nat(20) }),
  fc.record({
    do: fc.constantFrom(
      'edit' as const,
      'pin' as const,
      'forget' as const,
      'split' as const,
      'wrong' as const,
      'merge' as const,
    ),
    at: fc.nat(9),
    room: fc.nat(20),
  }),
  fc.record({
    do: fc.constant('many' as const),
    act: fc.constantFrom('pin' as const, 'unpin' as const, 'archive' as const, 'activate' as const),
    at: fc.nat(9),
  }),
)

/** Everything a person would notice, without counters and times of change. */
async function snapshot(owner: string): Promise<unknown> {
  const rows = await test.db.read
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), ne(memory.status, 'trashed')))
    .orderBy(asc(memory.id))
  const sources = await test.db.read
    .select({ memoryId: evidence.memoryId, quote: evidence.quote, id: evidence.id })
    .from(evidence)
    .where(eq(evidence.owner, owner))
    .orderBy(asc(evidence.id))
  const there = new Set(rows.map(({ id }) => id))
  return {
    rows: rows.map(({ version: _, updatedAt: __, ...row }) => row),
    sources: sources.filter(({ memoryId }) => there.has(memoryId)),
  }
}

async function perform(owner: string, one: Act): Promise<BatchId | null> {
  const { learning, clock } = test
  clock.advance(1000)
  if (one.do === 'add') {
    const { batchId } = await learning.add(owner, {
      store: 'user_memory',
      text: `My ${words[one.word]} is in room ${one.room}.`,
    })
    return batchId
  }
  if (one.do === 'tell') {
    const { messageId } = await test.tell(`My ${words[one.word]} is in room ${one.room} now.`, { owner })
    const changes = (await learning.turnsOf(owner, [messageId])).get(messageId)?.changes
    return changes?.[0]?.batchId ?? null
  }
  if (one.do === 'many') {
    const { ids } = await learning.matching(owner, { status: null })
    const { batchId, count } = await learning.changeMany(owner, ids.slice(0, one.at + 1), one.act)
    return count > 0 ? batchId : null
  }
  const { items } = await learning.list(owner, { limit: 200 })
  const item = items[one.at % Math.max(items.length, 1)]
  if (!item) return null
  const id: MemoryId = item.id
  const seen = { id, version: item.version }
  if (one.do === 'wrong') return (await learning.markWrong(owner, seen)).batchId
  if (one.do === 'split') {
    const texts = [`A thing is in room ${one.room}.`, `Another is beside room ${one.room}.`]
    return (await learning.split(owner, { ...seen, texts })).batchId
  }
  if (one.do === 'merge') {
    const other = items.find((each) => each.id !== id)
    if (!other) return null
    const text = `Both are in room ${one.room}.`
    return (await learning.merge(owner, { items: [seen, { id: other.id, version: other.version }], text })).batchId
  }
  if (one.do === 'pin') return (await learning.pin(owner, id, !item.pinned)).batchId
  if (one.do === 'forget') return (await learning.forget(owner, [id])).batchId
  const text = `The thing is in room ${one.room} of the tower.`
  return (await learning.edit(owner, { id, version: item.version, text })).batchId
}

describe('undo', () => {
  it('restores the exact state before each act, in reverse order', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 7 }), async (acts) => {
        const owner = `undo-${person++}`
        const past: { batch: BatchId; state: unknown; forgets: boolean }[] = []
        for (const one of acts) {
          // A turn takes a minute: what was forgotten before it is gone for good, and all before that stays as it is.
          if (one.do === 'tell') past.splice(0, past.findLastIndex(({ forgets }) => forgets) + 1)
          const state = await snapshot(owner)
          const batch = await perform(owner, one)
          // An act that changed nothing (or only confirmed, without a chip) starts the count again.
          if (batch) past.push({ batch, state, forgets: one.do === 'forget' })
          else past.length = 0
        }
        for (const { batch, state } of past.reverse()) {
          await test.learning.undo(owner, batch)
          expect(await snapshot(owner)).toEqual(state)
          await expect(test.learning.undo(owner, batch)).rejects.toMatchObject({ code: 'CONFLICT' })
        }
      }),
      { numRuns: 12 },
    )
  })

  it('undoing an undo restores the state after the act', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 3 }), act, async (acts, last) => {
        const owner = `redo-${person++}`
        for (const one of acts) await perform(owner, one)
        const batch = await perform(owner, last)
        if (!batch || last.do === 'forget') return
        const after = await snapshot(owner)
        const undo = await test.learning.undo(owner, batch)
        await test.learning.undo(owner, undo.batchId)
        expect(await snapshot(owner)).toEqual(after)
      }),
      { numRuns: 8 },
    )
  })
})

describe('the journal', () => {
  it('says what is there after any acts and undos, in whatever order', { timeout: 300_000 }, async () => {
    const step = fc.oneof({ weight: 3, arbitrary: act }, { weight: 2, arbitrary: fc.record({ undo: fc.nat(9) }) })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 10 }), async (steps) => {
        const owner = `journal-${person++}`
        const past: BatchId[] = []
        for (const one of steps) {
          if ('undo' in one) {
            const batch = past[one.undo % Math.max(past.length, 1)]
            if (!batch) continue
            // What a later change stands on, or what was taken back already, is refused whole.
            const before = await snapshot(owner)
            const undone = await test.learning.undo(owner, batch).catch((error: { code?: string }) => {
              expect(error.code).toBe('CONFLICT')
              return null
            })
            if (undone) past.push(undone.batchId)
            else expect(await snapshot(owner)).toEqual(before)
            continue
          }
          const batch = await perform(owner, one)
          if (batch) past.push(batch)
        }
        const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
        const told = await bodiesAt(
          test.db.read,
          owner,
          'memory',
          { at: test.clock.now() },
          rows.map(({ id }) => id),
        )
        for (const row of rows) {
          const said = readBody(told.get(row.id))
          // Only what was forgotten for good has no words in the journal any more, and no row either.
          expect(said).not.toBeNull()
          expect(said && sameState(said.memory, row)).toBe(true)
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('budgets', () => {
  it('no recalled block is larger than its budget, and its items are what it says', { timeout: 300_000 }, async () => {
    const owner = `budget-${person++}`
    for (const [index, word] of words.entries()) {
      await test.learning.add(owner, {
        store: 'user_memory',
        text: `My ${word} number ${index} stands in the yellow workshop ${'of the old harbour '.repeat(index)}.`,
      })
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(400), fc.subarray(words, { minLength: 1 }), async (budgetTokens, asked) => {
        const context = await test.context(`Where in the workshop are my ${asked.join(' and my ')}?`, {
          owner,
          budgetTokens,
        })
        const block = context.recalled
        expect(block?.tokens ?? 0).toBeLessThanOrEqual(budgetTokens)
        if (!block) return
        const [count] = await test.model.countTokens([block.text])
        expect(count).toBeLessThanOrEqual(budgetTokens)
        expect(block.items.map(({ line }) => `- ${line}`)).toEqual(block.text.split('\n').slice(1, -1))
      }),
      { numRuns: 30 },
    )
  })
})
