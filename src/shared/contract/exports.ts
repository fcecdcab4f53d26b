// Taking data out: an archive of everything or of a part, a conversation or a store as plain text. The file is made in the
// background; a window fetches it in pieces, a program names a path.
import { z } from 'zod'
import { exportPreview, exportSelection, exportView, exportWish } from '../exports.ts'
import { exportId } from '../ids.ts'
import { namespace } from '../memory.ts'
import { base, nothing } from './base.ts'

/** Longest passphrase, in characters; there is no shortest but the empty one. */
const PASSPHRASE_MAX = 1000
export const passphrase = z
  .string()
  .min(1, 'The passphrase is empty.')
  .max(PASSPHRASE_MAX, 'The passphrase is too long.')

/** Bytes of a piece of a file on its way to a window. */
export const EXPORT_PIECE_BYTES = 512 * 1024

export const exports = {
  /** What would go into an archive, and about how large it is. */
  preview: base.input(exportSelection).output(exportPreview),

  /** Where the person's memories are seen: their own place, everyone's, teams'. */
  namespaces: base.input(nothing).output(z.strictObject({ namespaces: z.array(namespace) })),

  /** Begins to make the file. */
  begin: base
    .input(
      z.strictObject({
        wish: exportWish,
        /** With one the file can be opened by nobody who does not know it. */
        passphrase: passphrase.nullable().default(null),
        /** Absolute path of the file to write, which must not be there yet; null: it is fetched in pieces. */
        path: z.string().min(1).max(4096).nullable().default(null),
      }),
    )
    .output(exportView),

  /** Those under way and those that wait to be fetched. */
  list: base.input(nothing).output(z.strictObject({ exports: z.array(exportView) })),

  get: base.input(z.strictObject({ id: exportId })).output(exportView),

  /** The next bytes of a file that is ready; fewer than a whole piece at its end. */
  piece: base.input(z.strictObject({ id: exportId, at: z.int().min(0) })).output(z.strictObject({ data: z.base64() })),

  /** Stops it, or lets go of one that was fetched: its file goes. One that is not there is no error. */
  discard: base.input(z.strictObject({ id: exportId })).output(nothing),
}
