// What the transfer thread is asked and answers. It packs and unpacks files, and knows no database.

import type { Batch, Opened, ReadRequest } from '../sources/open.ts'

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
