// Reads one named file out of a Python wheel (a zip archive). Nothing else of it is looked at, unpacked or run.
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { SourceError } from './source.ts'

/** A wheel holds a handful of files; more is no package of ours. */
const MAX_ENTRIES = 10_000

/**
 * Sends the bytes of `name` inside the wheel at `path` to `write`.
 * yauzl refuses absolute paths and `..`, and no name of the archive ever becomes a path on disk.
 * @param maxBytes refused when the file says or turns out to be larger
 * @returns how many bytes there were
 * @throws SourceError when the archive is damaged, the file is missing, encrypted or too large
 */
export async function readFromWheel(
  path: string,
  name: string,
  maxBytes: number,
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  let received = 0
  let failed: unknown
  const zip = await openPromise(path, { lazyEntries: true, strictFileNames: true }).catch((error: unknown) => {
    throw broken(error)
  })
  try {
    let count = 0
    for await (const entry of zip.eachEntry()) {
      if (++count > MAX_ENTRIES) throw new SourceError('the package holds too many files')
      if (entry.fileName !== name) continue
      if (entry.isEncrypted()) throw new SourceError('the package is encrypted')
      if (entry.uncompressedSize > maxBytes) throw new SourceError('the package holds a larger file than expected')
      const sink = new Writable({
        write(chunk: Buffer, _encoding, done) {
          received += chunk.length
          if (received > maxBytes) return done(new SourceError('the package holds a larger file than expected'))
          write(chunk).then(
            () => done(),
            (error: unknown) => {
              failed = error
              done(error as Error)
            },
          )
        },
      })
      const source = await zip.openReadStreamPromise(entry)
      await pipeline(source, sink, { signal })
      return received
    }
  } catch (error) {
    signal.throwIfAborted()
    // A full disk is not a damaged archive.
    if (error === failed || error instanceof SourceError) throw error
    throw broken(error)
  } finally {
    zip.close()
  }
  throw new SourceError(`the package does not hold ${name}`)
}

function broken(error: unknown): SourceError {
  return new SourceError(`the package is damaged (${error instanceof Error ? error.message : String(error)})`)
}
