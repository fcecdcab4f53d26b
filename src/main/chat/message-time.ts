// When a message counts as written. What was said later has the later time, whatever a clock does that is put back.
import { desc, eq } from 'drizzle-orm'
import type { ReadHandle } from '../database/database.ts'
import { conversation } from '../database/schema.ts'

/** A clock that was farther ahead was wrong altogether, and what it stamped is no measure. */
const MOST_AHEAD_MS = 86_400_000

/** @returns now, or right after the latest message where the clock was put back behind it */
export async function messageTime(db: ReadHandle, owner: string, now: Date): Promise<Date> {
  const [latest] = await db
    .select({ at: conversation.updatedAt })
    .from(conversation)
    .where(eq(conversation.owner, owner))
    .orderBy(desc(conversation.updatedAt))
    .limit(1)
  const ahead = latest ? latest.at.getTime() - now.getTime() : -1
  return latest && ahead >= 0 && ahead <= MOST_AHEAD_MS ? new Date(latest.at.getTime() + 1) : now
}
