// What is known of the person, by store, as they ask for it in a chat: the same rows as the memory page, without a model.
import { and, count, desc, eq, sql } from 'drizzle-orm'
import type { MemoryId } from '../../shared/ids.ts'
import type { StoreId } from '../../shared/memory.ts'
import type { ReadHandle } from '../database/database.ts'
import { memory } from '../database/schema.ts'
import { isVisible, onlyOwn, type Viewer } from '../database/visible.ts'
import type { LearningStore } from './protocol.ts'

export interface KnownGroup {
  store: StoreId
  title: string
  /** The pinned first, then the newest. */
  items: { id: MemoryId; version: number; text: string; pinned: boolean }[]
  /** All there are. */
  total: number
}

/** Stores that say something of the person or their life, and not of one chat or of how to answer. */
const LEFT_OUT: ReadonlySet<StoreId> = new Set(['session_context', 'feedback', 'self_improvement'])
/** Most items of a store. The profile is told whole. */
const NAMED = 8
const PROFILE: StoreId = 'user_profile'
const PROFILE_NAMED = 40

/** @param stores those that may be used now */
export async function readKnown(
  db: ReadHandle,
  owner: string,
  stores: readonly LearningStore[],
  place: NonNullable<Viewer['place']>,
): Promise<KnownGroup[]> {
  const groups: KnownGroup[] = []
  for (const { id, title } of stores.filter((store) => !LEFT_OUT.has(store.id))) {
    const here = and(
      isVisible({ ...onlyOwn(owner), place }, sql`memory`),
      eq(memory.store, id),
      eq(memory.status, 'active'),
    )
    const items = await db
      .select({ id: memory.id, version: memory.version, text: memory.text, pinned: memory.pinned })
      .from(memory)
      .where(here)
      .orderBy(desc(memory.pinned), desc(memory.updatedAt), desc(memory.id))
      .limit(id === PROFILE ? PROFILE_NAMED : NAMED)
    const [all] = await db.select({ n: count() }).from(memory).where(here)
    if (items.length > 0) groups.push({ store: id, title, items, total: all?.n ?? items.length })
  }
  return groups
}
