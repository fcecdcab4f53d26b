// What a waiting change looks like to the core and the window.
import { z } from 'zod'
import { batchId, conversationId, documentId, memoryId, messageId, proposalId } from './ids.ts'
import { changeAction, memoryView, namespace, origin, storeId, storeMode } from './memory.ts'

/** Most suggestions one click may decide on: a long list is not read. */
export const MOST_AT_ONCE = 50

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
  /** Who would see it: the person alone, a team, or everyone on this machine. */
  namespace,
  /** What stands now, and what would stand; null where there is nothing. */
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** The values beside the words, as they are and as they would be. */
  data: z.strictObject({
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  }),
  /** What a merge would make one: memories, or (without an id) names of people and things. */
  merges: z.array(z.strictObject({ memoryId: memoryId.nullable(), text: z.string() })),
  reason: z.string(),
  evidence: z.array(proposalEvidence),
  flags: z.array(proposalFlag),
  /** What came of trying it out on past questions; empty where it was not, or not yet. */
  trial: z.array(trialCase),
  /** The memory was changed since this was proposed: `before` is how it is now, and `version` says that it was seen. */
  stale: z.boolean(),
  /** What it would change is not there any more: it can only be declined. */
  gone: z.boolean(),
  /** Version of the memory as it is shown here; null for a new one. */
  version: z.int().nullable(),
  createdAt: z.date(),
  /** Put off by the person until then. */
  snoozedUntil: z.date().nullable(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
  /** Undo takes this back, while the decision can be undone. */
  batchId: batchId.nullable(),
})
export type ProposalView = z.infer<typeof proposalView>

/**
 * What waits of one chat or document, or of neither; what is flagged is a group of its own. Of a source that is gone the
 * title is null.
 */
export const proposalGroup = z.strictObject({
  key: z.string(),
  conversationId: conversationId.nullable(),
  documentId: documentId.nullable(),
  title: z.string().nullable(),
  flagged: z.boolean(),
  /** Suggestions of it that wait. */
  waiting: z.int(),
  /** Those that one click may decline or put off. */
  ids: z.array(proposalId).max(MOST_AT_ONCE),
  /** Those of them that one click may accept: what is flagged, asked or an instruction wants a look of its own. */
  together: z.array(proposalId).max(MOST_AT_ONCE),
})
export type ProposalGroup = z.infer<typeof proposalGroup>

export const proposalDecision = z.strictObject({
  proposal: proposalView,
  /** The memory that came of it; null after a decline. */
  memory: memoryView.nullable(),
  batchId,
})
export type ProposalDecision = z.infer<typeof proposalDecision>

/** A known memory that says nearly what a suggestion would keep. */
export const nearMemory = z.strictObject({
  id: memoryId,
  text: z.string(),
  /** `same`: it says so already. `contradicts`: both can hardly be true. */
  relation: z.enum(['same', 'contradicts']),
})
export type NearMemory = z.infer<typeof nearMemory>

/** After many decisions of one kind: a way to learn it that would save the person some of them. Never taken unasked. */
export const trustOffer = z.strictObject({
  store: storeId,
  from: storeMode,
  to: storeMode,
  /** Approvals in a row that led to it; or, when it should ask again, how often what it learned was put right. */
  count: z.int(),
})
export type TrustOffer = z.infer<typeof trustOffer>
