// What was known at a point in time, read from the journal alone: the last entry of each item up to then says how it was.
// Items forgotten for good are absent, because their entries are blank.
import { and, desc, eq, gt, inArray, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import { journal } from '../../database/schema.ts'
import { type JournalBody, type MemoryRow, readBody, readMemories, viewMemory } from '../rows.ts'

type Target = 'memory' | 'entity'

/** Entries up to a point: a time, or an entry of the journal itself. */
export type Point = { at: Date } | { seq: number }

export function upTo(point: Point): SQL {
  return 'at' in point ? lte(journal.at, point.at) : lte(journal.seq, point.seq)
}

/** The last entry of each item up to a point, as a table. */
function lastEntries(db: ReadHandle, owner: string, target: Target, point: Point, ids: readonly string[] | null) {
  return db
    .selectDistinctOn([journal.memoryId], { id: journal.memoryId, after: journal.after, seq: journal.seq })
    .from(journal)
    .where(
      and(
        eq(journal.owner, owner),
        eq(journal.target, target),
        upTo(point),
        ids ? inArray(journal.memoryId, ids as MemoryId[]) : undefined,
      ),
    )
    .orderBy(journal.memoryId, desc(journal.seq))
}

/** How these items were then; null for one that was blanked since, absent for one that did not exist. */
export async function bodiesAt(
  db: ReadHandle,
  owner: string,
  target: Target,
  point: Point,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  if (ids.length === 0) return new Map()
  const rows = await lastEntries(db, owner, target, point, ids)
  return new Map(rows.map(({ id, after }) => [id, after]))
}

/** Items that changed after a point. */
export async function changedSince(db: ReadHandle, owner: string, target: Target, point: Point): Promise<string[]> {
  const later = 'at' in point ? gt(journal.at, point.at) : gt(journal.seq, point.seq)
  const rows = await db
    .selectDistinct({ id: journal.memoryId })
    .from(journal)
    .where(and(eq(journal.owner, owner), eq(journal.target, target), later))
  return rows.map(({ id }) => id)
}

/** The list of what was known then, newest first, each item with what became of it. */
export async function stateAt(
  db: ReadHandle,
  owner: string,
  query: Inputs['memory']['stateAt'],
): Promise<Outputs['memory']['stateAt']> {
  const { at, store = null, status = 'active', query: words = '', cursor = null, limit = 50 } = query
  const last = lastEntries(db, owner, 'memory', { at }, null).as('last')
  const field = (name: string) => sql<string>`${last.after} -> 'memory' ->> ${sql.raw(`'${name}'`)}`
  const wanted = and(
    isNotNull(last.after),
    sql`${field('status')} = ${status}`,
    store ? sql`${field('store')} = ${store}` : undefined,
    words.trim() === '' ? undefined : sql`${field('text')} ilike ${`%${words.trim().replace(/[\\%_]/g, '\\$&')}%`}`,
  )
  const from = cursor === null ? 0 : Number(cursor)
  const rows = await db
    .select({ after: last.after, total: sql<number>`count(*) over ()`.mapWith(Number) })
    .from(last)
    .where(wanted)
    .orderBy(sql`${field('updatedAt')} desc`, desc(last.id))
    .limit(limit)
    .offset(Number.isSafeInteger(from) && from > 0 ? from : 0)
  const then = rows.flatMap(({ after }) => readBody(after)?.memory ?? [])
  const now = await readMemories(
    db,
    owner,
    then.map(({ id }) => id),
  )
  const [first] = await db
    .select({ at: journal.at })
    .from(journal)
    .where(eq(journal.owner, owner))
    .orderBy(journal.seq)
    .limit(1)
  const end = from + rows.length
  const total = rows[0]?.total ?? 0
  return {
    items: then.map((row) => ({ ...viewMemory(row), since: sinceThen(row, now.get(row.id)) })),
    total,
    nextCursor: end < total ? String(end) : null,
    earliest: first?.at ?? null,
  }
}

function sinceThen(then: MemoryRow, now: MemoryRow | undefined): 'same' | 'changed' | 'gone' {
  if (!now || now.status === 'trashed') return 'gone'
  return sameState(then, now) ? 'same' : 'changed'
}

/** What counts as the state of an item: all of it but counters, versions and times of change. */
const STATE = [
  'kind',
  'text',
  'data',
  'status',
  'confidence',
  'pinned',
  'localOnly',
  'validFrom',
  'validTo',
  'supersededBy',
  'subjectId',
  'objectId',
  'projectId',
  'conversationId',
  'namespace',
] as const satisfies readonly (keyof MemoryRow)[]

export function sameState(one: MemoryRow, other: MemoryRow): boolean {
  return STATE.every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]))
}

/** The parts of a body that a restore writes. */
export function stateOf({ memory: row }: JournalBody): Partial<MemoryRow> {
  return Object.fromEntries(STATE.map((key) => [key, row[key]])) as Partial<MemoryRow>
}
