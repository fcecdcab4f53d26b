// Past conversations and documents that came in are cut into passages after the import, some at a time: of an export of
// many years that takes longer than anybody should wait, and longer than the database may be held.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { Database, ReadHandle, WriteHandle } from '../../database/database.ts'
import { document, job, message } from '../../database/schema.ts'
import { readWholeRows } from '../../database/whole-rows.ts'
import { JobGone, type JobHandler, type JobQueue, NEVER_GIVEN_UP } from '../../jobs/queue.ts'
import { indexDocument, indexNewMessages } from '../../learning/passages/passages.ts'
import { EMBED } from '../../learning/vectors.ts'

/** The kind of the job; its key is the import. */
const MAKE_PASSAGES = 'import-passages'
/** How many are cut in one transaction: a fraction of a second. */
const AT_ONCE = { document: 5, message: 200 } as const

const SOURCES = ['document', 'message'] as const
type Source = (typeof SOURCES)[number]

/** As the job keeps it; it begins before the first row. */
interface Progress {
  done: number
  total: number
  /** The row that was cut last, in the order of `SOURCES`. */
  after: { source: Source; n: number }
}

/** Its rows are `new` until they are tidied. */
const ofImport = (importId: string, kind: Source | 'conversation') => sql`
  import_row where import_id = ${importId}::uuid and kind = ${kind} and verdict in ('new', 'added')`

/** Queues it in the transaction that takes an import over. */
export async function queuePassages(tx: WriteHandle, jobs: JobQueue, owner: string, id: ImportId): Promise<void> {
  const count = async (kind: Source | 'conversation') => {
    const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from ${ofImport(id, kind)}`)
    return rows[0]?.n ?? 0
  }
  // Each conversation begins with a message that nobody wrote.
  const total = (await count('document')) + (await count('message')) - (await count('conversation'))
  if (total <= 0) return
  const progress: Progress = { done: 0, total, after: { source: 'document', n: -1 } }
  await jobs.add(tx, { owner, kind: MAKE_PASSAGES, key: id, payload: { ...progress } })
}

/** @returns how many are cut of how many; null when that is over or never began */
export async function passagesLeft(
  db: ReadHandle,
  owner: string,
  id: ImportId,
): Promise<{ done: number; total: number } | null> {
  const [row] = await db
    .select()
    .from(job)
    .where(and(eq(job.owner, owner), eq(job.kind, MAKE_PASSAGES), eq(job.key, id)))
  if (!row || (row.status !== 'queued' && row.status !== 'running')) return null
  const { done, total } = row.payload as unknown as Progress
  return { done, total }
}

/** @param onChange hears of each step */
export function handlePassages(db: Database, jobs: JobQueue, onChange: () => void): void {
  const work: JobHandler = async (row, finish, signal) => {
    let progress = row.payload as unknown as Progress
    for (;;) {
      const next = await db.write('import.passages', async (tx) => {
        const [held] = await tx
          .select({ id: job.id })
          .from(job)
          .where(and(eq(job.id, row.id), eq(job.status, 'running')))
        if (!held || signal.aborted) throw new JobGone('the job was stopped')
        const cut = await cutNext(tx, row.key, progress)
        // Counts from the last step: where it got on, the next failure is a first one.
        if (cut)
          await tx
            .update(job)
            .set({ payload: { ...cut }, attempts: 1 })
            .where(eq(job.id, row.id))
        return cut
      })
      onChange()
      if (!next) break
      progress = next
    }
    await finish('import.passages-made', async (tx) => {
      await jobs.add(tx, { owner: row.owner, kind: EMBED, key: `${MAKE_PASSAGES}-${row.key}` })
      return { done: progress.done }
    })
    onChange()
  }
  jobs.handle(MAKE_PASSAGES, work, NEVER_GIVEN_UP)
}

async function cutMessages(tx: WriteHandle, among: SQL): Promise<number> {
  const said = (await readWholeRows(tx, message, among)).filter(({ role }) => role !== 'root')
  await indexNewMessages(tx, said)
  return said.length
}

async function cutDocuments(tx: WriteHandle, among: SQL): Promise<number> {
  const given = await readWholeRows(tx, document, among)
  for (const one of given) await indexDocument(tx, one)
  return given.length
}

/** @returns null when none is left */
async function cutNext(tx: WriteHandle, importId: string, { done, total, after }: Progress): Promise<Progress | null> {
  for (const source of SOURCES.slice(SOURCES.indexOf(after.source))) {
    const { rows } = await tx.execute<{ id: string; last: number }>(sql`
      select id, n::float8 as last from ${ofImport(importId, source)} and n > ${source === after.source ? after.n : -1}
      order by n limit ${AT_ONCE[source]}`)
    const last = rows.at(-1)?.last
    if (last === undefined) continue
    const among = sql`id = any(${sql.param(rows.map(({ id }) => id))}::uuid[])`
    const cut = source === 'message' ? await cutMessages(tx, among) : await cutDocuments(tx, among)
    return { done: done + cut, total, after: { source, n: last } }
  }
  return null
}
