// Files on their way from the window: pieces in order, counted as they come. They are held in memory only, so that a
// kill leaves nothing behind.
import { FILE_BYTES_MAX } from '../../shared/attachments.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConversationId, DocumentId } from '../../shared/ids.ts'

/** Files that may be on their way at once, and the bytes they may hold together. */
const MOST_AT_ONCE = 8
const MOST_BYTES = 4 * FILE_BYTES_MAX
/** One whose next piece does not come for so long was given up, in milliseconds. */
const GIVEN_UP_MS = 120_000

export interface NewUpload {
  id: DocumentId
  conversationId: ConversationId
  name: string
  folder: string | null
  /** As declared. */
  bytes: number
  pasted: boolean
}

interface Upload extends NewUpload {
  pieces: Buffer[]
  received: number
  /** When the last piece came, by a clock that does not go back. */
  heardAt: number
}

export class Uploads {
  readonly #open = new Map<string, Upload>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** @throws AppError BUSY when too much is on its way already */
  begin(owner: string, upload: NewUpload): void {
    for (const [key, { heardAt }] of this.#open) if (this.#now() - heardAt > GIVEN_UP_MS) this.#open.delete(key)
    const key = keyOf(owner, upload.id)
    this.#open.delete(key)
    const held = [...this.#open.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    if (this.#open.size >= MOST_AT_ONCE || held + upload.bytes > MOST_BYTES) {
      throw new AppError('BUSY', 'Many files are being attached already. Wait a moment and attach it again.')
    }
    this.#open.set(key, { ...upload, pieces: [], received: 0, heardAt: this.#now() })
  }

  /**
   * @param at how many bytes came before
   * @throws AppError NOT_FOUND, CONFLICT when a piece is missing, INVALID_INPUT when more comes than was said; the upload
   * is over then
   */
  piece(owner: string, id: DocumentId, at: number, piece: Buffer): void {
    const upload = this.#need(owner, id)
    if (at !== upload.received) {
      this.cancel(owner, id)
      throw new AppError('CONFLICT', 'A part of the file got lost on its way. Nothing was kept. Attach it again.')
    }
    if (upload.received + piece.length > upload.bytes) {
      this.cancel(owner, id)
      throw new AppError('INVALID_INPUT', 'The file grew while it was read. Nothing was kept. Attach it again.', {
        field: 'data',
      })
    }
    upload.pieces.push(piece)
    upload.received += piece.length
    upload.heardAt = this.#now()
  }

  /** Takes a whole file out. @throws AppError NOT_FOUND; CONFLICT when not all of it came */
  take(owner: string, id: DocumentId): NewUpload & { content: Uint8Array } {
    const { pieces, received, heardAt: _, ...upload } = this.#need(owner, id)
    this.cancel(owner, id)
    if (received !== upload.bytes) {
      throw new AppError('CONFLICT', 'The file became shorter while it was read. Nothing was kept. Attach it again.')
    }
    return { ...upload, content: new Uint8Array(Buffer.concat(pieces)) }
  }

  /** @returns whether it was on its way */
  cancel(owner: string, id: DocumentId): boolean {
    return this.#open.delete(keyOf(owner, id))
  }

  #need(owner: string, id: DocumentId): Upload {
    const upload = this.#open.get(keyOf(owner, id))
    if (!upload)
      throw new AppError('NOT_FOUND', 'This file is no longer on its way. Nothing was kept. Attach it again.')
    return upload
  }
}

function keyOf(owner: string, id: DocumentId): string {
  return `${id} ${owner}`
}
