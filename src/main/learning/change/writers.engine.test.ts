// Many writers at once on a real database: learning jobs, the person adding, correcting, pinning, forgetting, taking back
// and deciding. Whatever the order, no acknowledged write is lost, nothing is there twice, and the journal, read from the
// start, gives the state that is there.
import { and, asc, eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BatchId, MemoryId } from '../../../shared/ids.ts'
import { evidence, journal, memory, proposal } from '../../database/schema.ts'
import type { Embedder } from '../../engine/engine.ts'
import { readBody } from '../rows.ts'
import { openTestLearning, type TestLearning } from '../testing.ts'
import { foldSentence } from '../words.ts'

let test: TestLearning
beforeAll(async () => {
  test = await openTestLearning({ embedder: withoutVectors })
})
afterAll(() => test.close())

/** Writers are about rows; vectors would only make this slower. */
function withoutVectors({ model, dimensions }: Embedder): Embedder {
  return { model, dimensions, embed: () => Promise.reject(new Error('no embedder')) }
}

const THINGS = ['anchor', 'barrel', 'candle', 'drill', 'easel']
const PLACES = ['attic', 'cellar', 'garage', 'hall', 'shed']
const CITIES = ['Ravenna', 'Ferrara', 'Turku', 'Graz']

type Act =
  | { do: 'tell' | 'add'; thing: number; place: number }
  | { do: 'profile'; city: number }
  | { do: 'edit'; at: number; place: number }
  | { do: 'pin' | 'forget' | 'undo' | 'accept' | 'decline'; at: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('tell' as const, 'add' as const), thing: fc.nat(4), place: fc.nat(4) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('profile' as const), city: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.nat(9), place: fc.nat(4) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('pin' as const, 'forget' as const, 'undo' as const, 'accept' as const, 'decline' as const),
      at: fc.nat(9),
    }),
  },
)

/** What was acknowledged: the model every state is held against. */
interface Acknowledged {
  added: { id: MemoryId; text: string }[]
  /** Text by item and version, of edits that were taken. */
  edits: { id: MemoryId; version: number; text: string }[]
  told: string[]
  /** Forgetting becomes final when its time is over, and takes the words out of the journal. */
  forgotten: Set<MemoryId>
}

interface Seen {
  items: { id: MemoryId; version: number; pinned: boolean; text: string }[]
  batches: BatchId[]
}

/** One act of one writer. A conflict is an answer, not a failure: nothing of it was written. */
async function perform(owner: string, one: Act, seen: Seen, done: Acknowledged): Promise<void> {
  const { learning } = test
  const item = 'at' in one ? seen.items[one.at % Math.max(seen.items.length, 1)] : undefined
  try {
    switch (one.do) {
      case 'tell': {
        const text = `My ${THINGS[one.thing]} is in the ${PLACES[one.place]} now.`
        await test.say(text, { owner })
        done.told.push(text)
        return
      }
      case 'add': {
        const text = `The spare ${THINGS[one.thing]} lies in the ${PLACES[one.place]}.`
        const { memory: added } = await learning.add(owner, { store: 'user_memory', text })
        done.added.push({ id: added.id, text })
        return
      }
      case 'profile': {
        await learning.add(owner, { store: 'user_profile', text: `Lives in ${CITIES[one.city]}` })
        return
      }
      case 'edit': {
        if (!item) return
        const text = `The thing of ${item.id.slice(-4)} is in the ${PLACES[one.place]}.`
        const { memory: edited } = await learning.edit(owner, { id: item.id, version: item.version, text })
        // A field keeps its own words around the value.
        expect(edited.text).toContain(text)
        done.edits.push({ id: item.id, version: edited.version, text: edited.text })
        return
      }
      case 'pin': {
        if (item) await learning.pin(owner, item.id, !item.pinned)
        return
      }
      case 'forget': {
        if (!item) return
        await learning.forget(owner, [item.id])
        done.forgotten.add(item.id)
        return
      }
      case 'undo': {
        const batch = seen.batches[one.at % Math.max(seen.batches.length, 1)]
        if (batch) await learning.undo(owner, batch)
        return
      }
      default: {
        const [row] = await test.db.read
          .select({ id: proposal.id })
          .from(proposal)
          .where(and(eq(proposal.owner, owner), eq(proposal.status, 'open')))
          .limit(1)
        if (!row) return
        if (one.do === 'accept') await learning.proposals.accept(owner, row.id)
        else await learning.proposals.decline(owner, row.id, false)
      }
    }
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== 'CONFLICT' && code !== 'NOT_FOUND') throw error
  }
}

async function look(owner: string): Promise<Seen> {
  const { items } = await test.learning.list(owner, { limit: 200 })
  const rows = await test.db.read
    .selectDistinct({ batchId: journal.batchId })
    .from(journal)
    .where(eq(journal.owner, owner))
  return { items, batches: rows.map(({ batchId }) => batchId) }
}

/**
 * Counters change with use, not with learning; the words of an item in the bin are blanked on the way out, and what
 * took its place is no longer named once that is forgotten for good.
 */
function comparable(row: typeof memory.$inferSelect, there: ReadonlySet<MemoryId>) {
  const { useCount: _, lastUsedAt: __, text, data, supersededBy: by, ...known } = row
  const rest = { ...known, supersededBy: by && there.has(by) ? by : null }
  if (row.status === 'trashed') return JSON.parse(JSON.stringify(rest)) as Record<string, unknown>
  return JSON.parse(JSON.stringify({ ...rest, text, data })) as Record<string, unknown>
}

async function checkJournal(owner: string): Promise<void> {
  // In one transaction: a job whose next try is due later may write at any time.
  const { rows, entries, sources } = await test.db.write('check', async (tx) => ({
    rows: await tx.select().from(memory).where(eq(memory.owner, owner)),
    entries: await tx
      .select()
      .from(journal)
      .where(and(eq(journal.owner, owner), eq(journal.target, 'memory')))
      .orderBy(asc(journal.seq)),
    sources: await tx.select().from(evidence).where(eq(evidence.owner, owner)),
  }))
  const there = new Set(rows.map(({ id }) => id))
  for (const row of rows) {
    const own = entries.filter(({ memoryId }) => memoryId === row.id)
    const held = new Set<string>()
    let last: Record<string, unknown> | null = null
    for (const entry of own) {
      const [before, after] = [readBody(entry.before), readBody(entry.after)]
      // Each change started from what the one before it left: no update was lost in between.
      if (last) expect(comparable(before?.memory as never, there), `${entry.action} of ${row.id}`).toEqual(last)
      else expect(before).toBeNull()
      for (const { id } of before?.evidence ?? []) held.delete(id)
      for (const { id } of after?.evidence ?? []) held.add(id)
      last = after && comparable(after.memory, there)
    }
    expect(comparable(row, there)).toEqual(last)
    expect(row.version).toBe(own.length)
    if (row.status === 'trashed') continue
    const kept = sources.filter(({ memoryId }) => memoryId === row.id).map(({ id }) => id)
    expect(kept.sort()).toEqual([...held].sort())
  }
}

async function checkState(owner: string, done: Acknowledged): Promise<void> {
  const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
  const active = rows.filter(({ status }) => status === 'active')
  const keys = active.map(({ store, text }) => `${store} ${foldSentence(text)}`)
  expect(keys.length, `twice: ${keys.join(' | ')}`).toBe(new Set(keys).size)
  for (const row of rows.filter(({ status }) => status === 'superseded')) {
    expect(row.validTo, row.text).not.toBeNull()
    expect(row.validTo?.getTime()).toBeGreaterThanOrEqual(row.validFrom?.getTime() ?? 0)
    if (row.supersededBy) expect(rows.some(({ id }) => id === row.supersededBy)).toBe(true)
  }
  // What was acknowledged happened: it is in the journal, whatever came after it.
  const entries = await test.db.read.select().from(journal).where(eq(journal.owner, owner))
  const bodies = entries.map(({ memoryId, after }) => ({ memoryId, memory: readBody(after)?.memory }))
  for (const { id } of done.added) expect(bodies.some(({ memoryId }) => memoryId === id)).toBe(true)
  for (const { id, version, text } of done.edits) {
    const purged = entries.some((entry) => entry.memoryId === id && entry.purgedAt !== null)
    if (purged && done.forgotten.has(id)) continue
    const at = bodies.filter(({ memory: row }) => row?.id === id && row.version === version)
    expect(at.map(({ memory: row }) => row?.text)).toEqual([text])
  }
  const fields = active.filter(({ store, kind }) => store === 'user_profile' && kind === 'place')
  expect(fields.length).toBeLessThanOrEqual(1)
}

let person = 0

describe('many writers at once', () => {
  it('lose no write, write nothing twice, and leave a journal that gives the state', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(act, { minLength: 2, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        async (rounds) => {
          const owner = `writers-${person++}`
          const done: Acknowledged = { added: [], edits: [], told: [], forgotten: new Set() }
          for (const acts of rounds) {
            // All writers of a round start from the same state, as windows do that show the same list.
            const seen = await look(owner)
            await Promise.all(acts.map((one) => perform(owner, one, seen, done)))
            await checkJournal(owner)
          }
          await test.learning.idle()
          await checkJournal(owner)
          await checkState(owner, done)
        },
      ),
      { numRuns: 12, endOnFailure: true },
    )
  })

  it('N2: the same statement told in five conversations at once is one item with five sources', async () => {
    const owner = `writers-${person++}`
    await Promise.all(Array.from({ length: 5 }, () => test.say('The harbour crane is painted green.', { owner })))
    await test.learning.idle()
    expect(await test.texts(owner)).toEqual(['The harbour crane is painted green.'])
    expect(await test.db.read.$count(evidence, eq(evidence.owner, owner))).toBe(5)
  })

  it('of five edits that start from one version one is taken, and four are told so', async () => {
    const owner = `writers-${person++}`
    const { memory: added } = await test.learning.add(owner, { store: 'user_memory', text: 'The bell rings at 7.' })
    const edits = await Promise.allSettled(
      [8, 9, 10, 11, 12].map((hour) =>
        test.learning.edit(owner, { id: added.id, version: added.version, text: `The bell rings at ${hour}.` }),
      ),
    )
    const taken = edits.flatMap((edit) => (edit.status === 'fulfilled' ? edit.value.memory.text : []))
    expect(taken).toHaveLength(1)
    expect(await test.texts(owner)).toEqual(taken)
    const refused = edits.flatMap((edit) => (edit.status === 'rejected' ? edit.reason.code : []))
    expect(refused).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT'])
  })

  it('a learning job that meets an edit by hand overwrites nothing of it', async () => {
    const owner = `writers-${person++}`
    await test.tell('My kayak lies in the boathouse.', { owner })
    const { items } = await test.learning.list(owner, { limit: 10 })
    const [item] = items
    if (!item) throw new Error('nothing was learned')
    await Promise.all([
      test.say('My kayak lies in the garage now.', { owner }),
      test.learning.edit(owner, { id: item.id, version: item.version, text: 'My kayak lies in the old boathouse.' }),
    ])
    await test.learning.idle()
    // Whichever came first: the words written by hand stand, or stand in the history as what was replaced.
    const rows = await test.db.read.select().from(memory).where(eq(memory.owner, owner))
    expect(rows.some(({ text }) => text.includes('in the garage now'))).toBe(true)
    expect(rows.some(({ text }) => text === 'My kayak lies in the old boathouse.')).toBe(true)
    await checkJournal(owner)
  })
})
