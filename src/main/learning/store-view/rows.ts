// The items of one store as a table: searched in their words and fields, sorted by any column, page by page.
import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Inputs, Outputs } from '../../../shared/contract/index.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import { NO_SOURCE, readSources } from '../list.ts'
import type { LearningStore } from '../protocol.ts'
import { readMemories, viewMemory } from '../rows.ts'
import { fieldsOf } from './fields.ts'

type Rows = Outputs['stores']['rows']

/** @throws AppError INVALID_INPUT for a column the store does not have */
export async function readRows(
  db: ReadHandle,
  store: LearningStore,
  owner: string,
  { query = '', kinds = null, sort, cursor = null, limit = 100 }: Inputs['stores']['rows'],
): Promise<Rows> {
  const { by = 'updatedAt', descending = true } = sort ?? {}
  const start = cursor ?? 0
  const listed = and(
    eq(memory.owner, owner),
    eq(memory.store, store.id),
    eq(memory.status, 'active'),
    kinds === null
      ? undefined
      : sql`${memory.kind} = any(${sql.param(`{${kinds.map((kind) => `"${kind}"`).join(',')}}`)}::text[])`,
    query.trim() === '' ? undefined : says(query.trim()),
  )
  // Places are sorted, and rows read after: a row is much wider than its place.
  const places = await db
    .select({ id: memory.id })
    .from(memory)
    .where(listed)
    .orderBy(...orderOf(store, by, descending))
    .limit(limit + 1)
    .offset(start)
  const total = await db.$count(memory, listed)
  const ids = places.slice(0, limit).map(({ id }) => id)
  const [rows, sources] = await Promise.all([readMemories(db, owner, ids), readSources(db, ids)])
  return {
    items: ids.flatMap((id) => {
      const row = rows.get(id)
      const { quote, conversationId, messageId, conversationTitle } = sources.get(id) ?? NO_SOURCE
      return row ? [{ ...viewMemory(row), quote, conversationId, messageId, conversationTitle }] : []
    }),
    total,
    nextCursor: places.length > limit ? start + limit : null,
  }
}

/** Words of an item or of one of its fields; parts of words too, as a person types them. */
function says(query: string): SQL {
  const pattern = `%${query.replace(/[\\%_]/g, '\\$&')}%`
  return sql`(${memory.text} ilike ${pattern} or exists (select 1 from jsonb_each_text(${memory.data}) as field where field.value ilike ${pattern}))`
}

/** What is empty stands at the end, whichever way; items that are alike stand by their age. */
function orderOf(store: LearningStore, by: string, descending: boolean): SQL[] {
  const way = descending ? desc : asc
  switch (by) {
    case 'text':
      return [way(sql`lower(${memory.text})`), way(memory.id)]
    case 'updatedAt':
      return [way(memory.updatedAt), way(memory.id)]
    case 'createdAt':
      return [way(memory.createdAt), way(memory.id)]
    default: {
      if (!fieldsOf(store).some(({ key }) => key === by)) {
        throw new AppError('INVALID_INPUT', `"${store.title}" has no field "${by}" to sort by.`, { field: 'sort.by' })
      }
      // JSON compares numbers as numbers and texts as texts.
      const value = sql`nullif(nullif(${memory.data} -> ${by}, 'null'::jsonb), '""'::jsonb)`
      return [descending ? sql`${value} desc nulls last` : sql`${value} asc nulls last`, way(memory.id)]
    }
  }
}
