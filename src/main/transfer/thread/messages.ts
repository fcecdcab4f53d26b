// What the transfer thread is asked and answers. It packs and unpacks files, and knows no database.

import type { CsvColumn, ImportFormat } from '../../../shared/imports.ts'
import type { Manifest } from '../archive/format.ts'
import type { Batch, ReadRequest } from '../sources/open.ts'

export type Request = { id: number } & (
  | { kind: 'write'; path: string; passphrase: string | null }
  /** Begins a file of the archive; `packed` false stores it as it is. */
  | { kind: 'entry'; path: string; packed: boolean }
  | { kind: 'text'; text: string }
  /** Ends the file that is written to. */
  | { kind: 'end-entry' }
  /** Ends the archive: its file is whole and on disk, or not there. */
  | { kind: 'finish' }
  /** Opens what came in. */
  | ({ kind: 'read' } & ReadRequest)
  /** The next lines of what is read. */
  | { kind: 'next' }
  | { kind: 'close' }
)

export interface Opened {
  format: ImportFormat
  /** Of an archive: what it says of itself, and the words its mark was made of. */
  archive: { manifest: Manifest; signed: string; mark: string | null } | null
  /** Of CSV without a mapping: its columns; nothing else is read then. */
  columns: CsvColumn[] | null
  /** Rows to come; null when that is not known. */
  rows: number | null
}

export type Answer =
  | { done: true }
  | { entry: { bytes: number; sha256: string } }
  | { size: number }
  | { opened: Opened }
  | { batch: Batch }

export interface ThreadFailure {
  /** An AppError of the thread; null: something nobody expected. */
  app: { code: string; message: string; field: string | null } | null
  name: string
}

export type Reply = { id: number } & ({ answer: Answer } | { error: ThreadFailure })
