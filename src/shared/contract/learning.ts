// The state of learning: the stores, the queue, the switch (the switch itself is a setting).
import { z } from 'zod'
import { storeIcon } from '../custom-store.ts'
import { batchId, memoryId, messageId } from '../ids.ts'
import { storeId, storeMode } from '../memory.ts'
import { base, nothing } from './base.ts'

export const storeView = z.strictObject({
  id: storeId,
  title: z.string(),
  /** The sign the person gave it; null of one that comes with the app. */
  icon: storeIcon.nullable(),
  mode: storeMode,
  modes: z.array(storeMode),
  /** The mode it has when nobody sets one. */
  defaultMode: storeMode,
  /** Used in answers, and not learned. */
  readOnly: z.boolean(),
  active: z.int(),
})
export type StoreView = z.infer<typeof storeView>

export const learningState = z.strictObject({
  enabled: z.boolean(),
  /** Turns waiting to be learned from, being learned from, and those that failed and can be retried. */
  queued: z.int(),
  running: z.int(),
  failed: z.int(),
  /** Suggestions in the inbox, without those put off. */
  waiting: z.int(),
  stores: z.array(storeView),
})
export type LearningState = z.infer<typeof learningState>

export const learningLevel = z.enum(['off', 'basic', 'by_itself'])
export type LearningLevel = z.infer<typeof learningLevel>

export const learning = {
  state: base.input(nothing).output(learningState),
  setMode: base.input(z.strictObject({ store: storeId, mode: storeMode })).output(learningState),
  /** Back to the default mode, of one store or (null) of all. */
  resetModes: base.input(z.strictObject({ store: storeId.nullable() })).output(learningState),
  setReadOnly: base.input(z.strictObject({ store: storeId, readOnly: z.boolean() })).output(learningState),
  /** Nothing; the profile and memories alone; or every kind of learning in its default mode. Modes that were set stay. */
  setLevel: base.input(z.strictObject({ level: learningLevel })).output(learningState),
  /**
   * The person reacted to an answer: a thumb, an edit, another answer asked for, one stopped, a memory that is not relevant.
   * @returns what undoes what was learned of it; null when no store that learns wanted to know
   */
  react: base
    .input(
      z.strictObject({
        answerId: messageId,
        signal: z.enum(['up', 'down', 'edit', 'regenerate', 'stop', 'irrelevant']),
        comment: z.string().max(2000).optional(),
        /** With `edit`: the answer as the person changed it. */
        edited: z.string().max(100_000).optional(),
        /** With `irrelevant`. */
        memoryId: memoryId.optional(),
      }),
    )
    .output(z.strictObject({ batchId: batchId.nullable() })),
  retryFailed: base.input(nothing).output(z.strictObject({ count: z.int() })),
}
