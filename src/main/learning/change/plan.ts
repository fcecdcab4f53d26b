// What a find changes: it is compared with the known items close to it, and its store says what follows. Runs inside the
// transaction that writes, where nothing can change meanwhile.
import { and, desc, eq } from 'drizzle-orm'
import type { ReadHandle } from '../../database/database.ts'
import { evidence, memory } from '../../database/schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../../database/search.ts'
import { type Correction, correct } from '../extraction/corrections.ts'
import type { StoreFind } from '../extraction/extract.ts'
import type { Change, Evidence, FinishedTurn, KnownItem, LearningStore } from '../protocol.ts'
import { type MemoryRow, readMemories, storedItem } from '../rows.ts'
import { foldSentence } from '../words.ts'
import { judge } from './compare.ts'
import type { Vectors } from './write.ts'

const NEAR_WORDS = 12
const NEAR_VECTORS = 24
const SAME_KIND = 50
/** A correction may reach back this many of the latest items. */
const CORRECTABLE = 30

export async function planFind(
  db: ReadHandle,
  owner: string,
  turn: FinishedTurn | null,
  { store, found }: StoreFind,
  vectors: Vectors,
): Promise<Change[]> {
  const said = { text: found.item.text, quote: found.evidence[0]?.quote ?? found.item.text }
  const near = await nearItems(db, owner, store, found.item.kind, said.text, vectors)
  const known = near.map(({ row, similarity }): KnownItem => {
    const item = storedItem(row)
    return { ...item, relation: store.relate?.(found.item, item) ?? judge(said, item.text, similarity) }
  })
  return store.process(turn, found, known)
}

async function nearItems(
  db: ReadHandle,
  owner: string,
  store: LearningStore,
  kind: string,
  text: string,
  vectors: Vectors,
): Promise<{ row: MemoryRow; similarity: number | null }[]> {
  if (store.policy.compareBy === 'kind') {
    const rows = await db
      .select()
      .from(memory)
      .where(
        and(eq(memory.owner, owner), eq(memory.store, store.id), eq(memory.kind, kind), eq(memory.status, 'active')),
      )
      .orderBy(desc(memory.updatedAt))
      .limit(SAME_KIND)
    return rows.map((row) => ({ row, similarity: null }))
  }
  const filter = { owner, stores: [store.id], statuses: ['active'] as const }
  const vector = vectors.of(text)
  const words = await searchMemoriesByWords(db, { ...filter, query: text, limit: NEAR_WORDS })
  const close = vector
    ? await searchMemoriesByVector(db, { ...filter, model: vectors.model, vector, limit: NEAR_VECTORS })
    : []
  const similarities = new Map(close.map((hit) => [hit.id, hit.similarity]))
  // An item that is not among the nearest is at most as near as the farthest of them.
  const farthest = close.length === NEAR_VECTORS ? (close.at(-1)?.similarity ?? null) : null
  const rows = await readMemories(db, owner, [...new Set([...close, ...words].map(({ id }) => id))])
  return [...rows.values()]
    .map((row) => ({ row, similarity: similarities.get(row.id) ?? farthest }))
    .sort((a, b) => (b.similarity ?? 0) - (a.similarity ?? 0))
}

/** What "no, B, not A" changes: the items of this conversation that say A, else the latest one that does. */
export async function planCorrection(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  correction: Correction,
  source: Evidence,
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  const ids = stores.map(({ id }) => id)
  const hits = await searchMemoriesByWords(db, {
    owner,
    stores: ids,
    statuses: ['active'],
    query: correction.wrong,
    limit: CORRECTABLE,
  })
  const rows = [
    ...(
      await readMemories(
        db,
        owner,
        hits.map(({ id }) => id),
      )
    ).values(),
  ].filter(({ text }) => correct(text, correction) !== null)
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
  const wrong = told.length > 0 ? told : latest.slice(0, 1)
  return wrong.flatMap((row) => {
    const store = stores.find(({ id }) => id === row.store)
    if (!store) return []
    const by = {
      kind: row.kind,
      text: correct(row.text, correction) ?? row.text,
      content: correctData(row.data, correction),
      validFrom: row.validFrom,
    }
    return [
      {
        store,
        changes: [{ action: 'supersede', id: row.id, base: row.version, by, reason: 'corrected', evidence: [source] }],
      },
    ]
  })
}

const ENDED =
  /(?:^|[,;]\s|\band\s)(?:I|I['’]ve|I['’]m|we|we['’]ve)\s(?:\w+\s){0,2}?(?:no longer|not\b.*\bany ?more|don['’]t\b.*\bany ?more|left|quit|resigned|stopped|used to|moved away from)\b/iu

/** What "I no longer work at A" ends: a field of one value that says A. What holds instead was not said. */
export async function planEnding(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  source: Evidence,
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  if (!ENDED.test(source.quote)) return []
  const said = ` ${foldSentence(source.quote)} `
  const plans: { store: LearningStore; changes: Change[] }[] = []
  for (const store of stores.filter(({ policy }) => policy.compareBy === 'kind')) {
    const rows = await db
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.store, store.id), eq(memory.status, 'active')))
      .limit(SAME_KIND)
    const ended = rows.filter(({ data }) => {
      const value = typeof data['value'] === 'string' ? foldSentence(data['value']) : ''
      return value !== '' && said.includes(` ${value} `)
    })
    const changes = ended.map(
      ({ id, version }): Change => ({ action: 'retire', id, base: version, reason: 'ended', evidence: [source] }),
    )
    if (changes.length > 0) plans.push({ store, changes })
  }
  return plans
}

function correctData(data: Record<string, unknown>, correction: Correction): Record<string, unknown> {
  const corrected = Object.entries(data).map(([key, value]) => [
    key,
    typeof value === 'string' ? (correct(value, correction) ?? value) : value,
  ])
  return Object.fromEntries(corrected)
}
