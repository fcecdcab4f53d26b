// What every source of a model file has in common: where it writes, how it reports, how it fails.
import type { PartFile } from './part-file.ts'

export interface SourceRequest {
  part: PartFile
  /** Size the catalogue names, or null when it is not known. */
  expectedBytes: number | null
  signal: AbortSignal
  /** Bytes there so far, and of how many (null while unknown). */
  onProgress: (receivedBytes: number, totalBytes: number | null) => void
  /** Called once the size is known and before bytes are written; throws when the disk is too small. */
  checkSpace: (totalBytes: number) => Promise<void>
}

/** A source that could not give the file, in words for a person; the next source is tried. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  /** @param passing it may be had from there another time, as when the network is away */
  constructor(
    message: string,
    readonly passing = false,
  ) {
    super(message)
  }
}
