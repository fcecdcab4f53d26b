// One act on many items at once: pinned or not, put away or used again, to be shared or not. One batch, so one undo takes all of
// it back.
import { and, eq, inArray, ne, type SQL } from 'drizzle-orm'
import type { ManyAct } from '../../../shared/contract/memory.ts'
import type { MemoryId } from '../../../shared/ids.ts'
import type { ChangeAction, MemoryStatus } from '../../../shared/memory.ts'
import { isAnyOf } from '../../database/any-of.ts'
import type { WriteHandle } from '../../database/database.ts'
import { memory } from '../../database/schema.ts'
import { readWholeRows } from '../../database/whole-rows.ts'
import type { Batch } from '../change/batch.ts'
import { noteAll, updateRows } from '../change/write-items.ts'
import { bodyOf } from '../rows.ts'

interface Effect {
  action: ChangeAction
  reason: string | null
  set: { pinned: boolean } | { status: MemoryStatus } | { localOnly: boolean }
  /** Items it changes anything of. */
  applies: SQL | undefined
}

const EFFECTS: Record<ManyAct, Effect> = {
  pin: { action: 'pin', reason: null, set: { pinned: true }, applies: eq(memory.pinned, false) },
  unpin: { action: 'pin', reason: null, set: { pinned: false }, applies: eq(memory.pinned, true) },
  archive: {
    action: 'archive',
    reason: 'by-hand',
    set: { status: 'archived' },
    applies: inArray(memory.status, ['active', 'paused']),
  },
  activate: {
    action: 'restore',
    reason: 'activated',
    set: { status: 'active' },
    applies: inArray(memory.status, ['archived', 'paused']),
  },
  keepHere: { action: 'update', reason: 'kept-here', set: { localOnly: true }, applies: eq(memory.localOnly, false) },
  mayShare: { action: 'update', reason: 'may-share', set: { localOnly: false }, applies: eq(memory.localOnly, true) },
}

/** @returns the items that changed; those that are so already are left alone */
export async function changeMany(
  tx: WriteHandle,
  batch: Batch,
  ids: readonly MemoryId[],
  act: ManyAct,
): Promise<MemoryId[]> {
  const { action, reason, set, applies } = EFFECTS[act]
  const seen = and(ne(memory.status, 'trashed'), ne(memory.status, 'proposed'))
  const own = and(eq(memory.owner, batch.owner), isAnyOf(memory.id, ids))
  const before = await readWholeRows(tx, memory, and(own, seen, applies))
  const changes = await updateRows(tx, batch, before, set)
  await noteAll(
    tx,
    batch,
    changes.map((one) => ({ action, reason, before: bodyOf(one.before), after: bodyOf(one.after), row: one.after })),
  )
  return before.map(({ id }) => id)
}
