// What the chat needs of the rest of the core.
import type { ConversationView } from '../../shared/chat.ts'
import type { Clock } from '../app/clock.ts'
import type { Log } from '../app/log.ts'
import type { Attachments } from '../attachments/attachments.ts'
import type { Database } from '../database/database.ts'
import type { LanguageModel } from '../engine/engine.ts'
import type { JobQueue } from '../jobs/queue.ts'
import type { Learning } from '../learning/learning.ts'

/** What of learning a chat uses. */
export type ChatLearning = Pick<
  Learning,
  'buildContext' | 'known' | 'queueTurn' | 'turnsOf' | 'passagesOf' | 'react' | 'tools'
> & {
  proposals: Pick<Learning['proposals'], 'askedIn' | 'outcomes'>
}

export interface ChatPorts {
  db: Database
  model: LanguageModel
  learning: ChatLearning
  /** Absent: messages have no files. */
  attachments?: Attachments
  /** Absent: no automatic titles. */
  jobs?: JobQueue
  clock: Clock
  log: Log
  /** Longest answer, in tokens; the chat's own limit without it. */
  answerTokens?: number
  /** The person's own words for every conversation, read at each turn. */
  systemPrompt?(): string
  events: { conversation(view: ConversationView): void; conversations(): void }
}
