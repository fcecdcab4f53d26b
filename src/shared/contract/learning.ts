// The state of learning: the stores, the queue, the switch (the switch itself is a setting).
import { z } from 'zod'
import { storeId, storeMode } from '../memory.ts'
import { base, nothing } from './base.ts'

export const storeView = z.strictObject({
  id: storeId,
  title: z.string(),
  mode: storeMode,
  modes: z.array(storeMode),
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
  stores: z.array(storeView),
})
export type LearningState = z.infer<typeof learningState>

export const learning = {
  state: base.input(nothing).output(learningState),
  setMode: base.input(z.strictObject({ store: storeId, mode: storeMode })).output(learningState),
  setReadOnly: base.input(z.strictObject({ store: storeId, readOnly: z.boolean() })).output(learningState),
  retryFailed: base.input(nothing).output(z.strictObject({ count: z.int() })),
}
