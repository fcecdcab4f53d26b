// What a find changes: it is compared with the known items close to it, and its store says what follows. Runs inside the
// transaction that writes, where nothing can change meanwhile.
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { EntityId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { evidence, memory } from '../../database/schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../../database/search.ts'
import { isVisible, onlyOwn, type Viewer } from '../../database/visible.ts'
import { newestOf } from '../entities/read.ts'
import type { StoreFind } from '../extraction/extract.ts'
import type { Change, Evidence, FinishedTurn, ItemContent, KnownItem, LearningStore } from '../protocol.ts'
import { type MemoryRow, readMemory, readVisible, storedItem } from '../rows.ts'
import { contentWords } from '../words.ts'
import type { Vectors } from './batch.ts'
import { judgeAll, remainderOf } from './compare.ts'
import { restated } from './spoken.ts'

const NEAR_WORDS = 12
const NEAR_VECTORS = 24
const SAME_KIND = 50
/** Newest items of an entity that a find about it is compared with. */
const SAME_ENTITY = 40

/**
 * @param stores those that may hold a sentence of the same: what one keeps as a memory another keeps as a fact of a person
 * @returns the changes that follow from a find, as its store decides
 */
export async function planFind(
  db: ReadHandle,
  owner: string,
  turn: FinishedTurn | null,
  { store, found }: StoreFind,
  vectors: Vectors,
  stores: readonly LearningStore[] = [],
): Promise<Change[]> {
  const said = { text: found.item.text, quote: found.evidence[0]?.quote ?? found.item.text }
  // "I said A, that's wrong: B": what was read out of A is not so.
  const right = restated(said.quote)
  if (right && found.item.content['derived'] === true && !within(said.text, right)) return []
  const others = stores.filter(({ id, policy }) => id !== store.id && policy.compareBy === 'meaning')
  // Never with what others said: not even a comparison reads it.
  const here = { projectId: null, conversationId: turn?.conversationId ?? null }
  const compared = store.policy.compareBy === 'own' ? [] : others
  const near = await nearItems(db, { ...onlyOwn(owner), place: here }, store, compared, found.item, vectors)
  const named = found.about ? await readMemory(db, owner, found.about) : null
  if (found.about && (named?.store !== store.id || named.status !== 'active')) return []
  const judged = judgeAll(said)
  const rest = near.filter(({ row }) => row.id !== named?.id)
  const known = [...(named ? [{ row: named, similarity: null }] : []), ...rest].map(
    ({ row, similarity }): KnownItem => {
      const item = { ...storedItem(row), ...(row.id === named?.id ? { named: true } : {}) }
      if (row.store === store.id) {
        return { ...item, relation: store.relate?.(found.item, item) ?? judged(item.text, similarity) }
      }
      // What was read out of a sentence stands beside the sentence.
      const readOut = found.item.content['derived'] === true || row.data['derived'] === true
      const relation = judged(item.text, similarity)
      return { ...item, elsewhere: true, relation: readOut && relation === 'same' ? 'both' : relation }
    },
  )
  const inOrder = await inOrderOfTime(db, owner, store, found.evidence[0], known)
  const whole = inOrder.map((item): KnownItem => {
    if (item.relation !== 'replaces' || store.policy.compareBy === 'kind') return item
    return { ...item, remainder: remainderOf(said, item.text, null) }
  })
  return store.process(turn, found, whole).map((change) => asFound(change, found))
}

/** What a find says of itself holds for what its store makes of it. */
function asFound(change: Change, { asked, waits, scope }: StoreFind['found']): Change {
  const said = asked ? { ...change, asked } : change
  if (said.action !== 'add') return said
  return { ...said, ...(waits ? { waits } : {}), ...(scope ? { scope } : {}) }
}

function within(text: string, whole: string): boolean {
  const words = contentWords(whole)
  return contentWords(text).every((word) => words.includes(word))
}

/**
 * Which of the two was said first. A turn may be learned from late, after a failure, and the older statement must not
 * replace the newer one. Sentences of one message stand side by side, unless it is a field of one value.
 */
export async function inOrderOfTime(
  db: ReadHandle,
  owner: string,
  store: LearningStore,
  source: Evidence | undefined,
  known: KnownItem[],
): Promise<KnownItem[]> {
  const doubtful = known.filter(
    ({ relation, elsewhere }) => relation === 'replaces' || relation === 'unsure' || (elsewhere && relation === 'same'),
  )
  if (!source || doubtful.length === 0) return known
  const ids = doubtful.map(({ id }) => id)
  const rows = await db
    .select({ id: evidence.memoryId, at: evidence.at, messageId: evidence.messageId })
    .from(evidence)
    .where(and(eq(evidence.owner, owner), inArray(evidence.memoryId, ids)))
  return known.map((item) => {
    if (!doubtful.includes(item)) return item
    const sources = rows.filter(({ id }) => id === item.id)
    const together = source.messageId && sources.some(({ messageId }) => messageId === source.messageId)
    if (together && store.policy.compareBy === 'meaning') return { ...item, relation: 'both' }
    return { ...item, newer: sources.some(({ at }) => at > source.at) }
  })
}

async function nearItems(
  db: ReadHandle,
  viewer: Viewer,
  store: LearningStore,
  others: readonly LearningStore[],
  { kind, text, subjectId, objectId }: ItemContent<Record<string, unknown>>,
  vectors: Vectors,
): Promise<{ row: MemoryRow; similarity: number | null }[]> {
  if (store.policy.compareBy === 'kind') {
    const rows = await db
      .select()
      .from(memory)
      .where(
        and(
          isVisible(viewer, sql`memory`),
          eq(memory.store, store.id),
          eq(memory.kind, kind),
          eq(memory.status, 'active'),
        ),
      )
      .orderBy(desc(memory.updatedAt))
      .limit(SAME_KIND)
    return rows.map((row) => ({ row, similarity: null }))
  }
  const filter = {
    viewer,
    stores: [store, ...others].map(({ id }) => id),
    statuses: ['active'] as const,
  }
  const vector = vectors.of(text)
  const words = await searchMemoriesByWords(db, { ...filter, query: text, limit: NEAR_WORDS })
  const close = vector
    ? await searchMemoriesByVector(db, { ...filter, model: vectors.model, vector, limit: NEAR_VECTORS })
    : []
  const similarities = new Map(close.map((hit) => [hit.id, hit.similarity]))
  // An item that is not among the nearest is at most as near as the farthest of them.
  const farthest = close.length === NEAR_VECTORS ? (close.at(-1)?.similarity ?? null) : null
  const rows = await readVisible(db, viewer, [...new Set([...close, ...words].map(({ id }) => id))])
  // Of the same people and things, however unlike the words: "moved off Quill" ends "leads Quill".
  const ends = [subjectId, objectId].filter((id): id is EntityId => id !== null && id !== undefined)
  for (const row of await newestOf(db, viewer.owner, ends, { store: store.id, limit: SAME_ENTITY }))
    rows.set(row.id, row)
  return [...rows.values()]
    .map((row) => ({ row, similarity: similarities.get(row.id) ?? farthest }))
    .sort((a, b) => (b.similarity ?? 0) - (a.similarity ?? 0))
}
