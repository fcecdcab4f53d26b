// Imports: the dry run, the decision, the taking over, the undo. Each is a row that outlives the app; what is under way is
// held here, and what a killed app left half done is cleared at the next start.
import { basename, isAbsolute, join } from 'node:path'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type ImportId, newId } from '../../../shared/ids.ts'
import type {
  CsvColumn,
  CsvMapping,
  ImportChoices,
  ImportExample,
  ImportKind,
  ImportVerdict,
  ImportView,
} from '../../../shared/imports.ts'
import type { Clock } from '../../app/clock.ts'
import type { Log } from '../../app/log.ts'
import type { Database } from '../../database/database.ts'
import { importRow, importRun } from '../../database/schema.ts'
import type { JobQueue } from '../../jobs/queue.ts'
import type { Learning } from '../../learning/learning.ts'
import { isOwnMark } from '../archive/mark.ts'
import { TransferThread } from '../thread/thread.ts'
import { COMPARE_MS, dryRun } from './dry-run.ts'
import { checkMapping } from './mapping.ts'
import { handlePassages, passagesLeft } from './passages.ts'
import { changedMeanwhile, ImportReading } from './reading.ts'
import { readRows } from './report.ts'
import { handleAfterwards, PUBLISH_MS, type Run, takeOver, tidyImport } from './take-over.ts'
import { undoImport } from './undo.ts'
import { ImportUploads } from './uploads.ts'

export interface ImportsOptions {
  db: Database
  jobs: JobQueue
  learning: Pick<Learning, 'suggestImported' | 'imports' | 'storeViews'>
  clock: Clock
  log: Log
  /** Where files lie while they are read. */
  folder: string
  /** Nobody waits for an answer, and nobody has asked for anything for so many milliseconds. */
  isLeftAlone(forMs: number): boolean
  /** Makes a backup before anything is taken over. */
  backUp(): Promise<void>
  /** Something came in or went: everything that shows data reads anew. */
  onPublished(): Promise<void>
  onChange(): void
}

export interface BeginImport {
  id: ImportId
  path: string | null
  passphrase: string | null
  mapping: CsvMapping | null
}

export interface Imports {
  readonly uploads: ImportUploads
  /** Begins the dry run. @throws AppError INVALID_INPUT, NOT_FOUND, BUSY */
  begin(owner: string, request: BeginImport): Promise<ImportView>
  list(owner: string): Promise<ImportView[]>
  get(owner: string, id: ImportId): Promise<ImportView>
  rows(
    owner: string,
    query: { id: ImportId; verdict: ImportVerdict; kind: ImportKind | null; after: number | null; limit: number },
  ): Promise<{ rows: ImportExample[]; next: number | null }>
  publish(owner: string, id: ImportId, choices: ImportChoices): Promise<ImportView>
  cancel(owner: string, id: ImportId): Promise<void>
  undo(owner: string, id: ImportId): Promise<{ removed: number; kept: number }>
  pauseLearning(owner: string, id: ImportId): Promise<void>
  resumeLearning(owner: string, id: ImportId): Promise<void>
  stopLearning(owner: string, id: ImportId): Promise<void>
  /** Resolves when what is under way of an import came to its end. */
  settled(owner: string, id: ImportId): Promise<ImportView>
  /** Clears what a killed app left half done. */
  recover(owner: string): Promise<void>
  close(): Promise<void>
}

const LISTED = 100

interface Work {
  reading: ImportReading
  end: Promise<void>
}

export function createImports(options: ImportsOptions): Imports {
  handlePassages(options.jobs, options.onChange)
  handleAfterwards(options.db, options.jobs, options.isLeftAlone)
  return new DatabaseImports(options)
}

class DatabaseImports implements Imports {
  readonly uploads: ImportUploads
  readonly #options: ImportsOptions
  readonly #works = new Map<ImportId, Work>()

  constructor(options: ImportsOptions) {
    this.#options = options
    this.uploads = new ImportUploads(options.folder)
  }

  async begin(owner: string, { id, path, passphrase, mapping }: BeginImport): Promise<ImportView> {
    const { db, clock, learning, onChange } = this.#options
    if ([...this.#works.values()].some(({ reading }) => reading.isReading)) {
      throw new AppError('BUSY', 'Another import is being read. Wait until it is done, or cancel it.')
    }
    if (path !== null && !isAbsolute(path)) {
      throw new AppError('INVALID_INPUT', 'The path of the file must be an absolute one.', { field: 'path' })
    }
    if (mapping !== null) checkMapping(mapping, (await learning.storeViews.overview(owner, {})).stores)
    const known = await this.#find(owner, id)
    if (known && known.state !== 'ready' && known.state !== 'failed' && known.state !== 'cancelled') {
      throw new AppError('CONFLICT', 'This import is under way or done already. Begin a new one.')
    }
    const { path: file, name } = path === null ? await this.uploads.take(id) : { path, name: basename(path) }
    const thread = new TransferThread()
    try {
      const request = { path: file, name, passphrase, drafts: this.uploads.folderOf(id), mapping }
      const { opened } = await thread.ask({ kind: 'read', ...request, part: 'lines' })
      const now = clock.now()
      const archive = opened.archive && {
        mark: (await isOwnMark(db.read, owner, opened.archive.signed, opened.archive.mark))
          ? ('mine' as const)
          : ('other' as const),
        createdAt: opened.archive.manifest.created_at,
        appVersion: opened.archive.manifest.app_version,
      }
      await db.write('import.begin', async (tx) => {
        await tx.delete(importRun).where(and(eq(importRun.id, id), eq(importRun.owner, owner)))
        await tx.insert(importRun).values({
          ...{ id, owner, format: opened.format, name, state: 'reading', archive },
          ...{ batchId: newId<BatchId>(), createdAt: now },
        })
      })
      const reading = new ImportReading({
        ...{ db, id, thread, total: opened.rows, onChange },
        source: { path: file, name, passphrase, signed: opened.archive?.signed ?? null },
        drafts: (part) => join(this.#options.folder, part),
      })
      const work: Work = { reading, end: Promise.resolve() }
      this.#works.set(id, work)
      work.end = this.#dryRun(owner, id, reading, opened.columns)
      return await this.get(owner, id)
    } catch (error) {
      await thread.close()
      throw error
    }
  }

  async list(owner: string): Promise<ImportView[]> {
    const rows = await this.#options.db.read
      .select()
      .from(importRun)
      .where(
        and(
          eq(importRun.owner, owner),
          inArray(importRun.state, ['reading', 'ready', 'publishing', 'done', 'undone', 'failed']),
        ),
      )
      .orderBy(desc(importRun.createdAt), desc(importRun.id))
      .limit(LISTED)
    return await Promise.all(rows.map((row) => this.#view(row)))
  }

  async get(owner: string, id: ImportId): Promise<ImportView> {
    return await this.#view(await this.#need(owner, id))
  }

  async rows(owner: string, { id, ...query }: Parameters<Imports['rows']>[1]) {
    await this.#need(owner, id)
    return await readRows(this.#options.db.read, owner, id, query)
  }

  async publish(owner: string, id: ImportId, choices: ImportChoices): Promise<ImportView> {
    const run = await this.#need(owner, id)
    if (run.state !== 'ready' || !run.report) {
      throw new AppError(
        'CONFLICT',
        'There is nothing to take over: the dry run is not done, or it was taken over already.',
      )
    }
    if (run.report.columns !== null) {
      throw new AppError('INVALID_INPUT', 'Say first which column of the table fills which field.', {
        field: 'mapping',
      })
    }
    const refused = run.report.unreadable + Object.values(run.report.counts).reduce((sum, { refused: n }) => sum + n, 0)
    if (refused > 0 && !choices.leaveOutRefused) {
      throw new AppError(
        'NOT_ALLOWED',
        `${refused} parts of the file cannot be taken over. Look at them, and say whether the rest shall come in.`,
        {
          field: 'leaveOutRefused',
        },
      )
    }
    if (choices.own && run.format !== 'understudy') {
      throw new AppError(
        'INVALID_INPUT',
        'Only an archive of Understudy can be restored as your own. This arrives as suggestions.',
        {
          field: 'own',
        },
      )
    }
    const work = this.#works.get(id)
    // What was only staged is cleared at each start.
    if (!work) throw changedMeanwhile()
    // Its own archive needs nobody to vouch for it.
    await this.#setState(owner, id, { state: 'publishing', choices })
    work.end = this.#publish(owner, run, choices, work.reading)
    return await this.get(owner, id)
  }

  async cancel(owner: string, id: ImportId): Promise<void> {
    const run = await this.#find(owner, id)
    // It did not even begin: what was uploaded of it goes.
    if (!run) return await this.uploads.drop(id)
    if (run.state === 'publishing')
      throw new AppError('CONFLICT', 'It is being taken over, all of it or nothing. Undo it afterwards.')
    if (run.state === 'done' || run.state === 'undone') return
    const work = this.#works.get(id)
    await work?.reading.cancel()
    await work?.end
    await this.#discard(owner, id)
    this.#options.onChange()
  }

  async undo(owner: string, id: ImportId): Promise<{ removed: number; kept: number }> {
    const { db, clock, learning, onPublished } = this.#options
    const run = await this.#need(owner, id)
    if (run.state !== 'done' || run.journalSeq === null) {
      throw new AppError(
        'CONFLICT',
        run.state === 'undone' ? 'This was undone already.' : 'There is nothing to undo here.',
      )
    }
    const { journalSeq, batchId } = run
    await this.#works.get(id)?.end
    await tidyImport(db, id)
    const undone = await db.write(
      'import.undo',
      async (tx) => {
        const at = clock.now()
        await learning.imports.takeBack(tx, owner, id)
        const result = await undoImport(tx, { owner, importId: id, batchId, journalSeq, at, undoId: newId<BatchId>() })
        await tx.update(importRun).set({ state: 'undone', undoneAt: at }).where(eq(importRun.id, id))
        await tx.delete(importRow).where(eq(importRow.importId, id))
        return result
      },
      { limitMs: PUBLISH_MS },
    )
    await onPublished()
    this.#options.onChange()
    return undone
  }

  async pauseLearning(owner: string, id: ImportId): Promise<void> {
    await this.#options.learning.imports.pause(owner, id)
    this.#options.onChange()
  }

  async resumeLearning(owner: string, id: ImportId): Promise<void> {
    const { state } = await this.#need(owner, id)
    if (state !== 'done') throw new AppError('CONFLICT', 'Nothing of this import is here to learn from.')
    await this.#options.learning.imports.start(owner, id)
    this.#options.onChange()
  }

  async stopLearning(owner: string, id: ImportId): Promise<void> {
    const { db, learning, onChange } = this.#options
    await db.write('learn.stop', (tx) => learning.imports.cancel(tx, owner, id))
    onChange()
  }

  async settled(owner: string, id: ImportId): Promise<ImportView> {
    await this.#works.get(id)?.end
    return await this.get(owner, id)
  }

  async recover(owner: string): Promise<void> {
    const { db } = this.#options
    await this.uploads.dropAll()
    const left = await db.read
      .select({ id: importRun.id, state: importRun.state })
      .from(importRun)
      .where(
        and(
          eq(importRun.owner, owner),
          inArray(importRun.state, ['reading', 'ready', 'publishing', 'failed', 'cancelled']),
        ),
      )
    for (const { id } of left) await this.#discard(owner, id)
  }

  async close(): Promise<void> {
    for (const { reading } of this.#works.values()) await reading.cancel()
    await Promise.all([...this.#works.values()].map(({ end }) => end))
  }

  async #dryRun(owner: string, id: ImportId, reading: ImportReading, columns: CsvColumn[] | null): Promise<void> {
    const { db, onChange } = this.#options
    try {
      const report = await dryRun({ db, owner, id, reading, columns })
      if (reading.changed) await this.#distrust(owner, id)
      reading.throwIfCancelled()
      await this.#setState(owner, id, { state: 'ready', report })
    } catch (error) {
      if (!reading.isCancelled) await this.#fail(owner, id, error)
    } finally {
      await reading.close()
      onChange()
    }
  }

  async #publish(owner: string, run: Run, choices: ImportChoices, reading: ImportReading): Promise<void> {
    const { db, clock, jobs, learning, backUp, onPublished, onChange } = this.#options
    reading.done = 0
    reading.total = null
    try {
      await backUp()
      await takeOver({
        ...{ db, clock, jobs, learning, owner, run, choices, reading },
        onStep: () => {
          reading.done += 1
          onChange()
        },
        onVectorsLost: (error) => this.#warn('vectors are made anew', error),
      })
      await onPublished()
      await this.uploads.drop(run.id)
    } catch (error) {
      await this.#fail(owner, run.id, error)
    } finally {
      onChange()
    }
  }

  /** An archive that was changed after it was made says nothing about whose it is. */
  async #distrust(owner: string, id: ImportId): Promise<void> {
    const { archive } = await this.#need(owner, id)
    if (archive) await this.#setState(owner, id, { archive: { ...archive, mark: 'other' } })
  }

  /** Leaves nothing of an import that was not taken over. */
  async #discard(owner: string, id: ImportId): Promise<void> {
    const { db } = this.#options
    this.#works.delete(id)
    await db.write(
      'import.discard',
      async (tx) => {
        await tx.delete(importRun).where(and(eq(importRun.id, id), eq(importRun.owner, owner)))
      },
      { limitMs: COMPARE_MS },
    )
    await this.uploads.drop(id)
  }

  async #fail(owner: string, id: ImportId, error: unknown): Promise<void> {
    this.#warn('import failed', error)
    const view =
      error instanceof AppError
        ? { code: error.code, message: error.message }
        : {
            code: 'INTERNAL' as const,
            message:
              'The import did not come to its end. Nothing of it was taken over, and nothing of yours was changed.',
          }
    await this.#setState(owner, id, { state: 'failed', error: view }).catch(() => {})
    await this.#options.db
      .write('import.failed', (tx) => tx.delete(importRow).where(eq(importRow.importId, id)), { limitMs: COMPARE_MS })
      .catch(() => {})
  }

  #warn(what: 'import failed' | 'vectors are made anew', error: unknown): void {
    this.#options.log.warn({ err: (error as Error).name, code: (error as { code?: string }).code, what }, 'import')
  }

  async #setState(owner: string, id: ImportId, set: Partial<Run>): Promise<void> {
    await this.#options.db.write('import.state', (tx) =>
      tx
        .update(importRun)
        .set(set)
        .where(and(eq(importRun.id, id), eq(importRun.owner, owner))),
    )
  }

  async #find(owner: string, id: ImportId): Promise<Run | null> {
    const [row] = await this.#options.db.read
      .select()
      .from(importRun)
      .where(and(eq(importRun.id, id), eq(importRun.owner, owner)))
    return row ?? null
  }

  async #need(owner: string, id: ImportId): Promise<Run> {
    const row = await this.#find(owner, id)
    if (!row) throw new AppError('NOT_FOUND', 'This import is not there any more. Choose the file again.')
    return row
  }

  async #view(row: Run): Promise<ImportView> {
    const work = this.#works.get(row.id)
    const running = row.state === 'reading' || row.state === 'publishing'
    const { id, format, name, state, report, choices, batchId, createdAt, publishedAt, undoneAt } = row
    return {
      ...{ id, format, name, state, report, choices, batchId, createdAt, publishedAt, undoneAt },
      archive: row.archive && { ...row.archive, createdAt: new Date(row.archive.createdAt) },
      error: row.error?.message ?? null,
      progress: running && work ? { done: work.reading.done, total: work.reading.total } : null,
      cutting: state === 'done' ? await passagesLeft(this.#options.db.read, row.owner, id) : null,
      learning: state === 'done' ? await this.#options.learning.imports.state(row.owner, id) : null,
    }
  }
}
