// Memories by their words, for the person who looks: of every state they can see on the memory page, each with its mark.
import { type SQL, sql } from 'drizzle-orm'
import type { FindResult } from '../../shared/contract/search.ts'
import type { FindQuery } from '../../shared/find-query.ts'
import type { MemoryId } from '../../shared/ids.ts'
import type { MemoryStatus, StoreId } from '../../shared/memory.ts'
import type { ReadHandle } from '../database/database.ts'
import { rankedIds } from '../database/ranked.ts'
import { indexWords, matchText, snippetOf, type Wanted } from '../learning/match.ts'

export type MemoryResult = Extract<FindResult, { kind: 'memory' }>

const LOOKED_AT = [60, 480]
const ENOUGH = 8
/** What waits for a decision stands in the inbox, what was forgotten nowhere. */
export const FOUND: readonly MemoryStatus[] = ['active', 'paused', 'archived', 'superseded']

interface MemoryRow {
  id: MemoryId
  store: StoreId
  status: MemoryStatus
  text: string
  at: string
}

/** What keeps the thread of one chat says nothing outside of it. */
const OF_ONE_CHAT: StoreId = 'session_context'

/** @param stores of the filter `store:`; null: all */
export async function findMemories(
  db: ReadHandle,
  owner: string,
  query: FindQuery,
  wanted: Wanted | null,
  stores: readonly StoreId[] | null,
): Promise<MemoryResult[]> {
  // A memory is in no chat and was said by nobody: these filters mean messages.
  if (query.in !== null || query.from !== null || stores?.length === 0) return []
  if (!wanted && query.store === null && !query.pinned) return []
  let found: { row: MemoryRow; marks: MemoryResult['marks']; score: number }[] = []
  for (const take of LOOKED_AT) {
    const { rows, ranked } = await readRows(db, owner, query, stores, wanted ? take : null)
    found = rows
      .flatMap((row) => {
        const match = wanted ? matchText(wanted, row.text) : { marks: [], score: 0 }
        // What holds now stands before what was so once.
        return match ? [{ row, marks: match.marks, score: match.score + (row.status === 'active' ? 1 : 0) }] : []
      })
      .sort((a, b) => b.score - a.score || Date.parse(b.row.at) - Date.parse(a.row.at))
    if (found.length >= ENOUGH || ranked < take) break
  }
  return found.slice(0, ENOUGH).map(({ row, marks }) => memoryResult(row, marks, 'words'))
}

async function readRows(
  db: ReadHandle,
  owner: string,
  query: FindQuery,
  stores: readonly StoreId[] | null,
  take: number | null,
): Promise<{ rows: MemoryRow[]; ranked: number }> {
  const conditions = [
    sql`memory.owner = ${owner} and ${isOf(stores)}`,
    sql`memory.status = any(${sql.param(query.archived ? ['archived'] : FOUND)}::text[])`,
  ]
  if (query.pinned) conditions.push(sql`memory.pinned`)
  if (query.before) conditions.push(sql`memory.updated_at < ${query.before.toISOString()}::timestamptz`)
  if (query.after) conditions.push(sql`memory.updated_at >= ${query.after.toISOString()}::timestamptz`)
  const ids = take === null ? [] : await rankedIds<MemoryId>(db, 'memory', indexWords(query), take)
  if (take !== null) conditions.push(sql`memory.id = any(${sql.param(ids)}::uuid[])`)
  const { rows } = await db.execute<{ found: MemoryRow[] }>(sql`
    select coalesce(json_agg(found.row), '[]') as found from (
      select json_build_object('id', id, 'store', store, 'status', status, 'text', text, 'at', updated_at) as row
      from memory where ${sql.join(conditions, sql` and `)} order by updated_at desc limit ${take ?? ENOUGH}
    ) found`)
  return { rows: rows[0]?.found ?? [], ranked: ids.length }
}

function isOf(stores: readonly StoreId[] | null): SQL {
  return stores === null ? sql`memory.store <> ${OF_ONE_CHAT}` : sql`memory.store = any(${sql.param(stores)}::text[])`
}

export function memoryResult(row: MemoryRow, marks: MemoryResult['marks'], by: MemoryResult['by']): MemoryResult {
  const { store, status } = row
  return { kind: 'memory', memoryId: row.id, store, status, ...snippetOf(row.text, marks), at: new Date(row.at), by }
}

/** Memories by id, of those a search may show. */
export async function readFoundMemories(
  db: ReadHandle,
  owner: string,
  stores: readonly StoreId[] | null,
  ids: readonly MemoryId[],
): Promise<MemoryRow[]> {
  const { rows } = await db.execute<MemoryRow & Record<string, unknown>>(sql`
    select id, store, status, text, updated_at as at from memory
    where id = any(${sql.param(ids)}::uuid[]) and owner = ${owner} and ${isOf(stores)}
      and status = any(${sql.param(FOUND)}::text[])`)
  return rows
}
