// Vectors of what is about to be written, made before the transaction. Without an embedder an item is written all the
// same: it is found by its words, and the embedding job adds the vector later.
import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { MemoryId } from '../../shared/ids.ts'
import type { Log } from '../app/log.ts'
import type { Database, ReadHandle } from '../database/database.ts'
import { embedding, memory } from '../database/schema.ts'
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

/** Owners with memories that have no vector of this model. */
export async function ownersWithoutVectors(db: ReadHandle, model: string): Promise<string[]> {
  const rows = await db.selectDistinct({ owner: memory.owner }).from(memory).where(missing(model))
  return rows.map(({ owner }) => owner)
}

/**
 * Embeds everything of an owner that has no vector of the current model, newest first. Each step is whole in itself, so
 * that it may be killed and run again; recall by words goes on meanwhile.
 * @returns how many were embedded
 */
export async function embedMissing(
  { db, embedder }: { db: Database; embedder: Embedder },
  owner: string,
  signal: AbortSignal,
): Promise<number> {
  const { model } = embedder
  for (let done = 0; ; ) {
    signal.throwIfAborted()
    const rows = await db.read
      .select({ id: memory.id, version: memory.version, text: memory.text })
      .from(memory)
      .where(and(eq(memory.owner, owner), missing(model)))
      .orderBy(sql`${memory.updatedAt} desc`)
      .limit(AT_ONCE)
    if (rows.length === 0) return done
    const vectors = await embedder.embed(
      rows.map(({ text }) => text),
      'document',
      { background: true, signal },
    )
    await db.write('embed.missing', async (tx) => {
      const ids = rows.map(({ id }) => id)
      const now = await tx.select({ id: memory.id, text: memory.text }).from(memory).where(inArray(memory.id, ids))
      const textNow = new Map(now.map(({ id, text }) => [id, text]))
      // An item that changed meanwhile is found again in the next round.
      const fresh = rows.flatMap(({ id, text }, index) => {
        const vector = vectors[index]
        return vector && textNow.get(id) === text ? [{ id, vector }] : []
      })
      if (fresh.length === 0) return
      const freshIds: MemoryId[] = fresh.map(({ id }) => id)
      await tx.delete(embedding).where(and(inArray(embedding.targetId, freshIds), ne(embedding.model, model)))
      await tx
        .insert(embedding)
        .values(fresh.map(({ id, vector }) => ({ targetKind: 'memory' as const, targetId: id, owner, model, vector })))
        .onConflictDoNothing()
    })
    done += rows.length
  }
}

function missing(model: string) {
  return and(
    ne(memory.status, 'trashed'),
    sql`not exists (select 1 from ${embedding} where ${embedding.targetId} = ${memory.id} and ${embedding.model} = ${model})`,
  )
}
