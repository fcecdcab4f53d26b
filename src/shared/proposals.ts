// What a waiting change looks like to the core and the window.
import { z } from 'zod'
import { batchId, conversationId, documentId, memoryId, messageId, proposalId } from './ids.ts'
import { changeAction, memoryView, origin, storeId } from './memory.ts'

/** What about a proposal deserves a second look. Flags sort the queue, they never decide. */
export const proposalFlag = z.enum([
  'orders-assistant',
  'mentions-system',
  'standing-order',
  'link',
  'hidden-characters',
  'look-alike-letters',
  'encoded',
  'contradicts',
])
export type ProposalFlag = z.infer<typeof proposalFlag>

export const proposalStatus = z.enum(['open', 'accepted', 'declined', 'expired'])
export type ProposalStatus = z.infer<typeof proposalStatus>

/** The words a proposal rests on, and whose they are. */
export const proposalEvidence = z.strictObject({
  origin,
  quote: z.string(),
  conversationId: conversationId.nullable(),
  messageId: messageId.nullable(),
  documentId: documentId.nullable(),
  at: z.date(),
})
export type ProposalEvidence = z.infer<typeof proposalEvidence>

/** A past question answered without and with what is suggested. */
export const trialCase = z.strictObject({ question: z.string(), before: z.string(), after: z.string() })
export type TrialCase = z.infer<typeof trialCase>

export const proposalView = z.strictObject({
  id: proposalId,
  store: storeId,
  action: changeAction,
  status: proposalStatus,
  /** The memory it would change; null for a new one and when the words are gone. */
  memoryId: memoryId.nullable(),
  /** What stands now, and what would stand; null where there is nothing. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string(),
  evidence: z.array(proposalEvidence),
  flags: z.array(proposalFlag),
  /** What came of trying it out on past questions; empty where it was not, or not yet. */
  trial: z.array(trialCase),
  /** The memory was changed since this was proposed: it cannot be accepted as it is. */
  stale: z.boolean(),
  createdAt: z.date(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
  /** Undo takes this back, while the decision can be undone. */
  batchId: batchId.nullable(),
})
export type ProposalView = z.infer<typeof proposalView>

export const proposalDecision = z.strictObject({
  proposal: proposalView,
  /** The memory that came of it; null after a decline. */
  memory: memoryView.nullable(),
  batchId,
})
export type ProposalDecision = z.infer<typeof proposalDecision>
