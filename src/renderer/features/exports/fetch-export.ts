// Fetches a file that is ready, piece by piece. The browser keeps large ones on disk, not in the window.
import { EXPORT_PIECE_BYTES } from '../../../shared/contract/exports.ts'
import type { Client } from '../../../shared/contract/index.ts'
import type { ExportView } from '../../../shared/exports.ts'

/** Pieces that are put together at a time, so that a large file is not a long list. */
const TOGETHER = 64

/**
 * @param onShare told the share that is here, 0 to 1
 * @returns the file, in parts
 * @throws what the core answers
 */
export async function fetchExport(
  client: Client,
  { id, bytes }: Pick<ExportView, 'id' | 'bytes'>,
  onShare: (share: number) => void,
): Promise<Blob[]> {
  const parts: Blob[] = []
  let pieces: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; ; ) {
    const { data } = await client.exports.piece({ id, at })
    const piece = bytesOf(data)
    pieces.push(piece)
    at += piece.length
    const end = piece.length < EXPORT_PIECE_BYTES
    if (end || pieces.length === TOGETHER) {
      parts.push(new Blob(pieces))
      pieces = []
    }
    onShare(bytes ? Math.min(1, at / bytes) : 1)
    if (end) return parts
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}
