// The door of the learning machine: everything chat, the contract and the app may ask of it.

import type { LearningStatus } from '../../shared/chat.ts'
import type { Inputs, Outputs } from '../../shared/contract/index.ts'
import type { LearningLevel, LearningState } from '../../shared/contract/learning.ts'
import type { ForgetSelection, ManyAct, MemoryListQuery, MemorySeen } from '../../shared/contract/memory.ts'
import type { BatchId, ConversationId, MemoryId, MessageId, PassageId, ProjectId } from '../../shared/ids.ts'
import type {
  LearnedChange,
  PassageSource,
  RecallReason,
  SearchHit,
  StoreId,
  StoreMode,
  UsageSection,
} from '../../shared/memory.ts'
import type { WriteHandle } from '../database/database.ts'
import type { PromptBlock } from '../database/schema.ts'
import type { ItemEdit, NewItem } from './acts/by-hand.ts'
import type { ImportBatch, ImportedItem, ImportOutcome } from './change/suggest-imported.ts'
import type { Curation } from './curation/curation.ts'
import type { CustomStores } from './custom/custom-stores.ts'
import type { Documents } from './documents/documents.ts'
import type { Entities } from './entities/service.ts'
import type { ReactionRequest } from './feedback.ts'
import type { ForgetRequest } from './forgetting/forget.ts'
import type { ImportLearning } from './imported.ts'
import type { ActivityQuery } from './journal/activity.ts'
import type { KnownGroup } from './known.ts'
import type { Proposals } from './proposals/proposals.ts'
import type { Trust } from './proposals/trust.ts'
import type { Sessions } from './session/session.ts'
import type { StoreViews } from './store-view/store-views.ts'
import type { ShareRequest } from './teams/share.ts'
import type { Teams } from './teams/teams.ts'
import type { LearningTools } from './tools/tools.ts'
import type { Writing } from './writing.ts'

export interface ContextRequest {
  owner: string
  conversationId: ConversationId
  /** The project the conversation belongs to. */
  projectId?: ProjectId | null | undefined
  text: string
  recent: { role: 'user' | 'assistant'; text: string }[]
  /** The core block this conversation's prompt started with, null in a new one; empty when nothing was known then. */
  core: PromptBlock | null
  /** Blocks recalled earlier in this branch, oldest first; null where a turn recalled nothing. */
  earlier: (PromptBlock | null)[]
  /** Most tokens the new recalled block may take. */
  budgetTokens: number
}

/** A memory or passage that stands in a prompt, as the table of usage keeps it. */
export type PromptUse = (
  | { memoryId: MemoryId; memoryVersion: number; store: StoreId; passageId: null }
  | { memoryId: null; memoryVersion: null; store: null; passageId: PassageId }
) & {
  section: UsageSection
  reason: RecallReason
  tokens: number
}

/** A passage as the person sees it. */
export interface PassageView {
  text: string
  source: PassageSource
  /** Its message was taken out of recall. */
  barred: boolean
  /** Its conversation or document lies in the bin. */
  binned: boolean
}

/**
 * What the prompt gets from learning. A block handed in comes back as the same object while every item in it
 * still stands; after a forget or a correction it comes back rewritten without the old words.
 */
export interface TurnContext {
  core: PromptBlock | null
  earlier: (PromptBlock | null)[]
  recalled: PromptBlock | null
  /** Everything that stands in the prompt, in order of rank. */
  used: PromptUse[]
}

export interface LearnedTurn {
  status: LearningStatus | null
  changes: LearnedChange[]
  /** Sentences that were not kept because they hold a password, a key or a card number. */
  refused: number
}

export interface Learning {
  /** Builds the context of a turn without a model call. With learning off: everything empty, and nothing is read. */
  buildContext(request: ContextRequest): Promise<TurnContext>
  /** What is known of the person, by store; null while nothing known may be used. */
  known(
    owner: string,
    place: { projectId: string | null; conversationId: ConversationId },
  ): Promise<KnownGroup[] | null>
  /**
   * Makes the passages of a turn (the question and its answers as they stand), so that recall finds them in other
   * conversations, and queues learning from it, exactly once a message. In the caller's transaction; does nothing when
   * learning is off.
   */
  queueTurn(
    tx: WriteHandle,
    turn: { owner: string; conversationId: ConversationId; messageId: MessageId },
  ): Promise<void>
  /** Learning status and chips of messages, for the chat. */
  turnsOf(owner: string, messages: MessageId[]): Promise<Map<MessageId, LearnedTurn>>
  /** What was said before, for the used line: those of the passages that are still there. */
  passagesOf(owner: string, passages: PassageId[]): Promise<Map<PassageId, PassageView>>

  /**
   * Searches memories, past conversations and documents, best first, however weak the match; what is barred or in the bin
   * is not found. Works with learning off: it is the person who looks, not a prompt.
   */
  search(owner: string, query: string, limit: number): Promise<SearchHit[]>

  list(owner: string, query: MemoryListQuery): Promise<Outputs['memory']['list']>
  /** The ids of what a filter lists, a step at a time. */
  matching(owner: string, query: MemoryListQuery): Promise<Outputs['memory']['matching']>
  get(owner: string, id: MemoryId): Promise<Outputs['memory']['get']>
  uses(owner: string, query: { id: MemoryId; cursor: string | null; limit: number }): Promise<Outputs['memory']['uses']>
  related(owner: string, id: MemoryId): Promise<Outputs['memory']['related']>
  add(owner: string, item: NewItem): Promise<Outputs['memory']['add']>
  edit(owner: string, change: ItemEdit): Promise<Outputs['memory']['edit']>
  merge(owner: string, wanted: { items: readonly MemorySeen[]; text: string }): Promise<Outputs['memory']['merge']>
  split(owner: string, wanted: MemorySeen & { texts: readonly string[] }): Promise<Outputs['memory']['split']>
  /** It was never so, and is not learned again. */
  markWrong(owner: string, wanted: MemorySeen): Promise<Outputs['memory']['markWrong']>
  changeMany(owner: string, ids: readonly MemoryId[], act: ManyAct): Promise<Outputs['memory']['changeMany']>
  pin(owner: string, id: MemoryId, pinned: boolean): Promise<Outputs['memory']['pin']>
  /** What others would get of an item that is shared. */
  sharePreview(owner: string, request: ShareRequest): Promise<Outputs['memory']['sharePreview']>
  /** Makes a copy of it for a team or for everyone on this machine. */
  share(owner: string, request: ShareRequest): Promise<Outputs['memory']['share']>
  /** How many items rest on this conversation alone: those that forgetting it would take. */
  learnedFrom(owner: string, id: ConversationId): Promise<number>
  /** What `forget` would take; nothing is changed. */
  forgetPreview(owner: string, selection: ForgetSelection): Promise<Outputs['memory']['forgetPreview']>
  /** Forgets, by default everywhere. A list of ids is a request for these items. */
  forget(owner: string, wanted: MemoryId[] | ForgetRequest): Promise<Outputs['memory']['forget']>
  /** What was known at a point in time, from the journal alone. */
  stateAt(owner: string, query: Inputs['memory']['stateAt']): Promise<Outputs['memory']['stateAt']>
  restorePreview(owner: string, request: Inputs['memory']['restore']): Promise<Outputs['memory']['restorePreview']>
  /** Brings one item or everything back to how it was: one batch, undone like any other. */
  restore(owner: string, request: Inputs['memory']['restore']): Promise<Outputs['memory']['restore']>
  /**
   * The person reacted to an answer: every store that wants to know learns from it, by its mode.
   * @returns what undoes it; null when no store that learns wanted to know
   */
  react(owner: string, request: ReactionRequest): Promise<{ batchId: BatchId | null }>
  /** What happened to what was learned, newest first. */
  activity(owner: string, query: ActivityQuery): Promise<Outputs['activity']['list']>
  undo(owner: string, batch: BatchId): Promise<Outputs['memory']['undo']>

  /** What a store is called; its id where there is none. */
  titleOf(store: string): string

  /** Suggests memories that came in with an import, in the transaction that takes it over. */
  suggestImported(tx: WriteHandle, batch: ImportBatch, items: readonly ImportedItem[]): Promise<ImportOutcome[]>

  /** Suggestions that wait for the person. */
  readonly proposals: Proposals
  /** Offers to ask less of them, or more. */
  readonly trust: Trust
  /** People and things. */
  readonly entities: Entities
  /** The threads of chats. */
  readonly sessions: Sessions
  /** Stores the person made. */
  readonly customStores: CustomStores
  /** Samples of the person's writing, and texts in their style. */
  readonly writing: Writing
  /** What the pages of stores show. */
  readonly storeViews: StoreViews
  /** Tidying what is known. */
  readonly curation: Curation
  /** What the model may call while it answers. */
  readonly tools: LearningTools
  /** Learning from conversations that came in with an import. */
  readonly imports: ImportLearning
  /** Texts the person gives as documents. */
  readonly documents: Documents
  /** Whom the person shares with. */
  readonly teams: Teams

  state(owner: string): Promise<LearningState>
  /** Back to the mode a store has by itself. @param store null: every one */
  resetModes(owner: string, store: StoreId | null): Promise<LearningState>
  setLevel(owner: string, level: LearningLevel): Promise<LearningState>
  setMode(owner: string, store: StoreId, mode: StoreMode): Promise<LearningState>
  /** A store that is read only is used in answers and learns nothing, in whatever mode. */
  setReadOnly(owner: string, store: StoreId, readOnly: boolean): Promise<LearningState>
  retryFailed(owner: string): Promise<number>

  /** The Learning switch was turned: off takes waiting turns out of line and stops a running job. */
  switched(owner: string): Promise<void>

  /** Starts the queue; jobs left over by a killed process go on. */
  start(): void
  /** Resolves when no job is waiting or running: for the demo, the evaluation and tests. */
  idle(): Promise<void>
  /** Another embedding model is in use: what came in meanwhile gets its vectors, and what is compared with is made anew. */
  embedderChanged(): Promise<void>
  stop(): Promise<void>
}
