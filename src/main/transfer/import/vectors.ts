// Vectors of an archive, written ahead of their rows: nobody finds a vector whose row is not there, and what was made by the
// same model need not be made again.
import { sql } from 'drizzle-orm'
import type { Database } from '../../database/database.ts'
import { embedding } from '../../database/schema.ts'
import type { Line } from '../archive/format.ts'

/** Bytes of a number. */
const WIDTH = 4
/** What pgvector takes at most. */
const DIMENSIONS_MAX = 16_000

/**
 * Writes vectors of items that are among the staged rows or here already.
 * @returns how many were written; one that is here stays
 */
export async function writeVectors(db: Database, owner: string, rows: readonly Line<'vector'>[]): Promise<void> {
  const values = rows.flatMap((row) => {
    const vector = numbersOf(row.vector)
    if (vector === null) return []
    return [{ targetKind: row.target_kind, targetId: row.target_id, part: row.part, owner, model: row.model, vector }]
  })
  if (values.length === 0) return
  await db.write('import.vectors', (tx) => tx.insert(embedding).values(values).onConflictDoNothing())
}

/** @returns null when it is no vector */
function numbersOf(base64: string): Float32Array | null {
  const bytes = Buffer.from(base64, 'base64')
  const dimensions = bytes.length / WIDTH
  if (!Number.isInteger(dimensions) || dimensions === 0 || dimensions > DIMENSIONS_MAX) return null
  const vector = new Float32Array(dimensions)
  for (let index = 0; index < dimensions; index++) {
    const value = bytes.readFloatBE(index * WIDTH)
    if (!Number.isFinite(value)) return null
    vector[index] = value
  }
  return vector
}

/** Takes away vectors without a row: of an import that was not taken over after all. */
export async function dropLooseVectors(db: Database, owner: string): Promise<void> {
  await db.write('import.loose-vectors', (tx) =>
    tx.execute(sql`
      delete from embedding where owner = ${owner}
        and not exists (select 1 from memory where memory.id = embedding.target_id)
        and not exists (select 1 from passage where passage.id = embedding.target_id)`),
  )
}
