// Finds the parts of some documents that fit a question, by words and by meaning. Unlike recall, which looks through all
// that was ever said, it looks at these documents alone: few enough to score every passage of them.
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { DocumentId, PassageId } from '../../shared/ids.ts'
import type { RecallReason } from '../../shared/memory.ts'
import type { Log } from '../app/log.ts'
import { isAnyOf } from '../database/any-of.ts'
import type { Database } from '../database/database.ts'
import { embedding, passage } from '../database/schema.ts'
import { bm25Words } from '../database/search.ts'
import { type Embedder, fixedEmbedder } from '../engine/engine.ts'
import { contentWords, fold, stem, wordsOf } from '../learning/words.ts'

export interface Part {
  id: PassageId
  documentId: DocumentId
  /** Position in the document, from 0. */
  part: number
  text: string
}

export interface FoundPart extends Part {
  /** Above 0; comparable within one search. */
  score: number
  reason: RecallReason
}

export interface SearchPorts {
  db: Pick<Database, 'read' | 'write'>
  embedder: Embedder
  log: Log
}

/** A passage is near a question from this cosine on. */
const NEAR = 0.3
const MOST_FOUND = 60
/** What has no vector yet is embedded at once when it is this little, for at most so long; the rest waits for its job. */
const EMBED_AT_ONCE = 160
const EMBED_MS = 5000
const REASON_WORDS = 5

/**
 * @param documents those to look in; must be visible to the owner
 * @returns the best parts first: those that share a word with the question or are near to it in meaning
 */
export async function findParts(
  { db, embedder: now, log }: SearchPorts,
  owner: string,
  documents: readonly DocumentId[],
  question: string,
): Promise<FoundPart[]> {
  if (documents.length === 0) return []
  const embedder = fixedEmbedder(now)
  const [words, near] = await Promise.all([
    byWords(db, owner, documents, question),
    byMeaning({ db, embedder }, owner, documents, question).catch((error: unknown) => {
      // Without the embedder they are found by words.
      log.warn({ err: (error as Error).name }, 'files could not be searched by meaning')
      return new Map<PassageId, number>()
    }),
  ])
  const best = Math.max(...words.values(), Number.EPSILON)
  const ids = [...new Set([...words.keys(), ...near.keys()])]
  const scored = ids
    .map((id) => ({ id, score: (words.get(id) ?? 0) / best + Math.max(0, near.get(id) ?? 0) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_FOUND)
  const rows = await readParts(
    db,
    scored.map(({ id }) => id),
  )
  const wanted = new Set(contentWords(question))
  return scored.flatMap(({ id, score }): FoundPart[] => {
    const row = rows.get(id)
    if (!row) return []
    const similarity = near.get(id) ?? null
    const shared = sharedWords(row.text, wanted)
    const kind = !words.has(id) ? 'meaning' : similarity === null ? 'words' : 'both'
    return [{ ...row, score, reason: { kind, words: kind === 'meaning' ? [] : shared, similarity } }]
  })
}

/** The first part of each document. */
export async function firstParts(
  db: Pick<Database, 'read'>,
  documents: readonly DocumentId[],
): Promise<Map<DocumentId, Part>> {
  if (documents.length === 0) return new Map()
  const rows = await db.read
    .select(COLUMNS)
    .from(passage)
    .where(and(isAnyOf(passage.documentId, documents), eq(passage.part, 0)))
  return new Map(rows.flatMap((row) => (row.documentId ? [[row.documentId, row as Part]] : [])))
}

/** The first parts of a document, in order. */
export async function openingParts(db: Pick<Database, 'read'>, document: DocumentId, most: number): Promise<Part[]> {
  const rows = await db.read
    .select(COLUMNS)
    .from(passage)
    .where(eq(passage.documentId, document))
    .orderBy(asc(passage.part))
    .limit(most)
  return rows as Part[]
}

const COLUMNS = { id: passage.id, documentId: passage.documentId, part: passage.part, text: passage.text }

async function readParts(db: Pick<Database, 'read'>, ids: readonly PassageId[]): Promise<Map<PassageId, Part>> {
  if (ids.length === 0) return new Map()
  const rows = await db.read
    .select(COLUMNS)
    .from(passage)
    .where(inArray(passage.id, [...ids]))
  return new Map(rows.map((row) => [row.id, row as Part]))
}

/** BM25 of every passage that shares a word with the question that says something. */
async function byWords(
  db: Pick<Database, 'read'>,
  owner: string,
  documents: readonly DocumentId[],
  question: string,
): Promise<Map<PassageId, number>> {
  // Words such as "the" would match everything.
  const telling = wordsOf(question).filter(({ word }) => contentWords(word).length > 0)
  const words = bm25Words(telling.map(({ word }) => word).join(' '))
  if (words === null) return new Map()
  const { rows } = await db.read.execute<{ id: PassageId; score: number }>(sql`
    with mine as materialized (
      select id, text from passage where owner = ${owner} and document_id = any(${sql.param([...documents])}::uuid[])
    ), scored as (select id, text <@> to_bm25query(${words}, 'passage_words') as score from mine)
    select id, -score as score from scored where score < 0 order by score limit ${MOST_FOUND}`)
  return new Map(rows.map(({ id, score }) => [id, Number(score)]))
}

async function byMeaning(
  { db, embedder }: Pick<SearchPorts, 'db' | 'embedder'>,
  owner: string,
  documents: readonly DocumentId[],
  question: string,
): Promise<Map<PassageId, number>> {
  const signal = AbortSignal.timeout(EMBED_MS)
  const [vector] = await embedder.embed([question], 'query', { signal })
  if (!vector) return new Map()
  await embedMissing({ db, embedder }, owner, documents, signal)
  const { rows } = await db.read.execute<{ id: PassageId; similarity: number }>(sql`
    select passage.id, max(1 - (embedding.vector <=> ${vector}::vector)) as similarity
    from passage join embedding on embedding.target_id = passage.id and embedding.model = ${embedder.model}
    where passage.owner = ${owner} and passage.document_id = any(${sql.param([...documents])}::uuid[])
    group by passage.id order by similarity desc limit ${MOST_FOUND}`)
  return new Map(
    rows.flatMap(({ id, similarity }) => (Number(similarity) >= NEAR ? [[id, Number(similarity)] as const] : [])),
  )
}

/** A file that was attached a moment ago is asked about at once: its vectors do not wait for the queue. */
async function embedMissing(
  { db, embedder }: Pick<SearchPorts, 'db' | 'embedder'>,
  owner: string,
  documents: readonly DocumentId[],
  signal: AbortSignal,
): Promise<void> {
  const { model } = embedder
  const rows = await db.read
    .select({ id: passage.id, text: passage.text })
    .from(passage)
    .where(
      and(
        eq(passage.owner, owner),
        isAnyOf(passage.documentId, documents),
        sql`not exists (select 1 from ${embedding} where ${embedding.targetId} = ${passage.id} and ${embedding.model} = ${model})`,
      ),
    )
    .limit(EMBED_AT_ONCE + 1)
  if (rows.length === 0 || rows.length > EMBED_AT_ONCE) return
  const vectors = await embedder.embed(
    rows.map(({ text }) => text),
    'document',
    { signal },
  )
  await db.write('attachments.embed', async (tx) => {
    // What was removed meanwhile gets none.
    const there = await tx
      .select({ id: passage.id, text: passage.text })
      .from(passage)
      .where(
        isAnyOf(
          passage.id,
          rows.map(({ id }) => id),
        ),
      )
    const texts = new Map(there.map(({ id, text }) => [id, text]))
    const fresh = rows.flatMap(({ id, text }, index) => {
      const vector = vectors[index]
      return vector && texts.get(id) === text
        ? [{ targetKind: 'passage' as const, targetId: id, owner, model, vector }]
        : []
    })
    if (fresh.length > 0) await tx.insert(embedding).values(fresh).onConflictDoNothing()
  })
}

/** Words of the question as they stand in the text. */
function sharedWords(text: string, wanted: ReadonlySet<string>): string[] {
  const found = new Map<string, string>()
  for (const { word } of wordsOf(text)) {
    const root = stem(fold(word))
    if (wanted.has(root) && !found.has(root)) found.set(root, word)
  }
  return [...found.values()].slice(0, REASON_WORDS)
}
