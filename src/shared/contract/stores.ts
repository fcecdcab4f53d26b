// Stores a person makes: name, fields, what to look for. Kept as data, tried out before they learn.
import { z } from 'zod'
import { customStoreDefinition } from '../custom-store.ts'
import { conversationId, messageId } from '../ids.ts'
import { storeId } from '../memory.ts'
import { base, nothing } from './base.ts'

export const customStoreView = z.strictObject({
  id: storeId,
  /** Grows with each change of the definition. */
  version: z.int(),
  definition: customStoreDefinition,
  /** Active items. */
  items: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
})
export type CustomStoreView = z.infer<typeof customStoreView>

export const stores = {
  list: base.input(nothing).output(z.strictObject({ stores: z.array(customStoreView) })),

  create: base.input(z.strictObject({ definition: customStoreDefinition })).output(customStoreView),

  /**
   * `version` is the one the person saw; CONFLICT when it changed meanwhile. Items keep what they hold: a field that is
   * gone is not shown and comes back with its key, a value that no longer fits its type stays as it was written.
   */
  change: base
    .input(z.strictObject({ id: storeId, version: z.int(), definition: customStoreDefinition }))
    .output(customStoreView),

  /** Learns nothing and stands in no prompt any more; its items are kept and come back with `restore`. */
  remove: base.input(z.strictObject({ id: storeId })).output(nothing),
  restore: base.input(z.strictObject({ id: storeId })).output(customStoreView),

  /** What it would learn from past conversations, the latest turns first. Nothing is saved. */
  trial: base
    .input(z.strictObject({ definition: customStoreDefinition, turns: z.int().min(1).max(50).default(20) }))
    .output(
      z.strictObject({
        finds: z.array(
          z.strictObject({
            text: z.string(),
            data: z.record(z.string(), z.unknown()),
            quote: z.string(),
            conversationId,
            conversationTitle: z.string(),
            messageId,
          }),
        ),
        /** Turns it looked at. */
        turns: z.int(),
      }),
    ),
}
