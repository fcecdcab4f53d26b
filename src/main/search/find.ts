// The person's own search over all that is kept. By words it answers while they type; by meaning, and for parts of words,
// in a second wave. Nothing here feeds a prompt: what recall may not see, its owner may.

import type { Outputs } from '../../shared/contract/index.ts'
import type { FindResult } from '../../shared/contract/search.ts'
import { type FindQuery, isEmptyFind, parseFind } from '../../shared/find-query.ts'
import type { StoreId } from '../../shared/memory.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { ReadHandle } from '../database/database.ts'
import { searchMemoriesByVector } from '../database/search.ts'
import { searchPassagesByVector } from '../database/search-passages.ts'
import { onlyOwn } from '../database/visible.ts'
import { type Embedder, fixedEmbedder } from '../engine/engine.ts'
import { readPassages } from '../learning/context/sources.ts'
import type { Learning } from '../learning/learning.ts'
import { wantedOf } from '../learning/match.ts'
import { fold } from '../learning/words.ts'
import { findInConversation } from './in-conversation.ts'
import { FOUND, findMemories, memoryResult, readFoundMemories } from './memories.ts'
import { findChats, findMessages, findParts, readMessages, resultOf } from './messages.ts'

type Found = Outputs['search']['find']

export interface FindPorts {
  read: ReadHandle
  embedder: Embedder
  learning: Pick<Learning, 'state' | 'entities'>
  clock: Clock
  log: Log
}

export interface Find {
  /** @param signal ends a search nobody waits for any more, between two of its steps */
  find(owner: string, request: { query: string; wave: 'words' | 'meaning' }, signal?: AbortSignal): Promise<Found>
  inConversation: (...of: OwnerAndQuery) => ReturnType<typeof findInConversation>
}
type OwnerAndQuery = Parameters<typeof findInConversation> extends [ReadHandle, ...infer Rest] ? Rest : never

const ENTITIES = 4
/** Cosine under which something is no find by meaning, and how much farther than the nearest it may be. */
const NEAR = 0.35
const NEAR_THE_BEST = 0.2
const BY_MEANING = { messages: 6, memories: 4, looked: 30 }
/** Where a part of a word or two was typed, meaning has nothing to go by. */
const SHORTEST_MEANING = 4

export function createFind(ports: FindPorts): Find {
  const { read, learning, clock } = ports

  /** Stores that a filter names; null without one: all. */
  async function storesOf(owner: string, query: FindQuery): Promise<StoreId[] | null> {
    if (query.store === null) return null
    const named = fold(query.store).replaceAll('_', ' ')
    const { stores } = await learning.state(owner)
    return stores.flatMap(({ id, title }) =>
      [fold(id).replaceAll('_', ' '), fold(title ?? '')].some((name) => name.includes(named)) ? id : [],
    )
  }

  async function byWords(owner: string, query: FindQuery, signal?: AbortSignal): Promise<FindResult[]> {
    const wanted = wantedOf(query)
    const results: FindResult[] = []
    results.push(...(await findChats(read, owner, query, wanted)))
    signal?.throwIfAborted()
    results.push(...(await findMessages(read, owner, query, wanted, clock.now())))
    signal?.throwIfAborted()
    results.push(...(await findMemories(read, owner, query, wanted, await storesOf(owner, query))))
    signal?.throwIfAborted()
    results.push(...(await findEntities(owner, query)))
    return results
  }

  async function findEntities(owner: string, query: FindQuery): Promise<FindResult[]> {
    const name = [...query.words, ...query.phrases].join(' ')
    const filtered = query.in ?? query.store ?? query.from ?? query.before ?? query.after
    if (name.length < 2 || name.length > 100 || filtered !== null || query.pinned) return []
    const { items } = await learning.entities.list(owner, { query: name, limit: ENTITIES })
    return items
      .filter(({ status }) => !query.archived || status === 'archived')
      .map(({ id, name: called, type, status }) => ({
        kind: 'entity',
        entityId: id,
        name: called,
        type,
        archived: status === 'archived',
      }))
  }

  async function byMeaning(owner: string, query: FindQuery, signal?: AbortSignal): Promise<Found> {
    const text = [...query.words, ...query.phrases].join(' ')
    const parts = await findParts(read, owner, query)
    // Quotes ask for these very words; what only means the same is no answer.
    if (text.length < SHORTEST_MEANING || query.phrases.length > 0) return { results: parts, meaning: true }
    const embedder = fixedEmbedder(ports.embedder)
    const vector = await embed(embedder, text, signal)
    signal?.throwIfAborted()
    if (!vector) return { results: parts, meaning: false }
    const { model } = embedder
    const stores = await storesOf(owner, query)
    const asksMessages = query.store === null
    const asksMemories = query.in === null && query.from === null && !query.pinned && !query.archived
    const near = asksMessages
      ? await searchPassagesByVector(read, { owner, model, vector, limit: BY_MEANING.looked })
      : []
    signal?.throwIfAborted()
    const memories = asksMemories
      ? await searchMemoriesByVector(read, {
          viewer: onlyOwn(owner),
          model,
          vector,
          ...(stores === null ? {} : { stores }),
          statuses: FOUND,
          limit: BY_MEANING.memories,
        })
      : []
    const best = Math.max(near[0]?.similarity ?? 0, memories[0]?.similarity ?? 0)
    const isNear = ({ similarity }: { similarity: number }) => similarity >= Math.max(NEAR, best - NEAR_THE_BEST)
    return {
      results: [
        ...(await nearMessages(owner, query, near.filter(isNear))),
        ...(await nearMemories(owner, stores, memories.filter(isNear))),
        ...parts,
      ],
      meaning: true,
    }
  }

  async function nearMessages(
    owner: string,
    query: FindQuery,
    near: Awaited<ReturnType<typeof searchPassagesByVector>>,
  ): Promise<FindResult[]> {
    const passages = await readPassages(
      read,
      owner,
      near.map(({ id }) => id),
    )
    const places = near.flatMap(({ id }) => {
      const row = passages.get(id)?.row
      return row?.messageId ? [{ id: row.messageId, start: row.start, end: row.end }] : []
    })
    const rows = await readMessages(
      read,
      owner,
      query,
      places.map(({ id }) => id),
    )
    const shown = new Set<string>()
    return places
      .flatMap(({ id, start, end }) => {
        const row = rows.find((each) => each.id === id)
        if (!row || shown.has(id)) return []
        shown.add(id)
        const { mark: _, marks: __, ...result } = resultOf({ ...row, text: row.text.slice(start, end) }, [], 'meaning')
        return [{ ...result, marks: [], mark: { start, end } }]
      })
      .slice(0, BY_MEANING.messages)
  }

  async function nearMemories(
    owner: string,
    stores: readonly StoreId[] | null,
    near: Awaited<ReturnType<typeof searchMemoriesByVector>>,
  ): Promise<FindResult[]> {
    const rows = await readFoundMemories(
      read,
      owner,
      stores,
      near.map(({ id }) => id),
    )
    return near.flatMap(({ id }) => {
      const row = rows.find((each) => each.id === id)
      return row ? [memoryResult(row, [], 'meaning')] : []
    })
  }

  async function embed(embedder: Embedder, text: string, signal?: AbortSignal): Promise<Float32Array | null> {
    try {
      const [vector] = await embedder.embed([text], 'query', signal ? { signal } : {})
      return vector ?? null
    } catch (error) {
      signal?.throwIfAborted()
      ports.log.warn({ err: (error as Error).name }, 'a search could not be embedded')
      return null
    }
  }

  return {
    async find(owner, { query: text, wave }, signal) {
      const query = parseFind(text, clock.now())
      if (isEmptyFind(query)) return { results: [], meaning: true }
      if (wave === 'meaning') return byMeaning(owner, query, signal)
      return { results: await byWords(owner, query, signal), meaning: true }
    },
    inConversation: (owner, conversationId, query) => findInConversation(read, owner, conversationId, query),
  }
}
