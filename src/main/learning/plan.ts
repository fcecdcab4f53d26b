// What a find changes: it is compared with the known items close to it, and its store says what follows. Runs twice: once
// to see what the model must be asked, and again inside the transaction that writes, where nothing can change meanwhile.
import { and, desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { MemoryId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { evidence, memory } from '../database/schema.ts'
import { searchMemoriesByVector, searchMemoriesByWords } from '../database/search.ts'
import type { JsonRequest } from '../engine/engine.ts'
import { judge } from './compare.ts'
import { type Correction, correct } from './extraction/corrections.ts'
import type { StoreFind } from './extraction/extract.ts'
import type { Change, Evidence, FinishedTurn, KnownItem, LearningStore, Relation } from './protocol.ts'
import { type MemoryRow, readMemories, storedItem } from './rows.ts'
import { foldSentence } from './words.ts'
import type { Vectors } from './write.ts'

export interface Plan {
  changes: Change[]
  /** Pairs the rules could not decide; they count as both true until the model has said otherwise. */
  open: Pair[]
}

export interface Pair {
  memoryId: MemoryId
  version: number
  known: string
  said: string
}

/** What the model said of a pair. */
export type Verdicts = ReadonlyMap<string, Relation>

export function pairKey({ memoryId, version, said }: Pick<Pair, 'memoryId' | 'version' | 'said'>): string {
  return `${memoryId} ${version} ${said}`
}

const NEAR_WORDS = 12
const NEAR_VECTORS = 24
const SAME_KIND = 50
/** A correction may reach back this many of the latest items. */
const CORRECTABLE = 30

export async function planFind(
  db: ReadHandle,
  owner: string,
  turn: FinishedTurn | null,
  { store, found }: StoreFind,
  vectors: Vectors,
  verdicts: Verdicts,
): Promise<Plan> {
  const said = { text: found.item.text, quote: found.evidence[0]?.quote ?? found.item.text }
  const open: Pair[] = []
  const near: KnownItem[] = []
  for (const { row, similarity } of await nearItems(db, owner, store, found.item.kind, said.text, vectors)) {
    const known = storedItem(row)
    const judged = store.relate?.(found.item, known) ?? judge(said, known.text, similarity)
    if (judged !== 'ask') {
      near.push({ ...known, relation: judged })
      continue
    }
    const pair = { memoryId: row.id, version: row.version, known: row.text, said: said.text }
    open.push(pair)
    near.push({ ...known, relation: verdicts.get(pairKey(pair)) ?? 'both' })
  }
  return { changes: store.process(turn, found, near), open }
}

async function nearItems(
  db: ReadHandle,
  owner: string,
  store: LearningStore,
  kind: string,
  text: string,
  vectors: Vectors,
): Promise<{ row: MemoryRow; similarity: number | null }[]> {
  if (store.policy.compareBy === 'kind') {
    const rows = await db
      .select()
      .from(memory)
      .where(
        and(eq(memory.owner, owner), eq(memory.store, store.id), eq(memory.kind, kind), eq(memory.status, 'active')),
      )
      .orderBy(desc(memory.updatedAt))
      .limit(SAME_KIND)
    return rows.map((row) => ({ row, similarity: null }))
  }
  const filter = { owner, stores: [store.id], statuses: ['active'] as const }
  const vector = vectors.of(text)
  const words = await searchMemoriesByWords(db, { ...filter, query: text, limit: NEAR_WORDS })
  const close = vector
    ? await searchMemoriesByVector(db, { ...filter, model: vectors.model, vector, limit: NEAR_VECTORS })
    : []
  const similarities = new Map(close.map((hit) => [hit.id, hit.similarity]))
  // An item that is not among the nearest is at most as near as the farthest of them.
  const farthest = close.length === NEAR_VECTORS ? (close.at(-1)?.similarity ?? null) : null
  const rows = await readMemories(db, owner, [...new Set([...close, ...words].map(({ id }) => id))])
  return [...rows.values()]
    .map((row) => ({ row, similarity: similarities.get(row.id) ?? farthest }))
    .sort((a, b) => (b.similarity ?? 0) - (a.similarity ?? 0))
}

/** What "no, B, not A" changes: the items of this conversation that say A, else the latest one that does. */
export async function planCorrection(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  correction: Correction,
  source: Evidence,
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  const ids = stores.map(({ id }) => id)
  const hits = await searchMemoriesByWords(db, {
    owner,
    stores: ids,
    statuses: ['active'],
    query: correction.wrong,
    limit: CORRECTABLE,
  })
  const rows = [
    ...(
      await readMemories(
        db,
        owner,
        hits.map(({ id }) => id),
      )
    ).values(),
  ].filter(({ text }) => correct(text, correction) !== null)
  if (rows.length === 0) return []
  const here = source.conversationId
    ? await db
        .selectDistinct({ id: evidence.memoryId })
        .from(evidence)
        .where(and(eq(evidence.owner, owner), eq(evidence.conversationId, source.conversationId)))
    : []
  const inConversation = new Set(here.map(({ id }) => id))
  const latest = rows.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime())
  const told = latest.filter(({ id }) => inConversation.has(id))
  const wrong = told.length > 0 ? told : latest.slice(0, 1)
  return wrong.flatMap((row) => {
    const store = stores.find(({ id }) => id === row.store)
    if (!store) return []
    const by = {
      kind: row.kind,
      text: correct(row.text, correction) ?? row.text,
      content: correctData(row.data, correction),
      validFrom: row.validFrom,
    }
    return [
      {
        store,
        changes: [{ action: 'supersede', id: row.id, base: row.version, by, reason: 'corrected', evidence: [source] }],
      },
    ]
  })
}

const ENDED =
  /(?:^|[,;]\s|\band\s)(?:I|I['’]ve|I['’]m|we|we['’]ve)\s(?:\w+\s){0,2}?(?:no longer|not\b.*\bany ?more|don['’]t\b.*\bany ?more|left|quit|resigned|stopped|used to|moved away from)\b/iu

/** What "I no longer work at A" ends: a field of one value that says A. What holds instead was not said. */
export async function planEnding(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  source: Evidence,
): Promise<{ store: LearningStore; changes: Change[] }[]> {
  if (!ENDED.test(source.quote)) return []
  const said = ` ${foldSentence(source.quote)} `
  const plans: { store: LearningStore; changes: Change[] }[] = []
  for (const store of stores.filter(({ policy }) => policy.compareBy === 'kind')) {
    const rows = await db
      .select()
      .from(memory)
      .where(and(eq(memory.owner, owner), eq(memory.store, store.id), eq(memory.status, 'active')))
      .limit(SAME_KIND)
    const ended = rows.filter(({ data }) => {
      const value = typeof data['value'] === 'string' ? foldSentence(data['value']) : ''
      return value !== '' && said.includes(` ${value} `)
    })
    const changes = ended.map(
      ({ id, version }): Change => ({ action: 'retire', id, base: version, reason: 'ended', evidence: [source] }),
    )
    if (changes.length > 0) plans.push({ store, changes })
  }
  return plans
}

function correctData(data: Record<string, unknown>, correction: Correction): Record<string, unknown> {
  const corrected = Object.entries(data).map(([key, value]) => [
    key,
    typeof value === 'string' ? (correct(value, correction) ?? value) : value,
  ])
  return Object.fromEntries(corrected)
}

const MOST_PAIRS = 6

/** @returns the one model call that decides the open pairs, and the pairs it asks about. */
export function verdictRequest(open: readonly Pair[]): { request: JsonRequest; pairs: Pair[] } {
  const pairs = open.slice(0, MOST_PAIRS)
  const entry = (index: number) => ({
    type: 'object' as const,
    properties: { n: { const: index + 1 }, answer: { enum: ['replaces', 'both'] } },
  })
  const text = pairs.map(({ known, said }, index) => `${index + 1}. Old: ${known} New: ${said}`).join('\n')
  return {
    pairs,
    request: {
      messages: [
        {
          role: 'system',
          text: 'Each line has an old note and a new note about one person. Answer "replaces" when the new note makes the old one out of date, so that both cannot be true today. Answer "both" when both can be true.',
        },
        {
          role: 'user',
          text: [
            '1. Old: The choir sings in the Larkfield hall. New: The choir sings in the old mill now.',
            '2. Old: The user sings alto. New: The user plays the flute now.',
            '3. Old: The concert starts at 7. New: The concert starts at 8.',
            '4. Old: The user likes sheet music on paper. New: The user bought a music stand.',
          ].join('\n'),
        },
        {
          role: 'assistant',
          text: JSON.stringify(
            ['replaces', 'both', 'replaces', 'both'].map((answer, index) => ({ n: index + 1, answer })),
          ),
        },
        { role: 'user', text },
      ],
      schema: {
        type: 'array',
        prefixItems: pairs.map((_, index) => entry(index)),
        minItems: pairs.length,
        maxItems: pairs.length,
      },
      maxTokens: pairs.length * 20 + 16,
    },
  }
}

const verdicts = z.array(z.object({ answer: z.enum(['replaces', 'both']) }))

/** Reads the answer by position; a pair without a clear one stays as it was. */
export function readVerdicts(value: unknown, pairs: readonly Pair[]): Map<string, Relation> {
  const parsed = verdicts.safeParse(value)
  if (!parsed.success) return new Map()
  return new Map(
    pairs.flatMap((pair, index) => (parsed.data[index] ? [[pairKey(pair), parsed.data[index].answer] as const] : [])),
  )
}
