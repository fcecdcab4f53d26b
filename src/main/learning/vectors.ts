// Vectors of what is about to be written, made before the transaction. Without an embedder an item is written all the
// same: it is found by its words, and the embedding job adds the vector later.
import { and, count, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { Log } from '../app/log.ts'
import type { Database, ReadHandle } from '../database/database.ts'
import { embedding, memory, passage } from '../database/schema.ts'
import { spaceOf } from '../database/visible.ts'
import { type Embedder, fixedEmbedder } from '../engine/engine.ts'
import type { Vectors } from './change/batch.ts'

/** Queued work that embeds what has no vector of the current model. */
export const EMBED = 'embed'
const AT_ONCE = 64

/** @returns vectors of the texts; of none when the embedder is not there. */
export async function embedTexts(
  { embedder: now, log }: { embedder: Embedder; log: Log },
  texts: readonly string[],
  options: { background?: boolean; signal?: AbortSignal } = {},
): Promise<Vectors> {
  const embedder = fixedEmbedder(now)
  const unique = [...new Set(texts)].filter((text) => text.trim() !== '')
  const byText = new Map<string, Float32Array>()
  try {
    const vectors = unique.length > 0 ? await embedder.embed(unique, 'document', options) : []
    for (const [index, text] of unique.entries()) {
      const vector = vectors[index]
      if (vector) byText.set(text, vector)
    }
  } catch (error) {
    options.signal?.throwIfAborted()
    log.warn({ err: (error as Error).name }, 'a memory could not be embedded now')
  }
  return { model: embedder.model, of: (text) => byText.get(text) ?? null }
}

/** Owners with memories or passages that have no vector of this model. */
export async function ownersWithoutVectors(db: ReadHandle, model: string): Promise<string[]> {
  const [memories, passages] = await Promise.all([
    db.selectDistinct({ owner: memory.owner }).from(memory).where(missing('memory', model)),
    db.selectDistinct({ owner: passage.owner }).from(passage).where(missing('passage', model)),
  ])
  return [...new Set([...memories, ...passages].map(({ owner }) => owner))]
}

/**
 * Embeds everything of an owner that has no vector of this embedder: memories first, the newest first. Each step is
 * whole in itself, so that it may be killed and run again; recall by words goes on meanwhile, and by the vectors of
 * another model, which stay.
 * @param onStep hears how many were embedded by a step
 * @returns how many were embedded
 */
export async function embedMissing(
  ports: { db: Database; embedder: Embedder },
  owner: string,
  signal: AbortSignal,
  onStep: (embedded: number) => void = () => {},
): Promise<number> {
  const fixed = { db: ports.db, embedder: fixedEmbedder(ports.embedder) }
  let done = 0
  for (const kind of ['memory', 'passage'] as const) {
    for (let step = -1; step !== 0; done += step) {
      signal.throwIfAborted()
      step = await embedSome(fixed, owner, kind, signal)
      if (step > 0) onStep(step)
    }
  }
  return done
}

/** @returns how many were looked at; 0 when none is missing */
async function embedSome(
  { db, embedder }: { db: Database; embedder: Embedder },
  owner: string,
  kind: Kind,
  signal: AbortSignal,
): Promise<number> {
  const { model } = embedder
  const rows = await readTexts(db.read, kind, and(eq(TABLES[kind].owner, owner), missing(kind, model)), AT_ONCE)
  if (rows.length === 0) return 0
  const vectors = await embedder.embed(
    rows.map(({ text }) => text),
    'document',
    { background: true, signal },
  )
  await db.write('embed.missing', async (tx) => {
    const ids = rows.map(({ id }) => id)
    const now = await readTexts(tx, kind, sql`${TABLES[kind].id} in ${ids}`, ids.length)
    const byId = new Map(now.map((row) => [row.id, row]))
    // An item that changed meanwhile is found again in the next round.
    const fresh = rows.flatMap(({ id, text }, index) => {
      const vector = vectors[index]
      const row = byId.get(id)
      return vector && row?.text === text ? [{ id, vector, space: row.space }] : []
    })
    if (fresh.length === 0) return
    await tx
      .insert(embedding)
      .values(fresh.map(({ id, vector, space }) => ({ targetKind: kind, targetId: id, owner: space, model, vector })))
      .onConflictDoNothing()
  })
  return rows.length
}

/** How much there is to embed, of all owners, and how much of it has a vector of this model. */
export async function countVectors(db: ReadHandle, model: string): Promise<{ total: number; done: number }> {
  const counts = await Promise.all(
    (['memory', 'passage'] as const).map(async (kind) => {
      const shown = kind === 'memory' ? ne(memory.status, 'trashed') : undefined
      const [all] = await db.select({ n: count() }).from(TABLES[kind]).where(shown)
      const [left] = await db.select({ n: count() }).from(TABLES[kind]).where(missing(kind, model))
      return { total: all?.n ?? 0, left: left?.n ?? 0 }
    }),
  )
  const total = counts.reduce((sum, one) => sum + one.total, 0)
  return { total, done: total - counts.reduce((sum, one) => sum + one.left, 0) }
}

/** Models other than these that vectors are kept of. */
export async function otherModels(db: ReadHandle, models: readonly string[]): Promise<string[]> {
  const rows = await db.selectDistinct({ model: embedding.model }).from(embedding)
  return rows.map(({ model }) => model).filter((model) => !models.includes(model))
}

/** Vectors a step takes away, so that others write in between. */
const REMOVED_AT_ONCE = 2000

/** Takes the vectors of a model away, in steps that may be killed and run again. @returns how many */
export async function removeVectors(db: Database, model: string, signal: AbortSignal): Promise<number> {
  let removed = 0
  for (let step = -1; step !== 0; removed += step) {
    signal.throwIfAborted()
    step = await db.write('embed.remove', async (tx) => {
      const some = tx
        .select({ seq: embedding.seq })
        .from(embedding)
        .where(eq(embedding.model, model))
        .limit(REMOVED_AT_ONCE)
      return (await tx.delete(embedding).where(inArray(embedding.seq, some)).returning({ seq: embedding.seq })).length
    })
  }
  return removed
}

type Kind = 'memory' | 'passage'
const TABLES = { memory, passage }

async function readTexts(
  db: ReadHandle,
  kind: Kind,
  where: SQL | undefined,
  limit: number,
): Promise<{ id: string; text: string; space: string }[]> {
  if (kind === 'memory') {
    const columns = { id: memory.id, text: memory.text, owner: memory.owner, namespace: memory.namespace }
    const rows = await db.select(columns).from(memory).where(where).orderBy(desc(memory.updatedAt)).limit(limit)
    return rows.map(({ id, text, ...row }) => ({ id, text, space: spaceOf(row) }))
  }
  const columns = { id: passage.id, text: passage.text, space: passage.owner }
  return db.select(columns).from(passage).where(where).orderBy(desc(passage.at)).limit(limit)
}

function missing(kind: Kind, model: string): SQL | undefined {
  const { id } = TABLES[kind]
  return and(
    kind === 'memory' ? ne(memory.status, 'trashed') : undefined,
    sql`not exists (select 1 from ${embedding} where ${embedding.targetId} = ${id} and ${embedding.model} = ${model})`,
  )
}
