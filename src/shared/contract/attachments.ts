// Files given to a chat: they come in pieces, because one message of the window is at most a megabyte.
import { z } from 'zod'
import { FILE_BYTES_MAX, PIECE_BYTES } from '../attachments.ts'
import { DOCUMENT_NAME_MAX, documentView } from '../documents.ts'
import { conversationId, documentId } from '../ids.ts'
import { base, nothing, words } from './base.ts'

/** Four characters for three bytes. */
const PIECE_CHARACTERS = Math.ceil(PIECE_BYTES / 3) * 4

export const attachments = {
  /** Begins a file for the composer of a chat, which may not exist yet. The same id again begins it anew. */
  begin: base
    .input(
      z.strictObject({
        id: documentId,
        conversationId,
        name: words().trim().min(1, 'The name is empty.').max(DOCUMENT_NAME_MAX, 'The name is too long.'),
        /** Path in the folder it came in with. */
        folder: words().max(1000).nullable().default(null),
        /** What the window says its size is; what comes is counted all the same. */
        bytes: z
          .int()
          .min(0)
          .max(FILE_BYTES_MAX, `The file is larger than the ${FILE_BYTES_MAX / 1_000_000} MB that are read.`),
        /** It was no file: the person pasted it. */
        pasted: z.boolean().default(false),
        /** Of an incognito chat: it never reaches the disk, whatever became of the chat. */
        incognito: z.boolean().default(false),
      }),
    )
    .output(nothing),

  /** The next bytes of it, in order. */
  piece: base
    .input(
      z.strictObject({
        id: documentId,
        /** How many bytes came before. */
        at: z.int().min(0).max(FILE_BYTES_MAX),
        data: z.base64().max(PIECE_CHARACTERS, 'The piece is too long.'),
      }),
    )
    .output(nothing),

  /** Reads it, and keeps its text in the composer until it is sent or removed. */
  finish: base.input(z.strictObject({ id: documentId })).output(
    z.strictObject({
      document: documentView,
      /** Characters that nobody sees and a model reads: they were taken out. */
      removed: z.int(),
    }),
  ),

  /** Ends what began and is not read yet. One that is not there is no error. */
  cancel: base.input(z.strictObject({ id: documentId })).output(nothing),

  /** What lies in the composer of a chat, in the order it came, and what was sent in it, newest first. */
  list: base
    .input(z.strictObject({ conversationId }))
    .output(z.strictObject({ staged: z.array(documentView), sent: z.array(documentView) })),
}
