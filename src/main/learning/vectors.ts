// Vectors of what is about to be written, made before the transaction. Without an embedder an item is written all the
// same: it is found by its words, and the embedding job adds the vector later.
import { and, desc, eq, inArray, ne, type SQL, sql } from 'drizzle-orm'
import type { Log } from '../app/log.ts'
import type { Database, ReadHandle } from '../database/database.ts'
import { embedding, memory, passage } from '../database/schema.ts'
import { spaceOf } from '../database/visible.ts'
import type { Embedder } from '../engine/engine.ts'
import type { Vectors } from './change/write.ts'

/** Queued work that embeds what has no vector of the current model. */
export const EMBED = 'embed'
const AT_ONCE = 64

/** @returns vectors of the texts; of none when the embedder is not there. */
export async function embedTexts(
  { embedder, log }: { embedder: Embedder; log: Log },
  texts: readonly string[],
  options: { background?: boolean; signal?: AbortSignal } = {},
): Promise<Vectors> {
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
 * Embeds everything of an owner that has no vector of the current model: memories first, the newest first. Each step is
 * whole in itself, so that it may be killed and run again; recall by words goes on meanwhile.
 * @returns how many were embedded
 */
export async function embedMissing(
  ports: { db: Database; embedder: Embedder },
  owner: string,
  signal: AbortSignal,
): Promise<number> {
  let done = 0
  for (const kind of ['memory', 'passage'] as const) {
    for (let step = -1; step !== 0; done += step) {
      signal.throwIfAborted()
      step = await embedSome(ports, owner, kind, signal)
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
    const freshIds = fresh.map(({ id }) => id)
    await tx.delete(embedding).where(and(inArray(embedding.targetId, freshIds), ne(embedding.model, model)))
    await tx
      .insert(embedding)
      .values(fresh.map(({ id, vector, space }) => ({ targetKind: kind, targetId: id, owner: space, model, vector })))
      .onConflictDoNothing()
  })
  return rows.length
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
