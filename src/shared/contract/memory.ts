// What was learned: list, search, read, correct, forget, undo.
import { z } from 'zod'
import { batchId, conversationId, documentId, entityId, memoryId, messageId, projectId, proposalId } from '../ids.ts'
import {
  entityType,
  evidenceView,
  historyEntry,
  memoryStatus,
  memoryView,
  namespace,
  origin,
  searchHit,
  storeId,
  usageSection,
  why,
} from '../memory.ts'
import { proposalFlag } from '../proposals.ts'
import { base, MEMORY_MAX, MESSAGE_MAX, words } from './base.ts'

const memoryText = words().trim().min(1, 'The text is empty.').max(MEMORY_MAX, 'The text is too long.')
/** Values of fields of the store, by key; null empties one, and those that are not named stay. The core checks each. */
const fieldValues = z.record(
  z.string().max(60),
  z.union([words().max(MESSAGE_MAX), z.number(), z.boolean(), z.array(words().max(MESSAGE_MAX)).max(10_000), z.null()]),
)
const changed = z.strictObject({ memory: memoryView, batchId })
/** A team's, or everyone's. */
const shared = namespace.refine((value) => value !== 'user', 'This is where it is already.')

const sharing = z.strictObject({ id: memoryId, namespace: shared, text: memoryText.optional() })

/** An item as the person saw it. */
const memorySeen = z.strictObject({ id: memoryId, version: z.int() })
export type MemorySeen = z.infer<typeof memorySeen>

/** `archive`: in no prompt any more, and kept. `activate`: used again. `keepHere`: it may not be shared; `mayShare`: it may. */
export const manyAct = z.enum(['pin', 'unpin', 'archive', 'activate', 'keepHere', 'mayShare'])
export type ManyAct = z.infer<typeof manyAct>

/** Most items that become one, and most parts one becomes. */
export const MERGED_MAX = 20
export const PARTS_MAX = 10

/** Either a time (of everything, or of one item) or a version of an item. */
const restoring = z
  .strictObject({
    at: z.date().optional(),
    id: memoryId.optional(),
    version: z.strictObject({ id: memoryId, seq: z.int() }).optional(),
  })
  .refine(
    ({ at, version }) => (at === undefined) !== (version === undefined),
    'Name a time or a version to go back to.',
  )

/** What to forget: chosen items, all of a conversation, of a person or thing, or what was learned in a time. */
const selection = {
  ids: z.array(memoryId).min(1).max(1000).optional(),
  conversationId: conversationId.optional(),
  entityId: entityId.optional(),
  /** Learned from this time on, and before that one; either may stand alone. */
  from: z.date().optional(),
  to: z.date().optional(),
}
const oneSelection = (input: ForgetSelection) =>
  [input.ids, input.conversationId, input.entityId, input.from ?? input.to].filter(Boolean).length === 1
const ONE_SELECTION = 'Name what to forget: memories, a conversation, a person or thing, or a time.'
export interface ForgetSelection {
  ids?: z.infer<typeof memoryId>[] | undefined
  conversationId?: z.infer<typeof conversationId> | undefined
  entityId?: z.infer<typeof entityId> | undefined
  from?: Date | undefined
  to?: Date | undefined
}

/**
 * `everywhere`: the items, and every sentence that says them. `learned`: the items; the chats keep their words, and the
 * messages that say them are no longer recalled or learned from.
 */
export const forgetMode = z.enum(['everywhere', 'learned'])
export type ForgetMode = z.infer<typeof forgetMode>

/** A sentence that says what is to be forgotten. */
export const forgetSentence = z.strictObject({
  /** Names it in `forget`. */
  ref: z.string(),
  place: z.enum(['message', 'title', 'document', 'name', 'memory']),
  role: z.enum(['user', 'assistant']).nullable(),
  conversationId: conversationId.nullable(),
  conversationTitle: z.string().nullable(),
  messageId: messageId.nullable(),
  documentId: documentId.nullable(),
  text: z.string(),
  at: z.date(),
  /** `quote`: an item rests on these very words. `same`: it says it. `mentions`: it only shares a name or number. */
  why: z.enum(['quote', 'same', 'mentions']),
  /** Taken unless the person unticks it; mentions are not. */
  selected: z.boolean(),
})
export type ForgetSentence = z.infer<typeof forgetSentence>

/** An item that goes: chosen, or another one that says the same or rests on the same words. */
const forgetItem = z.strictObject({ memory: memoryView, why: z.enum(['chosen', 'same', 'source']) })

export const memorySort = z.enum(['changed', 'learned', 'oldest', 'used', 'often'])
export type MemorySort = z.infer<typeof memorySort>

/** What a list of memories shows. Everything named holds at once; what is null or absent narrows nothing. */
export const memoryFilter = z.strictObject({
  /** Searched by words and by meaning, best first; empty lists in the order of `sort`. */
  query: words().max(500).default(''),
  store: storeId.nullable().default(null),
  /** Null: in every state that can be seen. */
  status: memoryStatus.nullable().default('active'),
  /** Learned from it, or holding for it alone. */
  conversationId: conversationId.nullable().default(null),
  /** About it, or about what was merged into it. */
  entityId: entityId.nullable().default(null),
  /** Learned in one of its conversations, or holding for it alone. */
  projectId: projectId.nullable().default(null),
  /** Learned from this time on, and before that one. */
  learnedFrom: z.date().nullable().default(null),
  learnedTo: z.date().nullable().default(null),
  pinned: z.boolean().default(false),
  /** Resting on words of this kind. */
  origin: origin.nullable().default(null),
  sort: memorySort.default('changed'),
})

export type MemoryFilter = z.infer<typeof memoryFilter>
/** A page of the list, as the core asks it of itself: what is left out narrows nothing. */
export type MemoryListQuery = Partial<MemoryFilter> & { cursor?: string | null; limit?: number }

/** A row of the list: the item, the first words it rests on and where they were said. */
const memoryListItem = memoryView.extend({
  quote: z.string().nullable(),
  origin: origin.nullable(),
  conversationTitle: z.string().nullable(),
})

const limit = () => z.int().min(1).max(200).default(50)

export const memory = {
  list: base
    .input(memoryFilter.extend({ cursor: z.string().max(200).nullable().default(null), limit: limit() }))
    .output(
      z.strictObject({
        items: z.array(memoryListItem),
        /** Of all pages. */
        total: z.int(),
        /** A search by words and meaning has no last hit: only the best are listed. */
        onlyBest: z.boolean(),
        /** What the filter's ids are called; with the first page. Null where they are not there any more. */
        about: z.strictObject({
          conversation: z.string().nullable(),
          entity: z.string().nullable(),
          project: z.string().nullable(),
        }),
        nextCursor: z.string().nullable(),
      }),
    ),

  /** Ids of what a filter lists, in its order, at most 1,000 at a time: what an act on all that match takes step by step. */
  matching: base
    .input(memoryFilter.extend({ cursor: z.string().max(200).nullable().default(null) }))
    .output(z.strictObject({ ids: z.array(memoryId), total: z.int(), nextCursor: z.string().nullable() })),

  /**
   * Searches memories, past conversations and documents by words and by meaning, best first, however weak the match.
   * Works with learning off: what is kept can always be found.
   */
  search: base
    .input(
      z.strictObject({
        query: words().trim().min(1, 'There is nothing to search for.').max(500),
        limit: z.int().min(1).max(100).default(20),
      }),
    )
    .output(z.strictObject({ hits: z.array(searchHit) })),

  get: base.input(z.strictObject({ id: memoryId })).output(
    z.strictObject({
      memory: memoryView,
      evidence: z.array(evidenceView),
      history: z.array(historyEntry),
      why,
      /** The item this one replaced, or that replaced it. */
      replaces: memoryView.nullable(),
      replacedBy: memoryView.nullable(),
      /** People and things it is about: each as what it stands for now. */
      about: z.array(z.strictObject({ id: entityId, name: z.string(), type: entityType })),
    }),
  ),

  /** Answers in whose prompt it stood, the latest first. */
  uses: base
    .input(z.strictObject({ id: memoryId, cursor: z.string().max(40).nullable().default(null), limit: limit() }))
    .output(
      z.strictObject({
        items: z.array(
          z.strictObject({
            answerId: messageId,
            conversationId,
            conversationTitle: z.string(),
            /** The beginning of what the person had asked. */
            question: z.string(),
            section: usageSection,
            at: z.date(),
          }),
        ),
        total: z.int(),
        nextCursor: z.string().nullable(),
      }),
    ),

  /** What stands near it, and what speaks against it. */
  related: base.input(z.strictObject({ id: memoryId })).output(
    z.strictObject({
      /** Nearest in meaning, the nearest first. */
      near: z.array(memoryView),
      /** Suggestions that wait and ask whether this one, or another one because of this one, still holds. */
      contradicts: z.array(z.strictObject({ proposalId, memory: memoryView, words: z.string().nullable() })),
    }),
  ),

  /** Writes a memory by hand; hand-written items are marked and never changed by automation without a proposal. */
  add: base.input(z.strictObject({ store: storeId, text: memoryText, data: fieldValues.optional() })).output(changed),

  /** A new version of the same item. `version` is the one the person saw; CONFLICT when it changed meanwhile. */
  edit: base
    .input(z.strictObject({ id: memoryId, version: z.int(), text: memoryText, data: fieldValues.optional() }))
    .output(changed),

  /**
   * Several items of one store become one with this text, which rests on all their words. CONFLICT when one changed since it
   * was seen.
   */
  merge: base
    .input(z.strictObject({ items: z.array(memorySeen).min(2).max(MERGED_MAX), text: memoryText }))
    .output(changed),

  /** One item becomes several, each resting on all its words. The first of them is given back. */
  split: base.input(memorySeen.extend({ texts: z.array(memoryText).min(2).max(PARTS_MAX) })).output(changed),

  /** It was never so: it is retired, and the same claim is not learned or suggested again unless the person brings it back. */
  markWrong: base.input(memorySeen).output(changed),

  /** One act on many items, with one undo. Those that are so already are left alone and not counted. */
  changeMany: base
    .input(z.strictObject({ ids: z.array(memoryId).min(1).max(1000), act: manyAct }))
    .output(z.strictObject({ batchId, count: z.int() })),

  pin: base.input(z.strictObject({ id: memoryId, pinned: z.boolean() })).output(changed),

  /** What others would get of it, before it is shared; `text` in other words than these. */
  sharePreview: base.input(sharing).output(
    z.strictObject({
      text: z.string(),
      namespace,
      /** People and things that become known there too. */
      entities: z.array(z.strictObject({ name: z.string(), type: entityType })),
      flags: z.array(proposalFlag),
      /** It holds for one project or conversation, which those who get it do not see. */
      narrowed: z.boolean(),
    }),
  ),

  /** Makes a copy for a team or for everyone on this machine, without links to anything private. `undo` takes it back. */
  share: base.input(sharing).output(changed),

  /** How many items rest on this conversation alone: what is asked about when it is deleted. */
  learnedFrom: base.input(z.strictObject({ conversationId })).output(z.strictObject({ count: z.int() })),

  /** What `forget` would take, before anything is changed. Lists hold the first 500; counts are exact. */
  forgetPreview: base.input(z.strictObject(selection).refine(oneSelection, ONE_SELECTION)).output(
    z.strictObject({
      items: z.array(forgetItem),
      itemCount: z.int(),
      sentences: z.array(forgetSentence),
      /** Sentences that are taken, those beyond the list included. */
      sentenceCount: z.int(),
      /** Suggestions that say it; they go too. */
      proposals: z.int(),
      /** People and things of which nothing else is known; they go too. */
      entities: z.array(z.strictObject({ name: z.string(), type: z.string() })),
      /** The conversation that goes as a whole. */
      conversation: z.strictObject({ id: conversationId, title: z.string(), messages: z.int() }).nullable(),
      /** Time in which it can be undone. */
      undoSeconds: z.int(),
    }),
  ),

  /**
   * Forgets at once for every prompt, list and search; final when `finalAt` passes, until then `undo` brings it back, the
   * sentences byte for byte. Answers that are being written from it are stopped first.
   */
  forget: base
    .input(
      z
        .strictObject({
          ...selection,
          mode: forgetMode.default('everywhere'),
          /** Sentences of the preview that stay although they were selected. */
          keep: z.array(z.string().max(200)).max(10_000).default([]),
          /** Sentences of the preview that go although they were not. */
          also: z.array(z.string().max(200)).max(10_000).default([]),
        })
        .refine(oneSelection, ONE_SELECTION),
    )
    .output(
      z.strictObject({
        batchId,
        finalAt: z.date(),
        /** Items. */
        count: z.int(),
        /** Sentences blanked, or messages no longer learned from. */
        sentences: z.int(),
      }),
    ),

  /** What was known at a point in time, newest first, with what became of each item; what was forgotten is not in it. */
  stateAt: base
    .input(
      z.strictObject({
        at: z.date(),
        query: words().max(500).default(''),
        store: storeId.nullable().default(null),
        status: memoryStatus.default('active'),
        cursor: z.string().max(20).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.strictObject({
        items: z.array(memoryView.extend({ since: z.enum(['same', 'changed', 'gone']) })),
        total: z.int(),
        nextCursor: z.string().nullable(),
        /** When the first thing was learned; null when nothing ever was. */
        earliest: z.date().nullable(),
      }),
    ),

  /** What `restore` would change, before anything is. The list holds the first 500; the count is exact. */
  restorePreview: base.input(restoring).output(
    z.strictObject({
      changes: z.array(
        z.strictObject({
          memoryId,
          store: storeId,
          /** `removed`: it was not there then. */
          change: z.enum(['back', 'changed', 'removed']),
          now: z.string().nullable(),
          was: z.string().nullable(),
        }),
      ),
      count: z.int(),
      /** People and things that get back their names and merges of then. */
      entities: z.int(),
    }),
  ),

  /** Brings everything, or one item, back to a point in time, or one item to an earlier version; `undo` takes it back. */
  restore: base.input(restoring).output(z.strictObject({ batchId, count: z.int() })),

  /** Takes back one batch of changes: an undo of learning, of an edit, or of forgetting. */
  undo: base.input(z.strictObject({ batchId })).output(z.strictObject({ batchId, count: z.int() })),
}
