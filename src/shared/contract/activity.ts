// What happened to what was learned, newest first: the journal by acts, and the answers it was used in.
import { z } from 'zod'
import { batchId, conversationId, memoryId, messageId } from '../ids.ts'
import { changeAction, storeId } from '../memory.ts'
import { base } from './base.ts'

/** `changed`: corrected, pinned, put away, merged, split, ended. `undone`: something was taken back or brought back. */
export const activityKind = z.enum(['learned', 'changed', 'forgotten', 'undone', 'used'])
export type ActivityKind = z.infer<typeof activityKind>

/** `learning`: from what was said. `assistant`: by a tool. `tidying`: by the clean-up. */
export const activityActor = z.enum(['person', 'learning', 'assistant', 'tidying', 'other'])
export type ActivityActor = z.infer<typeof activityActor>

/** Whether an act can be taken back: `newer` when a later change stands on it, `final` when its words are gone. */
export const undoState = z.enum(['possible', 'undone', 'newer', 'final', 'never'])
export type UndoState = z.infer<typeof undoState>

/** An item an act was about. Texts are null once it was forgotten, or erased. */
const activityItem = z.strictObject({
  /** Place in the journal. */
  seq: z.int(),
  memoryId,
  store: storeId,
  action: changeAction,
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string().nullable(),
  /** It can be opened. */
  isThere: z.boolean(),
})

const place = {
  conversationId: conversationId.nullable(),
  conversationTitle: z.string().nullable(),
  messageId: messageId.nullable(),
}

export const activityEntry = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('change'),
    batchId,
    kind: activityKind.exclude(['used']),
    actor: activityActor,
    at: z.date(),
    /** The first of them; `count` is of all. */
    items: z.array(activityItem),
    count: z.int(),
    undo: undoState,
    ...place,
  }),
  z.strictObject({
    type: z.literal('use'),
    /** The answer. */
    messageId,
    at: z.date(),
    items: z.array(activityItem.pick({ memoryId: true, store: true, after: true, isThere: true })),
    count: z.int(),
    conversationId,
    conversationTitle: z.string(),
  }),
])
export type ActivityEntry = z.infer<typeof activityEntry>

export const activity = {
  list: base
    .input(
      z.strictObject({
        /** Null: of every kind. */
        kind: activityKind.nullable().default(null),
        store: storeId.nullable().default(null),
        actor: activityActor.nullable().default(null),
        /** From this time on, and before that one. */
        from: z.date().nullable().default(null),
        to: z.date().nullable().default(null),
        cursor: z.string().max(100).nullable().default(null),
        limit: z.int().min(1).max(100).default(40),
      }),
    )
    .output(z.strictObject({ entries: z.array(activityEntry), nextCursor: z.string().nullable() })),
}
