// Items, what they rest on, and the changes a store may suggest to them.
import type { ConversationId, DocumentId, EntityId, MemoryId, MessageId } from '../../../shared/ids.ts'
import type { EntityType, Namespace, Origin, RecallReason, StoreId } from '../../../shared/memory.ts'

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

/** What was found for a store: an item, and what it rests on. */
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
