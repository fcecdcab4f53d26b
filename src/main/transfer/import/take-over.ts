// Takes over what a dry run staged, and what is left to do afterwards, in the background.
import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { type BatchId, type ImportId, newId } from '../../../shared/ids.ts'
import type { ImportChoices } from '../../../shared/imports.ts'
import type { Clock } from '../../app/clock.ts'
import type { Database, WriteHandle } from '../../database/database.ts'
import { importRun } from '../../database/schema.ts'
import { type MissingIndex, makeIndex } from '../../database/word-indexes.ts'
import { type JobHandler, type JobQueue, NEVER_GIVEN_UP } from '../../jobs/queue.ts'
import type { Learning } from '../../learning/learning.ts'
import { EMBED } from '../../learning/vectors.ts'
import { compareRest } from './compare.ts'
import { COMPARE_MS } from './dry-run.ts'
import { queuePassages } from './passages.ts'
import { publishRows } from './publish.ts'
import type { ImportReading } from './reading.ts'
import { countTaken } from './report.ts'
import { dropLooseVectors, writeVectors } from './vectors.ts'

/** Milliseconds that taking over may take: the database serves nobody else meanwhile. */
export const PUBLISH_MS = 15 * 60_000

export type Run = typeof importRun.$inferSelect

interface TakeOver {
  db: Database
  clock: Clock
  jobs: JobQueue
  learning: Pick<Learning, 'suggestImported' | 'imports'>
  owner: string
  run: Run
  choices: ImportChoices
  reading: ImportReading
  /** Hears of each step. */
  onStep(): void
  /** Hears why vectors of the file are made anew instead. */
  onVectorsLost(error: unknown): void
}

/**
 * Everything that was chosen, in one transaction.
 * @throws whatever stands against it; nothing is taken over then
 */
export async function takeOver(request: TakeOver): Promise<void> {
  const { db, clock, jobs, learning, owner, run, choices, reading, onStep } = request
  const { id, batchId } = run
  try {
    if (choices.own) {
      await reading.stageRest()
      await db.write('import.compare', (tx) => compareRest(tx, owner, id, reading.sorted), { limitMs: COMPARE_MS })
      await writeVectorsOf(request)
    }
    await db.write(
      'import.publish',
      async (tx) => {
        const at = clock.now()
        const batch = { owner, id: newId<BatchId>(), at, timeZone: clock.timeZone }
        const indexes = await publishRows(tx, {
          ...{ owner, importId: id, batchId, at, choices, isArchive: run.format === 'understudy', onStep },
          suggest: (items) => learning.suggestImported(tx, batch, items),
        })
        await jobs.add(tx, { owner, kind: EMBED, key: batchId })
        await queuePassages(tx, jobs, owner, id)
        if (choices.learn) await learning.imports.queue(tx, owner, id)
        await queueAfterwards(tx, jobs, { owner, id, at: clock.now(), indexes })
        const journalSeq = sql`(select coalesce(max(seq), 0) from journal)`
        // The examples were for the decision; as a copy of words they would outlive what is forgotten.
        const examples = { new: [], changed: [], conflicting: [], refused: [] }
        const report = run.report && { ...run.report, examples, taken: await countTaken(tx, id, choices.own) }
        await tx
          .update(importRun)
          .set({ state: 'done', publishedAt: at, journalSeq, report })
          .where(eq(importRun.id, id))
      },
      { limitMs: PUBLISH_MS },
    )
  } catch (error) {
    await dropLooseVectors(db, owner).catch(() => {})
    throw error
  }
}

/** Vectors of what is restored. Where they cannot be read they are made anew in the background. */
async function writeVectorsOf({ db, owner, reading, onVectorsLost }: TakeOver): Promise<void> {
  try {
    await reading.readVectors((vectors) => writeVectors(db, owner, vectors))
  } catch (error) {
    onVectorsLost(error)
    await dropLooseVectors(db, owner)
  }
}

const TIDY = 'tidy-import'
const INDEX_WORDS = 'index-words'
/** Until then the person looks at what came in. */
const AFTERWARDS_MS = 10_000
const LOOK_AGAIN_MS = 1000

async function queueAfterwards(
  tx: WriteHandle,
  jobs: JobQueue,
  { owner, id, at, indexes }: { owner: string; id: ImportId; at: Date; indexes: MissingIndex[] },
): Promise<void> {
  const runAfter = new Date(at.getTime() + AFTERWARDS_MS)
  await jobs.add(tx, { owner, kind: TIDY, key: id, runAfter })
  if (indexes.length > 0) await jobs.add(tx, { owner, kind: INDEX_WORDS, key: id, payload: { indexes }, runAfter })
}

/** The database serves nobody while an index is made. Who was away for as long as that takes, about, may be away as long again. */
const LEFT_ALONE_MS = { least: 20_000, each: 2 }

/** @param isLeftAlone whether nobody has asked for anything for so many milliseconds */
export function handleAfterwards(db: Database, jobs: JobQueue, isLeftAlone: (ms: number) => boolean): void {
  const tidy: JobHandler = async ({ key }, finish) => {
    await tidyImport(db, key as ImportId)
    await finish('import.tidied', async () => undefined)
  }
  const indexWords: JobHandler = async ({ payload }, finish, signal) => {
    for (const index of payload['indexes'] as MissingIndex[]) {
      while (!isLeftAlone(Math.max(LEFT_ALONE_MS.least, index.rows * LEFT_ALONE_MS.each))) {
        await sleep(LOOK_AGAIN_MS, undefined, { signal, ref: false })
      }
      await makeIndex(db, index)
    }
    await finish('import.indexed', async () => undefined)
  }
  jobs.handle(TIDY, tidy, NEVER_GIVEN_UP)
  jobs.handle(INDEX_WORDS, indexWords, NEVER_GIVEN_UP)
}

/** Rows whose bodies are cleared at a time. */
const TIDIED_AT_ONCE = 20_000

/** The words of what came in stand where they belong now; of the rows only what an undo goes by is kept. */
export async function tidyImport(db: Database, id: ImportId): Promise<void> {
  const own = sql`(select coalesce((choices ->> 'own')::boolean, false) from import_run where import_run.id = ${id}::uuid)`
  await db.write(
    'import.tidy',
    (tx) =>
      tx.execute(sql`
        delete from import_row where import_id = ${id}::uuid
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
