// What a process that was killed left of its answers: their text is kept, and their turns are still learned from.
import { and, eq, not, sql } from 'drizzle-orm'
import { message } from '../database/schema.ts'
import { endCalls } from './approvals.ts'
import type { ChatPorts } from './ports.ts'
import { isWaiting } from './waiting.ts'

/** Marks them, and queues what was not learned yet; those that wait for a decision go on waiting. */
export async function recoverAnswers(
  { db, learning }: Pick<ChatPorts, 'db' | 'learning'>,
  owner: string,
): Promise<void> {
  const left = and(eq(message.owner, owner), eq(message.status, 'pending'), not(sql`coalesce(${isWaiting()}, false)`))
  await db.write('chat.recover', async (tx) => {
    const rows = await tx.update(message).set({ status: 'interrupted' }).where(left).returning({
      id: message.id,
      conversationId: message.conversationId,
      questionId: message.parentId,
      calls: message.calls,
    })
    for (const { id, conversationId, questionId, calls } of rows) {
      if (calls)
        await tx
          .update(message)
          .set({ calls: endCalls(calls) })
          .where(eq(message.id, id))
      if (questionId) await learning.queueTurn(tx, { owner, conversationId, messageId: questionId })
    }
  })
}
