// What may matter for a message, found without a model call: memories and what was said before, in one ranked list. Each
// hit says why it came, and the list says how much of it is relevant enough for a prompt: a normal answer is none.
import type { ConversationId } from '../../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../../shared/memory.ts'
import { type Clock, systemClock } from '../../app/clock.ts'
import type { Log } from '../../app/log.ts'
import type { ReadHandle } from '../../database/database.ts'
import type { Embedder } from '../../engine/engine.ts'
import { isChatter } from '../extraction/gate.ts'
import { arrange } from './arrange.ts'
import { entitiesIn, readCandidates } from './candidates.ts'
import type { Recalled } from './hit.ts'
import { questionOf, type Wording, wordingsOf } from './question.ts'

export interface RecallRequest {
  owner: string
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
}

/** How long recall waits for the question's vector before it goes on without. */
const EMBED_WAIT_MS = 150
/** A person who searches would rather wait a moment than not find what they said in other words. */
const SEARCH_WAIT_MS = 1_000

export async function recall(ports: RecallPorts, request: RecallRequest): Promise<Recalled> {
  const { owner, text, recent, stores, floor, limit, passages = true, exceptConversation = null } = request
  if (floor && isChatter(text)) return { hits: [], relevant: 0 }
  const question = questionOf({ text, recent, floor, now: (ports.clock ?? systemClock).now() })
  if (question.words.length === 0 && floor) return { hits: [], relevant: 0 }
  const [vector, entities] = await Promise.all([
    embedQuestion(ports, wordingsOf(question), floor ? EMBED_WAIT_MS : SEARCH_WAIT_MS),
    entitiesIn(ports.read, owner, question.text),
  ])
  const statuses = request.statuses ?? (question.asksChange ? ['active', 'superseded'] : ['active'])
  const { model } = ports.embedder
  const names = entities.flatMap((entity) => entity.names)
  const query = [question.query, ...names].join(' ')
  const search = { owner, stores, statuses, exceptConversation, passages }
  const candidates = await readCandidates(ports.read, search, { query, model, vector, entities })
  const { hits, relevant } = await arrange(ports.read, search, question, candidates, { model, floor, limit })
  return { hits, relevant: floor ? relevant : hits.length }
}

async function embedQuestion(
  { embedder, log }: RecallPorts,
  wordings: readonly Wording[],
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
  const vectors = wordings.map(async ({ text, as }) => (await embedder.embed([text], as, { signal }))[0])
  const embedded = Promise.all(vectors).then(
    (made) => middleOf(wordings, made),
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

/** The direction between the wordings of one question. */
function middleOf(wordings: readonly Wording[], vectors: readonly (Float32Array | undefined)[]): Float32Array | null {
  const [first] = vectors
  if (!first || vectors.length === 1) return first ?? null
  const sum = new Float32Array(first.length)
  for (const [of, vector] of vectors.entries()) {
    const weight = wordings[of]?.weight ?? 0
    for (const [index, value] of vector?.entries() ?? []) sum[index] = (sum[index] ?? 0) + weight * value
  }
  const norm = Math.hypot(...sum) || 1
  return sum.map((value) => value / norm)
}
