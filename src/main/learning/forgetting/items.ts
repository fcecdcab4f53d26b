// The items a forget takes: those asked for, those that say the same (duplicates, what they replaced), and those that rest
// on the same words and share a name or number with them, unless the person wrote them anew by hand.
import { and, asc, eq, gt, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { isBlanked } from '../../../shared/forgotten.ts'
import type { EntityId, MemoryId, MessageId } from '../../../shared/ids.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { entity, entityAlias, evidence, journal, memory, type message } from '../../database/schema.ts'
import { readWholeRows } from '../../database/whole-rows.ts'
import { splitSentences } from '../extraction/sentences.ts'
import { type EvidenceRow, type MemoryRow, readBody } from '../rows.ts'
import { contentWords, namesIn, numbersIn } from '../words.ts'
import { COMMON } from './common-words.ts'
import { type Statement, Statements } from './statements.ts'

export interface GoingItem {
  row: MemoryRow
  why: 'chosen' | 'same' | 'source'
  /** The chosen item it goes with. */
  as: MemoryId
}

export interface Going {
  items: Map<MemoryId, GoingItem>
  /** What the items rest on. */
  evidence: EvidenceRow[]
  statements: Statements
  /** Texts that name one of the items' words and stay. */
  keptRows: MemoryRow[]
}

/** A quote may hold this many words of its own, and no name, and still be a wording of its item alone. */
const OWN_WORDS = 1
const ROWS_AT_ONCE = 2000

/**
 * What goes is measured by the chosen items alone: an item that says theirs and more goes too, and what more it says does
 * not take further ones along.
 */
export async function readGoing(db: ReadHandle, owner: string, chosen: readonly MemoryRow[]): Promise<Going> {
  const items = new Map<MemoryId, GoingItem>(chosen.map((row) => [row.id, { row, why: 'chosen', as: row.id }]))
  const found = await readEvidence(db, [...items.keys()])
  const statements = await readStatements(db, owner, chosen, found)
  const sources = await rowsOnSameWords(db, owner, found)
  const kept: MemoryRow[] = []
  const named = (await readNamed(db, owner, statements)).filter(({ id }) => !items.has(id))
  const byHand = await writtenByHand(db, named)
  for (const row of named) {
    // What the person wrote, or put right, rests on their hand: it goes when it says all of it, and not for being near.
    const going = byHand.has(row.id) && !statements.saysAll(row.text) ? null : goesToo(row, statements, sources)
    if (going) items.set(row.id, going)
    else kept.push(row)
  }
  // A sentence that says it, inside an item that stays, is no reason to keep its words.
  const sentences = kept.flatMap(({ text }) => splitSentences(text).map((sentence) => sentence.text))
  statements.keep(sentences.filter((text) => statements.judge(text)?.verdict !== 'same'))
  return { items, evidence: await readEvidence(db, [...items.keys()]), statements, keptRows: kept }
}

function goesToo(row: MemoryRow, statements: Statements, sources: ReadonlyMap<MemoryId, MemoryId>): GoingItem | null {
  const sentences = splitSentences(row.text).filter(({ text }) => !isBlanked(text))
  // Of a text of several sentences the one that says it is taken, not the whole.
  if (sentences.length > 1 && !sentences.every(({ text }) => statements.judge(text)?.verdict === 'same')) return null
  const judged = statements.judge(row.text)
  if (judged?.verdict === 'same') return { row, why: 'same', as: judged.id as MemoryId }
  const source = sources.get(row.id)
  return source && statements.sharesParticular(row.text) ? { row, why: 'source', as: source } : null
}

/** What these items say, in all their wordings. */
export async function statementsOf(db: ReadHandle, owner: string, rows: readonly MemoryRow[]): Promise<Statements> {
  const ids = rows.map(({ id }) => id)
  return readStatements(db, owner, rows, await readEvidence(db, ids))
}

async function readEvidence(db: ReadHandle, ids: readonly MemoryId[]): Promise<EvidenceRow[]> {
  if (ids.length === 0) return []
  return db.select().from(evidence).where(isAnyOf(evidence.memoryId, ids)).orderBy(asc(evidence.at), asc(evidence.id))
}

async function writtenByHand(db: ReadHandle, rows: readonly MemoryRow[]): Promise<ReadonlySet<MemoryId>> {
  if (rows.length === 0) return new Set()
  const ids = rows.map(({ id }) => id)
  const found = await db
    .select({ id: evidence.memoryId })
    .from(evidence)
    .where(and(isAnyOf(evidence.memoryId, ids), eq(evidence.origin, 'hand')))
  return new Set(found.map(({ id }) => id))
}

/** Items of which a quote overlaps one of these, with the item whose it is. */
async function rowsOnSameWords(
  db: ReadHandle,
  owner: string,
  found: readonly EvidenceRow[],
): Promise<ReadonlyMap<MemoryId, MemoryId>> {
  const messages = [...new Set(found.flatMap(({ messageId }) => messageId ?? []))] as MessageId[]
  if (messages.length === 0) return new Map()
  const near = await db
    .select()
    .from(evidence)
    .where(and(eq(evidence.owner, owner), isAnyOf(evidence.messageId, messages)))
  return new Map(
    near.flatMap((one): [MemoryId, MemoryId][] => {
      const other = found.find((candidate) => overlaps(one, candidate))
      return other ? [[one.memoryId, other.memoryId]] : []
    }),
  )
}

/** Whether two quotes are of the same words. */
export function overlaps(one: EvidenceRow, other: EvidenceRow): boolean {
  if (one.messageId !== other.messageId || one.documentId !== other.documentId) return false
  if (one.start !== null && one.end !== null && other.start !== null && other.end !== null) {
    return one.start < other.end && other.start < one.end
  }
  return one.quote.includes(other.quote) || other.quote.includes(one.quote)
}

async function readStatements(
  db: ReadHandle,
  owner: string,
  rows: readonly MemoryRow[],
  found: readonly EvidenceRow[],
): Promise<Statements> {
  const earlier = await readEarlierTexts(db, owner, rows)
  const names = await readNames(db, rows)
  const statements = rows.map((row): Statement => {
    const own = new Set(contentWords(row.text))
    const quotes = found
      .filter(({ memoryId, quote }) => memoryId === row.id && !isBlanked(quote))
      .map(({ quote }) => quote)
      .filter((quote) => {
        const extra = contentWords(quote).filter((word) => !own.has(word) && !COMMON.has(word))
        const particular = [...namesIn(quote), ...numbersIn(quote)].flatMap(contentWords)
        return extra.length <= OWN_WORDS && !extra.some((word) => particular.includes(word))
      })
    return {
      id: row.id,
      wordings: [row.text, ...(earlier.get(row.id) ?? []), ...quotes],
      names: [row.subjectId, row.objectId].flatMap((id) => (id && names.get(id)) || []),
    }
  })
  return new Statements(statements)
}

/** What the items said before they were changed. */
async function readEarlierTexts(
  db: ReadHandle,
  owner: string,
  rows: readonly MemoryRow[],
): Promise<Map<MemoryId, string[]>> {
  const texts = new Map<MemoryId, string[]>()
  if (rows.length === 0) return texts
  const ids = rows.map(({ id }) => id)
  const bodies = await db
    .select({ id: journal.memoryId, before: journal.before, after: journal.after })
    .from(journal)
    .where(and(eq(journal.owner, owner), isAnyOf(journal.memoryId, ids)))
  for (const { id, before, after } of bodies) {
    for (const body of [before, after]) {
      const text = readBody(body)?.memory.text
      if (text) texts.set(id, [...(texts.get(id) ?? []), text])
    }
  }
  return texts
}

/** Names and aliases of the people and things the items are about. */
async function readNames(db: ReadHandle, rows: readonly MemoryRow[]): Promise<Map<EntityId, string[]>> {
  const ids = [...new Set(rows.flatMap(({ subjectId, objectId }) => [subjectId ?? [], objectId ?? []].flat()))]
  const names = new Map<EntityId, string[]>()
  if (ids.length === 0) return names
  const [own, aliases] = await Promise.all([
    db.select({ id: entity.id, name: entity.name }).from(entity).where(inArray(entity.id, ids)),
    db
      .select({ id: entityAlias.entityId, name: entityAlias.alias })
      .from(entityAlias)
      .where(inArray(entityAlias.entityId, ids)),
  ])
  for (const { id, name } of [...own, ...aliases]) names.set(id, [...(names.get(id) ?? []), name])
  return names
}

/** Items that hold one of the words, whatever they say. */
async function readNamed(db: ReadHandle, owner: string, statements: Statements): Promise<MemoryRow[]> {
  const parts = statements.searchParts()
  if (parts === null) {
    const ids = await mayBeSaidIn(db, memory, and(eq(memory.owner, owner), ne(memory.status, 'trashed')), statements)
    return (await readWholeRows(db, memory, isAnyOf(memory.id, ids))).sort((a, b) => (a.id < b.id ? -1 : 1))
  }
  return readAll((after) =>
    db
      .select()
      .from(memory)
      .where(
        and(
          eq(memory.owner, owner),
          ne(memory.status, 'trashed'),
          holdsPart(memory.text, parts),
          after ? gt(memory.id, after as MemoryId) : undefined,
        ),
      )
      .orderBy(asc(memory.id))
      .limit(ROWS_AT_ONCE),
  )
}

/**
 * Texts that hold a part of a word; every text when there are too many parts to search for. One expression for all parts:
 * over 20,000 messages it takes a tenth of the time of one pattern after the other.
 */
export function holdsPart(text: PgColumn | SQL, parts: readonly string[] | null): SQL | undefined {
  if (parts?.length === 0) return sql`false`
  return parts
    ? sql`${text} ~* ${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')}`
    : undefined
}

/**
 * The ids of texts that may say any of it, for more words than one expression can search for: the texts alone are read, in
 * pages, and most of them go by.
 * @param which a condition on the table
 */
export async function mayBeSaidIn(
  db: ReadHandle,
  table: typeof memory | typeof message,
  which: SQL | undefined,
  statements: Statements,
): Promise<string[]> {
  const found: string[] = []
  for (let after: string | null = null; ; ) {
    const from: SQL | undefined = after === null ? undefined : sql`${table.id} > ${after}::uuid`
    const { rows } = await db.execute<{ texts: [string, string][] }>(sql`
      select coalesce(json_agg(json_build_array(one.id, one.text)), '[]') as texts from (
        select ${table.id}, ${table.text} from ${table} where ${and(which, from)} order by ${table.id} limit ${ROWS_AT_ONCE}
      ) one`)
    const texts: [string, string][] = rows[0]?.texts ?? []
    for (const [id, text] of texts) if (statements.mayBeSaidIn(text)) found.push(id)
    const last = texts.at(-1)
    if (!last || texts.length < ROWS_AT_ONCE) return found
    after = last[0]
  }
}

/** Reads rows in pages by id, so that no answer of the database is large. */
export async function readAll<Row extends { id: string }>(
  page: (after: string | null) => PromiseLike<Row[]>,
): Promise<Row[]> {
  const all: Row[] = []
  for (let after: string | null = null; ; ) {
    const rows: Row[] = await page(after)
    all.push(...rows)
    const last = rows.at(-1)
    if (!last || rows.length < ROWS_AT_ONCE) return all
    after = last.id
  }
}
