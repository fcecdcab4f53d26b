// Past conversations and documents that came in are cut into passages after the import, some at a time: of an export of
// many years that takes longer than anybody should wait, and longer than the database may be held.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { ImportId } from '../../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../../database/database.ts'
import { document, job, message } from '../../database/schema.ts'
import { readWholeRows } from '../../database/whole-rows.ts'
import { type JobHandler, type JobQueue, NEVER_GIVEN_UP } from '../../jobs/queue.ts'
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

/**
 * What it brought that has no passages: all of a foreign export; of one's own archive what was not cut yet when it was made.
 * Its rows are `new` until they are tidied. Each is looked up by itself: joined, whole tables would be hashed for every step.
 */
const uncut = {
  message: (importId: string) => sql`
    import_row where import_id = ${importId}::uuid and kind = 'message' and verdict in ('new', 'added')
      and (select imported and role <> 'root' from message where message.id = import_row.id)
      and (select 1 from passage where message_id = import_row.id limit 1) is null`,
  document: (importId: string) => sql`
    import_row where import_id = ${importId}::uuid and kind = 'document' and verdict in ('new', 'added')
      and (select 1 from passage where document_id = import_row.id limit 1) is null`,
} satisfies Record<Source, (importId: string) => SQL>

/** Queues it in the transaction that takes an import over. */
export async function queuePassages(tx: WriteHandle, jobs: JobQueue, owner: string, id: ImportId): Promise<void> {
  let total = 0
  for (const source of SOURCES) {
    const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from ${uncut[source](id)}`)
    total += rows[0]?.n ?? 0
  }
  if (total === 0) return
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
export function handlePassages(jobs: JobQueue, onChange: () => void): void {
  const work: JobHandler = async (row, finish, _signal, step) => {
    let progress = row.payload as unknown as Progress
    for (let isLeft = true; isLeft; ) {
      await step('import.passages', async (tx) => {
        const next = await cutNext(tx, row.key, progress)
        isLeft = next !== null
        progress = next ?? progress
        return { ...progress }
      })
      onChange()
    }
    await finish('import.passages-made', async (tx) => {
      await jobs.add(tx, { owner: row.owner, kind: EMBED, key: `${MAKE_PASSAGES}-${row.key}` })
      return { done: progress.done }
    })
    onChange()
  }
  jobs.handle(MAKE_PASSAGES, work, NEVER_GIVEN_UP)
}

/** @returns null when none is left */
async function cutNext(tx: WriteHandle, importId: string, { done, total, after }: Progress): Promise<Progress | null> {
  for (const source of SOURCES.slice(SOURCES.indexOf(after.source))) {
    const { rows } = await tx.execute<{ id: string; last: number }>(sql`
      select id, n::float8 as last from ${uncut[source](importId)} and n > ${source === after.source ? after.n : -1}
      order by n limit ${AT_ONCE[source]}`)
    const last = rows.at(-1)?.last
    if (last === undefined) continue
    const among = sql`id = any(${sql.param(rows.map(({ id }) => id))}::uuid[])`
    if (source === 'message') await indexNewMessages(tx, await readWholeRows(tx, message, among))
    else for (const one of await readWholeRows(tx, document, among)) await indexDocument(tx, one)
    return { done: done + rows.length, total, after: { source, n: last } }
  }
  return null
}
