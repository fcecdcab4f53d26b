// Conversations and messages as both sides see them.
import { z } from 'zod'
import { documentView } from './documents.ts'
import { appErrorView } from './errors.ts'
import { batchId, conversationId, documentId, memoryId, messageId, projectId, proposalId } from './ids.ts'
import { learnedChange, usedItem } from './memory.ts'
import { proposalView } from './proposals.ts'

/**
 * What the turns of a conversation may do with what is learned: use and learn it, only use it, or neither.
 */
export const conversationMode = z.enum(['normal', 'read_only', 'incognito'])
export type ConversationMode = z.infer<typeof conversationMode>

/**
 * What a person decided for all calls of a tool in one chat. `always`: they need no approval. `never`: it is not called.
 * There is none for changes of memory: these are decided one by one, or by the mode of their store.
 */
export const toolRule = z.strictObject({ tool: z.string(), rule: z.enum(['always', 'never']) })
export type ToolRule = z.infer<typeof toolRule>

export const conversationView = z.strictObject({
  id: conversationId,
  title: z.string(),
  createdAt: z.date(),
  updatedAt: z.date(),
  mode: conversationMode,
  projectId: projectId.nullable(),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** An answer came while nobody looked. */
  unread: z.boolean(),
  toolRules: z.array(toolRule),
})
export type ConversationView = z.infer<typeof conversationView>

/** `interrupted`: the app stopped while the answer was being written; what was written is kept. */
export const messageStatus = z.enum(['pending', 'complete', 'stopped', 'cut', 'failed', 'interrupted'])
export type MessageStatus = z.infer<typeof messageStatus>

export const answerStats = z.strictObject({
  promptTokens: z.int(),
  /** Prompt tokens that were already in the engine's prefix cache. */
  cachedTokens: z.int(),
  answerTokens: z.int(),
  tokensPerSecond: z.number().nullable(),
  timeToFirstTokenMs: z.number().nullable(),
  /** Milliseconds learning added before the model started reading: recall, query embedding, queue. */
  recallMs: z.number(),
  recalledTokens: z.int(),
  /** Messages of this chat, oldest first, that did not fit the model's context and were left out of the prompt. */
  leftOutMessages: z.int(),
  /** It was ended because the model wrote the same over and over. */
  repeated: z.boolean().optional(),
})
export type AnswerStats = z.infer<typeof answerStats>

/** State of the learning job of one turn. */
export const learningStatus = z.enum(['off', 'queued', 'running', 'done', 'failed'])
export type LearningStatus = z.infer<typeof learningStatus>

/**
 * How a tool call ended: `done` wrote something and can be undone, `found` only read, `proposed` waits in the inbox,
 * `waiting` holds the turn until the person decides, `approved` is about to be carried out, `refused` changed nothing,
 * `failed`: not saved.
 */
export const callStatus = z.enum(['done', 'found', 'proposed', 'waiting', 'approved', 'declined', 'refused', 'failed'])
export type CallStatus = z.infer<typeof callStatus>

/** What a person is asked about a call that needs their approval. */
export const callApproval = z.strictObject({
  /** Names the tool as it was when it was asked: an approval is of that, and of nothing it becomes later. */
  definition: z.string(),
  /** What the tool does, in the words of who made it. */
  description: z.string(),
  /** Every call is asked about: what it does depends on its arguments. */
  each: z.boolean(),
  /** It was allowed in this chat, and is another one since. */
  changed: z.boolean(),
})
export type CallApproval = z.infer<typeof callApproval>

/** `once` and `always` (in this chat) carry it out; `never`: not in this chat. */
export const callDecision = z.enum(['once', 'always', 'decline', 'never'])
export type CallDecision = z.infer<typeof callDecision>

/** A tool the model called before an answer, as it is kept with the answer. */
export const storedCall = z.strictObject({
  tool: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  /** What came of it, as the model read it. */
  result: z.string(),
  status: callStatus,
  batchId: batchId.nullable(),
  /** What it changed or found. */
  memories: z.array(memoryId),
  proposals: z.array(proposalId),
  /** Of a tool whose calls need an approval. */
  approval: callApproval.optional(),
})
export type StoredCall = z.infer<typeof storedCall>

export const callView = storedCall.extend({
  /** What it wrote was taken back. */
  undone: z.boolean(),
})
export type CallView = z.infer<typeof callView>

export const messageView = z.strictObject({
  id: messageId,
  parentId: messageId,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  /** It came with an import: nobody typed it here, and no model here wrote it. */
  imported: z.boolean(),
  /** On answers of a reasoning model: what it thought before it wrote. */
  thoughts: z.string().nullable(),
  /** Every message in this place, oldest first, itself among them: more than one where a branch begins. */
  siblings: z.array(messageId),
  /** On the person's messages: the files that came with it. */
  attachments: z.array(documentView),
  status: messageStatus,
  error: appErrorView.nullable(),
  model: z.string().nullable(),
  createdAt: z.date(),
  stats: answerStats.nullable(),
  /** On answers: what stood in the prompt, recorded when it was built. */
  used: z.array(usedItem),
  /** On answers: what the model did before it answered. */
  calls: z.array(callView),
  /** On the person's messages: what learning made of them. */
  learning: learningStatus.nullable(),
  learned: z.array(learnedChange),
  /** On the person's messages: suggestions of this turn that ask for a decision at once, in mode `ask`. */
  asks: z.array(proposalView),
})
export type MessageView = z.infer<typeof messageView>

export const turnPhase = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('recalling') }),
  z.strictObject({ phase: z.literal('loading'), progress: z.number() }),
  z.strictObject({ phase: z.literal('reading'), progress: z.number() }),
  z.strictObject({ phase: z.literal('acting'), tool: z.string() }),
  /** The person decides first. */
  z.strictObject({ phase: z.literal('waiting') }),
  z.strictObject({ phase: z.literal('thinking') }),
  z.strictObject({ phase: z.literal('writing') }),
])
export type TurnPhase = z.infer<typeof turnPhase>

/** A message that waits until the answer before it is written. */
export const queuedMessage = z.strictObject({
  id: messageId,
  text: z.string(),
  documents: z.array(documentId),
})
export type QueuedMessage = z.infer<typeof queuedMessage>

/** A stretch of the shown branch, and how many of its messages lie before and after it. */
export const branchPage = z.strictObject({
  messages: z.array(messageView),
  earlier: z.int(),
  later: z.int(),
})
export type BranchPage = z.infer<typeof branchPage>

/** What `chat.watch` streams: first one snapshot, then changes in order. */
export const chatEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('snapshot'),
    conversation: conversationView,
    ...branchPage.shape,
    /** What the answer being written does, if one is. */
    phase: turnPhase.nullable(),
    queue: z.array(queuedMessage),
  }),
  z.strictObject({ type: z.literal('message'), message: messageView }),
  z.strictObject({ type: z.literal('phase'), messageId, phase: turnPhase.nullable() }),
  /** `at`: length of the answer before this piece, so that a late subscriber can tell a gap from an overlap. */
  z.strictObject({ type: z.literal('text'), messageId, at: z.int(), text: z.string() }),
  /** As `text`, of what the model thinks before it writes. */
  z.strictObject({ type: z.literal('thoughts'), messageId, at: z.int(), text: z.string() }),
  z.strictObject({ type: z.literal('queue'), queue: z.array(queuedMessage) }),
  z.strictObject({ type: z.literal('conversation'), conversation: conversationView }),
  z.strictObject({ type: z.literal('deleted') }),
])
export type ChatEvent = z.infer<typeof chatEvent>
