// What may matter for a message, found without a model call: by words and by meaning, fused, with a floor under which an
// item is not relevant however high it ranks. Each hit says why it came.
import type { MemoryStatus, RecallReason, StoreId } from '../../../shared/memory.ts'
import type { Log } from '../../app/log.ts'
import type { ReadHandle } from '../../database/database.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../../database/search.ts'
import type { Embedder } from '../../engine/engine.ts'
import { isChatter } from '../extraction/gate.ts'
import { type MemoryRow, readMemories } from '../rows.ts'
import { capitalised, contentWords, fold, isStopWord, namesIn, numbersIn, stem, wordsOf } from '../words.ts'
import { fuse } from './fusion.ts'

export interface RecallRequest {
  owner: string
  text: string
  recent: readonly { role: 'user' | 'assistant'; text: string }[]
  stores: readonly StoreId[]
  statuses?: readonly MemoryStatus[]
  limit: number
  /** True: only what is relevant. False: everything found, for a list the person searches. */
  floor: boolean
}

export interface RecallHit {
  row: MemoryRow
  score: number
  reason: RecallReason
}

export interface RecallPorts {
  read: ReadHandle
  embedder: Embedder
  log: Log
}

/** How long recall waits for the question's vector before it goes on without. */
const EMBED_WAIT_MS = 150
/** Entries of each list that take part. */
const DEPTH = 60
/** Of the fused list this many are read and judged. */
const JUDGED = 48
const WORDS_WEIGHT = 1
/** The bundled embedder ranks worse than words do; a larger one better (measured on conversations). */
const VECTOR_WEIGHTS: readonly { model: RegExp; weight: number }[] = [{ model: /gemma/i, weight: 1.5 }]
const VECTOR_WEIGHT = 0.8

/** Cosine from which an item is relevant without a shared word. */
const NEAR = 0.32
/** The same for a question about the person themselves: what suits them rarely sounds like what they ask. */
const NEAR_PERSONAL = 0.26
const PERSONAL =
  /\b(?:I|me|my|mine|we|us|our|ours|ich|mir|mich|mein\w*|wir|uns\w*|je|moi|mon|ma|mes|nous|yo|mi|mis)\b/iu
/** Cosine under which shared words are taken for chance. */
const FAR = 0.12
/** Share of the question's words an item must have to be relevant by words alone. */
const WORD_SHARE = 0.4
/** What one shared name that nothing else shares is worth beside the fused rank; a first place is worth about 0.1. */
const NAME_BONUS = 0.04
const OTHER_NAME_FACTOR = 0.8
/** Words of a request that say what to do, not what about. */
const REQUEST_WORDS = new Set(
  contentWords(
    'give write explain list describe summarise summarize convert show make find help translate compare suggest recommend draft create fix check define sentence paragraph example',
  ),
)
/** A word that most hits share tells nothing. */
const COMMON_SHARE = 0.5
const COMMON_WEIGHT = 0.25
const MANY_HITS = 20

export async function recall(ports: RecallPorts, request: RecallRequest): Promise<RecallHit[]> {
  if (request.floor && isChatter(request.text)) return []
  const question = questionOf(request)
  if (question.words.length === 0 && request.floor) return []
  const filter = { owner: request.owner, stores: request.stores, statuses: request.statuses ?? (['active'] as const) }
  const [vector, words] = await Promise.all([
    embedQuestion(ports, question.text),
    searchMemoriesByWords(ports.read, { ...filter, query: question.query, limit: DEPTH }),
  ])
  const { model } = ports.embedder
  const near = vector ? await searchMemoriesByVector(ports.read, { ...filter, model, vector, limit: DEPTH }) : []
  const scores = fuse([
    { ids: words.map(({ id }) => id), weight: WORDS_WEIGHT },
    { ids: near.map(({ id }) => id), weight: vectorWeight(model) },
  ])
  const best = [...scores].sort((a, b) => b[1] - a[1]).slice(0, request.floor ? JUDGED : scores.size)
  const rows = await readMemories(
    ports.read,
    request.owner,
    best.map(([id]) => id),
  )
  const similarity = new Map(near.map((hit) => [hit.id, hit.similarity]))
  // An item that is not among the nearest is at most as near as the farthest of them; one that has no vector yet is unknown.
  const farthest = near.length === DEPTH ? (near.at(-1)?.similarity ?? null) : null
  const hits = [...rows.values()].map((row) =>
    judgeHit(question, row, scores.get(row.id) ?? 0, similarity.get(row.id) ?? farthest),
  )
  const shares = wordShares(question, hits)
  for (const hit of hits) {
    for (const name of hit.named) hit.score += NAME_BONUS * (1 - (shares.get(name) ?? 0)) ** 2
  }
  return hits
    .filter((hit) => !request.floor || isRelevant(question, hit, shares, hits.length))
    .sort(
      (a, b) =>
        b.score - a.score || b.row.updatedAt.getTime() - a.row.updatedAt.getTime() || (a.row.id < b.row.id ? -1 : 1),
    )
    .slice(0, request.limit)
    .map(({ row, score, reason }) => ({ row, score, reason }))
}

interface Question {
  text: string
  /** For BM25: the words that carry meaning, as written. */
  query: string
  /** Stems of the words that carry meaning. */
  words: string[]
  /** Each stem as the person wrote it: what a reason shows. */
  asked: Map<string, string>
  names: Set<string>
}

interface JudgedHit extends RecallHit {
  matched: string[]
  named: string[]
}

/** A short follow-up ("and there?") is understood with the message before it. */
function questionOf({ text, recent, floor }: RecallRequest): Question {
  let full = text
  if (floor && contentWords(text).length < 2) {
    const before = recent.findLast(({ role }) => role === 'user')
    if (before && before.text.length < 500) full = `${before.text}\n${text}`
  }
  // A person who searches a list for "recipe" means the word itself.
  const isRequest = (stemmed: string) => floor && REQUEST_WORDS.has(stemmed)
  const asksFor = (word: string) => !isStopWord(word) && !isRequest(stem(fold(word)))
  const kept = wordsOf(full).filter(({ word }) => asksFor(word))
  const words = contentWords(full).filter((word) => !isRequest(word))
  const names = new Set(
    [...namesIn(full), ...capitalised(full).filter((word) => word.length > 1)]
      .filter((word) => !isStopWord(word))
      .map((name) => stem(fold(name))),
  )
  const asked = new Map(kept.map(({ word }) => [stem(fold(word)), word]))
  return { text: full, query: kept.map(({ word }) => word).join(' '), words, asked, names }
}

async function embedQuestion({ embedder, log }: RecallPorts, text: string): Promise<Float32Array | null> {
  let timer: NodeJS.Timeout | undefined
  const abort = new AbortController()
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      abort.abort()
      resolve(null)
    }, EMBED_WAIT_MS)
  })
  const embedded = embedder.embed([text], 'query', { signal: abort.signal }).then(
    ([vector]) => vector ?? null,
    (error: unknown) => {
      if (!abort.signal.aborted) log.warn({ err: (error as Error).name }, 'the question could not be embedded')
      return null
    },
  )
  try {
    return await Promise.race([embedded, late])
  } finally {
    clearTimeout(timer)
  }
}

function judgeHit(question: Question, row: MemoryRow, fused: number, close: number | null): JudgedHit {
  const own = new Set([...contentWords(row.text), ...numbersIn(row.text)])
  const matched = question.words.filter((word) => own.has(word))
  const names = namesIn(row.text).map((name) => stem(fold(name)))
  const named = matched.filter((word) => question.names.has(word))
  // A question about one person must not pull what is known of another.
  const other = question.names.size > 0 && named.length === 0 && names.length > 0
  return {
    row,
    matched,
    named,
    score: fused * (other ? OTHER_NAME_FACTOR : 1),
    reason: {
      kind: matched.length > 0 ? (close !== null && close >= NEAR ? 'both' : 'words') : 'meaning',
      words: matched.slice(0, 5).map((word) => question.asked.get(word) ?? word),
      similarity: close === null ? null : Math.round(close * 1000) / 1000,
    },
  }
}

/** Share of the hits that have a word: what most have says little about which one is meant. */
function wordShares({ words }: Question, hits: readonly JudgedHit[]): Map<string, number> {
  const having = (word: string) => hits.filter(({ matched }) => matched.includes(word)).length
  return new Map(words.map((word) => [word, having(word) / Math.max(hits.length, 1)]))
}

function isRelevant(question: Question, hit: JudgedHit, shares: Map<string, number>, of: number): boolean {
  const close = hit.reason.similarity
  const weight = (word: string) => (of >= MANY_HITS && (shares.get(word) ?? 0) > COMMON_SHARE ? COMMON_WEIGHT : 1)
  const sum = (words: readonly string[]) => words.reduce((total, word) => total + weight(word), 0)
  const share = sum(hit.matched) / Math.max(sum(question.words), 1)
  if (close !== null && close >= (PERSONAL.test(question.text) ? NEAR_PERSONAL : NEAR)) return true
  if (close !== null && close < FAR) return false
  if (hit.named.length > 0) return true
  return share >= WORD_SHARE || sum(hit.matched) >= 3
}

function vectorWeight(model: string): number {
  return VECTOR_WEIGHTS.find((entry) => entry.model.test(model))?.weight ?? VECTOR_WEIGHT
}
