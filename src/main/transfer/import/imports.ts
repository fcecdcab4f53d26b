// Imports: the dry run, the decision, the taking over, the undo. Each is a row that outlives the app; what is under way is
// held here, and what a killed app left half done is cleared at the next start.
import { basename, isAbsolute, join } from 'node:path'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { AppError } from '../../../shared/errors.ts'
import { type BatchId, type ImportId, newId } from '../../../shared/ids.ts'
import type {
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
import { makeIndexes } from '../../database/word-indexes.ts'
import type { JobQueue } from '../../jobs/queue.ts'
import type { Learning } from '../../learning/learning.ts'
import { EMBED } from '../../learning/vectors.ts'
import { isOwnMark } from '../archive/mark.ts'
import type { Batch } from '../sources/open.ts'
import { TransferThread } from '../thread/thread.ts'
import { compareHistories, compareRest, compareRows, hasDiffering } from './compare.ts'
import { publishRows } from './publish.ts'
import { countTaken, makeReport, readRows } from './report.ts'
import { stageRows } from './stage.ts'
import { undoImport } from './undo.ts'
import { ImportUploads } from './uploads.ts'
import { dropLooseVectors, writeVectors } from './vectors.ts'

export interface ImportsOptions {
  db: Database
  jobs: JobQueue
  learning: Pick<Learning, 'suggestImported' | 'imports'>
  clock: Clock
  log: Log
  /** Where files lie while they are read. */
  folder: string
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

/** Queued with a large import: indexes that take long are made once its rows are there. */
const INDEX_WORDS = 'index-words'
/** Milliseconds that taking over may take: the database serves nobody else meanwhile. */
const PUBLISH_MS = 15 * 60_000
const COMPARE_MS = 5 * 60_000
/** Rows whose bodies are cleared at a time. */
const TIDIED_AT_ONCE = 20_000
const LISTED = 100

type Run = typeof importRun.$inferSelect

interface Work {
  thread: TransferThread | null
  abort: AbortController
  done: number
  total: number | null
  end: Promise<void>
  /** For what is read once more when it is taken over. */
  source: { path: string; name: string; passphrase: string | null; signed: string | null }
  /** What belongs to other rows of an archive is staged once it is needed. */
  isRestStaged: boolean
  /** The dry run found files that were changed after the archive was made. */
  changed: boolean
}

export function createImports(options: ImportsOptions): Imports {
  options.jobs.handle(INDEX_WORDS, async ({ payload }, finish) => {
    const definitions = payload['indexes']
    await makeIndexes(options.db, Array.isArray(definitions) ? definitions.map(String) : [])
    await finish('import.indexed', async () => undefined)
  })
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
    const { db, clock } = this.#options
    if ([...this.#works.values()].some(({ thread }) => thread !== null)) {
      throw new AppError('BUSY', 'Another import is being read. Wait until it is done, or cancel it.')
    }
    if (path !== null && !isAbsolute(path)) {
      throw new AppError('INVALID_INPUT', 'The path of the file must be an absolute one.', { field: 'path' })
    }
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
      const work: Work = {
        ...{ thread, abort: new AbortController(), done: 0, total: opened.rows, end: Promise.resolve() },
        source: { path: file, name, passphrase, signed: opened.archive?.signed ?? null },
        isRestStaged: opened.archive === null,
        changed: false,
      }
      this.#works.set(id, work)
      work.end = this.#dryRun(owner, id, work, opened.columns)
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
    if (run.report.columns !== null && Object.keys(run.report.counts).length === 0) {
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
    const work = this.#works.get(id) ?? {
      ...{ thread: null, abort: new AbortController(), done: 0, total: null, end: Promise.resolve() },
      source: { path: '', name: run.name, passphrase: null, signed: null },
      isRestStaged: false,
      changed: false,
    }
    this.#works.set(id, work)
    // Its own archive needs nobody to vouch for it.
    await this.#setState(owner, id, { state: 'publishing', choices })
    work.end = this.#publish(owner, run, choices, work)
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
    work?.abort.abort()
    await work?.thread?.close()
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
    const { rows } = await db.read.execute<{ id: ImportId; own: boolean }>(sql`
      select distinct r.import_id as id, coalesce((import_run.choices ->> 'own')::boolean, false) as own from import_row r join import_run on import_run.id = r.import_id
      where import_run.owner = ${owner} and import_run.state = 'done' and r.body is not null`)
    for (const { id, own } of rows) await this.#tidy(id, own)
  }

  async close(): Promise<void> {
    for (const { abort, thread } of this.#works.values()) {
      abort.abort()
      await thread?.close()
    }
    await Promise.all([...this.#works.values()].map(({ end }) => end))
  }

  /** Stages what is read, and compares it with what is here. */
  async #dryRun(owner: string, id: ImportId, work: Work, columns: string[] | null): Promise<void> {
    const { db, onChange } = this.#options
    const thread = work.thread as TransferThread
    try {
      let compared: Promise<void> | null = null
      for (let end = columns !== null && work.total === 0; !end; ) {
        work.abort.signal.throwIfAborted()
        const { batch } = await thread.ask({ kind: 'next' })
        end = batch.end
        work.changed ||= batch.changed
        if (batch.count > 0) await this.#stage(id, work, batch)
        // What is left of an archive is only checked, which the database need not wait for.
        if (batch.complete)
          compared ??= db.write('import.compare', (tx) => compareRows(tx, owner, id), { limitMs: COMPARE_MS })
      }
      await compared
      await this.#compareHistories(owner, id, work)
      const report = await makeReport(db.read, owner, id, { columns })
      if (work.changed) await this.#distrust(owner, id)
      work.abort.signal.throwIfAborted()
      await this.#setState(owner, id, { state: 'ready', report })
    } catch (error) {
      if (!work.abort.signal.aborted) await this.#fail(owner, id, error)
    } finally {
      await thread.close()
      work.thread = null
      onChange()
    }
  }

  async #publish(owner: string, run: Run, choices: ImportChoices, work: Work): Promise<void> {
    const { db, clock, jobs, learning, backUp, onPublished, onChange } = this.#options
    const { id, batchId } = run
    work.done = 0
    work.total = null
    try {
      await backUp()
      if (choices.own) {
        await this.#stageRest(id, work)
        await db.write('import.compare', (tx) => compareRest(tx, owner, id), { limitMs: COMPARE_MS })
        await this.#writeVectors(owner, work)
      }
      await db.write(
        'import.publish',
        async (tx) => {
          const at = clock.now()
          const batch = { owner, id: newId<BatchId>(), at, timeZone: clock.timeZone }
          const indexes = await publishRows(tx, {
            ...{ owner, importId: id, batchId, at, choices, isArchive: run.format === 'understudy' },
            suggest: (items) => learning.suggestImported(tx, batch, items),
            onStep: () => {
              work.done += 1
              onChange()
            },
          })
          await jobs.add(tx, { owner, kind: EMBED, key: batchId })
          if (choices.learn) await learning.imports.queue(tx, owner, id)
          if (indexes.length > 0) await jobs.add(tx, { owner, kind: INDEX_WORDS, key: id, payload: { indexes } })
          const journalSeq = sql`(select coalesce(max(seq), 0) from journal)`
          const report = run.report && { ...run.report, taken: await countTaken(tx, id, choices.own) }
          await tx
            .update(importRun)
            .set({ state: 'done', publishedAt: at, journalSeq, report })
            .where(eq(importRun.id, id))
        },
        { limitMs: PUBLISH_MS },
      )
      await this.#tidy(id, choices.own)
      await onPublished()
      await this.uploads.drop(id)
    } catch (error) {
      await dropLooseVectors(db, owner).catch(() => {})
      await this.#fail(owner, id, error)
    } finally {
      onChange()
    }
  }

  async #stage(id: ImportId, work: Work, { rows, count }: Batch): Promise<void> {
    await this.#options.db.write('import.stage', (tx) => stageRows(tx, id, rows))
    work.done += count
    this.#options.onChange()
  }

  /** Where a memory differs, the histories of both sides say which is ahead; until then nobody needs the file's. */
  async #compareHistories(owner: string, id: ImportId, work: Work): Promise<void> {
    const { db } = this.#options
    if (!(await hasDiffering(db.read, id))) return
    await this.#stageRest(id, work)
    await db.write('import.compare', (tx) => compareHistories(tx, owner, id), { limitMs: COMPARE_MS })
  }

  /** An archive that was changed after it was made says nothing about whose it is. */
  async #distrust(owner: string, id: ImportId): Promise<void> {
    const { archive } = await this.#need(owner, id)
    if (archive) await this.#setState(owner, id, { archive: { ...archive, mark: 'other' } })
  }

  /** Stages history, passages and what stood in prompts. @throws AppError when the file is another one by now */
  async #stageRest(id: ImportId, work: Work): Promise<void> {
    if (work.isRestStaged) return
    await this.#readAgain(work, 'rest', async (batch) => {
      // What the person was told of before they decided is no news.
      if (batch.changed && !work.changed) throw changedMeanwhile()
      if (batch.count > 0) await this.#stage(id, work, batch)
    })
    work.isRestStaged = true
  }

  /** Vectors of what is restored. Where they cannot be read they are made anew in the background. */
  async #writeVectors(owner: string, work: Work): Promise<void> {
    const { db, onChange } = this.#options
    try {
      await this.#readAgain(work, 'vectors', async ({ vectors, changed }) => {
        if (changed) throw changedMeanwhile()
        await writeVectors(db, owner, vectors)
        work.done += vectors.length
        onChange()
      })
    } catch (error) {
      this.#warn('vectors are made anew', error)
      await dropLooseVectors(db, owner)
    }
  }

  async #readAgain(work: Work, part: 'rest' | 'vectors', take: (batch: Batch) => Promise<void>): Promise<void> {
    const { signed, ...source } = work.source
    if (source.path === '') throw changedMeanwhile()
    const thread = new TransferThread()
    work.thread = thread
    try {
      const drafts = join(this.#options.folder, part)
      const { opened } = await thread.ask({ kind: 'read', ...source, drafts, mapping: null, part })
      if (opened.archive?.signed !== signed) throw changedMeanwhile()
      for (let end = false; !end; ) {
        const { batch } = await thread.ask({ kind: 'next' })
        end = batch.end
        await take(batch)
      }
    } finally {
      await thread.close()
      work.thread = null
    }
  }

  /** The words of what came in stand where they belong now; of the rows only what an undo goes by is kept. */
  async #tidy(id: ImportId, own: boolean): Promise<void> {
    const { db } = this.#options
    await db.write(
      'import.tidy',
      (tx) =>
        tx.execute(sql`delete from import_row where import_id = ${id}::uuid
        and (kind in ('journal', 'usage', 'passage', 'unreadable') or verdict in ('same', 'changed', 'conflicting')
          or verdict = 'new' and not ${own} and kind not in ('project', 'conversation', 'message', 'document'))`),
      { limitMs: COMPARE_MS },
    )
    for (let left = 1; left > 0; ) {
      left = await db.write('import.tidy', async (tx) => {
        const { rows } = await tx.execute<{ n: number }>(sql`
          with part as (select kind, n from import_row where import_id = ${id}::uuid and body is not null limit ${TIDIED_AT_ONCE}),
          done as (update import_row r set body = null, verdict = case when r.verdict = 'new' then 'added' else r.verdict end,
            reason = case r.kind when 'setting' then r.body::json ->> 'key' when 'store' then r.body::json ->> 'id' else r.reason end
            from part where r.import_id = ${id}::uuid and r.kind = part.kind and r.n = part.n returning 1)
          select count(*)::int as n from done`)
        return rows[0]?.n ?? 0
      })
    }
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
      progress: running && work ? { done: work.done, total: work.total } : null,
      learning: state === 'done' ? await this.#options.learning.imports.state(row.owner, id) : null,
    }
  }
}

function changedMeanwhile(): AppError {
  return new AppError(
    'CONFLICT',
    'The file is another one than when it was looked at. Nothing of it was taken over. Choose it again.',
    { field: 'file' },
  )
}
