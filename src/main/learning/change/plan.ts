// What a find changes: it is compared with the known items close to it, and its store says what follows. Runs inside the
// transaction that writes, where nothing can change meanwhile.
import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { EntityId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { evidence, memory } from '../../database/schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../../database/search.ts'
import { isVisible, onlyOwn, type Viewer } from '../../database/visible.ts'
import { newestOf } from '../entities/read.ts'
import type { StoreFind } from '../extraction/extract.ts'
import type { Change, Evidence, FinishedTurn, ItemContent, KnownItem, LearningStore } from '../protocol.ts'
import { type MemoryRow, readMemories, readMemory, readVisible, storedItem } from '../rows.ts'
import { contentWords, foldSentence } from '../words.ts'
import { judgeAll, remainderOf } from './compare.ts'
import { lastDayAt, restated } from './spoken.ts'
import type { Applied, Vectors } from './write.ts'

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
async function inOrderOfTime(
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

const ENDED =
  /(?:^|[,;]\s|\band\s)(?:I|I['’]ve|I['’]m|we|we['’]ve)\s(?:\w+\s){0,2}?(?:no longer|not\b.*\bany ?more|don['’]t\b.*\bany ?more|left|quit|resigned|stopped|used to|moved away from)\b/iu

/** What "I no longer work at A" ends: a field of one value that says A. What holds instead was not said. */
export async function planEnding(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  source: Evidence,
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  const left = lastDayAt(source.quote)
  if (left === null && !ENDED.test(source.quote)) return []
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
      // People shorten the name of where they work: "my last day at Corda" of "Corda Analytics".
      const isLeft = left !== null && `${value} `.startsWith(`${foldSentence(left)} `)
      return value !== '' && (isLeft || said.includes(` ${value} `))
    })
    const changes = ended.map(
      ({ id, version }): Change => ({ action: 'retire', id, base: version, reason: 'ended', evidence: [source] }),
    )
    if (changes.length > 0) plans.push({ store, changes })
  }
  return plans
}

/**
 * What a changed field makes stale elsewhere: "I live in Ravenna and row there" once the profile says Ferrara. The field's
 * own store tells whether a sentence states the field, from the words the person used then.
 * @param applied what came of `changes`, in their order
 */
export async function planEcho(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  turn: FinishedTurn,
  of: { store: LearningStore; changes: readonly Change[]; applied: readonly Applied[] },
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  const plans: { store: LearningStore; changes: Change[] }[] = []
  if (of.store.policy.compareBy !== 'kind' || !of.store.capture?.read) return plans
  const others = stores.filter(({ policy }) => policy.compareBy === 'meaning')
  for (const [index, change] of of.changes.entries()) {
    if (change.action !== 'supersede' && change.action !== 'retire') continue
    const done = of.applied[index]
    const old = await readMemory(db, owner, change.id)
    const value = old?.data['value']
    if (old?.status !== 'superseded' || typeof value !== 'string') continue
    const by = change.action === 'supersede' && done ? { by: done.memoryId } : {}
    for (const { row, quotes } of await saying(db, owner, others, value, change.evidence)) {
      const states = quotes.some((quote) =>
        of.store.capture
          ?.read?.(quote, turn)
          .items.some((item) => item.kind === old.kind && foldSentence(valueIn(item.content)) === foldSentence(value)),
      )
      const store = stores.find(({ id }) => id === row.store)
      if (!states || !store) continue
      const { evidence: found, reason } = change
      plans.push({
        store,
        changes: [{ action: 'retire', id: row.id, base: row.version, reason, evidence: found, ...by }],
      })
    }
  }
  return plans
}

/**
 * Fields of the profile that were read out of a sentence which is now replaced: "vegetarian", once "I've been vegetarian
 * since school" gives way to "I've started eating fish". A field that the new sentence says again stays.
 */
export async function planReadOut(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  { changes, applied }: { changes: readonly Change[]; applied: readonly Applied[] },
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  const plans: { store: LearningStore; changes: Change[] }[] = []
  const fields = stores.filter(({ policy }) => policy.compareBy === 'kind')
  for (const [index, change] of changes.entries()) {
    if (change.action !== 'supersede' || applied[index]?.outcome !== 'written' || fields.length === 0) continue
    const old = await readMemory(db, owner, change.id)
    if (old?.status !== 'superseded') continue
    const said = ` ${foldSentence(change.by.text)} `
    const then = ` ${foldSentence(old.text)} `
    const rows = await db
      .selectDistinct({ field: memory })
      .from(memory)
      .innerJoin(evidence, eq(evidence.memoryId, memory.id))
      .where(
        and(
          eq(memory.owner, owner),
          eq(memory.status, 'active'),
          ne(memory.author, 'person'),
          inArray(
            memory.store,
            fields.map(({ id }) => id),
          ),
          sql`${evidence.messageId} in (select message_id from evidence where memory_id = ${old.id})`,
        ),
      )
    for (const { field } of rows) {
      const value = ` ${foldSentence(valueIn(field.data))} `
      const store = fields.find(({ id }) => id === field.store)
      if (!store || value.trim() === '' || !then.includes(value) || said.includes(value)) continue
      plans.push({
        store,
        changes: [
          {
            action: 'retire',
            id: field.id,
            base: field.version,
            reason: change.reason,
            evidence: change.evidence,
            ...(applied[index] ? { by: applied[index].memoryId } : {}),
          },
        ],
      })
    }
  }
  return plans
}

/**
 * The other way round: a sentence that says a field of the profile no longer holds, and was not read as a field itself:
 * "We live in Otley now".
 * @param applied what came of the find
 */
export async function planFieldEcho(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  { store: from, found }: StoreFind,
  [applied]: readonly Applied[],
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  const [source] = found.evidence
  if (!source || applied?.outcome !== 'written' || from.policy.compareBy === 'kind') return []
  const judged = judgeAll({ text: found.item.text, quote: source.quote })
  const plans: { store: LearningStore; changes: Change[] }[] = []
  for (const store of stores.filter(({ policy }) => policy.compareBy === 'kind')) {
    const rows = await db
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.store, store.id), eq(memory.status, 'active')))
      .limit(SAME_KIND)
    const stale = rows
      .filter(({ text, author }) => OF_THE_USER.test(text) && author !== 'person')
      .map((row): KnownItem => ({ ...storedItem(row), relation: judged(`The user ${lowered(row.text)}.`, null) }))
    const inOrder = await inOrderOfTime(db, owner, from, source, stale)
    const changes = inOrder
      .filter(({ relation, newer }) => relation === 'replaces' && !newer)
      .map(
        ({ id, version }): Change => ({
          action: 'retire',
          id,
          base: version,
          reason: 'changed',
          evidence: [source],
          by: applied.memoryId,
        }),
      )
    if (changes.length > 0) plans.push({ store, changes })
  }
  return plans
}

/** Fields that read as a sentence about the person: "Lives in …". */
const OF_THE_USER = /^(?:Lives|Works)\s/u

function lowered(text: string): string {
  return `${text[0]?.toLowerCase()}${text.slice(1)}`
}

const STALE = 20

/** Items with a value in them, and the person's words behind them; not those said in the same breath as the change. */
async function saying(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  value: string,
  source: readonly Evidence[],
): Promise<{ row: MemoryRow; quotes: string[] }[]> {
  if (stores.length === 0) return []
  const ids = stores.map(({ id }) => id)
  const hits = await searchMemoriesByWords(db, {
    viewer: onlyOwn(owner),
    stores: ids,
    statuses: ['active'],
    query: value,
    limit: STALE,
  })
  const found = hits.map(({ id }) => id)
  if (found.length === 0) return []
  const rows = await readMemories(db, owner, found)
  const sources = await db
    .select({ id: evidence.memoryId, quote: evidence.quote, messageId: evidence.messageId })
    .from(evidence)
    .where(and(eq(evidence.owner, owner), inArray(evidence.memoryId, found)))
  const here = new Set(source.flatMap(({ messageId }) => messageId ?? []))
  return [...rows.values()]
    .filter(({ text }) => ` ${foldSentence(text)} `.includes(` ${foldSentence(value)} `))
    .map((row) => ({ row, told: sources.filter(({ id }) => id === row.id) }))
    .filter(({ told }) => !told.some(({ messageId }) => messageId && here.has(messageId)))
    .map(({ row, told }) => ({ row, quotes: told.map(({ quote }) => quote) }))
}

function valueIn(content: Record<string, unknown>): string {
  return typeof content['value'] === 'string' ? content['value'] : ''
}
