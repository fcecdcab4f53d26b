// What the learning machine needs of the world. It never knows a shell, a window or a component.

import type { LearningStatus } from '../../shared/chat.ts'
import type { LearningState } from '../../shared/contract/learning.ts'
import type { ConversationId, MessageId } from '../../shared/ids.ts'
import type { LearnedChange, StoreId, StoreMode } from '../../shared/memory.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Database } from '../database/database.ts'
import type { Embedder, LanguageModel } from '../engine/engine.ts'
import type { JobQueue } from '../jobs/queue.ts'

export interface LearningSettings {
  learning: boolean
  storeModes: Partial<Record<StoreId, StoreMode>>
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
  setModes(modes: Partial<Record<StoreId, StoreMode>>): Promise<void>
}
