// Passages of past conversations and documents by words and by meaning, as memories are found (search.ts): more than is
// needed is ranked, then what may not be shown is left out.
import { type SQL, sql } from 'drizzle-orm'
import type { ConversationId, PassageId } from '../../shared/ids.ts'
import type { ReadHandle } from './database.ts'
import { nearestVectors } from './nearest.ts'
import { bm25Words, takeUntilEnough } from './search.ts'

/** Nearly every passage may be shown. */
const FIRST_TAKE = 1.2

export interface PassageFilter {
  owner: string
  /** A conversation that is left out: the one whose prompt holds its words anyway. */
  exceptConversation?: ConversationId | null
}

/**
 * Passages that share words with a query, best first; the score is BM25 over all passages of the database, above 0.
 * Nothing of a message that is not to be learned from, or of a conversation or document in the bin.
 */
export async function searchPassagesByWords(
  db: ReadHandle,
  search: PassageFilter & { query: string; limit: number },
): Promise<{ id: PassageId; score: number }[]> {
  const words = bm25Words(search.query)
  if (words === null) return []
  const score = sql`passage.text <@> to_bm25query(${words}, 'passage_words')`
  return takeUntilEnough(
    search.limit,
    async (take) => {
      const { rows } = await db.execute<{ id: PassageId; score: number; shown: boolean }>(sql`
      select ranked.id, ranked.score, ${isShown(search, sql`ranked`)} as shown from (
        select passage.id, passage.owner, passage.message_id, passage.document_id, passage.conversation_id,
          ${score} as score
        from passage order by ${score} limit ${take}
      ) ranked
      ${withSources(sql`ranked`)}
      where ranked.score < 0 order by ranked.score`)
      return {
        hits: rows.filter(({ shown }) => shown).map((row) => ({ id: row.id, score: -row.score })),
        isAll: rows.length < take,
      }
    },
    FIRST_TAKE,
  )
}

/**
 * Passages whose vector is nearest to a vector, best first, with the same left out.
 * @param search.model the embedding model's id, as written in `embedding.model`
 * @returns cosine similarity, -1 to 1
 */
export async function searchPassagesByVector(
  db: ReadHandle,
  search: PassageFilter & { model: string; vector: Float32Array; limit: number },
): Promise<{ id: PassageId; similarity: number }[]> {
  const { owner, model, vector } = search
  return takeUntilEnough(
    search.limit,
    async (take) => {
      const { near, isAll } = await nearestVectors<PassageId>(db, { owner, model, targetKind: 'passage', vector, take })
      const ids = near.map(({ id }) => id)
      const { rows } = await db.execute<{ id: PassageId }>(sql`
      select passage.id from passage ${withSources(sql`passage`)}
      where passage.id = any(${sql.param(ids)}::uuid[]) and ${isShown(search, sql`passage`)}`)
      const shown = new Set(rows.map(({ id }) => id))
      const hits = near.flatMap(({ id, distance }) => (shown.has(id) ? [{ id, similarity: 1 - distance }] : []))
      return { hits, isAll }
    },
    FIRST_TAKE,
  )
}

function withSources(row: SQL): SQL {
  return sql`
    left join message on message.id = ${row}.message_id
    left join document on document.id = ${row}.document_id
    left join conversation on conversation.id = ${row}.conversation_id`
}

function isShown({ owner, exceptConversation = null }: PassageFilter, row: SQL): SQL {
  return sql`(${row}.owner = ${owner} and coalesce(message.learnable, true) and document.trashed_at is null
    and conversation.trashed_at is null
    and (${exceptConversation}::uuid is null or ${row}.conversation_id is distinct from ${exceptConversation}::uuid))`
}
