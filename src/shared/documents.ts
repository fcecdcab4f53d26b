// Texts that came in as files, as the core and the window know them.
import { z } from 'zod'
import { conversationId, documentId } from './ids.ts'

/** Most characters of one document, and of its name. */
export const DOCUMENT_MAX = 2_000_000
/** What the window may send at once: a message of it is at most a megabyte. */
export const DOCUMENT_SENT_MAX = 250_000
export const DOCUMENT_NAME_MAX = 200

/** What kind of file a document was read from; `pasted`: it was none. */
export const documentKind = z.enum(['text', 'markdown', 'code', 'pdf', 'pasted'])
export type DocumentKind = z.infer<typeof documentKind>

export const documentView = z.strictObject({
  id: documentId,
  name: z.string(),
  kind: documentKind,
  /** Path in the folder it came in with; null: it came alone. */
  folder: z.string().nullable(),
  /** Size of the file it was read from; null: it was none. */
  bytes: z.number().nullable(),
  /** Pages of a PDF. */
  pages: z.int().nullable(),
  /** The conversation it was given to; null: it stands for itself. */
  conversationId: conversationId.nullable(),
  characters: z.int(),
  createdAt: z.date(),
  /** In the bin: found by nothing, and gone for good soon. */
  binned: z.boolean(),
})
export type DocumentView = z.infer<typeof documentView>
