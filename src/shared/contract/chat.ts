// Conversations: list, read, send, watch, stop.
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { STAGED_FILES_MAX } from '../attachments.ts'
import { chatEvent, conversationMode, conversationView } from '../chat.ts'
import { conversationId, documentId, messageId } from '../ids.ts'
import { base, MESSAGE_MAX, nothing, words } from './base.ts'

const settableMode = conversationMode.extract(['normal', 'read_only'])

export const chat = {
  list: base
    .input(
      z.strictObject({
        /** Words to find in titles and messages; empty lists all. */
        query: words().max(500).default(''),
        cursor: z.string().max(200).nullable().default(null),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.strictObject({ items: z.array(conversationView), nextCursor: z.string().nullable(), total: z.int() })),

  /** Streams a snapshot, then every change. Closing the stream frees its work in the core. */
  watch: base.input(z.strictObject({ id: conversationId })).output(eventIterator(chatEvent)),

  /**
   * Takes a message; answered once it is durable. Ids are made by the caller, so that a repeated call is one message.
   * Makes the conversation when it does not exist. The answer is streamed by `watch`.
   */
  send: base
    .input(
      z.strictObject({
        conversationId,
        messageId,
        text: words().trim().min(1, 'The message is empty.').max(MESSAGE_MAX, 'The message is too long.'),
        /** Files in the composer that go with it. */
        documents: z.array(documentId).max(STAGED_FILES_MAX).default([]),
        /** Of a conversation that this message makes; later `setMode` changes it. */
        mode: settableMode.default('normal'),
      }),
    )
    .output(z.strictObject({ answerId: messageId })),

  /** Stops the answer being written; what was written is kept. Stopping twice is no error. */
  stop: base.input(z.strictObject({ conversationId })).output(nothing),

  /** Writes a new answer to the same message after one that failed, was stopped or interrupted. */
  retry: base.input(z.strictObject({ conversationId, messageId })).output(z.strictObject({ answerId: messageId })),

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

  rename: base
    .input(z.strictObject({ id: conversationId, title: words().trim().min(1).max(200) }))
    .output(conversationView),

  /** Into the bin; `restore` brings it back. What was learned from it stays. */
  trash: base.input(z.strictObject({ id: conversationId })).output(nothing),
  restore: base.input(z.strictObject({ id: conversationId })).output(conversationView),
}
