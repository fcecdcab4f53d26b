// What was learned: list, search, read, correct, forget, undo.
import { z } from 'zod'
import { batchId, conversationId, documentId, entityId, memoryId, messageId } from '../ids.ts'
import {
  entityType,
  evidenceView,
  historyEntry,
  memoryStatus,
  memoryView,
  namespace,
  searchHit,
  storeId,
  why,
} from '../memory.ts'
import { proposalFlag } from '../proposals.ts'
import { base, MEMORY_MAX, words } from './base.ts'

const memoryText = words().trim().min(1, 'The text is empty.').max(MEMORY_MAX, 'The text is too long.')
const changed = z.strictObject({ memory: memoryView, batchId })
/** A team's, or everyone's. */
const shared = namespace.refine((value) => value !== 'user', 'This is where it is already.')

const sharing = z.strictObject({ id: memoryId, namespace: shared, text: memoryText.optional() })

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

export const memory = {
  list: base
    .input(
      z.strictObject({
        /** Searched by words and by meaning; empty lists newest first. */
        query: words().max(500).default(''),
        store: storeId.nullable().default(null),
        status: memoryStatus.default('active'),
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(
      z.strictObject({
        items: z.array(memoryView.extend({ quote: z.string().nullable(), conversationTitle: z.string().nullable() })),
        total: z.int(),
        /** Active items by store, whatever the filter. */
        counts: z.record(z.string(), z.int()),
        nextCursor: z.string().nullable(),
      }),
    ),

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
    }),
  ),

  /** Writes a memory by hand; hand-written items are marked and never changed by automation without a proposal. */
  add: base.input(z.strictObject({ store: storeId, text: memoryText })).output(changed),

  /** A new version of the same item. `version` is the one the person saw; CONFLICT when it changed meanwhile. */
  edit: base.input(z.strictObject({ id: memoryId, version: z.int(), text: memoryText })).output(changed),

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
