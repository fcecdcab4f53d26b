// Stores: what each learns and holds, as a table too; and those a person makes: name, fields, what to look for. Kept as data,
// tried out before they learn.
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { customField, customStoreDefinition, FIELDS_MAX } from '../custom-store.ts'
import { appErrorView } from '../errors.ts'
import { conversationId, messageId } from '../ids.ts'
import { memoryView, namespace, neverKeepRules, storeId } from '../memory.ts'
import { fieldType, storeField } from '../store-field.ts'
import { base, nothing, words } from './base.ts'

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

const storeOverview = z.strictObject({
  id: storeId,
  title: z.string(),
  /** How the person made it; null of one that comes with the app. */
  own: customStoreView.nullable(),
  /** Who sees what it learns. */
  namespace,
  fields: z.array(storeField),
  /** Active items. */
  items: z.int(),
  lastLearnedAt: z.date().nullable(),
  /** What is never kept there, in the person's words. */
  neverKeep: z.array(z.string()),
})
export type StoreOverview = z.infer<typeof storeOverview>

const storeRow = memoryView.extend({
  /** The first words it rests on, and where they were said. */
  quote: z.string().nullable(),
  conversationId: conversationId.nullable(),
  messageId: messageId.nullable(),
  conversationTitle: z.string().nullable(),
})
export type StoreRow = z.infer<typeof storeRow>

const trialFind = z.strictObject({
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
  quote: z.string(),
  /** Of the quote in its message, in UTF-16 offsets. */
  start: z.int().nullable(),
  end: z.int().nullable(),
  conversationId,
  conversationTitle: z.string(),
  messageId,
})
export type TrialFind = z.infer<typeof trialFind>

const trialEvent = z.discriminatedUnion('type', [
  /** `done` of `turns` messages were looked at. */
  z.strictObject({ type: z.literal('progress'), done: z.int(), turns: z.int() }),
  z.strictObject({ type: z.literal('find'), find: trialFind }),
  z.strictObject({ type: z.literal('failed'), error: appErrorView }),
])
export type TrialEvent = z.infer<typeof trialEvent>

export const stores = {
  /** Every store, in the order of the machine. */
  overview: base.input(nothing).output(z.strictObject({ stores: z.array(storeOverview) })),

  /** Active items of a store, page by page. */
  rows: base
    .input(
      z.strictObject({
        id: storeId,
        /** Parts of words of an item or its fields. */
        query: words().max(500).default(''),
        /** Only items of these kinds; null: of all. */
        kinds: z
          .array(z.string().regex(/^[a-z][a-z_]{0,59}$/))
          .max(20)
          .nullable()
          .default(null),
        sort: z
          .strictObject({
            /** `text`, `createdAt`, `updatedAt`, or a field of the store. */
            by: z.string().max(60).default('updatedAt'),
            descending: z.boolean().default(true),
          })
          .default({ by: 'updatedAt', descending: true }),
        cursor: z.int().min(0).nullable().default(null),
        limit: z.int().min(1).max(1000).default(100),
      }),
    )
    .output(z.strictObject({ items: z.array(storeRow), total: z.int(), nextCursor: z.int().nullable() })),

  /** Replaces what a store never keeps. */
  setNeverKeep: base
    .input(z.strictObject({ id: storeId, rules: neverKeepRules }))
    .output(z.strictObject({ rules: z.array(z.string()) })),

  /** Which rule a sentence would fall under; null: it would be kept. */
  tryNeverKeep: base
    .input(z.strictObject({ rules: neverKeepRules, text: words().max(2000) }))
    .output(z.strictObject({ rule: z.string().nullable() })),

  list: base.input(nothing).output(z.strictObject({ stores: z.array(customStoreView) })),

  /** Those that were removed and can come back, the last one first. */
  removed: base
    .input(nothing)
    .output(z.strictObject({ stores: z.array(customStoreView.extend({ removedAt: z.date() })) })),

  create: base.input(z.strictObject({ definition: customStoreDefinition })).output(customStoreView),

  /** What other fields would mean for the values that are there; nothing is changed. */
  previewChange: base.input(z.strictObject({ id: storeId, fields: z.array(customField).max(FIELDS_MAX) })).output(
    z.strictObject({
      items: z.int(),
      fields: z.array(
        z.strictObject({
          key: z.string(),
          label: z.string(),
          before: z.strictObject({ label: z.string(), type: fieldType }).nullable(),
          after: z.strictObject({ label: z.string(), type: fieldType }).nullable(),
          change: z.enum(['added', 'removed', 'renamed', 'retyped', 'choices']),
          /** Items with a value in it. */
          values: z.int(),
          /** Of these: values that would not fit and stay as they were written. */
          misfits: z.int(),
          /** Some of the values that are no longer shown, or would not fit. */
          samples: z.array(z.string()),
        }),
      ),
    }),
  ),

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

  /** What it would learn from past conversations, the latest turns first, as it is found. Nothing is saved. */
  trial: base
    .input(
      z.strictObject({
        definition: customStoreDefinition,
        /** Of one conversation; null: of all. */
        conversationId: conversationId.nullable().default(null),
        turns: z.int().min(1).max(50).default(20),
      }),
    )
    .output(eventIterator(trialEvent)),
}
