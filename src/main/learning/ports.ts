// What the learning machine needs of the world. It never knows a shell, a window or a component.

import type { LearningStatus } from '../../shared/chat.ts'
import type { LearningState } from '../../shared/contract/learning.ts'
import type { ConversationId, ImportId, MessageId, ProposalId } from '../../shared/ids.ts'
import type { LearnedChange, StoreId, StoreMode } from '../../shared/memory.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Database } from '../database/database.ts'
import type { Embedder, LanguageModel } from '../engine/engine.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Patience } from './contained/contain.ts'
import type { LearningTool } from './protocol.ts'

export interface LearningSettings {
  learning: boolean
  /** Every kind of learning in its default mode; without it those beyond the basic ones are off until switched on. */
  learnByItself: boolean
  /** Stores whose mode nobody set ask before they keep anything. */
  proposeEverything?: boolean
  storeModes: Partial<Record<StoreId, StoreMode>>
  /** Safe clean-ups are carried out unasked. */
  tidyByItself?: boolean
  /** Stores that are used and not learned; none by default. */
  readOnlyStores?: readonly StoreId[]
  /** What is never to be kept, in the person's words, by store. */
  neverKeep?: Partial<Record<StoreId, readonly string[]>>
}

export interface LearningEvents {
  memoriesChanged(): void
  stateChanged(state: LearningState): void
  learned(event: {
    conversationId: ConversationId
    messageId: MessageId
    status: LearningStatus
    changes: LearnedChange[]
  }): void
  /** Another message of an import was learned from. */
  importLearned?(owner: string, importId: ImportId): void
}

/** What forgetting and decisions ask of the chat. */
export interface RunningAnswers {
  /** Ends answers that are being written in these conversations, and waits until what was written is stored. */
  stopIn(owner: string, conversations: readonly ConversationId[]): Promise<void>
  /** Ends these answers, where they are still being written, in the same way. */
  stop(owner: string, answers: readonly MessageId[]): Promise<void>
  /** The person decided on these suggestions: an answer that waits for them goes on. */
  decided?(owner: string, proposals: readonly ProposalId[]): Promise<void>
  /** Texts of these conversations changed: whoever looks at them sees it. */
  changed(owner: string, conversations: readonly ConversationId[]): void
}

export interface LearningPorts {
  db: Database
  model: LanguageModel
  embedder: Embedder
  jobs: JobQueue
  clock: Clock
  log: Log
  events: LearningEvents
  /** Read at each use, so that a switch works at once. */
  settings(): LearningSettings
  /** Absent where there is no chat. */
  answers?: RunningAnswers
  /** Makes the model's process drop what it read last. */
  forgetPrompts?(): Promise<void>
  /** Absent where the level cannot be changed. */
  setLevel?(level: Pick<LearningSettings, 'learning' | 'learnByItself'>): Promise<void>
  setModes(modes: Partial<Record<StoreId, StoreMode>>): Promise<void>
  /** Tools of the host that the model may call beside those of the stores, made with `defineTool`. */
  tools?: readonly LearningTool[]
  /** How long a store may take to read what it needs; some seconds by default. */
  patience?: Patience
  /** Most milliseconds a turn waits for its question's vector before it goes on without; recall's own without it. */
  embedWaitMs?: number
  /** Absent where no store can be set to be used and not learned. */
  setReadOnly?(stores: StoreId[]): Promise<void>
  /** Absent where no rules can be set. */
  setNeverKeep?(rules: Partial<Record<StoreId, string[]>>): Promise<void>
}
