// Writes an archive: a zip whose files come one after another, encrypted on its way to disk where that is wanted. The file
// has its name only once it is whole and on disk.
import { createHash, type Hash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { AppError } from '../../../shared/errors.ts'
import { encrypt } from './encryption.ts'

/** A compromise: higher levels take twice the time for a tenth of the size. */
const LEVEL = 3

interface Entry {
  stream: PassThrough
  hash: Hash
  bytes: number
}

export class ArchiveWriter {
  readonly #path: string
  readonly #zip = new ZipFile()
  readonly #written: Promise<void>
  #failure: unknown = null
  #entry: Entry | null = null

  /**
   * Begins an archive at `path`, of which nothing may be there yet.
   * @throws AppError CONFLICT when there is something
   */
  constructor(path: string, passphrase: string | null) {
    if (existsSync(path)) {
      throw new AppError(
        'CONFLICT',
        `There is already something at ${path}. Nothing was overwritten. Choose another name.`,
        {
          field: 'path',
        },
      )
    }
    this.#path = path
    this.#written = this.#writeOut(passphrase)
    this.#written.catch((error: unknown) => {
      this.#failure = error
      this.#entry?.stream.destroy()
    })
  }

  /** Begins a file. @param packed false: what it holds does not get smaller */
  begin(path: string, packed: boolean): void {
    const stream = new PassThrough({ highWaterMark: 1024 * 1024 })
    // What goes wrong further on is told by `#written`.
    stream.on('error', () => {})
    this.#entry = { stream, hash: createHash('sha256'), bytes: 0 }
    this.#zip.addReadStream(stream, path, packed ? { compressionLevel: LEVEL } : { compress: false })
  }

  /** The next words of the file that was begun; waits while the disk is slower. */
  async write(text: string): Promise<void> {
    const entry = this.#needEntry()
    const bytes = Buffer.from(text, 'utf8')
    entry.hash.update(bytes)
    entry.bytes += bytes.length
    if (!entry.stream.write(bytes)) await Promise.race([once(entry.stream, 'drain'), this.#written])
    if (this.#failure) throw await this.#explain()
  }

  /** Ends the file. @returns its size in bytes and checksum */
  end(): { bytes: number; sha256: string } {
    const { stream, hash, bytes } = this.#needEntry()
    this.#entry = null
    stream.end()
    return { bytes, sha256: hash.digest('hex') }
  }

  /** Ends the archive. @returns its size in bytes, once it is on disk under its name */
  async finish(): Promise<number> {
    this.#zip.end()
    try {
      await this.#written
      await rename(this.#draft, this.#path)
      const folder = await open(dirname(this.#path), 'r').catch(() => null)
      // A file system without it (Windows) renames all the same.
      await folder?.sync().catch(() => {})
      await folder?.close()
      return (await stat(this.#path)).size
    } catch (error) {
      this.#failure = error
      throw await this.#explain()
    }
  }

  /** Leaves nothing behind. */
  async abandon(): Promise<void> {
    this.#entry?.stream.destroy()
    ;(this.#zip.outputStream as Readable).destroy()
    await this.#written.catch(() => {})
    await rm(this.#draft, { force: true })
  }

  get #draft(): string {
    return `${this.#path}.part`
  }

  async #writeOut(passphrase: string | null): Promise<void> {
    await rm(this.#draft, { force: true })
    const plain = this.#zip.outputStream as Readable
    const bytes =
      passphrase === null
        ? plain
        : Readable.fromWeb((await encrypt(Readable.toWeb(plain) as ReadableStream<Uint8Array>, passphrase)) as never)
    await pipeline(bytes, createWriteStream(this.#draft, { mode: 0o600, flags: 'wx' }))
    const file = await open(this.#draft, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }

  #needEntry(): Entry {
    if (!this.#entry) throw new Error('no file of the archive was begun')
    return this.#entry
  }

  async #explain(): Promise<AppError> {
    await rm(this.#draft, { force: true }).catch(() => {})
    const { code } = this.#failure as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      return new AppError(
        'DISK_FULL',
        'There is not enough space for the export. Nothing was kept of it. Make room and try again.',
      )
    }
    return new AppError(
      'NOT_ALLOWED',
      `The export could not be written to ${dirname(this.#path)} (${code ?? 'unknown error'}). Nothing was kept of it. Choose another folder.`,
      { cause: this.#failure, field: 'path' },
    )
  }
}
