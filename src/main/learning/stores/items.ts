// What a store reads of its own: the one way from a definition to its rows.
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { ConversationId } from '../../../shared/ids.ts'
import type { StoreId } from '../../../shared/memory.ts'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import { isVisible, onlyOwn } from '../../database/visible.ts'
import type { StoredItem } from '../protocol.ts'
import { storedItem } from '../rows.ts'

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
