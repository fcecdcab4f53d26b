// What a sentence or a change makes stale elsewhere: the same thing said in another place, in a field or in a sentence.
import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { ReadHandle } from '../../database/database.ts'
import { evidence, memory } from '../../database/schema.ts'
import { searchMemoriesByWords } from '../../database/search.ts'
import { onlyOwn } from '../../database/visible.ts'
import type { StoreFind } from '../extraction/extract.ts'
import type { Change, Evidence, FinishedTurn, KnownItem, LearningStore } from '../protocol.ts'
import { type MemoryRow, readMemories, readMemory, storedItem } from '../rows.ts'
import { foldSentence } from '../words.ts'
import type { Applied } from './batch.ts'
import { judgeAll } from './compare.ts'
import { inOrderOfTime } from './plan.ts'
import { lastDayAt } from './spoken.ts'

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
    const rows = await activeFields(db, owner, store)
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
    const rows = await activeFields(db, owner, store)
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

/** Fields that are looked at. */
const MOST_FIELDS = 50

function activeFields(db: ReadHandle, owner: string, { id }: LearningStore): Promise<MemoryRow[]> {
  return db
    .select()
    .from(memory)
    .where(and(eq(memory.owner, owner), eq(memory.store, id), eq(memory.status, 'active')))
    .limit(MOST_FIELDS)
}
