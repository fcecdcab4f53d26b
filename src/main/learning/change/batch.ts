// What the changes of one act share, and what came of each.
import type { BatchId, ConversationId, MemoryId, MessageId, ProposalId } from '../../../shared/ids.ts'
import type { ChangeAction } from '../../../shared/memory.ts'
import type { Gate, Suggester } from '../modes.ts'
import type { Change, Moment } from '../protocol.ts'

/** What all changes of one act share: an undo takes back a batch. */
export interface Batch {
  owner: string
  id: BatchId
  /** person, job:<kind>, tool, import, … */
  actor: string
  author: string
  at: Date
  /** Where the person is, for days in their own words; UTC without it. */
  timeZone?: string
  /** Model and prompt version the items were extracted with. */
  extractor: string | null
  conversationId?: ConversationId
  messageId?: MessageId
  vectors: Vectors
  /** The changes carry out what the person decided on a suggestion, so they need no words of theirs. */
  decided?: true
  /** The words came in with an import: everything waits, in whatever mode, and no entity becomes known. */
  imported?: true
  /** No chip in the chat tells of them. */
  isNoNews?: true
  /** By which modes changes are judged that are no act of the person; absent on the person's own acts. */
  gate?: { who: Suggester; gate: Pick<Gate, 'outcome' | 'modeOf' | 'neverKeep'> }
}

/** When and where what a batch writes was said. */
export function momentOf({ at, timeZone = 'UTC' }: Pick<Batch, 'at' | 'timeZone'>): Moment {
  return { at, timeZone }
}

/** What is kept of a suggested change until it is decided. */
export interface Suggested {
  change: Change
  /** What a person decides on, in one sentence. */
  claim: string
  /** The person's own wording, once they accepted it in one. */
  edited?: string
}

/** Vectors of texts, made before the transaction: no model is waited for inside. */
export interface Vectors {
  model: string
  of(text: string): Float32Array | null
}

/** Where none are made: the background makes them. */
export const NO_VECTORS: Vectors = { model: 'none', of: () => null }

/** An act of an import. */
export function importBatch({ owner, id, at, timeZone }: Pick<Batch, 'owner' | 'id' | 'at' | 'timeZone'>): Batch {
  return {
    ...{ owner, id, at, actor: 'import', author: 'import', extractor: null, vectors: NO_VECTORS },
    ...(timeZone === undefined ? {} : { timeZone }),
  }
}

export interface Applied {
  action: ChangeAction
  memoryId: MemoryId
  /** `proposed`: it waits for a person. */
  outcome: 'written' | 'proposed'
  /** What waits, when it was proposed. */
  proposalId?: ProposalId
  /** It is to be tried out on past turns before the person decides. */
  triedOut?: boolean
}

/** Reason of a change that no chip tells of. */
export const NO_NEWS = 'thread'
