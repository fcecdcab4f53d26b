// The store protocol: what a kind of learning must say. A store reads and suggests; only the machine writes,
// which is what makes modes, approval, undo, provenance and "off" hold for every store.
import type { ZodType } from 'zod'
import type { CallStatus } from '../../shared/chat.ts'
import type { ConversationId, DocumentId, EntityId, MemoryId, MessageId } from '../../shared/ids.ts'
import type { EntityType, Namespace, Origin, RecallReason, StoreId, StoreMode } from '../../shared/memory.ts'
import type { ReadHandle } from '../database/database.ts'
import type { GrammarSchema } from '../engine/engine.ts'
import type { CombinedInput, CombinedPart } from './extraction/combined.ts'
import type { Sentence } from './extraction/sentences.ts'

/** Who may see an item: its namespace, and optionally a narrower place. The owner is part of every key. */
export interface Scope {
  namespace: Namespace
  projectId?: string
  conversationId?: ConversationId
}

export interface Evidence {
  origin: Origin
  conversationId?: ConversationId
  messageId?: MessageId
  documentId?: DocumentId
  /** The exact words. */
  quote: string
  /** UTF-16 offsets of the quote in the message. */
  start?: number
  end?: number
  at: Date
}

/** One stored item as a store sees it. */
export interface StoredItem<Content = Record<string, unknown>> {
  id: MemoryId
  version: number
  kind: string
  text: string
  content: Content
  pinned: boolean
  confidence: number
  validFrom: Date | null
  updatedAt: Date
  /** Entities the item is about: its subject, and the other end or the next it names. */
  subjectId: EntityId | null
  objectId: EntityId | null
  /** Why recall chose it; absent when it was read for another purpose. */
  reason?: RecallReason
}

/** Somebody or something by name, before it is known which entity that is. */
export interface EntityRef {
  name: string
  type: EntityType
  /** False: the type is a guess, and gives way to that of an entity known by this name. */
  certain: boolean
}

/** A name in one of the person's own sentences; offsets in the message. */
export interface Mention extends EntityRef {
  start: number
  end: number
}

/** What an item says: the sentence people read, its kind, and the fields the store's schema checks. */
export interface ItemContent<Content> {
  kind: string
  text: string
  content: Content
  confidence?: number
  validFrom?: Date | null
  validTo?: Date | null
  /** Whom or what it is about, by name; the machine finds or makes the entities when it writes. */
  subject?: EntityRef | null
  object?: EntityRef | null
  /** The assistant's own doing, kept and shown as such. */
  author?: 'assistant'
  /** The same once they were found. */
  subjectId?: EntityId | null
  objectId?: EntityId | null
  /** What the subject has nothing to do with any more, by name, and once it was found: those ties end. */
  ends?: readonly EntityRef[]
  endedIds?: readonly EntityId[]
}

/**
 * How a new statement stands to a known item: the same again, its replacement, something else that holds beside it, or
 * one of the last two and only the person knows which.
 */
export type Relation = 'same' | 'replaces' | 'both' | 'unsure'

/** A known item close to a find, with what the machine makes of the two. */
export interface KnownItem<Content = Record<string, unknown>> extends StoredItem<Content> {
  relation: Relation
  /** The find names it: what it says is said of this item. */
  named?: boolean
  /** It was said after the find: the find is the older of the two. */
  newer?: boolean
  /** It belongs to another store: only its words can be compared, its content has another form. */
  elsewhere?: boolean
  /** What stays true of it when the find replaces it; null when nothing does. */
  remainder?: string | null
}

/** A known item as a change names it; `base` is the version the change started from. */
export interface Target {
  id: MemoryId
  base: number
}

/**
 * A suggested write. `base` is the version it started from; the machine refuses a stale one.
 *
 * An added item may `contest` known ones: whether they still hold is asked, and both stay until the person says so. It
 * may be `outdated`: said before the one that holds now, and kept as history only. An item that retires may name what
 * holds instead, of whatever store (`by`). What stays true of an item that goes is an item of its own (`keeps`).
 */
export type Change<Content = Record<string, unknown>> = ChangeOf<Content> & {
  /** The person asked for it in so many words: proposing it to them would ask them twice. */
  asked?: boolean
}

type ChangeOf<Content> =
  | {
      action: 'add'
      item: ItemContent<Content>
      scope?: Scope
      evidence: Evidence[]
      /** It waits for the person whatever it rests on. */
      waits?: boolean
      contests?: readonly Target[]
      outdated?: { by: Target }
    }
  | { action: 'confirm'; id: MemoryId; base: number; evidence: Evidence[] }
  | { action: 'update'; id: MemoryId; base: number; item: ItemContent<Content>; evidence: Evidence[] }
  | {
      action: 'supersede'
      id: MemoryId
      base: number
      by: ItemContent<Content>
      reason: string
      evidence: Evidence[]
      /** The new words repeat parts of the old ones, so the old one's sources stand behind them too. */
      keepsSources?: boolean
      keeps?: string | null
    }
  | {
      action: 'retire'
      id: MemoryId
      base: number
      reason: string
      evidence: Evidence[]
      by?: MemoryId
      keeps?: string | null
      /** Whether it still holds is asked instead. */
      ask?: boolean
    }
  /** Put away: kept, found by a search with a mark, in no prompt any more. */
  | { action: 'archive'; id: MemoryId; base: number; reason: string; evidence: Evidence[] }
  | { action: 'merge'; ids: MemoryId[]; into: ItemContent<Content>; evidence: Evidence[] }
  | { action: 'link'; from: MemoryId; relation: string; to: MemoryId; evidence: Evidence[] }

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
  /** The exchange before, for "I", "there", "the second one"; with ids where it is read from a conversation. */
  before: { role: 'user' | 'assistant'; text: string; id?: MessageId }[]
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

/** A store's part of the combined extraction pass. */
export interface Found<Content = Record<string, unknown>> {
  item: ItemContent<Content>
  evidence: Evidence[]
  /** Its sentence is kept here and in no other store, so that one sentence is one item. */
  whole?: boolean
  /** The known item it is about, whatever its age and words: it comes first of those the find is compared with. */
  about?: MemoryId
  /** The person asked in so many words to keep it. */
  asked?: boolean
  /** As a new item it waits for the person whatever it rests on. */
  waits?: boolean
  /** Who may see it as a new item, where that differs from the store's policy. */
  scope?: Scope
  /** Another store that keeps it, if that one learns from turns now: a lesson that follows from an outcome. */
  store?: StoreId
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

/** A find for another store, in the form of that store's content. */
export type HandedOver = Found<Record<string, unknown>> & { store: StoreId }

/** A turn as a whole: what was asked and ordered too, and what the store wanted to see of its own items. */
export interface WholeTurn<Content = Record<string, unknown>> {
  turn: FinishedTurn
  /** The person's own sentences; pasted and quoted text is none of them, nor is one that holds a secret. */
  own: readonly Sentence[]
  known: readonly StoredItem<Content>[]
  /** Teams the person belongs to. */
  teams: readonly Namespace[]
}

/** What to look for in a turn. The machine joins the wishes of all stores into one labelling call. */
export interface CaptureSpec<Content = Record<string, unknown>> {
  /** Labels this store wants, with a line that tells the model when each applies. */
  labels: Record<string, { when: string; example: string }>
  /**
   * What plain rules see in a sentence, before and without the model. `whole`: nothing else is said in it, so that no
   * other store keeps it as well and no model reads it.
   */
  read?(sentence: string, turn: FinishedTurn): { items: ItemContent<Content>[]; whole: boolean }
  /** The store's own items that `turn` has to see: those that are open, those of this conversation. Never writes. */
  known?(turn: FinishedTurn, db: ReadHandle): Promise<StoredItem<Content>[]>
  /** What plain rules see in the turn as a whole, its requests and its answer included. Called once for every turn. */
  turn?(input: WholeTurn<Content>): (Found<Content> | HandedOver)[]
  /** What the store makes of a button or an edit on an answer. Plain code. */
  reaction?(reaction: Reaction, known: readonly StoredItem<Content>[]): Found<Content>[]
  /** Turns a labelled sentence into an item, or null when it is none of this store's. Plain code, no model. */
  found(sentence: LabelledSentence, turn: FinishedTurn): Found<Content> | null
  /** This store's part of the combined pass, the second and last model call of a turn. */
  part?: CombinedPart
  /**
   * What the store makes of its part. Called for every turn with sentences that passed the gate, once, after the
   * labels. Plain code, no model: it checks every name, number and date against the sentences.
   * @param value of its part; undefined when there was nothing to ask, or the model's output was broken
   */
  combined?(value: unknown, input: CombinedInput): Found<Content>[]
  /**
   * Who and what the sentences name. The machine links the items of every store to these, each to those that stand in
   * its quote. Same input as `combined`.
   */
  mentions?(value: unknown, input: CombinedInput): Mention[]
}

export interface TokenBudget {
  tokens: number
  count(text: string): number
}

/** Rendered items: one line each, so that a block keeps its bytes when other items change. */
export interface ContextBlock {
  lines: { id: MemoryId; version: number; line: string }[]
  leftOut: number
}

/**
 * Where an item stands in the prompt: `core` is small, stable and always there; `recalled` comes by relevance; `thread`
 * stands right after the core of its own conversation once a part of that no longer fits, and changes are no news there.
 */
export type Placement = 'core' | 'recalled' | 'thread'

/** The turn a tool is called in. */
export interface ToolTurn {
  owner: string
  conversationId: ConversationId
  messageId: MessageId
  /** The person's message. */
  userText: string
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
  /** Whether a message can be about it at all: a small model uses whatever it is offered. Without it every one can. */
  fits?(message: string): boolean
  /** @throws AppError for arguments it cannot work with */
  run(args: unknown, access: ToolAccess): Promise<ToolOutcome>
}

export interface StorePolicy {
  modes: readonly StoreMode[]
  defaultMode: StoreMode
  scope: Scope
  placement: Placement
  /** Origins whose words may become active without a decision. Everything else is a proposal. */
  trusted: readonly Origin[]
  /** The same for items of one kind, where it differs. The database has the last word (migrations `evidence_rule`). */
  trustedByKind?: Readonly<Record<string, readonly Origin[]>>
  /** On with the plain Learning switch. Others wait for "learn by itself", or for being switched on one by one. */
  basic: boolean
  /** Kinds that stand in the core block whatever the placement, at most so many of all of them, the newest. */
  standing?: { kinds: readonly string[]; most: number }
  /** Suggestions are tried out on past turns before the person decides; what came of it stands with them. */
  triedOut?: boolean
  /** Kinds that are kept and shown to the person, and stand in no prompt. */
  silentKinds?: readonly string[]
  /** Whether its lines in the prompt end with the day; false where they name their days themselves. */
  dated: boolean
  limits: { changesPerTurn: number }
  /** Whether the model may search it in mode `always`, where it learns by itself; not by default. */
  readingTools?: boolean
  /**
   * What a find is compared with: items of its kind (fields with one value), items of whatever store that say something
   * close, or such items of its own store alone.
   */
  compareBy: 'kind' | 'meaning' | 'own'
}

export interface LearningStore<Content = Record<string, unknown>> {
  readonly id: StoreId
  readonly title: string
  /** What one item holds beside its sentence. Checked on every write, whoever writes. */
  readonly schema: ZodType<Content>
  readonly policy: StorePolicy
  /** A store a person made: it holds nothing of, and learns nothing from, anybody else. */
  readonly ownedBy?: string
  readonly capture?: CaptureSpec<Content>
  /**
   * What must stand in the prompt of this turn beside what the machine's relevance search finds, best first. Never
   * writes. Null: nothing but that.
   */
  recall(turn: TurnRequest, db: ReadHandle): Promise<StoredItem<Content>[] | null>
  /** One line an item, within the budget, saying what was left out. Pure. */
  render(items: StoredItem<Content>[], budget: TokenBudget): ContextBlock
  /** The changes a find suggests; `near` are the known items close to it, closest first. Plain code, no model. */
  process(turn: FinishedTurn | null, found: Found<Content>, near: KnownItem<Content>[]): Change<Content>[]
  /** How a find stands to a known item; null leaves it to the machine's own comparison. */
  relate?(item: ItemContent<Content>, known: StoredItem<Content>): Relation | null
  /** What an item becomes when an answer that used it was liked or not; null: the same. */
  credit?(item: StoredItem<Content>, good: boolean): ItemContent<Content> | null
  /** What a person's own wording becomes, added (`before` null) or corrected by hand. */
  fromHand(text: string, before: StoredItem<Content> | null): ItemContent<Content>
  /** The same list at every call. */
  tools(): readonly LearningTool[]
  /** Text for the prompt on how to use the tools: fixed per mode, so that the prefix stays the same. */
  guidance?(mode: StoreMode): string
  /** What could be tidied that only this store knows of: what is stale, what does not help. A plan, not an act. */
  curate?(request: { owner: string; now: Date; db: ReadHandle }): Promise<Change<Content>[]>
}
