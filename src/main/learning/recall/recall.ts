// What may matter for a message, found without a model call: memories and what was said before, in one ranked list. Each
// hit says why it came, and the list says how much of it is relevant enough for a prompt: a normal answer is none.
import type { ConversationId } from '../../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../../shared/memory.ts'
import { type Clock, systemClock } from '../../app/clock.ts'
import type { Log } from '../../app/log.ts'
import type { ReadHandle } from '../../database/database.ts'
import type { Viewer } from '../../database/visible.ts'
import { type Embedder, fixedEmbedder } from '../../engine/engine.ts'
import { isChatter } from '../extraction/gate.ts'
import { arrange } from './arrange.ts'
import { compareWithTypical, readCandidates } from './candidates.ts'
import type { Recalled } from './hit.ts'
import { entitiesIn } from './named.ts'
import { questionOf } from './question.ts'
import type { TypicalRequests } from './typical-requests.ts'

export interface RecallRequest {
  viewer: Viewer
  text: string
  recent: readonly { role: 'user' | 'assistant'; text: string }[]
  stores: readonly StoreId[]
  statuses?: readonly MemoryStatus[]
  /** Most hits. */
  limit: number
  /** True: for a turn. False: everything found, for a list the person searches; all of it counts as relevant. */
  floor: boolean
  /** What was said before, beside memories; true by default. */
  passages?: boolean
  /** Nothing said in this conversation: its prompt holds the words anyway. */
  exceptConversation?: ConversationId | null
}

export interface RecallPorts {
  read: ReadHandle
  embedder: Embedder
  log: Log
  clock?: Clock
  /** What a memory's nearness to a request for advice is compared with; without it nearness is taken as it is. */
  requests?: TypicalRequests
  /** Most milliseconds a turn waits for the question's vector. */
  embedWaitMs?: number
}

/**
 * How long recall waits for the question's vector before it goes on without. It takes a few tens of milliseconds; on a busy
 * machine an answer that begins half a second later is better than one that does not know what it was told.
 */
const EMBED_WAIT_MS = 500
/** A person who searches would rather wait a moment than not find what they said in other words. */
const SEARCH_WAIT_MS = 1_000

export async function recall(of: RecallPorts, request: RecallRequest): Promise<Recalled> {
  // The question's vector and the vectors it is compared with are of one model, whatever changes meanwhile.
  const ports = { ...of, embedder: fixedEmbedder(of.embedder) }
  const { viewer, text, recent, stores, floor, limit, passages = true, exceptConversation = null } = request
  if (floor && isChatter(text)) return { hits: [], relevant: 0 }
  const question = questionOf({ text, recent, floor, now: (ports.clock ?? systemClock).now() })
  if (question.words.length === 0 && floor) return { hits: [], relevant: 0 }
  const [vector, entities] = await Promise.all([
    embedQuestion(ports, question.text, floor ? (ports.embedWaitMs ?? EMBED_WAIT_MS) : SEARCH_WAIT_MS),
    entitiesIn(ports.read, viewer, question.text),
  ])
  const statuses = request.statuses ?? (question.asksChange ? ['active', 'superseded'] : ['active'])
  const { model } = ports.embedder
  const names = entities.flatMap((entity) => entity.names)
  const query = [question.query, ...names].join(' ')
  const concepts = question.concepts.map((concept) => concept.query)
  const search = { viewer, stores, statuses, exceptConversation, passages }
  const candidates = await readCandidates(ports.read, search, { query, concepts, model, vector, entities })
  if (question.asksAdvice && ports.requests) {
    await compareWithTypical(ports.read, viewer, model, candidates, ports.requests)
  }
  const { hits, relevant } = await arrange(ports.read, search, question, candidates, { model, floor, limit })
  return { hits, relevant: floor ? relevant : hits.length }
}

async function embedQuestion(
  { embedder, log }: RecallPorts,
  text: string,
  waitMs: number,
): Promise<Float32Array | null> {
  let timer: NodeJS.Timeout | undefined
  const abort = new AbortController()
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      abort.abort()
      resolve(null)
    }, waitMs)
  })
  const { signal } = abort
  const embedded = embedder.embed([text], 'query', { signal }).then(
    ([made]) => made ?? null,
    (error: unknown) => {
      if (!signal.aborted) log.warn({ err: (error as Error).name }, 'the question could not be embedded')
      return null
    },
  )
  try {
    return await Promise.race([embedded, late])
  } finally {
    clearTimeout(timer)
  }
}
