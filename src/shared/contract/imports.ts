// Bringing data in. Always a dry run first; what it found waits until the person decides, and is then taken over whole or not
// at all. The whole import is one undo.
import { z } from 'zod'
import { importId } from '../ids.ts'
import { csvMapping, importChoices, importExample, importKind, importVerdict, importView } from '../imports.ts'
import { base, nothing, words } from './base.ts'
import { passphrase } from './exports.ts'

/** Largest file that is read, in bytes. */
export const IMPORT_BYTES_MAX = 4_000_000_000
/** Bytes of a piece on its way from a window: a message of it is at most a megabyte. */
export const IMPORT_PIECE_BYTES = 512 * 1024
const NAME_MAX = 1000

const name = words().trim().min(1, 'The name is empty.').max(NAME_MAX, 'The name is too long.')
const one = z.strictObject({ id: importId })

export const imports = {
  /** Begins a file that comes in pieces; the same name again begins it anew. Several make a folder: each is named by its path. */
  upload: base
    .input(
      z.strictObject({ id: importId, name, bytes: z.int().min(0).max(IMPORT_BYTES_MAX, 'The file is too large.') }),
    )
    .output(nothing),
  /** The next bytes of it, in order; `at` is how many came before. */
  piece: base
    .input(
      z.strictObject({
        id: importId,
        name,
        at: z.int().min(0).max(IMPORT_BYTES_MAX),
        data: z.base64().max(Math.ceil(IMPORT_PIECE_BYTES / 3) * 4, 'The piece is too long.'),
      }),
    )
    .output(nothing),

  /**
   * Begins the dry run of what was uploaded, or of the file or folder at `path`.
   * @throws INVALID_INPUT field `passphrase` when it is encrypted and the passphrase is missing or wrong; it can be asked again
   */
  begin: base
    .input(
      z.strictObject({
        id: importId,
        path: z.string().min(1).max(4096).nullable().default(null),
        passphrase: passphrase.nullable().default(null),
        /** Of a table: without it the dry run only tells the columns. */
        mapping: csvMapping.nullable().default(null),
      }),
    )
    .output(importView),

  list: base.input(nothing).output(z.strictObject({ imports: z.array(importView) })),
  get: base.input(one).output(importView),

  /** Rows of the dry run, in the order of the file. */
  rows: base
    .input(
      z.strictObject({
        id: importId,
        verdict: importVerdict,
        kind: importKind.nullable().default(null),
        after: z.int().min(0).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.strictObject({ rows: z.array(importExample), next: z.int().nullable() })),

  /**
   * Takes over what the dry run found.
   * @throws NOT_ALLOWED when parts were refused and `leaveOutRefused` is not set
   */
  publish: base.input(z.strictObject({ id: importId, choices: importChoices })).output(importView),

  /** Ends one that was not taken over; nothing of it stays. */
  cancel: base.input(one).output(nothing),

  /** Takes the whole of it back: what came in goes, what was replaced comes back. */
  undo: base.input(one).output(z.strictObject({ removed: z.int(), kept: z.int() })),

  pauseLearning: base.input(one).output(nothing),
  resumeLearning: base.input(one).output(nothing),
  stopLearning: base.input(one).output(nothing),
}
