// Tidying what is known: a plan first, then the person's word, one undo for all of it.
import { z } from 'zod'
import { batchId } from '../ids.ts'
import { memoryView, storeId } from '../memory.ts'
import { base } from './base.ts'

/**
 * `duplicate`: word for word the same. `near-duplicate`: the same by rule. `expired`: its time is over. `unused`: of no
 * use for long. `store`: what its store knows to be stale or of no help.
 */
export const curationKind = z.enum(['duplicate', 'near-duplicate', 'expired', 'unused', 'store'])
export type CurationKind = z.infer<typeof curationKind>

const group = z.strictObject({
  /** Names it in `apply`, while none of its items changed. */
  key: z.string(),
  kind: curationKind,
  store: storeId,
  /** Why, of a suggestion its store makes. */
  reason: z.string(),
  /** The one that stays stands first, where one does. */
  items: z.array(memoryView),
  /** What they become; null: they are put away. */
  after: z.string().nullable(),
  /** Loses nothing; may be carried out unasked where the person allows that. */
  safe: z.boolean(),
  /** Holds something that the person wrote or pinned. */
  protected: z.boolean(),
})

export const curation = {
  /** What could be tidied. Nothing is changed. The list holds the first 500; the count is exact. */
  plan: base
    .input(z.strictObject({ store: storeId.nullable().default(null) }))
    .output(z.strictObject({ groups: z.array(group), count: z.int() })),

  /** Carries out what the person saw and chose: one batch, one undo. What changed meanwhile is left out and named. */
  apply: base.input(z.strictObject({ keys: z.array(z.string().max(100_000)).min(1).max(500) })).output(
    z.strictObject({
      batchId,
      applied: z.int(),
      skipped: z.array(z.string()),
    }),
  ),
}
