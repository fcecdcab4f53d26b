// Turns as a store sees them: about to be answered, over, in labelled sentences, and what the person made of the answer.
import type { CallStatus } from '../../../shared/chat.ts'
import type { ConversationId, MemoryId, MessageId } from '../../../shared/ids.ts'

/** The message about to be answered. */
export interface TurnRequest {
  owner: string
  conversationId: ConversationId
  text: string
  recent: { role: 'user' | 'assistant'; text: string }[]
  now: Date
  timeZone: string
}

/** A turn that is over: the question, the answer, and when. Only `user` words are the person's own. */
export interface FinishedTurn {
  owner: string
  conversationId: ConversationId
  messageId: MessageId
  userText: string
  answerText: string
  /** It came in with an import: nothing of it is the person's own word, and what is found in it waits. */
  imported?: true
  /**
   * The exchange before, for "I", "there", "the second one"; with ids where it is read from a conversation. `quoted`: it
   * says it is the person's, and came in with an import before they went on.
   */
  before: { role: 'user' | 'assistant' | 'quoted'; text: string; id?: MessageId }[]
  /** What the model did before it answered, in order and in short form. */
  calls: readonly TurnCall[]
  at: Date
  timeZone: string
}

/** A call of a tool in a turn. Neither its arguments nor what came of it are words of the person. */
export interface TurnCall {
  tool: string
  arguments: Record<string, unknown>
  result: string
  status: CallStatus
}

/** A sentence of the person's message with its label and what it states. */
export interface LabelledSentence {
  label: string
  /** The person's sentence, word for word; the evidence quote. */
  quote: string
  start: number
  end: number
  /** What it states, so that it can be understood alone: in the third person, names put in, dates named. */
  statement: string
  /** The statement is worded as a note; else it is the person's sentence as they said it. */
  grounded: boolean
  /** Every sentence the statement rests on: its own first, then those it takes a name or a detail from. */
  sources: { quote: string; start: number; end: number }[]
  /** From when and until when it holds, where the sentence says so. */
  from: Date | null
  to: Date | null
}

/** What the person did with an answer. */
export interface Reaction {
  turn: FinishedTurn
  answerId: MessageId
  signal: 'up' | 'down' | 'edit' | 'regenerate' | 'stop' | 'irrelevant'
  /** Words of the person beside a button. */
  comment: string | null
  /** The answer as the person changed it. */
  edited: string | null
  /** Of `irrelevant`: the memory that does not belong there. */
  memoryId: MemoryId | null
  at: Date
}
