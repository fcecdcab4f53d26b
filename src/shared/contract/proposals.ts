// The inbox: what was suggested, and the person's decisions. Undoing a decision is `memory.undo` with its batch.
import { z } from 'zod'
import { batchId, proposalId } from '../ids.ts'
import { storeId } from '../memory.ts'
import { proposalDecision, proposalStatus, proposalView } from '../proposals.ts'
import { base, MEMORY_MAX, words } from './base.ts'

export const proposals = {
  /** Open ones: those without a flag first, then the oldest first. Decided ones: the newest first. */
  list: base
    .input(
      z.strictObject({
        status: proposalStatus.default('open'),
        store: storeId.nullable().default(null),
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.strictObject({ items: z.array(proposalView), total: z.int(), nextCursor: z.string().nullable() })),

  get: base.input(z.strictObject({ id: proposalId })).output(proposalView),

  /** As it is, or in the person's own words. CONFLICT when the memory changed meanwhile: the suggestion then shows it. */
  accept: base
    .input(
      z.strictObject({
        id: proposalId,
        text: words().trim().min(1, 'The text is empty.').max(MEMORY_MAX, 'The text is too long.').optional(),
      }),
    )
    .output(proposalDecision),

  /** One act, one undo. Flagged ones, those that changed or were decided, and those of mode `ask` are left out and named. */
  acceptAll: base.input(z.strictObject({ ids: z.array(proposalId).min(1).max(50) })).output(
    z.strictObject({
      batchId,
      accepted: z.int(),
      skipped: z.array(
        z.strictObject({ id: proposalId, why: z.enum(['flagged', 'changed', 'decided', 'refused', 'asked']) }),
      ),
    }),
  ),

  /** The same claim is not suggested again; with `never` nothing that says it in other words' order is. */
  decline: base.input(z.strictObject({ id: proposalId, never: z.boolean().default(false) })).output(proposalDecision),
}
