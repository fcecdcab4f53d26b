// The domain of what is learned, shared by the core and the window: one shape for all stores.
import { z } from 'zod'
import { batchId, conversationId, documentId, evidenceId, memoryId, messageId, passageId } from './ids.ts'

/** Built-in store ids; a store made by a person is `custom:<hex>`. */
export const storeId = z.string().regex(/^([a-z][a-z_]{1,39}|custom:[0-9a-f]{8,32})$/, 'not a store id')
export type StoreId = z.infer<typeof storeId>

export const namespace = z.string().regex(/^(user|global|team:[A-Za-z0-9_-]{1,64})$/, 'not a namespace')
export type Namespace = z.infer<typeof namespace>

export const storeMode = z.enum(['off', 'always', 'agentic', 'propose', 'ask'])
export type StoreMode = z.infer<typeof storeMode>

/** What a store never keeps, in the person's words. */
export const neverKeepRules = z
  .array(z.string().trim().min(1, 'Say what is never to be kept.').max(100, 'Say it in fewer words.'))
  .max(100, 'These are more rules than can be read.')

export const memoryStatus = z.enum(['proposed', 'active', 'paused', 'superseded', 'archived', 'trashed'])
export type MemoryStatus = z.infer<typeof memoryStatus>

/** Who or what produced the words a memory rests on. Immutable once written. */
export const origin = z.enum(['user', 'hand', 'assistant', 'tool', 'file', 'import', 'team'])
export type Origin = z.infer<typeof origin>

/**
 * Whose words a passage of a conversation or document is: the person's own, the assistant's, somebody else's that the
 * person pasted into a message, or a document's. Only `person` is trusted.
 */
export const voice = z.enum(['person', 'assistant', 'quoted', 'document'])
export type Voice = z.infer<typeof voice>

/** What kind of thing a name stands for. */
export const ENTITY_TYPES = ['person', 'organization', 'project', 'place', 'thing'] as const
export const entityType = z.enum(ENTITY_TYPES)
export type EntityType = z.infer<typeof entityType>

/** Why a memory exists: the exact words and where they stand. `start` and `end` are UTF-16 offsets in the message. */
export const evidenceView = z.strictObject({
  id: evidenceId,
  origin,
  quote: z.string(),
  start: z.int().nullable(),
  end: z.int().nullable(),
  conversationId: conversationId.nullable(),
  conversationTitle: z.string().nullable(),
  messageId: messageId.nullable(),
  /** The message was deleted since: the quote stays, the link does not. */
  sourceGone: z.boolean(),
  at: z.date(),
})
export type EvidenceView = z.infer<typeof evidenceView>

export const memoryView = z.strictObject({
  id: memoryId,
  version: z.int(),
  store: storeId,
  namespace,
  kind: z.string(),
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
  status: memoryStatus,
  confidence: z.number().min(0).max(1),
  pinned: z.boolean(),
  /** It may not be shared with anybody. */
  localOnly: z.boolean(),
  author: z.string(),
  validFrom: z.date().nullable(),
  validTo: z.date().nullable(),
  supersededBy: memoryId.nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
  lastUsedAt: z.date().nullable(),
  useCount: z.int(),
})
export type MemoryView = z.infer<typeof memoryView>

export const changeAction = z.enum([
  'add',
  'update',
  'supersede',
  'retire',
  'archive',
  'merge',
  'link',
  'confirm',
  'pin',
  'trash',
  'restore',
  'purge',
  'undo',
])
export type ChangeAction = z.infer<typeof changeAction>

/** One line of an item's history, read from the journal. */
export const historyEntry = z.strictObject({
  /** Place in the journal: names the version this change made. */
  seq: z.int(),
  batchId,
  at: z.date(),
  actor: z.string(),
  action: changeAction,
  before: z.string().nullable(),
  after: z.string().nullable(),
  reason: z.string().nullable(),
  undone: z.boolean(),
  undoable: z.boolean(),
  /** The wording this change made can hold again; false for the one that holds now, and for one that was erased. */
  restorable: z.boolean(),
})
export type HistoryEntry = z.infer<typeof historyEntry>

/** The answer to "why do you know this?". */
export const why = z.strictObject({
  /** Whose words it rests on first, and when they were said; null when there is no source any more. */
  origin: origin.nullable(),
  saidAt: z.date().nullable(),
  /** In the person's own words. */
  timesSaid: z.int(),
  lastSaidAt: z.date().nullable(),
  /** `hand`: the person wrote it. `rules`: read from their words without a model. */
  found: z.enum(['hand', 'rules', 'model', 'other']),
  model: z.string().nullable(),
  learnedAt: z.date(),
  correctedAt: z.date().nullable(),
  /** When the person accepted it as a suggestion. */
  decidedAt: z.date().nullable(),
  holdsFrom: z.date().nullable(),
  holdsUntil: z.date().nullable(),
  /** What it took the place of, newest first. */
  replaced: z.array(
    z.strictObject({ id: memoryId, text: z.string(), from: z.date().nullable(), until: z.date().nullable() }),
  ),
})
export type Why = z.infer<typeof why>

/** What learning changed, as the chip in the chat shows it. `text` is null once the item was forgotten. */
export const learnedChange = z.strictObject({
  memoryId,
  batchId,
  store: storeId,
  action: changeAction,
  text: z.string().nullable(),
  replaced: z.string().nullable(),
  undone: z.boolean(),
})
export type LearnedChange = z.infer<typeof learnedChange>

/**
 * In which part of the prompt a memory stood. `carried`: in a block recalled earlier in this chat. `whole`: a file of
 * this chat as it is, named by its first passage. `part`: a part of one, found for this message.
 */
export const usageSection = z.enum(['core', 'recalled', 'carried', 'whole', 'part'])
export type UsageSection = z.infer<typeof usageSection>

/** Why recall chose a memory: machine-readable, the window turns it into words. */
export const recallReason = z.strictObject({
  kind: z.enum([
    'profile',
    'pinned',
    'words',
    'meaning',
    'both',
    'carried',
    'recent',
    /** It is about somebody or something the question names. */
    'entity',
    /** It was learned from the same words as something that was found. */
    'together',
    /** It was said right before or after something that was found. */
    'nearby',
    /** The question is about a change, and this is what was so before. */
    'replaced',
    /** It is due soon or overdue. */
    'due',
    /** It stands in every prompt, or in every one of its kind, until it is closed. */
    'standing',
    /** It came with the message. */
    'attached',
    /** It keeps the thread of this conversation, of which a part no longer fits into the prompt. */
    'thread',
  ]),
  /** Query words found in the memory, at most five. */
  words: z.array(z.string()).max(5),
  /** Cosine similarity with the question, when vectors took part. */
  similarity: z.number().nullable(),
})
export type RecallReason = z.infer<typeof recallReason>

/** What stood in the prompt of an answer: where, at which place, why, and how many tokens it took. */
const used = {
  section: usageSection,
  rank: z.int(),
  reason: recallReason,
  tokens: z.int(),
}

/** A memory in a prompt. `text` is null when the item was forgotten since (US7). */
export const usedMemory = z.strictObject({
  kind: z.literal('memory'),
  memoryId: memoryId.nullable(),
  store: storeId,
  text: z.string().nullable(),
  learnedAt: z.date().nullable(),
  /** Who of a team shared it, as the team knows them; null for one's own. */
  sharedBy: z.string().nullable(),
  ...used,
})
export type UsedMemory = z.infer<typeof usedMemory>

/** Where a passage stands: its stretch of a message or document, as UTF-16 offsets, and what these are called. */
export const passageSource = z.strictObject({
  voice,
  conversationId: conversationId.nullable(),
  conversationTitle: z.string().nullable(),
  messageId: messageId.nullable(),
  documentId: documentId.nullable(),
  documentName: z.string().nullable(),
  start: z.int(),
  end: z.int(),
  at: z.date(),
})
export type PassageSource = z.infer<typeof passageSource>

/** Something said before, or a stretch of a document, in a prompt. `source` and `text` are null once it is gone. */
export const usedPassage = z.strictObject({
  kind: z.literal('passage'),
  passageId: passageId.nullable(),
  text: z.string().nullable(),
  source: passageSource.nullable(),
  /** The person took its message out of recall since. */
  barred: z.boolean(),
  ...used,
})
export type UsedPassage = z.infer<typeof usedPassage>

export const usedItem = z.discriminatedUnion('kind', [usedMemory, usedPassage])
export type UsedItem = z.infer<typeof usedItem>

/** What a search over memories, past conversations and documents finds, and why. */
export const searchHit = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('memory'), memory: memoryView, reason: recallReason }),
  z.strictObject({
    kind: z.literal('passage'),
    passageId,
    text: z.string(),
    source: passageSource,
    reason: recallReason,
  }),
])
export type SearchHit = z.infer<typeof searchHit>
