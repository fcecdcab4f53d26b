// The thread of one conversation, as the panel beside it shows it: goal, plan with progress, what was settled, what is open,
// and which memories its answers used.
import { z } from 'zod'
import { batchId, conversationId, memoryId } from '../ids.ts'
import { memoryView, storeMode } from '../memory.ts'
import { base, words } from './base.ts'

/** A step or point is a line, not an essay. */
export const SESSION_TEXT_MAX = 500

export const sessionItem = z.strictObject({
  memory: memoryView,
  kind: z.enum(['goal', 'step', 'field', 'point', 'question']),
  /** Of a step: its place in the plan. */
  n: z.int().nullable(),
  /** Of a step: the day it was done, as YYYY-MM-DD. */
  done: z.string().nullable(),
  /** Of a field of one's own: which. */
  field: z.string().nullable(),
})
export type SessionItem = z.infer<typeof sessionItem>

const changed = z.strictObject({ memory: memoryView, batchId })

export const session = {
  /** Items in the order they are read: goal, steps by their place, fields, points and questions, the oldest first. */
  get: base.input(z.strictObject({ conversationId })).output(
    z.strictObject({
      /** How the store of the thread learns; `off`: nothing of it is learned or used. */
      mode: storeMode,
      items: z.array(sessionItem),
      /** Memories that stood in prompts of this conversation, the latest used first; at most 50. */
      inPlay: z.array(
        z.strictObject({
          memory: memoryView,
          /** Answers it stood in the prompt of. */
          answers: z.int(),
          lastAt: z.date(),
        }),
      ),
      /** All of them, those beyond the list included. */
      inPlayCount: z.int(),
    }),
  ),

  /** Writes a line of the thread by hand. A goal takes the place of the one before; a step goes to the end of the plan. */
  add: base
    .input(
      z.strictObject({
        conversationId,
        kind: z.enum(['goal', 'step', 'point']),
        text: words().trim().min(1, 'The text is empty.').max(SESSION_TEXT_MAX, 'The text is too long.'),
      }),
    )
    .output(changed),

  /** A step is done, or open again. `version` is the one the person saw; CONFLICT when it changed meanwhile. */
  check: base.input(z.strictObject({ id: memoryId, version: z.int(), done: z.boolean() })).output(changed),
}
