// What is read of the file of one import: once for the dry run, and what only matters then once more when it is taken over.
import { AppError } from '../../../shared/errors.ts'
import type { ImportId } from '../../../shared/ids.ts'
import type { Database } from '../../database/database.ts'
import type { Batch } from '../sources/open.ts'
import type { VectorBatch } from '../sources/vector-batch.ts'
import { TransferThread } from '../thread/thread.ts'
import { stageRows } from './stage.ts'

/** What is read; `signed` is what an archive's mark was made of, by which it is known again. */
export interface ImportSource {
  path: string
  name: string
  passphrase: string | null
  signed: string | null
}

interface ReadingOptions {
  db: Database
  id: ImportId
  source: ImportSource
  /** The thread that opened it. */
  thread: TransferThread
  /** Rows to come; null when that is not known. */
  total: number | null
  /** Where it may be decrypted to. */
  drafts(part: string): string
  onChange(): void
}

export class ImportReading {
  /** Rows that were staged or written so far. */
  done = 0
  total: number | null
  /** No row of the file can stand in it twice. */
  sorted = true
  /** The dry run found files that were changed after the archive was made. */
  changed = false
  readonly #options: ReadingOptions
  readonly #abort = new AbortController()
  #thread: TransferThread | null
  #isRestStaged: boolean

  constructor(options: ReadingOptions) {
    this.#options = options
    this.#thread = options.thread
    this.total = options.total
    // Only an archive has a rest.
    this.#isRestStaged = options.source.signed === null
  }

  get isReading(): boolean {
    return this.#thread !== null
  }

  get isCancelled(): boolean {
    return this.#abort.signal.aborted
  }

  /** Stages the lines. @param onComplete called once no more rows come that are kept */
  async stageLines(onComplete: () => void): Promise<void> {
    for await (const batch of batchesOf(this.#thread)) {
      this.#abort.signal.throwIfAborted()
      this.changed ||= batch.changed
      await this.#stage(batch)
      if (batch.complete) onComplete()
    }
  }

  /** Stages history, passages and what stood in prompts. @throws AppError when the file is another one by now */
  async stageRest(): Promise<void> {
    if (this.#isRestStaged) return
    await this.#readAgain('rest', async (batch) => {
      // What the person was told of before they decided is no news.
      if (batch.changed && !this.changed) throw changedMeanwhile()
      await this.#stage(batch)
    })
    this.#isRestStaged = true
  }

  /** Gives the vectors to `take`. @throws AppError when the file is another one by now */
  async readVectors(take: (vectors: VectorBatch) => Promise<void>): Promise<void> {
    await this.#readAgain('vectors', async ({ vectors, count, changed }) => {
      if (changed) throw changedMeanwhile()
      if (vectors) await take(vectors)
      this.done += count
      this.#options.onChange()
    })
  }

  /** Ends what is under way, as if the file could not be read any further. */
  async cancel(): Promise<void> {
    this.#abort.abort()
    await this.close()
  }

  async close(): Promise<void> {
    await this.#thread?.close()
    this.#thread = null
  }

  throwIfCancelled(): void {
    this.#abort.signal.throwIfAborted()
  }

  async #stage({ rows, count, sorted }: Batch): Promise<void> {
    this.sorted &&= sorted
    if (count === 0) return
    const { db, id, onChange } = this.#options
    await db.write('import.stage', (tx) => stageRows(tx, id, rows))
    this.done += count
    onChange()
  }

  async #readAgain(part: 'rest' | 'vectors', take: (batch: Batch) => Promise<void>): Promise<void> {
    const { signed, ...source } = this.#options.source
    await this.close()
    const thread = new TransferThread()
    this.#thread = thread
    try {
      const drafts = this.#options.drafts(part)
      const { opened } = await thread.ask({ kind: 'read', ...source, drafts, mapping: null, part })
      if (opened.archive?.signed !== signed) throw changedMeanwhile()
      for await (const batch of batchesOf(thread)) await take(batch)
    } finally {
      await this.close()
    }
  }
}

/** The next batch is read while one is worked on. */
async function* batchesOf(thread: TransferThread | null): AsyncGenerator<Batch> {
  if (!thread) return
  let next = thread.ask({ kind: 'next' })
  for (;;) {
    const { batch } = await next
    if (!batch.end) {
      next = thread.ask({ kind: 'next' })
      // Who stops listening hears nothing of it any more.
      next.catch(() => {})
    }
    yield batch
    if (batch.end) return
  }
}

/** The file cannot be what it was when the person looked at it. */
export function changedMeanwhile(): AppError {
  return new AppError(
    'CONFLICT',
    'The file is another one than when it was looked at. Nothing of it was taken over. Choose it again.',
    { field: 'file' },
  )
}
