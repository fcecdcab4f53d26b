// Everything that may answer a question: found by words, by meaning, by who or what it is about, and by standing next to
// something found. Reads only; what comes of it is judged in score.ts and relevance.ts.
import { and, eq, inArray, or, type SQL, sql } from 'drizzle-orm'
import type { ConversationId, MemoryId, MessageId, PassageId } from '../../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { ReadHandle } from '../../database/database.ts'
import { embedding, evidence, memory, message, passage } from '../../database/schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../../database/search.ts'
import { searchPassagesByVector, searchPassagesByWords } from '../../database/search-passages.ts'
import { spacesOf, type Viewer } from '../../database/visible.ts'
import { newestWith } from '../entities/read.ts'
import { type MemoryRow, readVisible } from '../rows.ts'
import { foldSentence } from '../words.ts'
import type { PassageRow } from './hit.ts'
import type { NamedEntity } from './named.ts'
import type { Candidate } from './score.ts'
import type { TypicalRequests } from './typical-requests.ts'

/** Memories of each search that take part. */
const MEMORIES = 60
/** Passages of each search: many, because a passage counts for what stands next to it too. */
const PASSAGES = 200
/** Passages whose neighbours are read: those that may come near the top. */
const WITH_NEIGHBOURS = 60
/** Memories of one entity that are read beside those found: the newest. */
const OF_ENTITIES = 40
/** Candidates compared with typical requests. */
const COMPARED = 100

export interface MemoryCandidate extends Candidate {
  row: MemoryRow
}
export interface PassageCandidate extends Candidate {
  passage: PassageRow
}
export type AnyCandidate = MemoryCandidate | PassageCandidate

export interface Search {
  viewer: Viewer
  stores: readonly StoreId[]
  statuses: readonly MemoryStatus[]
  exceptConversation: ConversationId | null
  passages: boolean
}

/** What the searches find, with the texts next to the best of it. */
export async function readCandidates(
  db: ReadHandle,
  search: Search,
  asked: {
    query: string
    concepts: readonly string[]
    model: string
    vector: Float32Array | null
    entities: readonly NamedEntity[]
  },
): Promise<AnyCandidate[]> {
  const { viewer, stores, statuses, exceptConversation } = search
  const { query, concepts, model, vector, entities } = asked
  const filter = { viewer, stores, statuses }
  const spoken = { owner: viewer.owner, exceptConversation }
  const [memoryWords, memoryNear, linked, passageWords, passageNear] = await Promise.all([
    searchMemoriesByWords(db, { ...filter, query: [query, ...concepts].join(' '), limit: MEMORIES }),
    vector ? searchMemoriesByVector(db, { ...filter, model, vector, limit: MEMORIES }) : [],
    readLinked(db, search, entities),
    search.passages ? searchPassagesByWords(db, { ...spoken, query, limit: PASSAGES }) : [],
    search.passages && vector ? searchPassagesByVector(db, { ...spoken, model, vector, limit: PASSAGES }) : [],
  ])
  const [memories, passages] = await Promise.all([
    memoryCandidates(db, search, memoryWords, memoryNear, linked, entities),
    passageCandidates(db, search, passageWords, passageNear),
  ])
  return [...memories, ...passages]
}

async function memoryCandidates(
  db: ReadHandle,
  { viewer }: Search,
  byWords: readonly { id: MemoryId; score: number }[],
  near: readonly { id: MemoryId; similarity: number }[],
  linked: readonly MemoryRow[],
  entities: readonly NamedEntity[],
): Promise<MemoryCandidate[]> {
  const words = new Map(byWords.map(({ id, score }) => [id, score]))
  const similarity = similarities(near, MEMORIES)
  const rows = await readVisible(db, viewer, [...new Set([...words.keys(), ...near.map(({ id }) => id)])])
  for (const row of linked) rows.set(row.id, row)
  const about = new Set(entities.flatMap(({ ids }) => ids))
  const called = entities.flatMap(({ names }) => names.map((name) => ` ${foldSentence(name)} `))
  // What was said of "him" names him in its words and is not always linked.
  const names = (text: string) => {
    if (called.length === 0) return false
    const folded = ` ${foldSentence(text.replace(/['’]s\b/gu, ''))} `
    return called.some((name) => folded.includes(name))
  }
  return [...rows.values()].map((row) => ({
    ...memoryCandidate(row),
    words: words.get(row.id) ?? 0,
    similarity: similarity(row.id),
    isLinked: [row.subjectId, row.objectId].some((id) => id !== null && about.has(id)) || names(row.text),
    isOfOthers: row.subjectId !== null && !ABOUT_THE_PERSON.test(row.text),
  }))
}

/** A memory by itself, as if no search had found it. */
export function memoryCandidate(row: MemoryRow): MemoryCandidate {
  return {
    row,
    id: row.id,
    text: row.text,
    words: 0,
    similarity: null,
    typical: 0,
    unit: row.id,
    part: 0,
    before: null,
    thread: null,
    voice: null,
    at: row.validFrom ?? row.createdAt,
    isLinked: false,
    isOfOthers: false,
  }
}

/** Memories about the entities, at either end, newest first. */
async function readLinked(
  db: ReadHandle,
  { viewer, stores, statuses }: Search,
  entities: readonly NamedEntity[],
): Promise<MemoryRow[]> {
  if (entities.length === 0 || stores.length === 0 || statuses.length === 0) return []
  const ids = entities.flatMap((named) => named.ids)
  const also = inArray(memory.store, [...stores])
  return newestWith(db, viewer, ids, { statuses, limit: OF_ENTITIES, also })
}

async function passageCandidates(
  db: ReadHandle,
  search: Search,
  byWords: readonly { id: PassageId; score: number }[],
  near: readonly { id: PassageId; similarity: number }[],
): Promise<PassageCandidate[]> {
  const words = new Map(byWords.map(({ id, score }) => [id, score]))
  const similarity = similarities(near, PASSAGES)
  const ids = [...new Set([...words.keys(), ...near.map(({ id }) => id)])]
  if (ids.length === 0) return []
  const found = await readPassages(db, search, isAnyOf(passage.id, ids))
  const place = new Map<PassageId, number>()
  for (const [rank, { id }] of byWords.entries()) place.set(id, rank)
  for (const [rank, { id }] of near.entries()) place.set(id, Math.min(rank, place.get(id) ?? rank))
  const best = found
    .toSorted((a, b) => (place.get(a.passage.id) ?? 0) - (place.get(b.passage.id) ?? 0))
    .slice(0, WITH_NEIGHBOURS)
  const known = new Set(ids)
  const beside = (await readNeighbours(db, search, best)).filter(({ passage: { id } }) => !known.has(id))
  return [...found, ...beside].map(({ passage: row, before }) => ({
    passage: row,
    id: row.id,
    text: row.text,
    words: words.get(row.id) ?? 0,
    similarity: similarity(row.id),
    typical: 0,
    unit: row.messageId ?? row.documentId ?? row.id,
    part: row.part,
    before,
    thread: row.documentId ?? row.conversationId,
    voice: row.voice,
    at: row.at,
    isLinked: false,
    isOfOthers: false,
  }))
}

/** Says something of the person too, whoever it is about. */
const ABOUT_THE_PERSON = /\b(?:the user|my|our|we|us|I)\b/iu

interface FoundPassage {
  passage: PassageRow
  /** The message that its own answers or follows. */
  before: MessageId | null
}

/** What stands in the same conversation or document as something found is shown like it, but for single messages. */
function readPassages(db: ReadHandle, { viewer }: Search, where: SQL): Promise<FoundPassage[]> {
  return db
    .select({ passage, before: message.parentId })
    .from(passage)
    .leftJoin(message, eq(message.id, passage.messageId))
    .where(and(eq(passage.owner, viewer.owner), where, sql`coalesce(${message.learnable}, true)`))
}

/** Passages of the messages before and after, and the parts before and after in the same text. */
async function readNeighbours(db: ReadHandle, search: Search, of: readonly FoundPassage[]): Promise<FoundPassage[]> {
  const messages = of.flatMap(({ passage: { messageId } }) => messageId ?? [])
  const parents = of.flatMap(({ before }) => before ?? [])
  const documents = of.filter(({ passage: { documentId } }) => documentId !== null)
  const wanted: SQL[] = []
  if (messages.length > 0) {
    const ids = sql`select id from message where id = any(${sql.param([...new Set([...messages, ...parents])])}::uuid[])
      or parent_id = any(${sql.param(messages)}::uuid[])`
    wanted.push(sql`${passage.messageId} in (${ids})`)
  }
  for (const {
    passage: { documentId, part },
  } of documents) {
    wanted.push(sql`(${passage.documentId} = ${documentId} and ${passage.part} in (${part - 1}, ${part + 1}))`)
  }
  const where = or(...wanted)
  return where ? readPassages(db, search, where) : []
}

/**
 * Similarity of what was found. Something that is not among the nearest, where these fill their list, is at most as near
 * as the farthest of them; else it has no vector yet, and its similarity is not known.
 */
function similarities<Id>(near: readonly { id: Id; similarity: number }[], limit: number): (id: Id) => number | null {
  const known = new Map(near.map(({ id, similarity }) => [id, similarity]))
  const farthest = near.length === limit ? (near.at(-1)?.similarity ?? null) : null
  return (id) => known.get(id) ?? farthest
}

/**
 * How near the candidates are to typical requests, of those that are nearest to this one. The others are taken for as
 * typical as the most typical of these.
 */
export async function compareWithTypical(
  db: ReadHandle,
  viewer: Viewer,
  model: string,
  candidates: readonly AnyCandidate[],
  requests: TypicalRequests,
): Promise<void> {
  const near = candidates
    .filter(({ similarity }) => similarity !== null)
    .sort((a, b) => (b.similarity ?? 0) - (a.similarity ?? 0))
    .slice(0, COMPARED)
  const rows = await db
    .select({ id: embedding.targetId, vector: embedding.vector })
    .from(embedding)
    .where(
      and(
        isAnyOf(
          embedding.targetId,
          near.map(({ id }) => id),
        ),
        eq(embedding.model, model),
        inArray(embedding.owner, spacesOf(viewer)),
        eq(embedding.part, 0),
      ),
    )
  const typical = new Map(rows.flatMap(({ id, vector }) => [[id, requests.nearnessTo(vector) ?? 0] as const]))
  const most = Math.max(0, ...typical.values())
  for (const candidate of candidates) candidate.typical = typical.get(candidate.id) ?? most
}

/** What was learned from messages, and from which stretch of each. */
export async function readLearnedFrom(
  db: ReadHandle,
  owner: string,
  messages: readonly MessageId[],
): Promise<{ memoryId: MemoryId; messageId: MessageId; start: number | null; end: number | null }[]> {
  if (messages.length === 0) return []
  const rows = await db
    .select({
      memoryId: evidence.memoryId,
      messageId: evidence.messageId,
      start: evidence.start,
      end: evidence.end,
    })
    .from(evidence)
    .where(and(eq(evidence.owner, owner), isAnyOf(evidence.messageId, messages)))
  return rows.flatMap(({ messageId, ...row }) => (messageId === null ? [] : [{ ...row, messageId }]))
}
