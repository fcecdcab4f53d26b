// What a correction changes: "no, B, not A" the items that say A, "I meant B" the last value of B's kind, "scratch that"
// what was learned last. Only what was said before it, and in this conversation first.
import { and, desc, eq, inArray, lte } from 'drizzle-orm'
import type { MemoryId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { evidence } from '../../database/schema.ts'
import { searchMemoriesByWords } from '../../database/search.ts'
import { onlyOwn } from '../../database/visible.ts'
import { type Correction, correct } from '../extraction/corrections.ts'
import type { Change, Evidence, LearningStore } from '../protocol.ts'
import { type MemoryRow, readMemories } from '../rows.ts'
import { kindOf, onlyValueOf, replaceWords } from './corrected.ts'

/** A correction may reach back this many of the latest items. */
const CORRECTABLE = 30
/** "I meant B" reaches back this many messages that something was learned from. */
const MESSAGES_BACK = 2

interface Plan {
  store: LearningStore
  changes: Change[]
}

export async function planCorrection(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  correction: Correction,
  source: Evidence,
): Promise<Plan[]> {
  if (correction.wrong !== null) return named(db, owner, stores, correction, source)
  const last = await saidLast(db, owner, stores, source)
  if (correction.right === null) {
    // Only the message before: what came earlier was not meant.
    const [first] = last
    return last
      .filter(({ message }) => message === first?.message)
      .flatMap(({ row }) =>
        planFor(stores, row, { ...target(row), action: 'retire', reason: 'taken back', evidence: [source] }),
      )
  }
  for (const { row } of last) {
    const corrected = withRight(row, correction.right)
    if (corrected) return planFor(stores, row, { ...supersede(row, corrected, source) })
  }
  return []
}

/** The items of this conversation that say the wrong words, else the latest one that does. */
async function named(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  correction: Correction & { wrong: string },
  source: Evidence,
): Promise<Plan[]> {
  const ids = stores.map(({ id }) => id)
  const query = correction.wrong
  const hits = await searchMemoriesByWords(db, {
    viewer: onlyOwn(owner),
    stores: ids,
    statuses: ['active'],
    query,
    limit: CORRECTABLE,
  })
  const found = hits.map(({ id }) => id)
  const rows = [...(await readMemories(db, owner, found)).values()].filter(
    ({ text }) => correct(text, correction) !== null,
  )
  if (rows.length === 0) return []
  const here = source.conversationId
    ? await db
        .selectDistinct({ id: evidence.memoryId })
        .from(evidence)
        .where(and(eq(evidence.owner, owner), eq(evidence.conversationId, source.conversationId)))
    : []
  const inConversation = new Set(here.map(({ id }) => id))
  const latest = rows.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
  const told = latest.filter(({ id }) => inConversation.has(id))
  return (told.length > 0 ? told : latest.slice(0, 1)).flatMap((row) => {
    const text = correct(row.text, correction) ?? row.text
    return planFor(
      stores,
      row,
      supersede(row, { text, data: mapData(row, (value) => correct(value, correction)) }, source),
    )
  })
}

/** Active items that rest on what was said before in this conversation, the latest first. */
async function saidLast(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  source: Evidence,
): Promise<{ row: MemoryRow; message: string }[]> {
  if (!source.conversationId) return []
  const said = await db
    .select({ id: evidence.memoryId, message: evidence.messageId, start: evidence.start, at: evidence.at })
    .from(evidence)
    .where(
      and(
        eq(evidence.owner, owner),
        eq(evidence.conversationId, source.conversationId),
        inArray(evidence.origin, ['user']),
        lte(evidence.at, source.at),
      ),
    )
    .orderBy(desc(evidence.at), desc(evidence.start))
    .limit(CORRECTABLE)
  const before = said.filter(({ message, start }) => message !== source.messageId || (start ?? 0) < (source.start ?? 0))
  const messages = [...new Set(before.map(({ message }) => message))].slice(0, MESSAGES_BACK)
  const rows = await readMemories(db, owner, [...new Set(before.map(({ id }) => id))])
  const seen = new Set<MemoryId>()
  return before.flatMap(({ id, message }) => {
    const row = rows.get(id)
    const known = row?.status === 'active' && stores.some((store) => store.id === row.store)
    if (!row || !known || !message || seen.has(id) || !messages.includes(message)) return []
    seen.add(id)
    return { row, message }
  })
}

/** The item with the right value in the place of the only one of its kind; null when it has none, or several. */
function withRight(row: MemoryRow, right: string): { text: string; data: Record<string, unknown> } | null {
  const field = row.data['value']
  if (typeof field === 'string') {
    if (kindOf(field) !== kindOf(right)) return null
    return { text: row.text.replace(field, () => right), data: { ...row.data, value: right } }
  }
  const wrong = onlyValueOf(row.text, right)
  const text = wrong ? replaceWords(row.text, wrong, right) : null
  if (!wrong || text === null) return null
  return { text, data: mapData(row, (value) => replaceWords(value, wrong, right)) }
}

function supersede(row: MemoryRow, by: { text: string; data: Record<string, unknown> }, source: Evidence): Change {
  return {
    ...target(row),
    action: 'supersede',
    by: { kind: row.kind, text: by.text, content: by.data, validFrom: row.validFrom },
    reason: 'corrected',
    evidence: [source],
    keepsSources: true,
  }
}

function target({ id, version }: MemoryRow): { id: MemoryId; base: number } {
  return { id, base: version }
}

function planFor(stores: readonly LearningStore[], row: MemoryRow, change: Change): Plan[] {
  const store = stores.find(({ id }) => id === row.store)
  return store ? [{ store, changes: [change] }] : []
}

function mapData({ data }: MemoryRow, change: (value: string) => string | null): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, typeof value === 'string' ? (change(value) ?? value) : value]),
  )
}
