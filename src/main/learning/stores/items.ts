// What a store reads of its own: the one way from a definition to its rows.
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { ConversationId, MemoryId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import { searchMemoriesByWords } from '../../database/search.ts'
import { isVisible, onlyOwn } from '../../database/visible.ts'
import type { StoredItem } from '../protocol.ts'
import { readMemories, storedItem } from '../rows.ts'

interface Wanted {
  owner: string
  store: StoreId
  kinds?: readonly string[]
  /** Only items that belong to this conversation. */
  conversationId?: ConversationId
  /** At most so many, the newest. */
  limit: number
}

/** @returns the person's own active items of one store, newest first; their content was checked when it was written */
export async function itemsOf<Content>(
  db: ReadHandle,
  { owner, store, kinds, conversationId, limit }: Wanted,
): Promise<StoredItem<Content>[]> {
  const rows = await db
    .select()
    .from(memory)
    .where(
      and(
        isVisible(onlyOwn(owner), sql`memory`),
        eq(memory.store, store),
        eq(memory.status, 'active'),
        kinds ? inArray(memory.kind, [...kinds]) : undefined,
        conversationId ? eq(memory.conversationId, conversationId) : undefined,
      ),
    )
    .orderBy(desc(memory.updatedAt), desc(memory.id))
    .limit(limit)
  return rows.map((row) => storedItem(row) as unknown as StoredItem<Content>)
}

/** @returns the person's own active items of one store that share words with a text, best first */
export async function itemsNear<Content>(
  db: ReadHandle,
  { owner, store, text, limit }: { owner: string; store: StoreId; text: string; limit: number },
): Promise<StoredItem<Content>[]> {
  const filter = { viewer: onlyOwn(owner), stores: [store], statuses: ['active'] as const }
  const hits = await searchMemoriesByWords(db, { ...filter, query: text, limit })
  const rows = await readMemories(
    db,
    owner,
    hits.map(({ id }) => id),
  )
  return hits.flatMap(({ id }) => {
    const row = rows.get(id)
    return row ? [storedItem(row) as unknown as StoredItem<Content>] : []
  })
}

const SHORT_ID = 6

/** @returns what a line of the prompt calls an item: the end of its id, which is random */
export function shortId(id: MemoryId): string {
  return id.slice(-SHORT_ID)
}

/** Items that a text calls by their short id, however old they are. */
export async function itemsCalled<Content>(
  db: ReadHandle,
  { owner, store, text }: { owner: string; store: StoreId; text: string },
): Promise<StoredItem<Content>[]> {
  const called = new Set(
    [...text.matchAll(/(?<![\p{L}\p{N}])#?([0-9a-f]{6})(?![\p{L}\p{N}])/giu)].map(
      (found) => found[1]?.toLowerCase() ?? '',
    ),
  )
  if (called.size === 0) return []
  const rows = await db
    .select()
    .from(memory)
    .where(
      and(
        isVisible(onlyOwn(owner), sql`memory`),
        eq(memory.store, store),
        eq(memory.status, 'active'),
        inArray(sql`right(${memory.id}::text, ${sql.raw(String(SHORT_ID))})`, [...called]),
      ),
    )
    .orderBy(desc(memory.id))
    .limit(called.size)
  return rows.map((row) => storedItem(row) as unknown as StoredItem<Content>)
}
