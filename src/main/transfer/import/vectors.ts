// Vectors of an archive, written ahead of their rows: nobody finds a vector whose row is not there, and what was made by the
// same model need not be made again.
import { sql } from 'drizzle-orm'
import type { Database } from '../../database/database.ts'
import type { VectorBatch } from '../sources/vector-batch.ts'

/** Writes vectors of items that are among the staged rows or here already; one that is here stays. */
export async function writeVectors(db: Database, owner: string, batch: VectorBatch): Promise<void> {
  if (batch.ids.length === 0) return
  const { kinds, ids, parts, models, vectors } = batch
  await db.write('import.vectors', (tx) =>
    tx.execute(sql`
      insert into embedding (target_kind, target_id, part, owner, model, vector)
      select one.kind, one.id, one.part, ${owner}, one.model, one.vector
      from unnest(${sql.param(kinds)}::text[], ${sql.param(ids)}::uuid[], ${sql.param(parts)}::int[], ${sql.param(models)}::text[],
        ${sql.param(vectors)}::vector[]) as one (kind, id, part, model, vector)
      on conflict do nothing`),
  )
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
