// Learning from conversations that came in with an import: one job goes through the messages, the oldest first, one after
// another. Where it stands is written with what came of each message, so that a kill costs at most one of them.
import { and, eq, inArray, sql } from 'drizzle-orm'
import { MESSAGE_MAX } from '../../shared/contract/base.ts'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import type { ImportId, MessageId } from '../../shared/ids.ts'
import type { ReadHandle, WriteHandle } from '../database/database.ts'
import { embedding, importRun, job, journal, memory, proposal } from '../database/schema.ts'
import { JobGone, type JobHandler, type JobQueue } from '../jobs/queue.ts'
import { IMPORTED } from './change/suggest.ts'
import { learnTurn } from './learn-turn.ts'
import type { Gate } from './modes.ts'
import type { LearningPorts } from './ports.ts'
import { LEARN } from './turns.ts'

/** The kind of the job; its key is the import. */
export const LEARN_IMPORT = 'learn-import'

/** Messages looked up at once. */
const PAGE = 500
/** A message that fails this often is left out, so that the others are read. */
const TRIES = 3
/** How much the last message counts in the estimate. */
const NEWEST = 0.1

/** How far it is; absent numbers are not known yet. */
export interface ImportLearningState {
  done: number
  total: number
  paused: boolean
  /** Milliseconds until it is done, from what the last messages took; null until one was read. */
  leftMs: number | null
  /** Why it does not go on by itself just now, in words for a person; null: it does, or it is paused. */
  waitsFor: string | null
}

/** As the job keeps it. */
interface Progress {
  done: number
  total: number
  paused: boolean
  /** Milliseconds a message, the newest counting most. */
  each: number | null
  /** The message read last: the place in the order. */
  after: { at: string; id: string } | null
}

type Ports = Pick<LearningPorts, 'db' | 'jobs' | 'clock'>

export interface ImportLearning {
  /**
   * Begins, or goes on after a pause; once it is done, it stays done.
   * @throws AppError NOT_FOUND when there is no such import, NOT_ALLOWED when nothing is learned at present
   */
  start(owner: string, id: ImportId): Promise<void>
  /**
   * Begins it in the transaction that takes an import over; nothing, when nothing is learned at present: the person can
   * begin it later.
   */
  queue(tx: WriteHandle, owner: string, id: ImportId): Promise<void>
  /** @returns null when it was never begun, or is over or cancelled */
  state(owner: string, id: ImportId): Promise<ImportLearningState | null>
  pause(owner: string, id: ImportId): Promise<void>
  /** Ends it for good; what was suggested stays. In the caller's transaction. */
  cancel(tx: WriteHandle, owner: string, id: ImportId): Promise<void>
  /**
   * Ends it with the undo of its import, before the messages go: what was suggested of them alone, and waits, goes as well.
   * What the person decided on stays.
   */
  takeBack(tx: WriteHandle, owner: string, id: ImportId): Promise<void>
  /** The Learning switch was turned off: all of an owner's wait until they are begun again. */
  pauseAll(owner: string): Promise<void>
}

export function createImportLearning({ db, jobs, clock }: Ports, gate: Gate): ImportLearning {
  const one = (owner: string, id: string) => and(eq(job.owner, owner), eq(job.kind, LEARN_IMPORT), eq(job.key, id))

  const pause = async (owner: string, ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return
    await db.write('learn.pause', (tx) =>
      tx
        .update(job)
        .set({ status: 'done', payload: sql`${job.payload} || '{"paused": true}'`, finishedAt: clock.now() })
        .where(
          and(
            eq(job.owner, owner),
            eq(job.kind, LEARN_IMPORT),
            inArray(job.key, [...ids]),
            inArray(job.status, ['queued', 'running', 'failed']),
          ),
        ),
    )
    for (const id of ids) jobs.interrupt(owner, LEARN_IMPORT, id)
  }

  const queue = async (tx: WriteHandle, owner: string, id: ImportId): Promise<void> => {
    const total = await countMessages(tx, owner, id)
    if (total === 0 || gate.extracting(owner).length === 0) return
    const progress: Progress = { done: 0, total, paused: false, each: null, after: null }
    await jobs.add(tx, { owner, kind: LEARN_IMPORT, key: id, payload: { ...progress } })
  }

  const cancel = async (tx: WriteHandle, owner: string, id: ImportId): Promise<void> => {
    await tx.delete(job).where(one(owner, id))
    jobs.interrupt(owner, LEARN_IMPORT, id)
  }

  return {
    queue,
    cancel,

    async takeBack(tx, owner, id) {
      await cancel(tx, owner, id)
      await removeSuggested(tx, owner, id)
    },

    async start(owner, id) {
      if (gate.extracting(owner).length === 0) {
        throw new AppError('NOT_ALLOWED', 'Nothing is learned at present. Switch Learning on, then try again.')
      }
      await db.write('learn.import', async (tx) => {
        const [run] = await tx
          .select({ id: importRun.id })
          .from(importRun)
          .where(and(eq(importRun.id, id), eq(importRun.owner, owner)))
        if (!run) throw new AppError('NOT_FOUND', 'This import does not exist any more.')
        const [known] = await tx.select().from(job).where(one(owner, id))
        if (!known) return await queue(tx, owner, id)
        const progress = readProgress(known.payload)
        if (!progress.paused && known.status !== 'failed') return
        await tx
          .update(job)
          .set({
            status: 'queued',
            attempts: 0,
            error: null,
            runAfter: clock.now(),
            finishedAt: null,
            payload: { ...progress, paused: false },
          })
          .where(one(owner, id))
      })
      jobs.wake()
    },

    async state(owner, id) {
      const [row] = await db.read.select().from(job).where(one(owner, id))
      if (!row) return null
      const { done, total, paused, each } = readProgress(row.payload)
      if (row.status === 'done' && !paused) return null
      const leftMs = each === null ? null : Math.round(each * Math.max(0, total - done))
      const waitsFor = !paused && row.status === 'queued' ? row.error : null
      return { done, total, paused: paused || row.status === 'failed', leftMs, waitsFor }
    },

    pause: (owner, id) => pause(owner, [id]),

    async pauseAll(owner) {
      const rows = await db.read
        .select({ key: job.key })
        .from(job)
        .where(
          and(eq(job.owner, owner), eq(job.kind, LEARN_IMPORT), inArray(job.status, ['queued', 'running', 'failed'])),
        )
      await pause(
        owner,
        rows.map(({ key }) => key),
      )
    },
  }
}

/** Work of the job. */
export function createLearnImport(ports: LearningPorts, gate: Gate): JobHandler {
  const { db, jobs, clock, log } = ports
  return async (row, finish, signal, step) => {
    const { owner, key: importId } = row
    let progress = readProgress(row.payload)
    // Counts from the last start; where it got on, the next failure is a first one.
    let attempts = row.attempts

    const note = async (
      name: string,
      after: Progress['after'],
      started: number,
      work: (tx: WriteHandle) => Promise<unknown>,
    ) => {
      const took = performance.now() - started
      const each = progress.each === null ? took : progress.each * (1 - NEWEST) + took * NEWEST
      const next = { ...progress, done: progress.done + 1, each, after }
      await step(name, async (tx) => {
        await work(tx)
        return { ...next }
      })
      progress = next
      attempts = 1
      ports.events.importLearned?.(owner, importId as ImportId)
    }

    for (let page = await nextMessages(db.read, owner, importId, null, progress); page.length > 0; ) {
      for (const { id, at } of page) {
        await othersFirst(jobs, owner, signal)
        if (gate.extracting(owner).length === 0) throw new AppError('NOT_ALLOWED', 'Learning is switched off.')
        const started = performance.now()
        const place = { at, id }
        const turn = { owner, messageId: id, actor: `job:${LEARN_IMPORT}` }
        try {
          await learnTurn(ports, gate, turn, (name, work) => note(name, place, started, work), signal)
        } catch (error) {
          if (signal.aborted || error instanceof JobGone || isToWaitFor(error) || attempts < TRIES) throw error
          log.warn({ err: (error as Error).name }, 'nothing could be learned from an imported message')
          await note('learn.left-out', place, started, async () => undefined)
        }
      }
      page = await nextMessages(db.read, owner, importId, page.at(-1) ?? null, progress)
    }
    await finish('learn.import-done', async () => ({ done: progress.done, at: clock.now().toISOString() }))
  }
}

/** What will be better later: a model, room on the disk, Learning switched on. Else only this message breaks it. */
const LATER: ReadonlySet<ErrorCode> = new Set([
  ...(['NO_MODEL', 'MODEL_FILE_MISSING', 'MODEL_FILE_DAMAGED', 'MODEL_NOT_SUPPORTED', 'OUT_OF_MEMORY'] as const),
  ...(['ENGINE_STOPPED', 'DATABASE_STOPPED', 'DISK_FULL', 'BUSY', 'NOT_ALLOWED'] as const),
])

function isToWaitFor(error: unknown): boolean {
  return error instanceof AppError && LATER.has(error.code)
}

/** What the person says now is learned before what they said years ago. */
async function othersFirst(jobs: JobQueue, owner: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    let moved: () => void = () => undefined
    const move = new Promise<void>((resolve) => {
      moved = resolve
    })
    const off = jobs.onChange((kind) => {
      if (kind === LEARN) moved()
    })
    signal.addEventListener('abort', moved, { once: true })
    try {
      const { running } = await jobs.counts(owner, LEARN)
      if (running === 0) return
      await move
    } finally {
      off()
      signal.removeEventListener('abort', moved)
    }
  }
}

type Place = { id: string; at: string }

/** The messages of an import that say they are the person's, the oldest first, after a place. */
async function nextMessages(
  db: ReadHandle,
  owner: string,
  importId: string,
  last: Place | null,
  { after }: Progress,
): Promise<{ id: MessageId; at: string }[]> {
  const place = last ?? after
  const { rows } = await db.execute<{ id: MessageId; at: string }>(sql`
    select said.id, said.created_at::text as at
    ${ofImport(owner, importId)}
    ${place === null ? sql`` : sql`and (said.created_at, said.id) > (${place.at}::timestamptz, ${place.id}::uuid)`}
    order by said.created_at, said.id
    limit ${PAGE}`)
  return rows
}

async function countMessages(db: ReadHandle, owner: string, importId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`select count(*)::int as n ${ofImport(owner, importId)}`)
  return rows[0]?.n ?? 0
}

/** What was added by it alone (`new`: its rows are not tidied yet): a message that was here before it was learned from then, or was not to be. */
function ofImport(owner: string, importId: string) {
  return sql`
    from import_row
    cross join lateral (
      select message.id, message.created_at from message
      where message.id = import_row.id and message.owner = ${owner} and message.role = 'user' and message.imported
        and message.learnable and length(message.text) <= ${MESSAGE_MAX}
    ) as said
    where import_row.import_id = ${importId}::uuid and import_row.kind = 'message'
      and import_row.verdict in ('new', 'added')`
}

/** Suggestions that wait and rest on nothing but messages of this import, with the items they would add. */
async function removeSuggested(tx: WriteHandle, owner: string, importId: string): Promise<void> {
  const said = sql`(select import_row.id from import_row where import_row.import_id = ${importId}::uuid
    and import_row.kind = 'message' and import_row.verdict in ('new', 'added'))`
  const rows = await tx
    .select({ id: proposal.id, memoryId: proposal.memoryId, action: proposal.action })
    .from(proposal)
    .where(
      and(
        eq(proposal.owner, owner),
        eq(proposal.status, 'open'),
        eq(proposal.reason, IMPORTED),
        sql`${proposal.messageId} in ${said}`,
        sql`not exists (select 1 from jsonb_array_elements(${proposal.evidence}) source
          where (source ->> 'messageId') is null or (source ->> 'messageId')::uuid not in ${said})`,
      ),
    )
  if (rows.length === 0) return
  const items = rows.flatMap(({ action, memoryId }) => (action === 'add' && memoryId ? [memoryId] : []))
  await tx.delete(proposal).where(
    inArray(
      proposal.id,
      rows.map(({ id }) => id),
    ),
  )
  if (items.length === 0) return
  await tx.delete(embedding).where(and(eq(embedding.targetKind, 'memory'), inArray(embedding.targetId, items)))
  // The log of what came in goes with it.
  await tx.execute(sql`set local session_replication_role = replica`)
  await tx.delete(journal).where(and(eq(journal.owner, owner), inArray(journal.memoryId, items)))
  await tx.execute(sql`set local session_replication_role = origin`)
  await tx.delete(memory).where(and(eq(memory.owner, owner), eq(memory.status, 'proposed'), inArray(memory.id, items)))
}

function readProgress(payload: Record<string, unknown>): Progress {
  const { done, total, paused, each, after } = payload as Partial<Progress>
  return { done: done ?? 0, total: total ?? 0, paused: paused ?? false, each: each ?? null, after: after ?? null }
}
