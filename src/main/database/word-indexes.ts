// The indexes by words. An index is made much faster than it is extended row by row, so whoever adds very many rows at once
// takes them away for the time being. Those that recall searches are made again in the same transaction, so that nobody finds
// them missing; those of the person's own search, which know the beginnings of words as well and take several times as long,
// are made afterwards, and until then that search goes by the others (ranked.ts).
import { sql } from 'drizzle-orm'
import type { Database, WriteHandle } from './database.ts'

const AT_ONCE = { memory: 'memory_words', message: null, passage: 'passage_words' } as const
const LATER = { memory: 'memory_find', message: 'message_find', passage: null } as const
type Table = keyof typeof AT_ONCE

/** An index that is still to be made. */
export interface MissingIndex {
  definition: string
  /** Rows it will be made of, about. */
  rows: number
}

/** Fewer rows than these are added to the indexes one by one. */
const MANY = 20_000
/** Memory that an index may be made in. */
const BUILD_MEMORY = '256MB'
/** Milliseconds one may take. */
const BUILD_MS = 2 * 3_600_000

/**
 * Runs `work`, which adds about `added` rows to each table, without the word indexes of tables that at least double by it.
 * @param onIndex hears of each index before it is made
 * @returns indexes that are still to be made (`makeIndex`)
 */
export async function withFewerIndexes(
  tx: WriteHandle,
  added: Partial<Record<Table, number>>,
  work: () => Promise<void>,
  onIndex: () => void,
): Promise<MissingIndex[]> {
  const now: string[] = []
  const later: MissingIndex[] = []
  for (const table of ['memory', 'message', 'passage'] as const) {
    const more = added[table] ?? 0
    if (more < MANY) continue
    const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(table)}`)
    const there = rows[0]?.n ?? 0
    if (there > more) continue
    now.push(...(await drop(tx, AT_ONCE[table])))
    for (const definition of await drop(tx, LATER[table])) later.push({ definition, rows: there + more })
  }
  await work()
  if (now.length > 0) await tx.execute(sql.raw(`set local maintenance_work_mem = '${BUILD_MEMORY}'`))
  for (const definition of now) {
    onIndex()
    await make(tx, definition)
  }
  return later
}

/** Makes an index that is still missing. */
export async function makeIndex(db: Database, { definition }: MissingIndex): Promise<void> {
  await db.write(
    'index.words',
    async (tx) => {
      await tx.execute(sql.raw(`set local maintenance_work_mem = '${BUILD_MEMORY}'`))
      await make(tx, definition)
    },
    { limitMs: BUILD_MS },
  )
}

async function make(tx: WriteHandle, definition: string): Promise<void> {
  await tx.execute(sql.raw(definition.replace(/^CREATE INDEX /, 'CREATE INDEX IF NOT EXISTS ')))
  // A definition does not say it: of texts that an index makes words of, statistics would keep samples.
  for (const name of Object.values(LATER)) {
    if (name !== null && definition.includes(` ${name} `)) {
      await tx.execute(sql`alter index ${sql.identifier(name)} alter column 1 set statistics 0`)
    }
  }
}

async function drop(tx: WriteHandle, name: string | null): Promise<string[]> {
  if (name === null) return []
  const { rows } = await tx.execute<{ indexdef: string }>(
    sql`select indexdef from pg_indexes where indexname = ${name}`,
  )
  if (rows.length > 0) await tx.execute(sql`drop index ${sql.identifier(name)}`)
  return rows.map(({ indexdef }) => indexdef)
}
