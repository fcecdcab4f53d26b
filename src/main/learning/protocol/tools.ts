// Tools of the model: what is lent to one while it runs, and what it may ask for.
import type { ConversationId, EntityId, MemoryId, MessageId } from '../../../shared/ids.ts'
import type { ReadHandle } from '../../database/database.ts'
import type { GrammarSchema } from '../../engine/engine.ts'
import type { Change, Evidence, Found, StoredItem } from './items.ts'

/** The turn a tool is called in. */
export interface ToolTurn {
  owner: string
  conversationId: ConversationId
  messageId: MessageId
  /** The person's message. */
  userText: string
  /** It came in with an import, and is answered anew: nothing of it is the person's own word. */
  imported?: boolean
  at: Date
  timeZone: string
}

/** What the machine lends a tool while it runs. Nothing of it writes. */
export interface ToolAccess {
  db: ReadHandle
  turn: ToolTurn
  /** Items of the tool's own store about a text, nearest first; none for a tool of the host. */
  search(text: string, limit: number): Promise<StoredItem[]>
  /** What the person said of a statement in this turn. */
  said(statement: string): Said
}

/**
 * A statement as it may be kept: as it is, where the person's words say it; in their own words, where these say something
 * close; else as the assistant's, which waits for a decision whatever the mode.
 */
export interface Said {
  text: string
  evidence: Evidence[]
  /** Whose wording the text is. */
  voice: 'note' | 'own'
}

/** What a tool asks for or answers. What it suggests goes the one way into the database, and the machine tells of it. */
export interface ToolOutcome {
  /** Compared with what is known, like what is found in a turn. */
  finds?: Found[]
  changes?: Change[]
  /** Of a tool that reads, and of one that could not do what was asked. */
  reply?: string
  /** It did not work, and why, in words that help to do it otherwise. What worked instead may become a lesson. */
  failed?: string
  /** Items the reply names. */
  memories?: MemoryId[]
  /** A question for the inbox whether two entities are one. */
  sameEntities?: { from: EntityId; into: EntityId }
}

/** A tool of the model. Made with `defineTool`, which checks the arguments. */
export interface LearningTool {
  /** Unique among all stores. */
  name: string
  /** When it is needed, in one line: read in every turn of a chat that has tools. */
  summary: string
  /** How to fill in the arguments: read once it was chosen. */
  description: string
  /** The grammar of its arguments. */
  params: GrammarSchema
  writes: boolean
  /**
   * Of a tool of the host alone: a person approves a call before it is carried out. `chat`: they may allow all calls of a
   * chat at once. `each`: what it does depends so much on its arguments that every call is asked about.
   */
  approval?: 'chat' | 'each'
  /** Whether a message can be about it at all: a small model uses whatever it is offered. Without it every one can. */
  fits?(message: string): boolean
  /** @throws AppError for arguments it cannot work with */
  run(args: unknown, access: ToolAccess): Promise<ToolOutcome>
}
