// What was learned: list, search, read, correct, forget, undo.
import { z } from 'zod'
import { batchId, memoryId } from '../ids.ts'
import { evidenceView, historyEntry, memoryStatus, memoryView, storeId } from '../memory.ts'
import { base, MEMORY_MAX, words } from './base.ts'

const memoryText = words().trim().min(1, 'The text is empty.').max(MEMORY_MAX, 'The text is too long.')
const changed = z.strictObject({ memory: memoryView, batchId })

export const memory = {
  list: base
    .input(
      z.strictObject({
        /** Searched by words and by meaning; empty lists newest first. */
        query: words().max(500).default(''),
        store: storeId.nullable().default(null),
        status: memoryStatus.default('active'),
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.strictObject({
        items: z.array(memoryView.extend({ quote: z.string().nullable(), conversationTitle: z.string().nullable() })),
        total: z.int(),
        /** Active items by store, whatever the filter. */
        counts: z.record(z.string(), z.int()),
        nextCursor: z.string().nullable(),
      }),
    ),

  get: base.input(z.strictObject({ id: memoryId })).output(
    z.strictObject({
      memory: memoryView,
      evidence: z.array(evidenceView),
      history: z.array(historyEntry),
      /** The item this one replaced, or that replaced it. */
      replaces: memoryView.nullable(),
      replacedBy: memoryView.nullable(),
    }),
  ),

  /** Writes a memory by hand; hand-written items are marked and never changed by automation without a proposal. */
  add: base.input(z.strictObject({ store: storeId, text: memoryText })).output(changed),

  /** A new version of the same item. `version` is the one the person saw; CONFLICT when it changed meanwhile. */
  edit: base.input(z.strictObject({ id: memoryId, version: z.int(), text: memoryText })).output(changed),

  pin: base.input(z.strictObject({ id: memoryId, pinned: z.boolean() })).output(changed),

  /** Forgets at once for every prompt and list; final when `finalAt` passes, until then `undo` brings it back. */
  forget: base
    .input(z.strictObject({ ids: z.array(memoryId).min(1).max(1000) }))
    .output(z.strictObject({ batchId, finalAt: z.date(), count: z.int() })),

  /** Takes back one batch of changes: an undo of learning, of an edit, or of forgetting. */
  undo: base.input(z.strictObject({ batchId })).output(z.strictObject({ batchId, count: z.int() })),
}
