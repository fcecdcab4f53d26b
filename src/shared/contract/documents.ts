// Texts the person gives as documents: they are searched and quoted, and never taken for the person's own words.
import { z } from 'zod'
import { DOCUMENT_NAME_MAX, DOCUMENT_SENT_MAX, documentView } from '../documents.ts'
import { conversationId, documentId } from '../ids.ts'
import { base, nothing, words } from './base.ts'

export const documents = {
  add: base
    .input(
      z.strictObject({
        name: words().trim().min(1, 'The name is empty.').max(DOCUMENT_NAME_MAX, 'The name is too long.'),
        text: words().max(DOCUMENT_SENT_MAX, 'The document is too long.'),
        conversationId: conversationId.nullable().default(null),
      }),
    )
    .output(
      z.strictObject({
        document: documentView,
        /** Characters that nobody sees and a model reads: they were taken out. */
        removed: z.int(),
      }),
    ),

  list: base
    .input(
      z.strictObject({
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.strictObject({ items: z.array(documentView), total: z.int(), nextCursor: z.string().nullable() })),

  get: base
    .input(z.strictObject({ id: documentId }))
    .output(z.strictObject({ document: documentView, text: z.string() })),

  /** Found by nothing at once; gone for good when `finalAt` passes, until then `restore` brings it back. */
  remove: base.input(z.strictObject({ id: documentId })).output(z.strictObject({ finalAt: z.date() })),
  restore: base.input(z.strictObject({ id: documentId })).output(nothing),
}
