import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Clock } from '../app/clock.ts'
import { createLog } from '../app/log.ts'
import type { WriteHandle } from '../database/database.ts'
import { job, setting } from '../database/schema.ts'
import { openTestDatabase, type TestDatabase } from '../database/testing.ts'
import { createJobQueue, type JobHandler, type JobQueue } from './queue.ts'

let db: TestDatabase
let now = new Date('2026-03-03T10:00:00Z')
const clock: Clock = { now: () => now, timeZone: 'UTC' }
const owner = 'me'
const queues: JobQueue[] = []

beforeAll(async () => {
  db = await openTestDatabase({ clock })
})
afterAll(async () => {
  for (const queue of queues) await queue.stop()
  await db.close()
})
beforeEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop()
  await db.write('clean', async (tx) => {
    await tx.delete(job)
    await tx.delete(setting)
  })
})

function open(
  handler: JobHandler,
  options: { maxAttempts?: number; backoffMs?: number[]; start?: boolean } = {},
): JobQueue {
  const queue = createJobQueue({ db, clock, log: createLog(null), backoffMs: options.backoffMs ?? [0] })
  queue.handle('work', handler, options.maxAttempts ? { maxAttempts: options.maxAttempts } : {})
  queues.push(queue)
  if (options.start !== false) queue.start()
  return queue
}
const add = (queue: JobQueue, key: string, more: { runAfter?: Date } = {}) =>
  db.write('add', (tx) => queue.add(tx, { owner, kind: 'work', key, ...more }))
const mark = (tx: WriteHandle, key: string) => tx.insert(setting).values({ owner, key, value: true })
const marks = async () => (await db.read.select().from(setting)).map(({ key }) => key).sort()
const rows = () => db.read.select().from(job).where(eq(job.owner, owner))
const finishAll: JobHandler = async ({ key }, finish) => finish('mark', async (tx) => void (await mark(tx, key)))

describe('the job queue', () => {
  it('runs what was added once the adding is committed, one at a time, in order', async () => {
    const seen: string[] = []
    let running = 0
    const queue = open(async ({ key }, finish) => {
      running += 1
      expect(running).toBe(1)
      seen.push(key)
      await finish('mark', async (tx) => void (await mark(tx, key)))
      running -= 1
    })
    await db.write('add', async (tx) => {
      for (const key of ['a', 'b', 'c']) await queue.add(tx, { owner, kind: 'work', key })
    })
    await queue.idle()
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(await marks()).toEqual(['a', 'b', 'c'])
  })

  it('never sees a job whose adding was rolled back', async () => {
    const queue = open(finishAll)
    await expect(
      db.write('add', async (tx) => {
        await queue.add(tx, { owner, kind: 'work', key: 'gone' })
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    await queue.idle()
    expect(await rows()).toEqual([])
  })

  it('takes the same key twice as one job, also when it is done', async () => {
    const queue = open(finishAll)
    await add(queue, 'once')
    await queue.idle()
    await add(queue, 'once')
    await queue.idle()
    expect(await marks()).toEqual(['once'])
    expect(await rows()).toHaveLength(1)
  })

  it('runs a job again that was killed before its end, and leaves one result', async () => {
    let reached: () => void = () => {}
    const atWork = new Promise<void>((resolve) => {
      reached = resolve
    })
    const killed = open(async (_job, _finish, signal) => {
      reached()
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    await add(killed, 'half')
    await atWork
    // A killed process leaves the row as it is: running.
    await db.write('kill', (tx) => tx.update(job).set({ status: 'running' }))
    await killed.stop()
    await db.write('kill', (tx) => tx.update(job).set({ status: 'running' }))
    const next = open(finishAll)
    await next.idle()
    expect(await marks()).toEqual(['half'])
    expect(await rows()).toMatchObject([{ status: 'done' }])
  })

  it('writes nothing of a job that fails inside its end, and tries again', async () => {
    let attempt = 0
    const queue = open(async ({ key }, finish) => {
      attempt += 1
      await finish('mark', async (tx) => {
        await mark(tx, `${key}${attempt}`)
        if (attempt === 1) throw new Error('power cut')
        return undefined
      })
    })
    await add(queue, 'x')
    await expect
      .poll(async () => {
        await queue.idle()
        return marks()
      })
      .toEqual(['x2'])
  })

  it('gives up with a reason after the last attempt, and starts afresh when asked', async () => {
    let broken = true
    const queue = open(
      async (row, ...rest) => {
        if (broken) throw new Error('secret text of a chat')
        return finishAll(row, ...rest)
      },
      { maxAttempts: 2 },
    )
    await add(queue, 'x')
    await expect.poll(async () => (await queue.counts(owner, 'work')).failed).toBe(1)
    expect(await rows()).toMatchObject([{ status: 'failed', attempts: 2, error: 'Error' }])
    broken = false
    expect(await queue.retryFailed(owner, 'work')).toBe(1)
    await queue.idle()
    expect(await marks()).toEqual(['x'])
  })

  it('gives up on a job that stops the whole app each time', async () => {
    const first = open(finishAll, { start: false, maxAttempts: 2 })
    await add(first, 'bomb')
    await db.write('killed twice', (tx) => tx.update(job).set({ status: 'running', attempts: 2 }))
    const queue = open(finishAll, { maxAttempts: 2 })
    await queue.idle()
    expect(await rows()).toMatchObject([{ status: 'failed' }])
    expect(await marks()).toEqual([])
  })

  it('waits for the time of a later job; idle does not', async () => {
    const queue = open(finishAll)
    await add(queue, 'later', { runAfter: new Date(now.getTime() + 30_000) })
    await queue.idle()
    expect(await marks()).toEqual([])
    now = new Date(now.getTime() + 31_000)
    queue.wake()
    await queue.idle()
    expect(await marks()).toEqual(['later'])
  })

  it('does not wait for a clock that was put back to be as late again, and keeps a time to undo as long as it was', async () => {
    const hour = 3_600_000
    let failing = true
    const queue = open(
      async (row, ...rest) => {
        if (row.key === 'again' && failing) throw new Error('not yet')
        return finishAll(row, ...rest)
      },
      { backoffMs: [1000] },
    )
    await add(queue, 'again')
    await queue.idle()
    await add(queue, 'later', { runAfter: new Date(now.getTime() + 30_000) })
    await queue.idle()
    now = new Date(now.getTime() - hour)
    failing = false
    await add(queue, 'now')
    await queue.idle()
    expect(await marks()).toEqual(['now'])
    now = new Date(now.getTime() + 1000)
    queue.wake()
    await queue.idle()
    expect(await marks()).toEqual(['again', 'now'])
    now = new Date(now.getTime() + 28_000)
    queue.wake()
    await queue.idle()
    expect(await marks()).toEqual(['again', 'now'])
    now = new Date(now.getTime() + 1000)
    queue.wake()
    await queue.idle()
    expect(await marks()).toEqual(['again', 'later', 'now'])
  })

  it('runs what was queued before the clock was put back while the app was closed', async () => {
    const closed = open(finishAll, { start: false })
    await add(closed, 'before')
    now = new Date(now.getTime() - 86_400_000)
    const queue = open(finishAll)
    await queue.idle()
    expect(await marks()).toEqual(['before'])
  })

  it('cancels waiting and running work, whose end then writes nothing', async () => {
    let reached: () => void = () => {}
    const atWork = new Promise<void>((resolve) => {
      reached = resolve
    })
    let go: () => void = () => {}
    const going = new Promise<void>((resolve) => {
      go = resolve
    })
    const queue = open(async ({ key }, finish) => {
      reached()
      await going
      await finish('mark', async (tx) => void (await mark(tx, key)))
    })
    await add(queue, 'a')
    await add(queue, 'b')
    await atWork
    await queue.cancel(owner, 'work')
    go()
    await queue.idle()
    expect(await marks()).toEqual([])
    expect(await rows()).toEqual([])
  })

  it('stops a job that was being claimed when the queue was stopped, and keeps it for the next start', async () => {
    let stopped: Promise<void> | undefined
    const untilAborted = (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        else signal.addEventListener('abort', () => resolve())
      })
    const queue = open(
      async (_, __, signal) => {
        // The queue is looking for work of the other kind at this moment.
        setImmediate(() => {
          stopped = queue.stop()
        })
        await untilAborted(signal)
        signal.throwIfAborted()
      },
      { start: false },
    )
    queue.handle('other', async (_, __, signal) => {
      await untilAborted(signal)
      signal.throwIfAborted()
    })
    await add(queue, 'a')
    await db.write('add', (tx) => queue.add(tx, { owner, kind: 'other', key: 'b' }))
    queue.start()
    await queue.idle()
    await stopped
    expect((await rows()).map(({ status }) => status)).toEqual(['queued', 'queued'])
  })

  it('tells listeners, who may read the database at once', async () => {
    const queue = open(finishAll)
    const moves: string[] = []
    const reads: Promise<unknown>[] = []
    queue.onChange((_kind, move) => {
      moves.push(move?.status ?? 'many')
      reads.push(queue.counts(owner, 'work'))
    })
    await add(queue, 'x')
    await queue.idle()
    await Promise.all(reads)
    expect(moves).toEqual(['queued', 'running', 'done'])
  })
})
