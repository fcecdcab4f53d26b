// A clock that was put back must not keep waiting work waiting until it is that late again.
import { and, eq, gt, or, sql } from 'drizzle-orm'
import type { Database } from '../database/database.ts'
import { job } from '../database/schema.ts'

/**
 * Waiting work from the future waits as long from now as it should have from its beginning, so that a time to undo is
 * never shorter for it; work that failed before waits no longer than the longest pause between two attempts.
 * @returns how many jobs were moved
 */
export async function followClock(db: Database, now: Date, longestPauseMs: number): Promise<number> {
  const longest = new Date(now.getTime() + longestPauseMs)
  const queued = eq(job.status, 'queued')
  const fresh = and(queued, eq(job.attempts, 0), gt(job.createdAt, now))
  const again = and(queued, gt(job.attempts, 0), gt(job.runAfter, longest))
  const stuck = await db.read.select({ id: job.id }).from(job).where(or(fresh, again)).limit(1)
  if (stuck.length === 0) return 0
  return await db.write('job.clock', async (tx) => {
    const runAfter = sql`${now.toISOString()}::timestamptz + (${job.runAfter} - ${job.createdAt})`
    const rows = await tx.update(job).set({ runAfter, createdAt: now }).where(fresh).returning({ id: job.id })
    rows.push(...(await tx.update(job).set({ runAfter: longest }).where(again).returning({ id: job.id })))
    return rows.length
  })
}
