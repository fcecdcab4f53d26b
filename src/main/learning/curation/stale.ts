// Items whose time is over, by rule: until a day that has passed, or learned long ago and never of use since.
import { and, asc, eq, inArray, isNotNull, isNull, lt, ne, or } from 'drizzle-orm'
import type { ReadHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import type { LearningStore } from '../protocol.ts'
import type { MemoryRow } from '../rows.ts'
import type { CurationGroup } from './group.ts'

const DAY_MS = 86_400_000
/** Days after its end in which an item is still asked about: "How was the concert?" */
const AFTER_END_DAYS = 30
/** Days without a use or a confirmation after which a remark is stale; what is so does not go stale. */
const UNUSED_DAYS = 270
const PASSING_KINDS = ['opinion', 'commitment']
const MOST = 500

/** Items that held until some time ago: put away, found by a search with a mark. */
export async function findExpired(
  db: ReadHandle,
  owner: string,
  store: LearningStore,
  now: Date,
): Promise<CurationGroup[]> {
  const before = new Date(now.getTime() - AFTER_END_DAYS * DAY_MS)
  const rows = await db
    .select()
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        eq(memory.store, store.id),
        eq(memory.status, 'active'),
        isNotNull(memory.validTo),
        lt(memory.validTo, before),
      ),
    )
    .orderBy(asc(memory.validTo), asc(memory.id))
    .limit(MOST)
  return rows.map((row) => putAway('expired', row, true))
}

/** Opinions and plans that were in no prompt and not said again for long. */
export async function findUnused(
  db: ReadHandle,
  owner: string,
  store: LearningStore,
  now: Date,
): Promise<CurationGroup[]> {
  if (store.policy.placement === 'core') return []
  const before = new Date(now.getTime() - UNUSED_DAYS * DAY_MS)
  const rows = await db
    .select()
    .from(memory)
    .where(
      and(
        eq(memory.owner, owner),
        eq(memory.store, store.id),
        eq(memory.status, 'active'),
        inArray(memory.kind, PASSING_KINDS),
        eq(memory.pinned, false),
        ne(memory.author, 'person'),
        lt(memory.updatedAt, before),
        or(isNull(memory.lastUsedAt), lt(memory.lastUsedAt, before)),
      ),
    )
    .orderBy(asc(memory.updatedAt), asc(memory.id))
    .limit(MOST)
  return rows.map((row) => putAway('unused', row, false))
}

function putAway(kind: 'expired' | 'unused', row: MemoryRow, safe: boolean): CurationGroup {
  return {
    kind,
    store: row.store,
    items: [row],
    after: null,
    safe,
    change: { action: 'archive', id: row.id, base: row.version, reason: kind, evidence: [] },
  }
}
