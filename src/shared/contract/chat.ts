// Conversations: list, read, send, watch, stop.
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { STAGED_FILES_MAX } from '../attachments.ts'
import { branchPage, callDecision, chatEvent, conversationMode, conversationView } from '../chat.ts'
import { conversationId, documentId, messageId, projectId } from '../ids.ts'
import { base, MESSAGE_MAX, nothing, words } from './base.ts'

const settableMode = conversationMode.extract(['normal', 'read_only'])

const text = words().trim().min(1, 'The message is empty.').max(MESSAGE_MAX, 'The message is too long.')

export const chat = {
  /** Pinned ones first, then by the last message. */
  list: base
    .input(
      z.strictObject({
        /** Words to find in titles and messages; empty lists all. */
        query: words().max(500).default(''),
        archived: z.boolean().default(false),
        /** Those of one project; null: of all and of none. */
        projectId: projectId.nullable().default(null),
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.strictObject({ items: z.array(conversationView), nextCursor: z.string().nullable(), total: z.int() })),

  /**
   * Streams a snapshot, then every change. Closing the stream frees its work in the core.
   * The snapshot holds the end of the shown branch, or the stretch around a message of it; `page` reads more.
   */
  watch: base
    .input(z.strictObject({ id: conversationId, around: messageId.nullable().default(null) }))
    .output(eventIterator(chatEvent)),

  /** The messages of the shown branch right before or after one of them. */
  page: base
    .input(
      z.strictObject({
        conversationId,
        messageId,
        direction: z.enum(['before', 'after']),
        limit: z.int().min(1).max(200).default(60),
      }),
    )
    .output(branchPage),

  /**
   * Takes a message; answered once it is durable. Ids are made by the caller, so that a repeated call is one message.
   * Makes the conversation when it does not exist. The answer is streamed by `watch`.
   */
  send: base
    .input(
      z.strictObject({
        conversationId,
        messageId,
        text,
        /** Files in the composer that go with it. */
        documents: z.array(documentId).max(STAGED_FILES_MAX).default([]),
        /**
         * Of a conversation that this message makes; later `setMode` and `change` change it. `incognito` says it of
         * every message: it never reaches the disk, whatever became of the chat.
         */
        mode: conversationMode.default('normal'),
        projectId: projectId.nullable().default(null),
        /** A message of the person in whose place this one comes, in a branch of its own; the old branch stays. */
        replaces: messageId.nullable().default(null),
      }),
    )
    /**
     * Null: it waits (event `queue`) until the answer before it is written, or for older ones that still wait after a stop;
     * these go first, and are sent now.
     */
    .output(z.strictObject({ answerId: messageId.nullable() })),

  changeQueued: base.input(z.strictObject({ messageId, text })).output(nothing),
  /** Takes a message that waits out of the queue. Removing twice is no error. */
  removeQueued: base.input(z.strictObject({ messageId })).output(nothing),
  /** Sends what waits, after an answer that was stopped or failed. */
  sendQueued: base.input(z.strictObject({ conversationId })).output(nothing),

  /**
   * Opens an incognito chat under this id, or goes on with it, and keeps it while the stream is read. It is in memory alone;
   * left for a moment (15 s) it ends by itself.
   */
  keepIncognito: base
    .input(z.strictObject({ id: conversationId }))
    .output(eventIterator(z.strictObject({ state: z.enum(['open', 'ended']) }))),
  /** Ends an incognito chat; nothing of it is left. Ending twice is no error. */
  endIncognito: base.input(z.strictObject({ id: conversationId })).output(nothing),
  /**
   * Makes an incognito chat a normal one: its messages and files are copied to disk under new ids, and it ends. What was
   * said in it until then is not learned from and not recalled elsewhere.
   */
  saveIncognito: base.input(z.strictObject({ id: conversationId })).output(conversationView),

  /** Stops the answer being written; what was written is kept. Stopping twice is no error. */
  stop: base.input(z.strictObject({ conversationId })).output(nothing),

  /** Writes another answer to the same message, beside the one that is there. */
  retry: base
    .input(
      z.strictObject({
        conversationId,
        /** The answer. */
        messageId,
        /** With nothing that was learned: to see what memory does. */
        withoutMemories: z.boolean().default(false),
      }),
    )
    .output(z.strictObject({ answerId: messageId })),

  /** Goes on writing an answer that was cut, stopped or interrupted. */
  goOn: base.input(z.strictObject({ conversationId, messageId })).output(nothing),

  /** Shows the branch of this message: of several ends the one written last. */
  showBranch: base.input(z.strictObject({ conversationId, messageId })).output(nothing),

  /** A new conversation with everything up to this message. */
  fork: base.input(z.strictObject({ conversationId, messageId })).output(conversationView),

  /**
   * Takes a message out of recall and learning, or every message of a conversation; the chat keeps its words, and what
   * was learned from them before stays.
   * @returns the messages that were in until now: what `allow` needs to take it back
   */
  bar: base
    .input(z.strictObject({ conversationId, messageId: messageId.nullable() }))
    .output(z.strictObject({ messages: z.array(messageId) })),
  allow: base.input(z.strictObject({ messages: z.array(messageId).min(1).max(100_000) })).output(nothing),

  /**
   * What its turns from now on may do with what is learned. What was said while it only read stays out of learning and
   * recall afterwards.
   */
  setMode: base.input(z.strictObject({ id: conversationId, mode: settableMode })).output(conversationView),

  /**
   * A decision of the person about a tool call that waits for it; the answer goes on. CONFLICT when it was decided before.
   * Changes of memory are decided by `proposals`.
   */
  decideCall: base
    .input(
      z.strictObject({
        conversationId,
        /** The answer. */
        messageId,
        /** Place of the call among those of the answer. */
        call: z.int().min(0).max(100),
        decision: callDecision,
        /** In the place of those it was asked with. */
        arguments: z
          .record(z.string().max(100), z.unknown())
          .refine((value) => JSON.stringify(value).length <= MESSAGE_MAX, 'This is too long for a call.')
          .optional(),
      }),
    )
    .output(nothing),
  /** Its calls are asked about again in this chat. Removing twice is no error. */
  removeToolRule: base.input(z.strictObject({ conversationId, tool: z.string().max(100) })).output(conversationView),

  rename: base
    .input(z.strictObject({ id: conversationId, title: words().trim().min(1).max(200) }))
    .output(conversationView),

  /** Pins, archives, moves to a project (null: to none). The order of the list by time stays. */
  change: base
    .input(
      z.strictObject({
        id: conversationId,
        pinned: z.boolean().optional(),
        archived: z.boolean().optional(),
        projectId: projectId.nullable().optional(),
      }),
    )
    .output(conversationView),

  /** Into the bin; `restore` brings it back. What was learned from it stays. */
  trash: base.input(z.strictObject({ id: conversationId })).output(nothing),
  restore: base.input(z.strictObject({ id: conversationId })).output(conversationView),
}
