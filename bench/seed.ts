// A profile filled with memories that look like a life: seeded, so that every run measures the same rows.
import { sql } from 'drizzle-orm'
import type { Database } from '../src/main/database/database.ts'
import { conversation, embedding } from '../src/main/database/schema.ts'
import type { Embedder } from '../src/main/engine/engine.ts'
import {
  type BatchId,
  type ConversationId,
  type MemoryId,
  type MessageId,
  newId,
  type PassageId,
} from '../src/shared/ids.ts'

/** mulberry32: a small seeded generator, 0 to 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const people = ['Marta', 'Jonas', 'Aiko', 'Ravi', 'Elena', 'Tomasz', 'Zoe', 'Karim', 'Ingrid', 'Paulo', 'Nadia', 'Owen']
const places = ['Porto', 'Lyon', 'Kyoto', 'Tampere', 'Ghent', 'Oaxaca', 'Tbilisi', 'Bergen', 'Cork', 'Graz', 'Split']
const things = [
  'greenhouse',
  'invoice tool',
  'boat',
  'choir',
  'bakery',
  'thesis',
  'podcast',
  'allotment',
  'van',
  'archive',
]
const verbs = ['repairs', 'plans', 'prefers', 'sold', 'paints', 'rents', 'documents', 'avoids', 'shares', 'measures']
const details = [
  'every Thursday',
  'since the flood',
  'with two friends',
  'before breakfast',
  'for the school',
  'on a small budget',
  'after the audit',
  'in the old harbour',
  'without any help',
  'until the end of May',
]

export function sentence(random: () => number): string {
  const pick = (list: string[]) => list[Math.floor(random() * list.length)] ?? ''
  return `${pick(people)} ${pick(verbs)} the ${pick(things)} in ${pick(places)} ${pick(details)}.`
}

/** As housekeeping does once nothing happens for a moment; else it would come into the middle of what is measured. */
export async function tidied(db: Database): Promise<void> {
  await db.read.execute(sql`vacuum (analyze)`)
}

const BATCH = 1000
/** Texts that are embedded; the vectors of all others are mixed of theirs. */
const EMBEDDED = 300

/**
 * Adds `count` active memories with evidence and vectors. The first 300 texts are embedded; the others get a normalised
 * mixture of two of those vectors with noise, which keeps the geometry of real text. 100,000 take about a minute.
 * @returns the texts, in order
 */
export async function seedMemories(db: Database, embedder: Embedder, owner: string, count: number): Promise<string[]> {
  const random = seeded(7)
  const texts = Array.from({ length: count }, () => sentence(random))
  const real = await embedder.embed(texts.slice(0, EMBEDDED), 'document')
  const begin = Date.parse('2026-01-01T12:00:00Z')
  const index = await withoutIndexes(db, ['memory_words', 'memory_find'])
  for (let from = 0; from < count; from += BATCH) {
    const rows = texts.slice(from, from + BATCH).map((text, offset) => ({
      id: newId<MemoryId>(),
      text,
      at: new Date(begin + (from + offset) * 60_000),
      vector: real[from + offset] ?? mixture(random, real),
    }))
    await db.write('bench.seed', async (tx) => {
      const column = <T>(value: (row: (typeof rows)[number]) => T) => sql.param(rows.map(value))
      const data = sql`unnest(${column(({ id }) => id)}::uuid[], ${column(() => newId<never>())}::uuid[],
        ${column(({ text }) => text)}::text[], ${column(({ at }) => at.toISOString())}::timestamptz[])
        as data (id, evidence_id, text, at)`
      await tx.execute(sql`
        insert into memory (id, owner, store, kind, text, status, author, created_at, updated_at)
        select id, ${owner}, 'user_memory', 'fact', text, 'active', 'person', at, at from ${data}`)
      await tx.execute(sql`
        insert into evidence (id, owner, memory_id, origin, quote, at)
        select evidence_id, ${owner}, id, 'hand', text, at from ${data}`)
      const { model } = embedder
      await tx
        .insert(embedding)
        .values(rows.map(({ id, vector }) => ({ targetKind: 'memory' as const, targetId: id, owner, model, vector })))
    })
  }
  await index.make()
  await tidied(db)
  return texts
}

function mixture(random: () => number, vectors: Float32Array[]): Float32Array {
  const pick = () => vectors[Math.floor(random() * vectors.length)] ?? new Float32Array()
  const [a, b] = [pick(), pick()]
  const share = random()
  const mixed = a.map((value, index) => value * share + (b[index] ?? 0) * (1 - share) + (random() - 0.5) * 0.02)
  const norm = Math.hypot(...mixed)
  return mixed.map((value) => value / norm)
}

/** An index is made much faster than it is extended row by row: takes some away until `make`. */
async function withoutIndexes(db: Database, names: readonly string[]): Promise<{ make(): Promise<void> }> {
  const { rows } = await db.read.execute<{ indexdef: string }>(
    sql`select indexdef from pg_indexes where indexname = any(${sql.param(names)}::text[])`,
  )
  for (const name of names) {
    await db.write('bench.index', (tx) => tx.execute(sql`drop index if exists ${sql.identifier(name)}`))
  }
  return {
    async make() {
      for (const { indexdef } of rows) {
        await db.write('bench.index', (tx) => tx.execute(sql.raw(indexdef)), { limitMs: 600_000 })
      }
    },
  }
}

/** Words that few messages share, beside those of which nearly all are made. */
const RARE = 20_000
const OF_A_CHAT = 100

/**
 * Adds conversations with `count` messages in all: questions of a sentence or two, answers of about eighty words, some of
 * them rare. 100,000 take about a minute and a half.
 * @returns the texts of some of them
 */
export async function seedMessages(db: Database, owner: string, count: number): Promise<string[]> {
  const random = seeded(23)
  const rare = Array.from({ length: RARE }, () => rareWord(random))
  const sample: string[] = []
  const index = await withoutIndexes(db, ['message_find'])
  const begin = Date.parse('2026-01-01T12:00:00Z')
  for (let from = 0; from < count; from += OF_A_CHAT) {
    const conversationId = newId<ConversationId>()
    const root = newId<MessageId>()
    const rows = Array.from({ length: Math.min(OF_A_CHAT, count - from) }, (_, index) => {
      const sentences = Array.from({ length: index % 2 === 0 ? 2 : 8 }, () => {
        const word = rare[Math.floor(random() ** 3 * RARE)] ?? ''
        return `${sentence(random)} A ${word} came of it.`
      })
      return { id: newId<MessageId>(), text: sentences.join(' '), at: new Date(begin + (from + index) * 60_000) }
    })
    sample.push(rows[from % rows.length]?.text ?? '')
    await db.write('bench.seed', async (tx) => {
      const at = new Date(begin + from * 60_000)
      await tx.insert(conversation).values({
        id: conversationId,
        owner,
        title: sentence(random),
        headId: rows.at(-1)?.id ?? root,
        createdAt: at,
        updatedAt: at,
      })
      await tx.execute(sql`insert into message (id, owner, conversation_id, role, text, status, created_at)
        values (${root}, ${owner}, ${conversationId}, 'root', '', 'complete', ${at.toISOString()})`)
      const column = <T>(value: (row: (typeof rows)[number]) => T) => sql.param(rows.map(value))
      await tx.execute(sql`
        insert into message (id, owner, conversation_id, parent_id, role, text, status, created_at)
        select id, ${owner}, ${conversationId}, coalesce(lag(id) over (order by n), ${root}::uuid),
          case when n % 2 = 1 then 'user' else 'assistant' end, text, 'complete', at
        from unnest(${column(({ id }) => id)}::uuid[], ${column(({ text }) => text)}::text[],
          ${column((row) => row.at.toISOString())}::timestamptz[]) with ordinality as data (id, text, at, n)`)
    })
    // A foreign key goes on being checked as it was planned, and on an empty table that is by reading all of it.
    if (from === 0) await tidied(db)
  }
  await index.make()
  await tidied(db)
  return sample
}

/** A passage with a vector for each message, as the app makes them: 100,000 take about a minute. */
export async function seedPassages(db: Database, embedder: Embedder, owner: string): Promise<void> {
  const random = seeded(31)
  const real = await embedder.embed(
    Array.from({ length: EMBEDDED }, () => sentence(random)),
    'document',
  )
  const { model } = embedder
  const index = await withoutIndexes(db, ['passage_words'])
  let isPlanned = false
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const { rows } = await db.read.execute<{ id: string }>(sql`select id from message
      where owner = ${owner} and role <> 'root' and id > ${last}::uuid order by id limit ${BATCH}`)
    const end = rows.at(-1)
    if (!end) break
    last = end.id
    const ids = rows.map(() => newId<PassageId>())
    await db.write('bench.seed', async (tx) => {
      await tx.execute(sql`
        insert into passage (id, owner, source, message_id, conversation_id, part, voice, text, start, "end", at)
        select one.id, ${owner}, 'message', message.id, message.conversation_id, 0,
          case message.role when 'user' then 'person' else 'assistant' end, message.text, 0, length(message.text), message.created_at
        from unnest(${sql.param(ids)}::uuid[], ${sql.param(rows.map(({ id }) => id))}::uuid[]) as one (id, message_id)
          join message on message.id = one.message_id`)
      await tx.insert(embedding).values(
        ids.map((id) => ({
          targetKind: 'passage' as const,
          targetId: id,
          owner,
          model,
          vector: mixture(random, real),
        })),
      )
    })
    if (!isPlanned) await tidied(db)
    isPlanned = true
  }
  await index.make()
  await tidied(db)
}

/** The log of seeded memories: each was added once. */
export async function seedJournal(db: Database, owner: string): Promise<void> {
  const batch = newId<BatchId>()
  await db.write('bench.seed', (tx) =>
    tx.execute(sql`
      insert into journal (owner, batch_id, at, actor, memory_id, store, action, after)
      select owner, ${batch}::uuid, created_at, 'person', id, store, 'add', jsonb_build_object('memory',
        jsonb_build_object('id', id, 'owner', owner, 'version', version, 'store', store, 'namespace', namespace, 'kind', kind,
          'text', text, 'data', data, 'status', status, 'confidence', confidence, 'pinned', pinned, 'author', author,
          'createdAt', created_at, 'updatedAt', updated_at), 'evidence', '[]'::jsonb)
      from memory where owner = ${owner} order by created_at`),
  )
}

const SYLLABLES = 'ba de ki lo mun nep por ras sim tul var wox xen yol zan brak dril fomp glast hust'.split(' ')

/** Two to four syllables: a word that hardly any other text has. */
export function rareWord(random: () => number): string {
  const pick = () => SYLLABLES[Math.floor(random() * SYLLABLES.length)] ?? ''
  return Array.from({ length: 2 + Math.floor(random() * 3) }, pick).join('')
}
