// Passages of past conversations and documents by words and by meaning, as memories are found (search.ts): more than is
// needed is ranked, then what may not be shown is left out.
import { type SQL, sql } from 'drizzle-orm'
import type { ConversationId, PassageId } from '../../shared/ids.ts'
import type { ReadHandle } from './database.ts'
import { nearestVectors } from './nearest.ts'
import { bm25Words, type RankedByWords, rankedByWords, takeUntilEnough, wordHits } from './search.ts'

/** Nearly every passage may be shown. */
const FIRST_TAKE = 1.2

export interface PassageFilter {
  owner: string
  /** A conversation that is left out: the one whose prompt holds its words anyway. */
  exceptConversation?: ConversationId | null
}

/**
 * Passages that share words with a query, best first; the score is BM25 over all passages of the database, above 0.
 * Nothing of a message that is not to be learned from, nor of the files that came with it, or of a conversation or document
 * in the bin.
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
      const { rows } = await db.execute<RankedByWords<PassageId>>(sql`
      select ${rankedByWords(isShown(search, sql`ranked`))} from (
        select passage.id, passage.owner, passage.message_id, passage.document_id, passage.conversation_id,
          ${score} as score
        from passage order by ${score} limit ${take}
      ) ranked
      ${withSources(sql`ranked`)}
      where ranked.score < 0`)
      return wordHits(rows, take)
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
  const filter = {
    joins: sql`left join passage on passage.id = near.id ${withSources(sql`passage`)}`,
    isShown: isShown(search, sql`passage`),
  }
  return takeUntilEnough(
    search.limit,
    async (take) => {
      const space = { owner, model, targetKind: 'passage' as const }
      const { near, isAll } = await nearestVectors<PassageId>(db, { ...space, vector, take, filter })
      return {
        hits: near.flatMap(({ id, distance, shown }) => (shown ? [{ id, similarity: 1 - distance }] : [])),
        isAll,
      }
    },
    FIRST_TAKE,
  )
}

function withSources(row: SQL): SQL {
  return sql`
    left join document on document.id = ${row}.document_id
    left join message on message.id = coalesce(${row}.message_id, document.message_id)
    left join conversation on conversation.id = ${row}.conversation_id`
}

function isShown({ owner, exceptConversation = null }: PassageFilter, row: SQL): SQL {
  return sql`(${row}.owner = ${owner} and coalesce(message.learnable, true) and document.trashed_at is null
    and conversation.trashed_at is null
    and (${exceptConversation}::uuid is null or ${row}.conversation_id is distinct from ${exceptConversation}::uuid))`
}
