// Answers that wait for the person's decision. That they wait is a row like any other, so it outlives the app; what the
// person decided on is read from the suggestions themselves.
import { and, eq, sql } from 'drizzle-orm'
import type { StoredCall } from '../../shared/chat.ts'
import type { ConversationId, MessageId, ProposalId } from '../../shared/ids.ts'
import type { ReadHandle } from '../database/database.ts'
import { message } from '../database/schema.ts'
import type { Proposals } from '../learning/proposals/proposals.ts'
import { settleApproval } from './approvals.ts'

export interface WaitingAnswer {
  conversationId: ConversationId
  questionId: MessageId
  answerId: MessageId
  proposals: ProposalId[]
}

/** The condition on a row of `message`: its turn is held by a decision. */
export function isWaiting() {
  return and(eq(message.status, 'pending'), sql`${message.calls} @> '[{"status": "waiting"}]'`)
}

/** @param conversationId null: of all */
export async function waitingAnswers(
  db: ReadHandle,
  owner: string,
  conversationId: ConversationId | null = null,
): Promise<WaitingAnswer[]> {
  const rows = await db
    .select()
    .from(message)
    .where(
      and(
        eq(message.owner, owner),
        isWaiting(),
        conversationId === null ? undefined : eq(message.conversationId, conversationId),
      ),
    )
  return rows.flatMap((row) =>
    row.parentId === null
      ? []
      : {
          conversationId: row.conversationId,
          questionId: row.parentId,
          answerId: row.id,
          proposals: (row.calls ?? []).flatMap((call) => (call.status === 'waiting' ? call.proposals : [])),
        },
  )
}

/**
 * The calls as they stand now: decided ones say how, undecided suggestions stay such, and nothing is held up any more.
 * @param mayCall whether the chat still has tools
 */
export async function settleCalls(
  proposals: Pick<Proposals, 'outcomes'>,
  owner: string,
  calls: readonly StoredCall[],
  mayCall: boolean,
): Promise<StoredCall[]> {
  const settled: StoredCall[] = []
  for (const call of calls) {
    if (call.status !== 'waiting' || call.approval) {
      settled.push(settleApproval(call, mayCall))
      continue
    }
    const outcomes = await proposals.outcomes(owner, call.proposals)
    const accepted = outcomes.find(({ status }) => status === 'accepted')
    if (accepted)
      settled.push({ ...call, status: 'done', result: 'Saved: it was approved.', batchId: accepted.batchId })
    else if (outcomes.some(({ status }) => status === 'open')) settled.push({ ...call, status: 'proposed' })
    else settled.push({ ...call, status: 'declined', arguments: {}, result: 'Not saved: it was declined.' })
  }
  return settled
}
