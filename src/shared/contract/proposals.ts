// The inbox: what was suggested, and the person's decisions. Undoing a decision is `memory.undo` with its batch.
import { z } from 'zod'
import { batchId, proposalId } from '../ids.ts'
import { storeId, storeMode } from '../memory.ts'
import { MOST_AT_ONCE, nearMemory, proposalDecision, proposalGroup, proposalView, trustOffer } from '../proposals.ts'
import { base, MEMORY_MAX, nothing, words } from './base.ts'
import { learningState } from './learning.ts'

/** `open`: all that waits now. `knowledge` and `instructions` are the halves of it; `later` was put off. */
const proposalPart = z.enum(['open', 'knowledge', 'instructions', 'later', 'decided'])

const someIds = z.array(proposalId).min(1).max(MOST_AT_ONCE)

export const proposals = {
  /** Open ones: by the chat or document they came from, the oldest first, and flagged ones behind all others. Decided ones: newest first. */
  list: base
    .input(
      z.strictObject({
        part: proposalPart.default('open'),
        store: storeId.nullable().default(null),
        /** How many to leave out from the start. */
        offset: z.int().min(0).default(0),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.strictObject({
        /** `group` names one of `groups`, null of decided ones; `first`: the one before it is of another group. */
        items: z.array(proposalView.extend({ group: z.string().nullable(), first: z.boolean() })),
        /** Groups of these items; none for decided ones. */
        groups: z.array(proposalGroup),
        /** Of this part. */
        total: z.int(),
        /** Of the parts a person goes through. */
        counts: z.strictObject({ knowledge: z.int(), instructions: z.int(), later: z.int() }),
      }),
    ),

  get: base.input(z.strictObject({ id: proposalId })).output(proposalView),

  /** Known memories that say the same as a suggestion that waits, or contradict it: at most three. */
  near: base.input(z.strictObject({ id: proposalId })).output(z.strictObject({ items: z.array(nearMemory) })),

  /**
   * As it is, or in the person's own words. CONFLICT when the memory changed meanwhile and is not at the version the
   * person saw: the suggestion then shows it.
   */
  accept: base
    .input(
      z.strictObject({
        id: proposalId,
        version: z.int().nullable().default(null),
        text: words().trim().min(1, 'The text is empty.').max(MEMORY_MAX, 'The text is too long.').optional(),
      }),
    )
    .output(proposalDecision),

  /** One act, one undo. What wants a look of its own, what changed and what was decided is left out and named. */
  acceptAll: base.input(z.strictObject({ ids: someIds })).output(
    z.strictObject({
      batchId,
      accepted: z.int(),
      skipped: z.array(
        z.strictObject({
          id: proposalId,
          why: z.enum(['flagged', 'changed', 'decided', 'refused', 'asked', 'instruction']),
        }),
      ),
    }),
  ),

  /** Puts open ones off until a time, or (null) brings them back at once. Decided ones are left out. */
  snooze: base
    .input(z.strictObject({ ids: someIds, until: z.date().nullable() }))
    .output(z.strictObject({ count: z.int() })),

  /** The same claim is not suggested again; with `never` nothing that says it in other words' order is. */
  decline: base.input(z.strictObject({ id: proposalId, never: z.boolean().default(false) })).output(proposalDecision),

  /** Declines all of them: one act, one undo. Decided ones are left out. */
  declineAll: base.input(z.strictObject({ ids: someIds })).output(z.strictObject({ batchId, declined: z.int() })),

  /** Whether a kind should learn by itself from now on, or ask again; null when there is nothing to offer. */
  offer: base.input(nothing).output(z.strictObject({ offer: trustOffer.nullable() })),

  /** What the person says to an offer. A mode is changed only by a yes, and what was answered is not offered again. */
  answerOffer: base.input(z.strictObject({ store: storeId, to: storeMode, accept: z.boolean() })).output(learningState),
}
