// The indexes by words. An index is made much faster than it is extended row by row, so whoever adds very many rows at once
// takes them away for the time being; in the same transaction, so that nobody ever finds them missing.
import { sql } from 'drizzle-orm'
import type { WriteHandle } from './database.ts'

const WORD_INDEXES = {
  memory: ['memory_words', 'memory_find'],
  message: ['message_find'],
  passage: ['passage_words'],
} as const

/** Rows that are worth it: a tenth of these take longer one by one than all of them at once. */
const MANY = 20_000

/** Bytes one index may be built in. */
const BUILD_MEMORY = '256MB'

/**
 * Runs `work`, which adds about `added` rows to each table, without the word indexes of tables that at least double by it.
 * @param onIndex hears of each index before it is made
 */
export async function withFewerIndexes(
  tx: WriteHandle,
  added: Partial<Record<keyof typeof WORD_INDEXES, number>>,
  work: () => Promise<void>,
  onIndex: () => void = () => {},
): Promise<void> {
  const later: string[] = []
  for (const table of ['memory', 'message', 'passage'] as const) {
    const more = added[table] ?? 0
    if (more < MANY) continue
    const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(table)}`)
    if ((rows[0]?.n ?? 0) > more) continue
    for (const name of WORD_INDEXES[table]) {
      const found = await tx.execute<{ indexdef: string }>(
        sql`select indexdef from pg_indexes where indexname = ${name}`,
      )
      const definition = found.rows[0]?.indexdef
      if (definition === undefined) continue
      await tx.execute(sql`drop index ${sql.identifier(name)}`)
      later.push(definition)
    }
  }
  await work()
  if (later.length === 0) return
  await tx.execute(sql`set local maintenance_work_mem = ${sql.raw(`'${BUILD_MEMORY}'`)}`)
  for (const definition of later) {
    onIndex()
    await tx.execute(sql.raw(definition))
  }
}
