// What is known already of what a suggestion would keep: memories that say the same, and those it contradicts. Asked when
// the person looks, as much may have been learned or approved since the suggestion was made.
import { and, eq } from 'drizzle-orm'
import type { NearMemory } from '../../../shared/proposals.ts'
import type { ReadHandle } from '../../database/database.ts'
import { embedding } from '../../database/schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../../database/search.ts'
import { onlyOwn } from '../../database/visible.ts'
import { judgeAll } from '../change/compare.ts'
import type { LearningStore } from '../protocol.ts'
import { readVisible } from '../rows.ts'
import { type ProposalRow, readSuggested } from './rows.ts'

const LOOKED_AT = 12
const MOST_SHOWN = 3

/**
 * @param model whose vectors are compared; what has none is compared by its words
 * @returns at most three, of a new memory that waits; none of anything else, which names what it changes
 */
export async function nearTo(
  db: ReadHandle,
  model: string,
  store: LearningStore,
  row: ProposalRow,
): Promise<NearMemory[]> {
  if (row.status !== 'open' || row.action !== 'add' || !row.memoryId) return []
  const { claim } = readSuggested(row)
  const viewer = onlyOwn(row.owner)
  const filter = { viewer, stores: [store.id], statuses: ['active'] as const, limit: LOOKED_AT }
  const words = await searchMemoriesByWords(db, { ...filter, query: claim })
  const [own] = await db
    .select({ vector: embedding.vector })
    .from(embedding)
    .where(and(eq(embedding.targetId, row.memoryId), eq(embedding.model, model), eq(embedding.part, 0)))
  const close = own ? await searchMemoriesByVector(db, { ...filter, model, vector: Float32Array.from(own.vector) }) : []
  const similarities = new Map(close.map(({ id, similarity }) => [id, similarity]))
  const rows = await readVisible(db, viewer, [...new Set([...close, ...words].map(({ id }) => id))])
  const judged = judgeAll({ text: claim, quote: claim })
  return [...rows.values()]
    .flatMap(({ id, text }): NearMemory[] => {
      const relation = judged(text, similarities.get(id) ?? null)
      if (relation === 'both') return []
      return [{ id, text, relation: relation === 'same' ? 'same' : 'contradicts' }]
    })
    .slice(0, MOST_SHOWN)
}
