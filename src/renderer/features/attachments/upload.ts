// Carries one file to the core, piece by piece.
import { PIECE_BYTES } from '../../../shared/attachments.ts'
import type { Client, Inputs, Outputs } from '../../../shared/contract/index.ts'
import { base64 } from '../../app/read-piece.ts'

export type Begin = Omit<Inputs['attachments']['begin'], 'bytes'>

/**
 * @param onProgress told the share that is there, 0 to 1; at 1 the core reads it
 * @throws what the core answers; the signal's reason
 */
export async function upload(
  client: Client,
  begin: Begin,
  content: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Outputs['attachments']['finish']> {
  const { id } = begin
  await client.attachments.begin({ ...begin, bytes: content.size })
  try {
    for (let at = 0; at < content.size; at += PIECE_BYTES) {
      signal.throwIfAborted()
      await client.attachments.piece({ id, at, data: await base64(content.slice(at, at + PIECE_BYTES)) })
      onProgress(Math.min(1, (at + PIECE_BYTES) / content.size))
    }
    signal.throwIfAborted()
    const stop = () => void client.attachments.cancel({ id }).catch(() => {})
    signal.addEventListener('abort', stop)
    try {
      return await client.attachments.finish({ id })
    } finally {
      signal.removeEventListener('abort', stop)
    }
  } catch (error) {
    await client.attachments.cancel({ id }).catch(() => {})
    throw error
  }
}
