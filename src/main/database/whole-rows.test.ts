import { asc, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { type EvidenceId, type MemoryId, newId } from '../../shared/ids.ts'
import { evidence, memory } from './schema.ts'
import { openTestDatabase } from './testing.ts'
import { readWholeRows, writeWholeRows } from './whole-rows.ts'

it('reads what a select reads and writes it back: every kind of column, and what text and JSON may hold', async () => {
  const db = await openTestDatabase()
  const at = new Date('2026-03-01T10:00:00.123Z')
  const odd = ['plain', 'quotes " and \\ and \n lines', '\u202eright to left \u{1F98A}', '"12"', '{"a":1}']
  const rows = odd.map((text, index) => ({
    id: newId<MemoryId>(),
    owner: 'me',
    store: 'user_memory',
    kind: 'fact',
    text,
    data: { text, number: index, list: [1, null, { deep: text }], none: null },
    status: 'active' as const,
    confidence: 0.7 + index / 100,
    pinned: index % 2 === 0,
    author: 'person',
    validFrom: index === 0 ? null : new Date(Date.UTC(1801 + index * 90, 1, 28)),
    createdAt: at,
    updatedAt: at,
  }))
  await db.write('fill', async (tx) => {
    await tx.insert(memory).values(rows)
    const byHand = { owner: 'me', origin: 'hand' as const, quote: 'x', at }
    await tx.insert(evidence).values(rows.map(({ id }) => ({ ...byHand, id: newId<EvidenceId>(), memoryId: id })))
  })
  const selected = await db.read.select().from(memory).orderBy(asc(memory.id))
  const whole = await readWholeRows(db.read, memory, sql`owner = ${'me'}`)
  expect(whole.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(selected)
  expect(selected.map(({ text }) => text)).toEqual(odd)
  expect(await readWholeRows(db.read, memory, sql`owner = ${'nobody'}`)).toEqual([])

  const changed = whole.map((row, index) => ({
    ...row,
    validFrom: index === 0 ? at : null,
    pinned: !row.pinned,
    useCount: index,
  }))
  await db.write('change', (tx) => writeWholeRows(tx, memory, changed.slice(1)))
  const [first] = whole
  expect(await db.read.select().from(memory).orderBy(asc(memory.id))).toEqual([first, ...changed.slice(1)])
  await db.close()
})
