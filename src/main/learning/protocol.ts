// The store protocol: what a kind of learning must say. A store reads and suggests; only the machine writes,
// which is what makes modes, approval, undo, provenance and "off" hold for every store.
// Items, turns and tools have a file each; this one is what a store is, and the one door to all of them.
import type { ZodType } from 'zod'
import type { StoreIcon } from '../../shared/custom-store.ts'
import type { MemoryId } from '../../shared/ids.ts'
import type { Namespace, Origin, StoreId, StoreMode } from '../../shared/memory.ts'
import type { StoreField } from '../../shared/store-field.ts'
import type { ReadHandle } from '../database/database.ts'
import type { CombinedInput, CombinedPart } from './extraction/combined.ts'
import type { Sentence } from './extraction/sentences.ts'
import type { Change, Found, ItemContent, KnownItem, Mention, Relation, Scope, StoredItem } from './protocol/items.ts'
import type { LearningTool } from './protocol/tools.ts'
import type { FinishedTurn, LabelledSentence, Reaction, TurnRequest } from './protocol/turns.ts'

export type * from './protocol/items.ts'
export type * from './protocol/tools.ts'
export type * from './protocol/turns.ts'

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
  /** What follows for other stores from a change the person made by hand to one of its items. Plain code. */
  changed?(before: StoredItem<Content>, after: ItemContent<Content>, at: Date): HandedOver[]
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

/** When and where something is said or written. */
export interface Moment {
  at: Date
  timeZone: string
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
  /** The sign it stands under, where the person chose one. */
  readonly icon?: StoreIcon
  /** What a form of its items shows, where the schema does not say it. */
  readonly fields?: readonly StoreField[]
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
  /** What a person's own wording becomes, added (`before` null) or corrected by hand; `moment` for "by Friday". */
  fromHand(text: string, before: StoredItem<Content> | null, moment: Moment): ItemContent<Content>
  /** The same list at every call. */
  tools(): readonly LearningTool[]
  /** Text for the prompt on how to use the tools: fixed per mode, so that the prefix stays the same. */
  guidance?(mode: StoreMode): string
  /** What could be tidied that only this store knows of: what is stale, what does not help. A plan, not an act. */
  curate?(request: { owner: string; now: Date; db: ReadHandle }): Promise<Change<Content>[]>
}
