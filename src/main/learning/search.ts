// The person's own search over everything kept: memories, past conversations and documents in one list.
import type { SearchHit, StoreId } from '../../shared/memory.ts'
import { onlyOwn } from '../database/visible.ts'
import { readPassages, sourceOf, stands } from './context/sources.ts'
import { type RecallPorts, recall } from './recall/recall.ts'
import { viewMemory } from './rows.ts'

/** What is found of a text that is gone meanwhile leaves a gap: a few more are asked for. */
const SPARE = 20

export async function searchAll(
  ports: RecallPorts,
  stores: readonly StoreId[],
  owner: string,
  query: string,
  limit: number,
): Promise<SearchHit[]> {
  const { hits } = await recall(ports, {
    viewer: onlyOwn(owner),
    text: query,
    recent: [],
    stores,
    limit: limit + SPARE,
    floor: false,
  })
  const passages = await readPassages(
    ports.read,
    owner,
    hits.flatMap((hit) => (hit.kind === 'passage' ? hit.passage.id : [])),
  )
  return hits
    .flatMap((hit): SearchHit[] => {
      const { reason } = hit
      if (hit.kind === 'memory') return [{ kind: 'memory', memory: viewMemory(hit.row), reason }]
      const known = passages.get(hit.passage.id)
      if (!stands(known)) return []
      return [{ kind: 'passage', passageId: known.row.id, text: known.row.text, source: sourceOf(known), reason }]
    })
    .slice(0, limit)
}
