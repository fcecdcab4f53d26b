// The person's own search over all that is kept: by words while they type, by meaning a moment later.
import { z } from 'zod'
import { conversationId, entityId, memoryId, messageId } from '../ids.ts'
import { entityType, memoryStatus, storeId } from '../memory.ts'
import { base, words } from './base.ts'

/** A stretch of a text, in UTF-16 offsets. */
const stretch = z.strictObject({ start: z.int(), end: z.int() })
export type Stretch = z.infer<typeof stretch>

/** `words`: it holds what was typed. `meaning`: it is close to it in other words. `part`: what was typed stands inside a word. */
const by = z.enum(['words', 'meaning', 'part'])

const place = {
  conversationId,
  /** Of the conversation. */
  title: z.string(),
  archived: z.boolean(),
  pinned: z.boolean(),
  at: z.date(),
}

export const findResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('chat'), ...place, marks: z.array(stretch) }),
  z.strictObject({
    kind: z.literal('message'),
    ...place,
    messageId,
    role: z.enum(['user', 'assistant']),
    snippet: z.string(),
    /** What was found, in the snippet. */
    marks: z.array(stretch),
    /** The first of it, in the message. */
    mark: stretch.nullable(),
    by,
  }),
  z.strictObject({
    kind: z.literal('memory'),
    memoryId,
    store: storeId,
    status: memoryStatus,
    snippet: z.string(),
    marks: z.array(stretch),
    at: z.date(),
    by,
  }),
  z.strictObject({ kind: z.literal('entity'), entityId, name: z.string(), type: entityType, archived: z.boolean() }),
])
export type FindResult = z.infer<typeof findResult>

const query = words().max(500)

export const search = {
  /**
   * Chats by title, messages of all branches, memories, people and things; each kind best first. Filter words and quotes
   * as in `find-query.ts`. Archived ones are found and marked, also what recall does not see; what lies in the bin, was
   * forgotten or is said in incognito is not.
   * @returns `meaning` only: whether the search by meaning could be made
   */
  find: base
    .input(
      z.strictObject({
        query,
        /** `words` answers at once; `meaning` adds what is close to it and parts of words. */
        wave: z.enum(['words', 'meaning']),
      }),
    )
    .output(z.strictObject({ results: z.array(findResult), meaning: z.boolean() })),

  /** Every place where words stand in the shown branch of a conversation, in order; upper and lower case alike. */
  inConversation: base.input(z.strictObject({ conversationId, query })).output(
    z.strictObject({
      /** The first thousand. */
      places: z.array(z.strictObject({ messageId, ...stretch.shape })),
      total: z.int(),
    }),
  ),
}
