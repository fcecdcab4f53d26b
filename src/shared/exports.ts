// Exports as the core and the window know them.
import { z } from 'zod'
import { conversationId, entityId, exportId, projectId } from './ids.ts'
import { importKind } from './imports.ts'
import { namespace, storeId } from './memory.ts'

/** What of the profile goes into an archive; what is absent does not narrow it. */
export const exportSelection = z.strictObject({
  stores: z.array(storeId).min(1).max(1000).optional(),
  /** What is known of a person or thing. */
  entityId: entityId.optional(),
  projectId: projectId.optional(),
  namespace: namespace.optional(),
  /** Made or changed from this time on, and before that one. */
  from: z.date().optional(),
  to: z.date().optional(),
  conversations: z.boolean(),
})
export type ExportSelection = z.infer<typeof exportSelection>

/** `archive`: everything of a selection, to keep or to bring in elsewhere. `conversation`: one chat as a plain text. */
export const exportWish = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('archive'), selection: exportSelection }),
  z.strictObject({
    type: z.literal('conversation'),
    id: conversationId,
    format: z.enum(['markdown', 'json']),
  }),
])
export type ExportWish = z.infer<typeof exportWish>

export const exportPreview = z.strictObject({
  counts: z.partialRecord(importKind, z.int()),
  /** About the size of the file. */
  bytes: z.number(),
})
export type ExportPreview = z.infer<typeof exportPreview>

export const exportView = z.strictObject({
  id: exportId,
  /** Name of the file. */
  name: z.string(),
  state: z.enum(['running', 'ready', 'failed', 'cancelled']),
  encrypted: z.boolean(),
  /** Rows written so far, and of how many. */
  done: z.int(),
  total: z.int(),
  /** Size of the file; null until it is ready. */
  bytes: z.number().nullable(),
  /** Where it was written; null: it waits to be fetched in pieces, and goes then. */
  path: z.string().nullable(),
  /** Why it failed, in words for a person. */
  error: z.string().nullable(),
})
export type ExportView = z.infer<typeof exportView>
